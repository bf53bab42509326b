package handlers

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/assemblies"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/assemblies"
	"socia/views/ui"
)

// ShowDesk is the desk at the door: check-in by number or name, the running quorum, who came last.
func (h *Handlers) ShowDesk(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	return h.deskPage(c, id, fiber.StatusOK, c.Query("q"), nil)
}

type arrivalForm struct {
	Who    string                `form:"who" validate:"max=200"`
	Member int64                 `form:"member"`
	Mode   models.AttendanceMode `form:"mode"`
	Desk   string                `form:"desk"`
}

// CheckIn records an arrival: at the desk by number or name, or by the reader themself.
func (h *Handlers) CheckIn(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[arrivalForm](c)
	member := models.MemberID(form.Member)
	if err == nil && form.Desk != "" && member == 0 {
		var found models.Member
		found, err = h.Assemblies.Find(c.UserContext(), web.Actor(c), "who", form.Who)
		member = found.ID
	}
	if err == nil {
		err = h.Assemblies.CheckIn(c.UserContext(), web.Actor(c), id, member, form.Mode)
	}
	if form.Desk == "" {
		return h.assemblyAct(c, id, err, "#mine", "assemblies.done.arrived")
	}
	return h.deskAct(c, id, form.Who, member, err)
}

type leaveForm struct {
	Member int64  `form:"member"`
	Desk   string `form:"desk"`
}

// CheckOut records that somebody has left.
func (h *Handlers) CheckOut(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[leaveForm](c)
	if err == nil {
		err = h.Assemblies.CheckOut(c.UserContext(), web.Actor(c), id, models.MemberID(form.Member))
	}
	if form.Desk == "" {
		return h.assemblyAct(c, id, err, "#mine", "assemblies.done.left")
	}
	return h.deskAct(c, id, "", models.MemberID(form.Member), err)
}

type openingForm struct {
	Call int64 `form:"call"`
}

// OpenAssembly opens an assembly at its first or second call.
func (h *Handlers) OpenAssembly(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[openingForm](c)
	if err == nil {
		err = h.Assemblies.Open(c.UserContext(), web.Actor(c), id, form.Call)
	}
	return h.assemblyAct(c, id, err, "", "assemblies.done.opened")
}

// AskClose shows what closing an assembly will do.
func (h *Handlers) AskClose(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	v, err := h.Assemblies.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	t, here, title := h.T(c), pathID("/assemblies/", id, ""), h.T(c).T("assemblies.manage.close")
	page := ui.ConfirmPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", v.Assembly.Title, here, title, "")...),
		Lead:  t.T("assemblies.close.lead"), Form: ui.FormAttrs{Action: here + "/closing", CSRF: h.CSRF(c)},
		Act: ui.Action{Label: title, Kind: ui.Danger}, Back: here, Review: ui.Review{Final: true},
	}
	for _, p := range v.Points {
		page.Review.Rows = append(page.Review.Rows, ui.Pair{Term: p.Title, Text: pointWord(t, p)})
	}
	officers := ui.Pair{Term: t.T("assemblies.heading.officers"), Text: t.T("assemblies.close.officers_named"), ChangeHref: officersHref(id)}
	if rule := v.Statutes.Minutes; !v.Officers.Complete(rule.Tellers) {
		officers.Text = t.T("assemblies.officers_missing", "Tellers", rule.Tellers, "Article", rule.Article)
	}
	page.Review.Rows = append(page.Review.Rows, officers)
	return h.Page(c, ui.Confirm(page))
}

// officersHref is where chair, secretary and tellers are named.
func officersHref(id models.AssemblyID) string { return pathID("/assemblies/", id, "/officers") }

