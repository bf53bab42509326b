package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/handlers/web"
	"socia/platform/i18n"
	"socia/views/identity"
	"socia/views/ui"
)

type signInForm struct {
	Handle     string `form:"handle" validate:"required,max=64"`
	Passphrase string `form:"passphrase" validate:"required,max=256"`
	Next       string `form:"next"`
}

// NewSession is the page on which people sign in.
func (h *Handlers) NewSession(c *fiber.Ctx) error {
	return h.Page(c, identity.SignIn(h.signInPage(c, signInForm{Next: web.OwnPath(c.Query("next"), "/")}, nil)))
}

// CreateSession signs somebody in.
func (h *Handlers) CreateSession(c *fiber.Ctx) error {
	form, err := web.Decode[signInForm](c)
	token := ""
	if err == nil {
		token, err = h.Identity.SignIn(c.UserContext(), form.Handle, form.Passphrase, web.Address(c), web.Device(c))
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.PageStatus(c, status, identity.SignIn(h.signInPage(c, form, e)))
	}
	h.SetCookie(c, token)
	return h.See(c, web.OwnPath(form.Next, "/"), "")
}

// EndSession signs the reader out.
func (h *Handlers) EndSession(c *fiber.Ctx) error {
	if err := h.Identity.SignOut(c.UserContext(), web.Actor(c)); err != nil {
		return err
	}
	h.DropCookie(c)
	return h.See(c, "/sign-in", "identity.done.signed_out")
}

func (h *Handlers) signInPage(c *fiber.Ctx, form signInForm, e web.Errors) identity.SignInPage {
	t := h.T(c)
	handle := ui.Field{Name: "handle", Label: t.T("identity.field.handle"), Value: form.Handle, Error: e["handle"], Autocomplete: "username", Required: true, Width: ui.Half, MaxLength: 64}
	secret := ui.Field{Name: "passphrase", Label: t.T("identity.field.passphrase"), Error: e["passphrase"], Type: "password", Autocomplete: "current-password", Required: true, Width: ui.Half, MaxLength: 256}
	return identity.SignInPage{
		Frame: h.Frame(c, t.T("identity.sign_in.title")), Form: ui.FormAttrs{Action: "/sign-in", CSRF: h.CSRF(c)},
		Errors: e.Of(handle, secret), Handle: handle, Secret: secret, Next: web.OwnPath(form.Next, "/"), SignUp: withNext("/sign-up", form.Next), Demo: h.demoAccounts(t),
	}
}

func (h *Handlers) demoAccounts(t *i18n.Texts) []identity.DemoAccount {
	all := make([]identity.DemoAccount, len(h.Demo))
	for i, d := range h.Demo {
		all[i] = identity.DemoAccount{Handle: d.Handle, Passphrase: d.Passphrase, Role: t.T("identity.role." + d.Role)}
	}
	return all
}
