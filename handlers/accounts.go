package handlers

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/app/members"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/identity"
	"socia/views/ui"
)

type signUpForm struct {
	Handle     string `form:"handle" validate:"max=64"`
	Passphrase string `form:"passphrase" validate:"max=256"`
	Again      string `form:"again" validate:"max=256"`
	Next       string `form:"next"`
}

// NewAccount is the page on which people make an account.
func (h *Handlers) NewAccount(c *fiber.Ctx) error {
	return h.Page(c, pages.SignUp(h.signUpPage(c, signUpForm{Next: c.Query("next")}, nil)))
}

// CreateAccount makes an account and signs its owner in.
func (h *Handlers) CreateAccount(c *fiber.Ctx) error {
	form, err := web.Decode[signUpForm](c)
	token := ""
	if err == nil {
		_, err = h.Identity.SignUp(c.UserContext(), identity.NewAccount{Handle: form.Handle, Passphrase: form.Passphrase, Again: form.Again, Language: h.T(c).Lang()}, web.Address(c))
	}
	if err == nil {
		token, err = h.Identity.SignIn(c.UserContext(), form.Handle, form.Passphrase, web.Address(c), web.Device(c))
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.PageStatus(c, status, pages.SignUp(h.signUpPage(c, form, e)))
	}
	h.SetCookie(c, token)
	return h.See(c, web.OwnPath(form.Next, "/account"), "identity.done.account_created")
}

func (h *Handlers) signUpPage(c *fiber.Ctx, form signUpForm, e web.Errors) pages.SignUpPage {
	t := h.T(c)
	fields := []ui.Field{
		{Name: "handle", Label: t.T("identity.field.handle"), Hint: t.T("identity.field.handle_hint"), Value: form.Handle, Error: e["handle"], Autocomplete: "username", Required: true, Width: ui.Half, MaxLength: 32,
			Why: &ui.Why{Reason: t.T("identity.why.handle"), SeenBy: t.T("identity.why.handle_seen"), Kept: t.T("identity.why.handle_kept")}},
		{Name: "passphrase", Label: t.T("identity.field.passphrase"), Hint: t.T("identity.field.passphrase_hint"), Error: e["passphrase"], Type: "password", Autocomplete: "new-password", Required: true, Width: ui.Half, MaxLength: 256},
		{Name: "again", Label: t.T("identity.field.again"), Error: e["again"], Type: "password", Autocomplete: "new-password", Required: true, Width: ui.Half, MaxLength: 256},
	}
	page := pages.SignUpPage{
		Frame: h.Frame(c, t.T("identity.sign_up.title")), Lead: t.T("identity.sign_up.lead"), Form: ui.FormAttrs{Action: "/sign-up", CSRF: h.CSRF(c)},
		Errors: e.Of(fields...), Fields: fields, Next: web.OwnPath(form.Next, ""), SignIn: withNext("/sign-in", form.Next),
	}
	if page.Next == "/apply" {
		page.Lead = t.T("identity.sign_up.lead_apply") + " " + page.Lead
	}
	return page
}

// withNext takes along where somebody wanted to go, if that is a page of ours.
func withNext(path, next string) string {
	if next = web.OwnPath(next, "/"); next == "/" {
		return path
	}
	return path + "?next=" + url.QueryEscape(next)
}

// ShowAccount is the reader's own account.
func (h *Handlers) ShowAccount(c *fiber.Ctx) error {
	page, err := h.accountPage(c, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Account(page))
}

type passphraseForm struct {
	Now        string `form:"now" validate:"required,max=256"`
	Passphrase string `form:"passphrase" validate:"max=256"`
	Again      string `form:"again" validate:"max=256"`
}

// ChangePassphrase sets a new passphrase and signs other devices out.
func (h *Handlers) ChangePassphrase(c *fiber.Ctx) error {
	form, err := web.Decode[passphraseForm](c)
	if err == nil {
		err = h.Identity.ChangePassphrase(c.UserContext(), web.Actor(c), form.Now, form.Passphrase, form.Again, web.Address(c))
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		page, err := h.accountPage(c, e)
		if err != nil {
			return err
		}
		return h.PageStatus(c, status, pages.Account(page))
	}
	return h.See(c, "/account", "identity.done.passphrase_changed")
}

type languageForm struct {
	Language string `form:"language" validate:"oneof=ca es en"`
}