// pointWord says in a word what became of a point.
func pointWord(t *i18n.Texts, p assemblies.Point) string {
	if p.Decision == "" {
		return t.T("assemblies.decision.information")
	}
	if n := len(p.Polls); n > 0 && p.Polls[n-1].Void != nil {
		return t.T("polls.state.void")
	} else if n > 0 && p.Polls[n-1].Result != nil {
		return t.T("assemblies.outcome." + string(p.Polls[n-1].Result.Outcome))
	} else if n > 0 && p.Polls[n-1].Count != nil {
		last := p.Polls[n-1]
		return methodOutcome(t, last.Method, last.Outcome()).Text
	}
	return t.T("minutes.item.not_voted")
}

// AskClosePoll shows how many have voted, before the vote is closed.
func (h *Handlers) AskClosePoll(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	poll, err := web.ID[models.PollID](c, "poll")
	if err != nil {
		return err
	}
	v, err := h.Polls.Show(c.UserContext(), web.Actor(c), poll)
	if err != nil {
		return err
	}
	t, here, title := h.T(c), pathID("/assemblies/", id, ""), h.T(c).T("assemblies.point.close_poll")
	return h.Page(c, ui.Confirm(ui.ConfirmPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", v.Assembly.Title, here, title, "")...),
		Lead:  v.Poll.Question, Form: ui.FormAttrs{Action: here + pathID("/polls/", poll, "/closing"), CSRF: h.CSRF(c)},
		Act: ui.Action{Label: title}, Back: here, Review: ui.Review{Final: true, Rows: []ui.Pair{
			{Term: t.T("assemblies.close.cast"), Text: t.T("assemblies.close.cast_text", "Cast", t.Number(v.Cast), "Electors", t.Number(v.Electors))},
			{Term: t.T("assemblies.close.after"), Text: t.T("assemblies.close.after_text")},
		}},
	}))
}

// CloseAssembly ends an assembly.
func (h *Handlers) CloseAssembly(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	err = h.Assemblies.Close(c.UserContext(), web.Actor(c), id)
	if fault.Has(err, "assemblies.officers_missing") {
		c.Locals(mendKey, officersHref(id))
	}
	return h.assemblyAct(c, id, err, "", "assemblies.done.closed")
}

type pollForm struct {
	Item    int64  `form:"item"`
	Minutes string `form:"minutes"`
	Once    string `form:"once"`
}

// pollMinutesMost is how long a vote at an assembly may stay open.
const pollMinutesMost = 600

// OpenPoll puts a point to the vote, perhaps for so many minutes.
func (h *Handlers) OpenPoll(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[pollForm](c)
	var lasts time.Duration
	if err == nil && form.Minutes != "" {
		n, wrong := strconv.Atoi(form.Minutes)
		if wrong != nil || n < 1 || n > pollMinutesMost {
			err = fault.Invalid("minutes", "assemblies.minutes_range", map[string]any{"Most": pollMinutesMost})
		}
		lasts = time.Duration(n) * time.Minute
	}
	if err == nil {
		_, err = h.Assemblies.OpenPoll(c.UserContext(), web.Actor(c), models.AgendaItemID(form.Item), h.Assemblies.In(lasts), form.Once)
	}
	c.Locals(typedKey, form)
	return h.assemblyAct(c, id, err, "", "assemblies.done.poll_opened")
}

// ClosePoll ends a vote.
func (h *Handlers) ClosePoll(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	poll, err := web.ID[models.PollID](c, "poll")
	if err == nil {
		err = h.Assemblies.ClosePoll(c.UserContext(), web.Actor(c), poll)
	}
	return h.assemblyAct(c, id, err, "", "assemblies.done.poll_closed")
}

type officersForm struct {
	Chair     string   `form:"chair" validate:"max=200"`
	Secretary string   `form:"secretary" validate:"max=200"`
	Tellers   []string `form:"tellers"`
}

// EditOfficers is the form that names chair, secretary and tellers.
func (h *Handlers) EditOfficers(c *fiber.Ctx) error {
	return h.officersPage(c, fiber.StatusOK, nil, nil)
}

