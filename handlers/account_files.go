package handlers

import (
	"context"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/handlers/web"
	"socia/models"
	pages "socia/views/identity"
	"socia/views/ui"
)

// ListAccounts is where administrators find an account.
func (h *Handlers) ListAccounts(c *fiber.Ctx) error {
	t, search, after := h.T(c), web.CleanLine(c.Query("q")), web.CleanLine(c.Query("after"))
	found, err := h.Identity.Accounts(c.UserContext(), web.Actor(c), search, after)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	page := pages.AccountsPage{
		Frame:  h.adminFrame(c, t.T("identity.accounts.title")),
		Lead:   t.N("identity.accounts.total", int(found.Total)),
		Filter: ui.Filter{Action: "/admin/accounts", Fields: []ui.Field{{Name: "q", Type: "search", Label: t.T("identity.accounts.search"), Value: search}}},
		Table: ui.Table{
			Caption: t.T("identity.accounts.title"), HideCaption: true, Empty: &ui.Empty{Title: t.T("identity.accounts.none"), Text: t.T("identity.accounts.none_text")},
			Columns: []ui.Column{{Label: t.T("identity.field.handle"), Sorted: "asc"}, {Label: t.T("identity.accounts.made")}, {Label: t.T("ui.word.state")}},
		},
	}
	if search != "" {
		page.Filter.ClearHref = "/admin/accounts"
	}
	for _, a := range found.Accounts {
		state := ui.BadgeCell(ui.Yes, t.T("identity.accounts.enabled"))
		if a.DisabledAt != nil {
			state = ui.BadgeCell(ui.No, t.T("identity.accounts.disabled"))
		}
		page.Table.Rows = append(page.Table.Rows, []ui.Cell{ui.LinkCell(a.Handle, pathID("/admin/accounts/", a.ID, "")), ui.Text(t.ShortTime(a.CreatedAt, coop.Location())), state})
	}
	if after != "" {
		page.Pager.PreviousHref = accountsHref(search, "")
	}
	if found.Next != "" {
		page.Pager.NextHref = accountsHref(search, found.Next)
	}
	return h.Page(c, pages.Accounts(page))
}

func accountsHref(search, after string) string {
	q := url.Values{}
	if search != "" {
		q.Set("q", search)
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return "/admin/accounts"
	}
	return "/admin/accounts?" + q.Encode()
}

type accountActForm struct {
	Reason string `form:"reason" validate:"required,max=500"`
}

// ShowAccountFile is one account, as administrators see it.
func (h *Handlers) ShowAccountFile(c *fiber.Ctx) error {
	page, err := h.accountFilePage(c, accountActForm{}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.AccountFile(page))
}

// DisableAccount keeps an account from signing in.
func (h *Handlers) DisableAccount(c *fiber.Ctx) error {
	return h.actOnAccount(c, h.Identity.Disable, "identity.done.account_disabled")
}

// EnableAccount lets a disabled account sign in again.
func (h *Handlers) EnableAccount(c *fiber.Ctx) error {
	return h.actOnAccount(c, h.Identity.Enable, "identity.done.account_enabled")
}

func (h *Handlers) actOnAccount(c *fiber.Ctx, act func(context.Context, identity.Actor, models.AccountID, string) error, done string) error {
	id, err := web.ID[models.AccountID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[accountActForm](c)
	if err == nil {
		err = act(c.UserContext(), web.Actor(c), id, form.Reason)
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		page, err := h.accountFilePage(c, form, e)
		if err != nil {
			return err
		}
		return h.PageStatus(c, status, pages.AccountFile(page))
	}
	return h.See(c, pathID("/admin/accounts/", id, ""), done)
}

func (h *Handlers) accountFilePage(c *fiber.Ctx, form accountActForm, e web.Errors) (pages.AccountFilePage, error) {
	id, err := web.ID[models.AccountID](c, "id")
	if err != nil {
		return pages.AccountFilePage{}, err
	}
	f, err := h.Identity.AccountFile(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return pages.AccountFilePage{}, err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return pages.AccountFilePage{}, err
	}
	t, at := h.T(c), pathID("/admin/accounts/", id, "")
	reason := ui.Field{Name: "reason", Label: t.T("ui.word.reason"), Hint: t.T("identity.accounts.reason_hint"), Value: form.Reason, Error: e["reason"], Required: true, MaxLength: 500}
	page := pages.AccountFilePage{
		Frame: h.Frame(c, f.Handle, crumbs(t.T("ui.nav.admin"), "/admin", t.T("identity.accounts.title"), "/admin/accounts", f.Handle, "")...),
		Title: t.T("identity.account.title", "Handle", f.Handle), Since: t.T("identity.accounts.made_on", "When", t.ShortTime(f.CreatedAt, coop.Location())),
		Disabled: f.DisabledAt != nil, Own: f.ID == web.Actor(c).Account, Members: memberPairs(t, f.Members), Roles: rolePairs(t, f.Roles),
		Errors: e.Of(reason), Reason: reason, Form: ui.FormAttrs{Action: at + "/disabling", CSRF: h.CSRF(c)},
	}
	if page.Disabled {
		page.Form.Action = at + "/enabling"
	}
	page.Acts = ui.Table{Caption: t.T("identity.accounts.acts"), HideCaption: true, Columns: []ui.Column{{Label: t.T("ui.word.date")}, {Label: t.T("identity.accounts.act")}, {Label: t.T("ui.word.reason")}, {Label: t.T("identity.accounts.by")}}}
	for _, a := range f.Acts {
		page.Acts.Rows = append(page.Acts.Rows, []ui.Cell{ui.Text(t.ShortTime(a.At, coop.Location())), ui.Text(t.T("identity.accounts.did." + string(a.Act))), ui.Text(a.Reason), ui.Text(a.Handle)})
	}
	return page, nil
}
