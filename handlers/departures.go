package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/app/members"
	"socia/core/civil"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/members"
	"socia/views/ui"
)

type departureForm struct {
	EffectiveOn string `form:"effective_on"`
	Reason      string `form:"reason"`
	Once        string `form:"once"`
	Confirmed   string `form:"confirmed"`
}

// NewDeparture asks when a membership ends.
func (h *Handlers) NewDeparture(c *fiber.Ctx) error {
	p, err := h.leaver(c)
	if err != nil {
		return err
	}
	today, err := h.today(c)
	if err != nil {
		return err
	}
	return h.Page(c, pages.OneForm(h.departurePage(c, p, today, departureForm{EffectiveOn: today.String()}, nil)))
}

// Leave ends a membership: first it shows what will happen, and once that is confirmed it does it.
func (h *Handlers) Leave(c *fiber.Ctx) error {
	p, err := h.leaver(c)
	if err != nil {
		return err
	}
	today, err := h.today(c)
	if err != nil {
		return err
	}
	form, err := web.Decode[departureForm](c)
	day, wrong := web.Day("effective_on", form.EffectiveOn)
	if err == nil {
		err = fault.All(wrong)
	}
	switch {
	case err == nil && form.Confirmed == "":
		if err = h.Members.CheckLeaving(c.UserContext(), web.Actor(c), p.ID, day, form.Reason); err == nil {
			return h.departureReview(c, p, today, day, form)
		}
	case err == nil:
		if err = h.Members.Leave(c.UserContext(), web.Actor(c), p.ID, day, form.Reason, form.Once); err == nil {
			return h.See(c, pathID("/members/", p.ID, ""), "members.done.left")
		}
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.PageStatus(c, status, pages.OneForm(h.departurePage(c, p, today, form, e)))
}

// leaver is the member of the address, for the member itself and administrators.
func (h *Handlers) leaver(c *fiber.Ctx) (members.Profile, error) {
	p, err := h.profile(c)
	if err == nil {
		err = web.Actor(c).RequireActsFor(p.ID, models.RoleAdministrator)
	}
	return p, err
}

func departureTitle(t *i18n.Texts, p members.Profile) string {
	if p.Own {
		return t.T("members.leave.own")
	}
	return t.T("members.leave.other")
}

func (h *Handlers) departurePage(c *fiber.Ctx, p members.Profile, today civil.Date, form departureForm, e web.Errors) pages.FormPage {
	t, at := h.T(c), pathID("/members/", p.ID, "")
	fields := []ui.Field{
		{Name: "effective_on", Label: t.T("members.leave.day"), Hint: t.T("members.leave.day_hint"), Type: "date", Value: form.EffectiveOn, Error: e["effective_on"], Required: true},
		{Name: "reason", Label: t.T("ui.word.reason"), Hint: t.T("members.leave.reason_hint"), Value: form.Reason, Error: e["reason"], Rows: 4, MaxLength: members.MaxText, Required: !p.Own},
	}
	if p.Own {
		fields[0].Min = today.String()
	}
	title := departureTitle(t, p)
	return pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("members.directory.title"), "/members", p.Name, at, title, "")...), Lead: t.T("members.leave.lead"),
		Errors: e.Of(fields...), Fields: fields, Form: ui.FormAttrs{Action: at + "/departure", CSRF: h.CSRF(c)}, Submit: t.T("ui.word.continue"), CancelURL: at,
	}
}

func (h *Handlers) departureReview(c *fiber.Ctx, p members.Profile, today, day civil.Date, form departureForm) error {
	account, err := h.Fees.MemberFees(c.UserContext(), web.Actor(c), p.ID)
	if err != nil {
		return err
	}
	t, at := h.T(c), pathID("/members/", p.ID, "")
	owed := t.T("members.leave.owes_nothing")
	if account.OwedCents > 0 {
		owed = t.T("members.leave.owes", "Amount", t.Money(account.OwedCents, account.Currency))
	}
	rows := []ui.Pair{
		{Term: t.T("members.leave.who"), Text: p.Name}, {Term: t.T("members.leave.day"), Text: t.Date(day)},
		{Term: t.T("members.leave.vote"), Text: t.T("members.leave.vote_text")}, {Term: t.T("members.leave.fees"), Text: owed + " " + t.T("members.leave.fees_text")},
	}
	if form.Reason != "" {
		rows = append(rows, ui.Pair{Term: t.T("ui.word.reason"), Text: form.Reason})
	}
	past := day.Before(today)
	if !past {
		rows = append(rows, ui.Pair{Term: t.T("members.leave.undo"), Text: t.T("members.leave.undo_text", "Day", t.Date(day))})
	}
	title := departureTitle(t, p)
	return h.Page(c, pages.Review(pages.ReviewPage{
		Frame: h.Frame(c, title, crumbs(t.T("members.directory.title"), "/members", p.Name, at, title, "")...), Lead: t.T("members.leave.review_lead"),
		Review: ui.Review{Rows: rows, Final: past}, Form: ui.FormAttrs{Action: at + "/departure", CSRF: h.CSRF(c), Once: web.NewOnce()},
		Hidden: []ui.Pair{{Term: "effective_on", Text: day.String()}, {Term: "reason", Text: form.Reason}, {Term: "confirmed", Text: "1"}},
		Submit: t.T("members.leave.confirm"), Back: at + "/departure",
	}))
}

// WithdrawDeparture takes an announced departure back, before it comes.
func (h *Handlers) WithdrawDeparture(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	if err := h.Members.WithdrawDeparture(c.UserContext(), web.Actor(c), id); err != nil {
		return err
	}
	return h.See(c, pathID("/members/", id, ""), "members.done.stayed")
}
