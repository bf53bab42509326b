package handlers

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/assemblies"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/assemblies"
	"socia/views/ui"
)

// deskAct goes back to an empty desk, ready for the next, which says who was noted; or shows what is wrong with what was
// typed.
func (h *Handlers) deskAct(c *fiber.Ctx, id models.AssemblyID, typed string, noted models.MemberID, err error) error {
	if err == nil {
		return h.See(c, pathID("/assemblies/", id, "/desk?last=")+pathID("", noted, ""), "")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.deskPage(c, id, status, typed, e)
}

func (h *Handlers) deskPage(c *fiber.Ctx, id models.AssemblyID, status int, query string, e web.Errors) error {
	last, _ := strconv.ParseInt(c.Query("last"), 10, 64) // what is no number is nobody
	d, err := h.Assemblies.Desk(c.UserContext(), web.Actor(c), id, query, models.MemberID(last))
	if err != nil {
		return err
	}
	t, here := h.T(c), pathID("/assemblies/", id, "")
	title := t.T("assemblies.desk.title")
	who := ui.Field{Name: "who", Label: t.T("assemblies.desk.who"), Hint: t.T("assemblies.desk.who_hint"), Value: query, Error: e["who"], Required: true, Autocomplete: "off", Width: ui.Half, First: true}
	page := pages.DeskPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", d.Assembly.Title, here, title, "")...),
		Title: title, Errors: e.Of(who), Form: ui.FormAttrs{Action: here + "/arrivals", CSRF: h.CSRF(c)}, Who: who,
		InPerson: t.T("assemblies.desk.in_person"), Searched: query != "",
		Found:   h.attendees(c, d, d.Found, "assemblies.desk.found", "assemblies.desk.nobody"),
		Arrived: h.attendees(c, d, d.Arrived, "assemblies.desk.arrived", "assemblies.desk.nobody_yet"),
		Quorum:  quorumBox(t, d.Quorum, d.Classes, d.Assembly.OpenCall), Back: here, Proxies: here + "/proxies",
	}
	if d.Remote.Allowed {
		page.Remote = t.T("assemblies.desk.remote")
	}
	if d.Last != nil && e == nil {
		cell := situation(t, *d.Last, d.Coop.Location())
		page.Last = &pages.Noted{Kind: cell.Badge, Who: d.Last.Member.Name + " · " + t.T("assemblies.desk.number", "Number", d.Last.Member.Number), Says: sentences(cell.Text, cell.Note)}
		if d.Last.Here == nil && cell.Note == "" {
			page.Last.Says = sentences(cell.Text, t.T("assemblies.desk.not_here"))
		}
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

// sentences puts words one after the other, each with its full stop.
func sentences(words ...string) string {
	var all []string
	for _, w := range words {
		if w != "" {
			all = append(all, w+".")
		}
	}
	return strings.Join(all, " ")
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
	presses := []pages.Press{press("/arrivals", "assemblies.desk.in_person", "mode", string(models.InPerson))}
	if d.Remote.Allowed {
		presses = append(presses, press("/arrivals", "assemblies.desk.remote", "mode", string(models.Remote)))
	}
	return presses
}
