package handlers

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/identity"
	people "socia/views/members"
	"socia/views/ui"
)

type appointForm struct {
	Handle     string `form:"handle" validate:"required,max=64"`
	Role       string `form:"role" validate:"required"`
	Collective int64  `form:"collective"`
	StartsOn   string `form:"starts_on"`
	EndsOn     string `form:"ends_on"`
	Reason     string `form:"reason" validate:"max=500"`
	Once       string `form:"once"`
}

// ListRoles shows who holds which role.
func (h *Handlers) ListRoles(c *fiber.Ctx) error {
	page, err := h.rolesPage(c, appointForm{}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Roles(page))
}

// Appoint gives an account a role.
func (h *Handlers) Appoint(c *fiber.Ctx) error {
	form, err := web.Decode[appointForm](c)
	starts, wrongStart := web.Day("starts_on", form.StartsOn)
	ends, wrongEnd := web.Day("ends_on", form.EndsOn)
	if err == nil {
		err = fault.All(wrongStart, wrongEnd)
	}
	var token string
	if err == nil {
		token, err = h.Identity.Appoint(c.UserContext(), web.Actor(c), identity.Appointment{
			Handle: form.Handle, Role: models.Role(form.Role), CollectiveID: models.CollectiveID(form.Collective), StartsOn: starts, EndsOn: ends, Reason: form.Reason,
		}, form.Once)
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		page, err := h.rolesPage(c, form, e)
		if err != nil {
			return err
		}
		return h.PageStatus(c, status, pages.Roles(page))
	}
	if token != "" {
		h.SetCookie(c, token)
	}
	return h.See(c, "/admin/roles", "identity.done.appointed")
}

// AskEndTerm says what ending a term does, before it is done.
func (h *Handlers) AskEndTerm(c *fiber.Ctx) error {
	return h.endTermReview(c, fiber.StatusOK, nil)
}

func (h *Handlers) endTermReview(c *fiber.Ctx, status int, e web.Errors) error {
	id, err := web.ID[models.RoleTermID](c, "id")
	if err != nil {
		return err
	}
	holders, err := h.Identity.Holders(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(holders, func(r identity.Holder) bool { return r.ID == id })
	switch {
	case at < 0:
		return fault.NotFound("identity.no_term")
	case holders[at].Past:
		return h.See(c, "/admin/roles", "")
	}
	t, r := h.T(c), holders[at]
	title := t.T("identity.roles.end_title")
	return h.PageStatus(c, status, people.Review(people.ReviewPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.admin"), "/admin", t.T("identity.roles.title"), "/admin/roles", title, "")...), Lead: t.T("identity.roles.end_lead"),
		Errors: e.Of(), Review: ui.Review{Final: true, Rows: []ui.Pair{
			{Term: t.T("identity.field.handle"), Text: r.Handle}, {Term: t.T("identity.field.role"), Text: roleWords(t, r)},
			{Term: t.T("identity.roles.term"), Text: t.Span(r.StartsOn, r.EndsOn)}, {Term: t.T("identity.field.reason"), Text: orDash(termReason(t, r.Reason))},
		}},
		Form: ui.FormAttrs{Action: pathID("/admin/roles/", id, "/end"), CSRF: h.CSRF(c)}, Submit: title, Back: "/admin/roles",
	}))
}

func roleWords(t *i18n.Texts, r identity.Holder) string {
	role := t.T("identity.role." + string(r.Role))
	if r.Collective != "" {
		role += " · " + r.Collective
	}
	return role
}

// EndTerm ends a term before its time.
func (h *Handlers) EndTerm(c *fiber.Ctx) error {
	id, err := web.ID[models.RoleTermID](c, "id")
	if err != nil {
		return err
	}
	if err := h.Identity.EndTerm(c.UserContext(), web.Actor(c), id); err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.endTermReview(c, status, e)
	}
	return h.See(c, "/admin/roles", "identity.done.term_ended")
}

