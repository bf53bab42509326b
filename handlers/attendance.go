package handlers

import (
	"strconv"
	"strings"
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
	return h.deskAct(c, id, form.Who, err)
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
	return h.deskAct(c, id, "", err)
}

// deskAct goes back to an empty desk, ready for the next; or shows what is wrong with what was typed.
func (h *Handlers) deskAct(c *fiber.Ctx, id models.AssemblyID, typed string, err error) error {
	if err == nil {
		return h.See(c, pathID("/assemblies/", id, "/desk"), "")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.deskPage(c, id, status, typed, e)
}

func (h *Handlers) deskPage(c *fiber.Ctx, id models.AssemblyID, status int, query string, e web.Errors) error {
	d, err := h.Assemblies.Desk(c.UserContext(), web.Actor(c), id, query)
	if err != nil {
		return err
	}
	t, here := h.T(c), pathID("/assemblies/", id, "")
	title := t.T("assemblies.desk.title")
	who := ui.Field{Name: "who", Label: t.T("assemblies.desk.who"), Hint: t.T("assemblies.desk.who_hint"), Value: query, Error: e["who"], Required: true, Autocomplete: "off", Width: ui.Half, First: true}
	page := pages.DeskPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", d.Assembly.Title, here, title, "")...),
		Title: title, Errors: e.Of(who), Form: ui.FormAttrs{Action: here + "/arrivals", CSRF: h.CSRF(c)}, Who: who,
		InPerson: t.T("assemblies.desk.in_person"), Remote: t.T("assemblies.desk.remote"), Searched: query != "",
		Found:   h.attendees(c, d, d.Found, "assemblies.desk.found", "assemblies.desk.nobody"),
		Arrived: h.attendees(c, d, d.Arrived, "assemblies.desk.arrived", "assemblies.desk.nobody_yet"),
		Quorum:  quorumBox(t, d.Quorum, d.Classes, d.Assembly.OpenCall), Back: here, Proxies: here + "/proxies",
	}
	if d.Assembly.ClosedAt == nil {
		page.Quorum.Source = quorumSource(t, id, "desk")
	}
	if !d.DoorOpen {
		page.Closed = t.T("assemblies.check_in_early")
		if d.Assembly.ClosedAt != nil {
			page.Closed = t.T("assemblies.closed")
		}
	}
	return h.PageStatus(c, status, pages.Desk(page))
}

// attendees is a table of members at the desk, with the acts that each allows.
func (h *Handlers) attendees(c *fiber.Ctx, d assemblies.Desk, all []assemblies.Attendee, caption, empty string) ui.Table {
	t := h.T(c)
	tab := ui.Table{Caption: t.T(caption), HideCaption: true, Empty: &ui.Empty{Title: t.T(empty)}, Columns: []ui.Column{
		{Label: t.T("ui.word.name")}, {Label: t.T("assemblies.desk.situation")}, {Label: t.T("assemblies.desk.act")},
	}}
	frame := ui.Frame{T: t}
	for _, a := range all {
		name := ui.Cell{Text: a.Member.Name, Note: t.T("assemblies.desk.number", "Number", a.Member.Number)}
		if class, known := d.Classes[a.Class]; known {
			name.Note += " · " + class.Name(t.Lang())
		}
		tab.Rows = append(tab.Rows, []ui.Cell{name, situation(t, a, d.Coop.Location()), ui.BodyCell(pages.Buttons(frame, h.deskPresses(c, d, a)))})
	}
	return tab
}

// situation says whether somebody has the vote, is there, is represented, or brings mandates.
func situation(t *i18n.Texts, a assemblies.Attendee, loc *time.Location) ui.Cell {
	cell := ui.BadgeCell(ui.Wait, t.T("assemblies.desk.no_vote"))
	if a.Eligible {
		cell = ui.BadgeCell(ui.Yes, t.T("assemblies.desk.has_vote"))
	}
	var notes []string
	switch {
	case a.Here != nil:
		notes = append(notes, t.T("assemblies.here."+string(a.Here.Mode), "Time", t.Clock(a.Here.ArrivedAt, loc)))
	case a.Gave != nil:
		notes = append(notes, t.T("assemblies.desk.represented_by", "Name", a.Gave.Name))
	}
	if a.Holds > 0 {
		notes = append(notes, t.N("assemblies.desk.brings", a.Holds))
	}
	cell.Note = strings.Join(notes, ". ")
	return cell
}

func (h *Handlers) deskPresses(c *fiber.Ctx, d assemblies.Desk, a assemblies.Attendee) []pages.Press {
	if !d.DoorOpen {
		return nil
	}
	t, here, member := h.T(c), pathID("/assemblies/", d.Assembly.ID, ""), pathID("", a.Member.ID, "")
	press := func(path, key string, hidden ...string) pages.Press {
		return pages.Press{Form: ui.FormAttrs{Action: here + path, CSRF: h.CSRF(c)}, Hidden: hiddenPairs(append(hidden, "member", member, "desk", "1")),
			Action: ui.Action{Label: t.T(key), Label2: a.Member.Name, Kind: ui.Quiet}}
	}
	if a.Here != nil {
		return []pages.Press{press("/departures", "assemblies.desk.leave")}
	}
	return []pages.Press{press("/arrivals", "assemblies.desk.in_person", "mode", string(models.InPerson)), press("/arrivals", "assemblies.desk.remote", "mode", string(models.Remote))}
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
	page := pages.ConfirmPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", v.Assembly.Title, here, title, "")...),
		Title: title, Lead: t.T("assemblies.close.lead"), Form: ui.FormAttrs{Action: here + "/closing", CSRF: h.CSRF(c)},
		Action: ui.Action{Label: title, Kind: ui.Danger}, Back: here, Review: ui.Review{Final: true},
	}
	for _, p := range v.Points {
		page.Review.Rows = append(page.Review.Rows, ui.Pair{Term: p.Title, Text: pointWord(t, p)})
	}
	return h.Page(c, pages.Confirm(page))
}

// pointWord says in a word what became of a point.
func pointWord(t *i18n.Texts, p assemblies.Point) string {
	if p.Decision == "" {
		return t.T("assemblies.decision.information")
	}
	if n := len(p.Polls); n > 0 && p.Polls[n-1].Result != nil {
		return t.T("assemblies.outcome." + string(p.Polls[n-1].Result.Outcome))
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
	return h.Page(c, pages.Confirm(pages.ConfirmPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", v.Assembly.Title, here, title, "")...),
		Title: title, Lead: v.Poll.Question, Form: ui.FormAttrs{Action: here + pathID("/polls/", poll, "/closing"), CSRF: h.CSRF(c)},
		Action: ui.Action{Label: title}, Back: here, Review: ui.Review{Final: true, Rows: []ui.Pair{
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
			err = fault.Invalid("", "assemblies.minutes_range", map[string]any{"Most": pollMinutesMost})
		}
		lasts = time.Duration(n) * time.Minute
	}
	if err == nil {
		_, err = h.Assemblies.OpenPoll(c.UserContext(), web.Actor(c), models.AgendaItemID(form.Item), h.Assemblies.In(lasts), form.Once)
	}
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
	for _, who := range form.Tellers {
		if who != "" {
			o.Tellers = append(o.Tellers, find("tellers", who))
		}
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
		f := ui.Field{Name: "tellers", Label: t.T("assemblies.officer.teller_number", "Number", i+1), Autocomplete: "off", Width: ui.Half}
		if i < len(typed.Tellers) {
			f.Value = typed.Tellers[i]
		}
		if i == 0 {
			f.Error = e["tellers"]
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
