package handlers

import (
	"cmp"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/polls"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/methods"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/polls"
	"socia/views/ui"
)

// ListPolls lists the consultations.
func (h *Handlers) ListPolls(c *fiber.Ctx) error {
	t, by := h.T(c), web.Actor(c)
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	l, err := h.Polls.Consultations(c.UserContext(), by, models.PollID(max(before, 0)))
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	title := t.T("polls.list.title")
	p := pages.ListPage{Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", title, "")...)}
	p.Table = ui.Table{
		Caption: title, HideCaption: true, Columns: []ui.Column{{Label: t.T("polls.head.question")}, {Label: t.T("polls.head.method")}, {Label: t.T("polls.head.closes")}, {Label: t.T("ui.word.state")}},
		Empty: &ui.Empty{Title: t.T("polls.list.empty"), Text: t.T("polls.list.empty_text")},
	}
	for _, r := range l.Rows {
		kind, word := pollState(t, r)
		closes := "–"
		if at := cmp.Or(r.Poll.ClosedAt, r.Poll.ClosesAt); at != nil {
			closes = t.ShortTime(*at, coop.Location())
		}
		p.Table.Rows = append(p.Table.Rows, []ui.Cell{ui.LinkCell(r.Poll.Question, pollHref(r.Poll.ID)), ui.Text(methodName(t, r.Poll.Method)), ui.Text(closes), ui.BadgeCell(kind, word)})
	}
	if l.More {
		p.Pager.NextHref = pathID("/polls?before=", l.Rows[len(l.Rows)-1].Poll.ID, "")
	}
	if before > 0 {
		p.Pager.PreviousHref = "/polls"
	}
	if web.IsOfficer(c, models.RoleFacilitator) {
		p.New = "/polls/new"
	}
	p.More = []ui.Action{{Label: t.T("polls.methods.all"), Href: "/methods", Kind: ui.Quiet}}
	if _, member := by.Member(); member {
		p.More = append(p.More, ui.Action{Label: t.T("polls.delegation.title"), Href: "/delegations", Kind: ui.Quiet})
	}
	return h.Page(c, pages.List(p))
}

func pollState(t *i18n.Texts, r polls.Row) (ui.Kind, string) {
	switch {
	case r.Void:
		return ui.No, t.T("polls.state.void")
	case r.Poll.ClosedAt != nil:
		return ui.Plain, t.T("polls.state.closed")
	case r.Missed:
		return ui.No, t.T("polls.state.missed")
	case r.Poll.Waits:
		return ui.Wait, t.T("polls.state.waits")
	case r.Mine:
		return ui.Wait, t.T("polls.state.mine")
	}
	return ui.Yes, t.T("polls.state.open")
}

// AskClosePollNow asks before a consultation is closed ahead of its hour.
func (h *Handlers) AskClosePollNow(c *fiber.Ctx) error {
	v, err := h.consultation(c)
	if err != nil {
		return err
	}
	t := h.T(c)
	lead := t.T("polls.close.lead")
	if v.Poll.Method == methods.Advice {
		lead += " " + t.T("polls.close.lead_advice")
	}
	return h.Page(c, ui.Confirm(h.actPage(c, v, "closing", t.T("polls.close.do"), lead)))
}

// consultation is the poll of the address, for acts on it.
func (h *Handlers) consultation(c *fiber.Ctx) (polls.View, error) {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return polls.View{}, err
	}
	v, err := h.Polls.Show(c.UserContext(), web.Actor(c), id)
	if err == nil && !v.Poll.Consultation() {
		err = fault.NotFound("polls.not_found")
	}
	return v, err
}

func (h *Handlers) actPage(c *fiber.Ctx, v polls.View, act, title, lead string) ui.ConfirmPage {
	t, here := h.T(c), pollHref(v.Poll.ID)
	within, list := t.T("polls.list.title"), "/polls"
	if !v.Poll.Consultation() {
		within, list = v.Assembly.Title, pathID("/assemblies/", v.Assembly.ID, "")
	}
	return ui.ConfirmPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", within, list, v.Poll.Question, here, title, "")...),
		Lead:  lead, Form: ui.FormAttrs{Action: here + "/" + act, CSRF: h.CSRF(c), Once: web.NewOnce()},
		Review: ui.Review{Final: true, Rows: []ui.Pair{{Term: t.T("polls.head.question"), Text: v.Poll.Question}, {Term: t.T("assemblies.close.cast"), Text: t.T("assemblies.close.cast_text", "Cast", t.Number(v.Cast), "Electors", t.Number(v.Electors))}}},
		Act:    ui.Action{Label: title, Kind: ui.Danger}, Back: here,
	}
}

// ClosePollNow closes a consultation ahead of its hour.
func (h *Handlers) ClosePollNow(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err == nil {
		err = h.Polls.Close(c.UserContext(), web.Actor(c), id)
	}
	if err != nil {
		return err
	}
	return h.See(c, pollHref(id), "assemblies.done.poll_closed")
}

type voidingForm struct {
	Reason string `form:"reason"`
}

// AskVoid asks why a poll does not count.
func (h *Handlers) AskVoid(c *fiber.Ctx) error { return h.voidPage(c, fiber.StatusOK, "", nil) }