// ChangeLanguage sets the language of the account's pages and letters.
func (h *Handlers) ChangeLanguage(c *fiber.Ctx) error {
	form, err := web.Decode[languageForm](c)
	if err != nil {
		return err
	}
	if err := h.Identity.SetLanguage(c.UserContext(), web.Actor(c), form.Language); err != nil {
		return err
	}
	return c.Redirect("/account", fiber.StatusSeeOther)
}

// RevokeSession signs another device out.
func (h *Handlers) RevokeSession(c *fiber.Ctx) error {
	id, err := web.ID[models.SessionID](c, "id")
	if err != nil {
		return err
	}
	if err := h.Identity.Revoke(c.UserContext(), web.Actor(c), id); err != nil {
		return err
	}
	return h.See(c, "/account", "identity.done.session_ended")
}

func (h *Handlers) accountPage(c *fiber.Ctx, e web.Errors) (pages.AccountPage, error) {
	t, by := h.T(c), web.Actor(c)
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return pages.AccountPage{}, err
	}
	sessions, err := h.Identity.Sessions(c.UserContext(), by)
	if err != nil {
		return pages.AccountPage{}, err
	}
	applied, err := h.Members.OwnApplications(c.UserContext(), by)
	if err != nil {
		return pages.AccountPage{}, err
	}
	secret := []ui.Field{
		{Name: "now", Label: t.T("identity.field.passphrase_now"), Error: e["now"], Type: "password", Autocomplete: "current-password", Required: true, Width: ui.Half},
		{Name: "passphrase", Label: t.T("identity.field.passphrase_new"), Hint: t.T("identity.field.passphrase_hint"), Error: e["passphrase"], Type: "password", Autocomplete: "new-password", Required: true, Width: ui.Half},
		{Name: "again", Label: t.T("identity.field.again"), Error: e["again"], Type: "password", Autocomplete: "new-password", Required: true, Width: ui.Half},
	}
	page := pages.AccountPage{
		Frame: h.Frame(c, t.T("identity.account.short")), CSRF: h.CSRF(c), MayApply: len(by.Members) == 0,
		Members: memberPairs(t, by.Members), Roles: rolePairs(t, by.Roles), Language: languageField(t, by.Language),
		Errors: e.Of(secret...), Passphrase: secret,
	}
	if len(applied) > 0 && applied[0].Outcome != models.ApplicationAdmitted {
		page.Applied = appliedLine(t, applied[0])
		page.MayApply = page.MayApply && applied[0].Outcome != models.ApplicationWaiting
	}
	for _, s := range sessions {
		page.Sessions = append(page.Sessions, pages.SessionRow{
			Device: orDash(s.Device), Since: t.ShortTime(s.CreatedAt, coop.Location()), Seen: t.ShortTime(s.SeenAt, coop.Location()),
			EndHref: pathID("/account/sessions/", s.ID, "/end"), Current: s.ID == by.Session,
		})
	}
	return page, nil
}

func appliedLine(t *i18n.Texts, r members.Request) *pages.Applied {
	text := t.T("identity.account.applied", "Name", r.Name, "Collective", r.Collective)
	if r.Outcome == models.ApplicationWaiting {
		text += " " + t.T("members.application.lead_until", "Day", r.Deadline)
	}
	return &pages.Applied{Text: text, Word: t.T("members.outcome." + string(r.Outcome)), Kind: outcomeKind(r.Outcome), Href: pathID("/applications/", r.ID, "")}
}

func memberPairs(t *i18n.Texts, own []models.Member) []ui.Pair {
	pairs := make([]ui.Pair, len(own))
	for i, m := range own {
		pairs[i] = ui.Pair{Term: t.T("identity.account.member_number", "Number", m.Number), Text: m.Name, ChangeHref: pathID("/members/", m.ID, "")}
	}
	return pairs
}

func rolePairs(t *i18n.Texts, terms []models.RoleTerm) []ui.Pair {
	pairs := make([]ui.Pair, len(terms))
	for i, r := range terms {
		until := t.T("identity.account.no_end")
		if !r.EndsOn.IsZero() {
			until = t.T("identity.account.until", "Day", t.Date(r.EndsOn))
		}
		pairs[i] = ui.Pair{Term: t.T("identity.role." + string(r.Role)), Text: until}
	}
	return pairs
}

func languageField(t *i18n.Texts, chosen string) ui.Field {
	f := ui.Field{Name: "language", Label: t.T("identity.field.language"), Value: chosen, Required: true, Width: ui.Half}
	for _, lang := range i18n.Languages() {
		f.Options = append(f.Options, ui.Option{Value: lang, Label: i18n.NameOf(lang)})
	}
	return f
}