func (h *Handlers) rolesPage(c *fiber.Ctx, form appointForm, e web.Errors) (pages.RolesPage, error) {
	t := h.T(c)
	holders, err := h.Identity.Holders(c.UserContext(), web.Actor(c))
	if err != nil {
		return pages.RolesPage{}, err
	}
	collectives, err := h.Identity.Collectives(c.UserContext())
	if err != nil {
		return pages.RolesPage{}, err
	}
	fields := appointFields(t, form, e, collectives)
	frame := h.Frame(c, t.T("identity.roles.title"), crumbs(t.T("ui.nav.admin"), "/admin", t.T("identity.roles.title"), "")...)
	once := form.Once
	if once == "" {
		once = web.NewOnce()
	}
	return pages.RolesPage{Frame: frame, Errors: e.Of(fields...), Fields: fields, Terms: termsTable(t, frame, holders), Form: ui.FormAttrs{Action: "/admin/roles", CSRF: h.CSRF(c), Once: once}}, nil
}

func appointFields(t *i18n.Texts, form appointForm, e web.Errors, collectives []models.Collective) []ui.Field {
	role := ui.Field{Name: "role", Label: t.T("identity.field.role"), Value: form.Role, Error: e["role"], Required: true, Width: ui.Half}
	for _, r := range models.Roles {
		role.Options = append(role.Options, ui.Option{Value: string(r), Label: t.T("identity.role." + string(r))})
	}
	collective := ui.Field{Name: "collective", Label: t.T("identity.field.collective"), Hint: t.T("identity.field.collective_hint"), Error: e["collective"], Value: strconv.FormatInt(form.Collective, 10), Width: ui.Half}
	collective.Options = append(collective.Options, ui.Option{Value: "0", Label: "–"})
	for _, c := range collectives {
		collective.Options = append(collective.Options, ui.Option{Value: strconv.FormatInt(int64(c.ID), 10), Label: c.Name})
	}
	return []ui.Field{
		{Name: "handle", Label: t.T("identity.field.handle"), Hint: t.T("identity.roles.handle_hint"), Value: form.Handle, Error: e["handle"], Required: true, Width: ui.Half, Autocomplete: "off"},
		role, collective,
		{Name: "starts_on", Label: t.T("identity.field.starts_on"), Type: "date", Value: form.StartsOn, Error: e["starts_on"], Required: true},
		{Name: "ends_on", Label: t.T("identity.field.ends_on"), Type: "date", Value: form.EndsOn, Error: e["ends_on"]},
		{Name: "reason", Label: t.T("identity.field.reason"), Hint: t.T("identity.field.reason_hint"), Value: form.Reason, Error: e["reason"], Required: true, MaxLength: 500},
	}
}

// termReason is what somebody wrote; the first administrator's term has no resolution, the software began it.
func termReason(t *i18n.Texts, reason string) string {
	if reason == "setup" {
		return t.T("identity.roles.setup")
	}
	return reason
}

func termsTable(t *i18n.Texts, frame ui.Frame, holders []identity.Holder) ui.Table {
	table := ui.Table{Caption: t.T("identity.roles.terms"), Columns: []ui.Column{{Label: t.T("identity.field.handle")}, {Label: t.T("identity.field.role")}, {Label: t.T("identity.roles.term")}, {Label: t.T("identity.field.reason")}, {Label: t.T("identity.roles.state")}}}
	for _, r := range holders {
		term := t.Span(r.StartsOn, r.EndsOn)
		state := ui.BadgeCell(ui.Plain, t.T("identity.roles.ended"))
		if !r.Past {
			state = ui.BodyCell(pages.EndTerm(frame, pathID("/admin/roles/", r.ID, "/end"), r.Handle))
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.LinkCell(r.Handle, pathID("/admin/accounts/", r.AccountID, "")), ui.Text(roleWords(t, r)), ui.Text(term), ui.Text(termReason(t, r.Reason)), state})
	}
	return table
}