func (h *Handlers) voidPage(c *fiber.Ctx, status int, typed string, e web.Errors) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	v, err := h.Polls.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	t, lead := h.T(c), "polls.void.lead"
	if !v.Poll.Consultation() {
		lead = "assemblies.void.lead"
		if e == nil && v.Assembly.State() != models.AssemblyOpen {
			return fault.Conflict("assemblies.void_too_late")
		}
	}
	reason := ui.Field{Name: "reason", Type: "area", Label: t.T("polls.void.reason"), Hint: t.T("polls.void.reason_hint"), Value: typed, Error: e["reason"], Required: true, Rows: 3}
	page := h.actPage(c, v, "voiding", t.T("polls.void.do"), t.T(lead))
	page.Reason, page.Errors = &reason, e.Of(reason)
	return h.PageStatus(c, status, ui.Confirm(page))
}

// VoidPoll says that a poll does not count: one of an assembly while that is open.
func (h *Handlers) VoidPoll(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[voidingForm](c)
	if err == nil {
		err = h.voidPoll(c, id, form.Reason)
	}
	if err == nil {
		return h.See(c, pollHref(id), "polls.done.void")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.voidPage(c, status, form.Reason, e)
}

func (h *Handlers) voidPoll(c *fiber.Ctx, id models.PollID, reason string) error {
	v, err := h.Polls.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if v.Poll.Consultation() {
		return h.Polls.Void(c.UserContext(), web.Actor(c), id, reason)
	}
	return h.Assemblies.VoidPoll(c.UserContext(), web.Actor(c), id, reason)
}

type declarationForm struct {
	Position int64  `form:"position"`
	InGroup  string `form:"in_group"`
}

// DeclareForParity takes what a candidate says of themself for the parity rule.
func (h *Handlers) DeclareForParity(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[declarationForm](c)
	if err == nil {
		err = h.Polls.Declare(c.UserContext(), web.Actor(c), id, form.Position, form.InGroup != "")
	}
	return h.pollAct(c, id, err, "polls.done.declared")
}

type outcomeForm struct {
	Words     string `form:"words"`
	CarriedBy string `form:"carried_by"`
	DueOn     string `form:"due_on"`
	Once      string `form:"once" validate:"max=64"`
}

// SettlePoll says what follows from a closed poll. Who may is app/polls' to say: see polls.Service.Settle.
func (h *Handlers) SettlePoll(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[outcomeForm](c)
	var due *civil.Date
	if err == nil && form.DueOn != "" {
		day, wrong := web.Day("due_on", form.DueOn)
		if wrong != nil {
			err = wrong
		}
		due = &day
	}
	if err == nil {
		err = h.Polls.Settle(c.UserContext(), web.Actor(c), id, form.Words, form.CarriedBy, due, form.Once)
	}
	c.Locals(typedKey, form)
	return h.pollAct(c, id, err, "polls.done.settled")
}

// pollAct answers an act on a poll's own page: a fault is told at its head.
func (h *Handlers) pollAct(c *fiber.Ctx, id models.PollID, err error, done string) error {
	if err == nil {
		return h.See(c, pollHref(id), done)
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	v, showErr := h.Polls.ShowAt(c.UserContext(), web.Actor(c), id, pollPlace(c))
	if showErr != nil {
		return showErr
	}
	coop, coopErr := h.coop(c.UserContext())
	if coopErr != nil {
		return coopErr
	}
	if v.Poll.ClosedAt == nil {
		p := h.ballotPage(c, v, coop, nil, nil)
		p.Errors = h.answering(c, &p, e)
		return h.PageStatus(c, status, pages.Ballot(p))
	}
	p := h.resultPage(c, v, coop)
	p.Errors = h.settling(c, &p, e)
	return h.PageStatus(c, status, pages.Result(p))
}

// typedKey keeps what was typed into a form of a poll's page, for the page that shows it again.
const typedKey = "typed"

// settling fills in again what follows from a poll, if it could not be stored.
func (h *Handlers) settling(c *fiber.Ctx, p *pages.ResultPage, e web.Errors) []ui.FieldError {
	form, ok := c.Locals(typedKey).(outcomeForm)
	if !ok || p.Follow == nil {
		return e.Of()
	}
	for i, typed := range []string{form.Words, form.CarriedBy, form.DueOn} {
		p.Follow.Fields[i].Value, p.Follow.Fields[i].Error = typed, e[p.Follow.Fields[i].Name]
	}
	return e.Of(p.Follow.Fields...)
}

// candidates are what was declared for the parity rule, with the form of each candidate that the reader is.
func (h *Handlers) candidates(c *fiber.Ctx, v polls.View) (all []pages.Candidate) {
	if v.Poll.Setup.ParityAtLeast == 0 && !v.Poll.Setup.Alternate {
		return nil
	}
	t, by := h.T(c), web.Actor(c)
	for _, o := range v.Options {
		row := pages.Candidate{Name: o.Label, Declared: t.T("polls.candidates.not_declared"), InGroup: o.InGroup, Position: strconv.FormatInt(o.Position, 10), Ask: t.T("polls.candidates.ask", "Group", v.Poll.Setup.ParityGroup)}
		if o.InGroup {
			row.Declared = t.T("polls.candidates.declared", "Group", v.Poll.Setup.ParityGroup)
		}
		if v.Poll.ClosedAt == nil && v.Cast == 0 && o.MemberID != nil && by.ActsFor(*o.MemberID) {
			row.Form = &ui.FormAttrs{Action: pollHref(v.Poll.ID) + "/declarations", CSRF: h.CSRF(c), Label: t.T("polls.candidates.of", "Name", o.Label)}
		}
		all = append(all, row)
	}
	return all
}

// declared is what the candidates of a poll with a parity rule have declared.
func declared(c *fiber.Ctx, v polls.View) *models.PollDeclared {
	if v.Poll.Setup.ParityAtLeast == 0 {
		return nil
	}
	d := models.PollDeclared{Inside: inside(web.Actor(c))}
	for _, o := range v.Options {
		d.InGroup = append(d.InGroup, o.InGroup)
	}
	return &d
}

// addFollowing adds what follows from a closed poll, and what the facilitator may do about it.
func (h *Handlers) addFollowing(c *fiber.Ctx, p *pages.ResultPage, v polls.View) {
	t, here := h.T(c), pollHref(v.Poll.ID)
	if v.Void != nil {
		h.sayVoid(t, p, v)
	}
	if len(v.Outcomes) > 0 {
		last := v.Outcomes[0]
		p.Following = append(p.Following, ui.Pair{Term: t.T("polls.following.words"), Text: last.Words})
		if last.CarriedBy != "" {
			p.Following = append(p.Following, ui.Pair{Term: t.T("polls.following.carried_by"), Text: last.CarriedBy})
		}
		if last.DueOn != nil {
			p.Following = append(p.Following, ui.Pair{Term: t.T("polls.following.due_on"), Text: t.LongDate(*last.DueOn)})
		}
	}
	if v.MaySettle && v.Void == nil {
		p.Follow = h.settlement(c, v)
	}
	if !web.IsOfficer(c, models.RoleFacilitator) {
		return
	}
	if !v.Poll.Consultation() && v.Assembly.State() != models.AssemblyOpen {
		return
	}
	switch {
	case v.Void == nil:
		p.Acts = append(p.Acts, ui.Action{Label: t.T("polls.void.do"), Href: here + "/voiding", Kind: ui.Linky})
	case v.RepeatedBy != nil:
	case v.Poll.Consultation() || v.Poll.Method != methods.Motion:
		p.Acts = append(p.Acts, ui.Action{Label: t.T("polls.void.again"), Href: pathID("/polls/new?rerun=", v.Poll.ID, "")})
	} // a motion is held again on its point, on the assembly's page
}

// sayVoid says why a poll does not count and where it is held again; its figures stand there as figures.
func (h *Handlers) sayVoid(t *i18n.Texts, p *pages.ResultPage, v polls.View) {
	p.Void = v.Void.Reason
	if v.RepeatedBy != nil {
		p.RepeatedBy = &ui.Link{Label: v.RepeatedBy.Question, Href: pollHref(v.RepeatedBy.ID)}
	}
	if p.Story != nil {
		story := pages.Voided(t, v.Poll, *p.Story)
		p.Story = &story
	}
	if p.Motion != nil {
		p.Motion.Kind, p.Motion.Word, p.Motion.Sentence = ui.Plain, t.T("polls.void.word"), t.T("polls.void.sentence")
	}
}

// settlement is the form for what follows from a closed poll.
func (h *Handlers) settlement(c *fiber.Ctx, v polls.View) *pages.ActForm {
	t := h.T(c)
	f := pages.ActForm{
		Form: ui.FormAttrs{Action: pollHref(v.Poll.ID) + "/outcome", CSRF: h.CSRF(c), Once: web.NewOnce()}, Submit: t.T("polls.following.do"),
		Fields: []ui.Field{
			{Name: "words", Type: "area", Label: t.T("polls.following.words"), Required: true, Rows: 3},
			{Name: "carried_by", Label: t.T("polls.following.carried_by"), Autocomplete: "off", MaxLength: 300},
			{Name: "due_on", Type: "date", Label: t.T("polls.following.due_on"), Width: ui.Half},
		},
	}
	if v.Poll.Method == methods.Advice {
		f.Fields[0].Hint = t.T("polls.following.advice_hint")
	}
	return &f
}

// withNames writes the names of those whom a draw named beside their numbers, for readers who may know them.
func withNames(t *i18n.Texts, v polls.View, c models.PollCount) models.PollCount {
	if v.Poll.Method != methods.Sortition || c.Result == nil {
		return c
	}
	result := *c.Result
	result.Options = make([]string, len(c.Result.Options))
	for i, item := range c.Result.Options {
		n, _ := strconv.ParseInt(item, 10, 64)
		result.Options[i] = t.T("polls.draw.number", "Number", item)
		if name := v.Drawn[n]; name != "" {
			result.Options[i] = name + " (" + item + ")"
		}
	}
	c.Result = &result
	return c
}