// NameOfficers names chair, secretary and tellers, each by number or name.
func (h *Handlers) NameOfficers(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[officersForm](c)
	var officers assemblies.Officers
	if err == nil {
		officers, err = h.findOfficers(c, form)
	}
	if err == nil {
		err = h.Assemblies.NameOfficers(c.UserContext(), web.Actor(c), id, officers)
	}
	if err == nil {
		return h.See(c, pathID("/assemblies/", id, ""), "assemblies.done.officers")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.officersPage(c, status, &form, e)
}

// findOfficers finds who is meant, and tells about every field at once.
func (h *Handlers) findOfficers(c *fiber.Ctx, form officersForm) (o assemblies.Officers, err error) {
	var faults []*fault.Fault
	find := func(field, who string) models.MemberID {
		m, findErr := h.Assemblies.Find(c.UserContext(), web.Actor(c), field, who)
		if f, ours := fault.As(findErr); ours {
			faults = append(faults, f)
		} else if findErr != nil {
			err = findErr
		}
		return m.ID
	}
	o.Chair, o.Secretary = find("chair", form.Chair), find("secretary", form.Secretary)
	for i, who := range form.Tellers {
		var teller models.MemberID // 0 stands for a line that was left empty
		if who != "" {
			teller = find(assemblies.TellerField(i), who)
		}
		o.Tellers = append(o.Tellers, teller)
	}
	if err != nil {
		return o, err
	}
	return o, fault.All(faults...)
}

func (h *Handlers) officersPage(c *fiber.Ctx, status int, typed *officersForm, e web.Errors) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	v, err := h.Assemblies.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	t, here := h.T(c), pathID("/assemblies/", id, "")
	if typed == nil {
		typed = namedOfficers(v)
	}
	rule := v.Statutes.Minutes
	fields := []ui.Field{
		{Name: "chair", Label: t.T("assemblies.officer.chair"), Hint: t.T("assemblies.desk.who_hint"), Value: typed.Chair, Error: e["chair"], Required: true, Autocomplete: "off", Width: ui.Half},
		{Name: "secretary", Label: t.T("assemblies.officer.secretary"), Value: typed.Secretary, Error: e["secretary"], Required: true, Autocomplete: "off", Width: ui.Half},
	}
	for i := range max(rule.Tellers, 2, len(typed.Tellers)) {
		anchor := assemblies.TellerField(i)
		f := ui.Field{Name: "tellers", Anchor: anchor, Label: t.T("assemblies.officer.teller_number", "Number", i+1), Error: e[anchor], Autocomplete: "off", Width: ui.Half}
		if i < rule.Tellers {
			f.Free, f.Hint = true, t.T("assemblies.officers.teller_needed", "Article", rule.Article)
		}
		if i < len(typed.Tellers) {
			f.Value = typed.Tellers[i]
		}
		fields = append(fields, f)
	}
	title := t.T("assemblies.officers.title")
	return h.PageStatus(c, status, pages.Form(pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", v.Assembly.Title, here, title, "")...),
		Title: title, Lead: t.N("assemblies.officers.lead", rule.Tellers, "Article", rule.Article), Fields: fields, Errors: e.Of(fields...),
		Form: ui.FormAttrs{Action: here + "/officers", CSRF: h.CSRF(c)}, Submit: t.T("ui.word.save"), Back: here,
	}))
}

// namedOfficers fills the form with who is named, by number.
func namedOfficers(v assemblies.Sheet) *officersForm {
	number := func(id models.MemberID) string {
		if m, ok := v.Named[id]; ok {
			return strconv.FormatInt(m.Number, 10)
		}
		return ""
	}
	form := &officersForm{Chair: number(v.Officers.Chair), Secretary: number(v.Officers.Secretary)}
	for _, id := range v.Officers.Tellers {
		form.Tellers = append(form.Tellers, number(id))
	}
	return form
}
