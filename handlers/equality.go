package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/app/equality"
	"socia/core/civil"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/equality"
	"socia/views/ui"
)

type genderForm struct {
	Identities []string `form:"identities"`
	Words      string   `form:"words"`
	PreferNot  bool     `form:"prefer_not"`
	CountIn    string   `form:"count_in"`
	Consents   []string `form:"consents"`
	Once       string   `form:"once"`
}

// ShowGender asks in which group figures count the reader.
func (h *Handlers) ShowGender(c *fiber.Ctx) error {
	own, err := h.Equality.Own(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	page, err := h.genderPage(c, own, genderFormOf(own.Declaration), nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Gender(page))
}

// Declare stores the reader's own declaration.
func (h *Handlers) Declare(c *fiber.Ctx) error {
	form, err := web.Decode[genderForm](c)
	if err == nil {
		err = h.Equality.Declare(c.UserContext(), web.Actor(c), form.declaration(), form.Once)
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		own, err := h.Equality.Own(c.UserContext(), web.Actor(c))
		if err != nil {
			return err
		}
		page, err := h.genderPage(c, own, form, e)
		if err != nil {
			return err
		}
		return h.PageStatus(c, status, pages.Gender(page))
	}
	return h.See(c, "/account/gender", "equality.done.declared")
}

// WithdrawGender deletes the reader's own declaration.
func (h *Handlers) WithdrawGender(c *fiber.Ctx) error {
	if err := h.Equality.Withdraw(c.UserContext(), web.Actor(c)); err != nil {
		return err
	}
	return h.See(c, "/account/gender", "equality.done.withdrawn")
}

// ShowBalance is the public page of figures about gender: the newest release, or the one of ?as_of=2026-07-01.
func (h *Handlers) ShowBalance(c *fiber.Ctx) error {
	t := h.T(c)
	asOf, wrong := web.Day("as_of", c.Query("as_of"))
	if wrong != nil {
		return fault.NotFound("equality.no_release")
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	r, err := h.Equality.Releases(c.UserContext(), asOf)
	if err != nil {
		return err
	}
	page := pages.BalancePage{Frame: h.Frame(c, t.T("equality.balance.title")), AsOf: t.Date(r.Edition.AsOf), Next: t.Date(r.Next)}
	if web.Actor(c).SignedIn() {
		page.DeclareHref = "/account/gender"
	}
	if r.Published {
		page.Reports = reports(t, coop, r.Edition)
	}
	for _, day := range r.Days {
		if day != r.Edition.AsOf {
			page.Others = append(page.Others, ui.Link{Label: t.Date(day), Href: "/balance?as_of=" + day.String()})
		}
	}
	return h.Page(c, pages.Balance(page))
}

func (f genderForm) declaration() equality.Declaration {
	d := equality.Declaration{Words: f.Words, PreferNotToSay: f.PreferNot, CountIn: equality.CountIn(f.CountIn)}
	for _, i := range f.Identities {
		d.Identities = append(d.Identities, equality.Identity(i))
	}
	for _, u := range f.Consents {
		d.Consents = append(d.Consents, equality.Use(u))
	}
	return d
}

func genderFormOf(d equality.Declaration) genderForm {
	return genderForm{Identities: values(d.Identities), Words: d.Words, PreferNot: d.PreferNotToSay, CountIn: string(d.CountIn), Consents: values(d.Consents)}
}

// values are what is chosen as a form carries it.
func values[T ~string](chosen []T) []string {
	out := make([]string, len(chosen))
	for i, c := range chosen {
		out[i] = string(c)
	}
	return out
}

func (h *Handlers) genderPage(c *fiber.Ctx, own equality.Own, form genderForm, e web.Errors) (pages.GenderPage, error) {
	t := h.T(c)
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return pages.GenderPage{}, err
	}
	mine, err := h.Equality.MyRows(c.UserContext(), web.Actor(c))
	if err != nil {
		return pages.GenderPage{}, err
	}
	title := t.T("equality.gender.title")
	page := pages.GenderPage{
		Frame:      h.Frame(c, title, crumbs(t.T("identity.account.short"), "/account", title, "")...),
		Form:       ui.FormAttrs{Action: "/account/gender", CSRF: h.CSRF(c), Once: form.Once},
		Withdrawal: ui.FormAttrs{Action: "/account/gender/withdrawal", CSRF: h.CSRF(c)},
		CountsFrom: t.Date(own.CountsFrom),
	}
	if page.Form.Once == "" {
		page.Form.Once = web.NewOnce()
	}
	fields := genderFields(t, form, e)
	page.CountIn, page.Consents, page.Identities, page.Words, page.PreferNot = fields[0], fields[1], fields[2], fields[3], fields[4]
	page.Errors = e.Of(fields...)
	page.Unread = own.Unread || mine.Unread
	if own.Stored {
		page.StoredSince = t.Time(own.At, coop.Location())
	}
	for _, row := range mine.Rows {
		page.Rows = append(page.Rows, pages.MyRow{Day: t.ShortDate(row.AsOf), Report: t.T("equality.report." + row.Report), Label: rowLabel(t, coop, mine.Meaning, row), Stated: row.Stated, Level: row.Level})
	}
	return page, nil
}

// genderFields are the questions in the order of the form: the group, the uses, the boxes, own words, preferring not to say.
func genderFields(t *i18n.Texts, form genderForm, e web.Errors) []ui.Field {
	group := ui.Field{Name: "count_in", Label: t.T("equality.field.count_in"), Hint: t.T("equality.field.count_in_hint"), Value: form.CountIn, Error: e["count_in"], Required: true,
		Why: &ui.Why{Reason: t.T("equality.why.reason"), SeenBy: t.T("equality.why.seen"), Kept: t.T("equality.why.kept")}}
	for _, g := range equality.CountsIn() {
		group.Options = append(group.Options, ui.Option{Value: string(g), Label: t.T("equality.count_in." + string(g))})
	}
	uses := ui.Field{Name: "consents", Label: t.T("equality.field.consents"), Hint: t.T("equality.field.consents_hint"), Values: form.Consents, Error: e["consents"]}
	for _, u := range equality.Uses() {
		uses.Options = append(uses.Options, ui.Option{Value: string(u), Label: t.T("equality.use." + string(u)), Hint: t.T("equality.use_hint." + string(u))})
	}
	boxes := ui.Field{Name: "identities", Label: t.T("equality.field.identities"), Hint: t.T("equality.field.identities_hint"), Values: form.Identities, Error: e["identities"]}
	for _, i := range equality.Identities() {
		boxes.Options = append(boxes.Options, ui.Option{Value: string(i), Label: t.T("equality.identity." + string(i))})
	}
	return []ui.Field{
		group, uses, boxes,
		{Name: "words", Label: t.T("equality.field.words"), Value: form.Words, Error: e["words"], Autocomplete: "off", MaxLength: equality.WordsMost},
		{Name: "prefer_not", Label: t.T("equality.field.prefer_not"), Checked: form.PreferNot, Error: e["prefer_not"]},
	}
}

// reports name the rows of a release's tables. What the tables show was decided when they were published.
func reports(t *i18n.Texts, coop models.Cooperative, e equality.Edition) []pages.Report {
	members, _ := e.Membership.Total()
	all := []pages.Report{
		{ID: equality.ReportMembership, RowHead: t.T("equality.balance.class"), Table: e.Membership},
		{ID: equality.ReportAdministration, RowHead: t.T("equality.balance.post"), Table: e.Administration, Members: members},
		{ID: equality.ReportAttendance, RowHead: t.T("equality.balance.assembly"), Table: e.Attendance, Members: members},
	}
	for i := range all {
		r := &all[i]
		r.Title, r.Lead, r.Empty = t.T("equality.report."+r.ID), t.T("equality.report_lead."+r.ID), t.T("equality.report_empty."+r.ID)
		r.Labels = map[string]string{}
		for _, row := range r.Table.Rows() {
			r.Labels[row.Key()] = rowLabel(t, coop, e, equality.MyRow{Report: r.ID, Key: row.Key()})
		}
	}
	return all
}

// rowLabel says what a row is about. An assembly is called by its kind and day: its title is for members.
func rowLabel(t *i18n.Texts, coop models.Cooperative, e equality.Edition, row equality.MyRow) string {
	if row.Key == "" {
		return t.T("equality.balance.all")
	}
	switch row.Report {
	case equality.ReportMembership:
		return e.Class(row.Key).Name(t.Lang())
	case equality.ReportAdministration:
		return t.T("equality.post." + row.Key)
	}
	a := e.Assembly(row.Key)
	if a.ID == 0 {
		return row.Key
	}
	return t.T("equality.assembly."+a.Kind, "Day", t.LongDate(civil.Of(a.FirstCallAt, coop.Location())))
}
