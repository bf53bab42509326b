package handlers

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/proposals"
	"socia/core/civil"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/platform/markdown"
	pages "socia/views/proposals"
	"socia/views/ui"
)

// excerptMost is how much of a text a list shows, in characters.
const excerptMost = 140

// ListProposals lists the published proposals, or one's own drafts.
func (h *Handlers) ListProposals(c *fiber.Ctx) error {
	t, by := h.T(c), web.Actor(c)
	state := models.ProposalState(c.Query("state"))
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	list, err := h.Proposals.List(c.UserContext(), by, proposals.Filter{State: state, Before: models.ProposalID(before)})
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	_, member := by.Member()
	page := pages.ListPage{
		Frame:     h.Frame(c, t.T("proposals.list.title"), crumbs(t.T("ui.nav.decide"), "/decide", t.T("proposals.list.title"), "")...),
		Proposals: proposalTable(t, list, coop.Location(), state), Tabs: stateTabs(t, state, member), MayWrite: member,
	}
	if before > 0 {
		page.Pager.PreviousHref = listHref(state, 0)
	}
	if list.Next > 0 {
		page.Pager.NextHref = listHref(state, list.Next)
	}
	return h.Page(c, pages.List(page))
}

func listHref(state models.ProposalState, before models.ProposalID) string {
	href := "/proposals?state=" + string(state)
	if before > 0 {
		href += "&before=" + strconv.FormatInt(int64(before), 10)
	}
	return href
}

func stateTabs(t *i18n.Texts, now models.ProposalState, member bool) []ui.Tab {
	tabs := []ui.Tab{{Label: t.T("proposals.tab.all"), Href: "/proposals", Current: now == ""}}
	for _, s := range proposals.States {
		if s != models.ProposalDraft || member {
			tabs = append(tabs, ui.Tab{Label: t.T("proposals.tab." + string(s)), Href: listHref(s, 0), Current: s == now})
		}
	}
	return tabs
}

func proposalTable(t *i18n.Texts, list proposals.Page, loc *time.Location, state models.ProposalState) ui.Table {
	table := ui.Table{
		Caption: t.T("proposals.list.title"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("proposals.list.proposal")}, {Label: t.T("ui.word.state")}, {Label: t.T("proposals.list.support"), Num: true}, {Label: t.T("ui.word.date")}},
		Empty:   &ui.Empty{Title: t.T("proposals.empty.title"), Text: t.T("proposals.empty.text")},
	}
	if state == models.ProposalDraft {
		table.Empty = &ui.Empty{Title: t.T("proposals.empty.drafts"), Text: t.T("proposals.empty.drafts_text")}
	}
	for _, p := range list.Proposals {
		title := ui.LinkCell(p.Title, pathID("/proposals/", p.Proposal.ID, ""))
		if title.Note = markdown.Excerpt(p.Body, excerptMost); p.AuthorName != "" {
			title.Note = p.AuthorName + " · " + title.Note
		}
		row := []ui.Cell{title, ui.BadgeCell(stateKind(p.Proposal.State), t.T("proposals.state."+string(p.Proposal.State))), {}, ui.Text(t.ShortDate(civil.Of(when(p.Proposal), loc)))}
		if p.Proposal.State == models.ProposalPublished {
			row[2] = ui.Text(t.T("proposals.support.of", "Count", t.Number(int64(p.Supporters)), "Needed", t.Number(int64(list.Threshold.Needed))))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func when(p models.Proposal) time.Time {
	if p.PublishedAt != nil {
		return *p.PublishedAt
	}
	return p.CreatedAt
}

func stateKind(s models.ProposalState) ui.Kind {
	switch s {
	case models.ProposalApproved:
		return ui.Yes
	case models.ProposalRejected:
		return ui.No
	case models.ProposalPublished, models.ProposalScheduled:
		return ui.Wait
	case models.ProposalDraft, models.ProposalWithdrawn:
	}
	return ui.Plain
}

// ShowProposal is one proposal with its support and its history.
func (h *Handlers) ShowProposal(c *fiber.Ctx) error {
	id, err := web.ID[models.ProposalID](c, "id")
	if err != nil {
		return err
	}
	s, err := h.Proposals.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	t, loc := h.T(c), coop.Location()
	page := pages.ShowPage{
		Frame: h.Frame(c, s.Text.Title, proposalCrumbs(t, s.Text.Title)...),
		Kind:  stateKind(s.Proposal.State), State: t.T("proposals.state." + string(s.Proposal.State)), Meta: metaOf(t, s, loc),
		Note: noteOf(t, s), Steps: stepsOf(t, s, loc), Body: ui.SafeHTML(markdown.HTML(s.Text.Body)), Acts: actsOf(t, s),
		Events: eventsOf(t, s, loc), Versions: versionTable(t, s, loc), Names: nameTable(t, s, loc),
	}
	if s.Proposal.PublishedAt != nil && s.Proposal.State != models.ProposalWithdrawn {
		page.Support = h.supportOf(c, s, loc)
	}
	return h.Page(c, pages.Show(page))
}

func proposalCrumbs(t *i18n.Texts, last string) []ui.Crumb {
	return crumbs(t.T("ui.nav.decide"), "/decide", t.T("proposals.list.title"), "/proposals", last, "")
}

func metaOf(t *i18n.Texts, s proposals.Sheet, loc *time.Location) string {
	day := t.LongDate(civil.Of(when(s.Proposal), loc))
	switch {
	case s.Proposal.PublishedAt == nil:
		return t.T("proposals.meta.draft", "Day", day, "Author", s.AuthorName)
	case s.AuthorName == "":
		return t.T("proposals.meta.published", "Day", day)
	}
	return t.T("proposals.meta.published_by", "Day", day, "Author", s.AuthorName)
}

func noteOf(t *i18n.Texts, s proposals.Sheet) *pages.Note {
	switch {
	case s.Proposal.State == models.ProposalDraft:
		return &pages.Note{Kind: ui.Plain, Title: t.T("proposals.note.draft"), Text: t.T("proposals.note.draft_text")}
	case s.Proposal.State == models.ProposalWithdrawn:
		return &pages.Note{Kind: ui.Plain, Title: t.T("proposals.note.withdrawn"), Text: t.T("proposals.note.withdrawn_text")}
	case s.Proposal.State == models.ProposalScheduled && len(s.Agendas) > 0:
		a := s.Agendas[len(s.Agendas)-1]
		return &pages.Note{Kind: ui.Wait, Title: t.T("proposals.note.scheduled", "Assembly", a.Title), Text: t.T("proposals.note.scheduled_text", "Version", s.Text.Number),
			Label: t.T("proposals.note.see_assembly"), Href: pathID("/assemblies/", a.Assembly, "")}
	}
	return nil
}

func stepsOf(t *i18n.Texts, s proposals.Sheet, loc *time.Location) []ui.Step {
	if s.Proposal.State == models.ProposalWithdrawn {
		return nil
	}
	decided := t.T("proposals.step.decided")
	if s.Proposal.State == models.ProposalApproved || s.Proposal.State == models.ProposalRejected {
		decided = t.T("proposals.state." + string(s.Proposal.State))
	}
	steps := []ui.Step{{Label: t.T("proposals.state.draft"), When: t.ShortDate(civil.Of(s.Proposal.CreatedAt, loc))},
		{Label: t.T("proposals.step.support")}, {Label: t.T("proposals.state.scheduled")}, {Label: decided}}
	if s.Proposal.PublishedAt != nil {
		steps[1].When = t.ShortDate(civil.Of(*s.Proposal.PublishedAt, loc))
	}
	now := map[models.ProposalState]int{models.ProposalDraft: 0, models.ProposalPublished: 1, models.ProposalScheduled: 2, models.ProposalApproved: 4, models.ProposalRejected: 4}[s.Proposal.State]
	for i := range steps {
		steps[i].Done, steps[i].Current = i < now, i == now
	}
	return steps
}

func actsOf(t *i18n.Texts, s proposals.Sheet) []ui.Action {
	if !s.Editable() {
		return nil
	}
	id := s.Proposal.ID
	edit := ui.Action{Label: t.T("ui.word.edit"), Href: pathID("/proposals/", id, "/edit"), Kind: ui.Quiet}
	withdraw := ui.Action{Label: t.T("ui.word.withdraw"), Href: pathID("/proposals/", id, "/withdrawal"), Kind: ui.Linky}
	if s.Proposal.State == models.ProposalDraft {
		return []ui.Action{{Label: t.T("ui.word.publish"), Href: pathID("/proposals/", id, "/publication")}, edit, withdraw}
	}
	return []ui.Action{edit, withdraw}
}

func eventsOf(t *i18n.Texts, s proposals.Sheet, loc *time.Location) []ui.Event {
	var events []ui.Event
	add := func(at time.Time, kind ui.Kind, title, text, href string) {
		events = append(events, ui.Event{When: t.Time(at, loc), Title: title, Text: text, Href: href, Kind: kind})
	}
	if s.IsAuthor || s.Proposal.PublishedAt == nil {
		add(s.Proposal.CreatedAt, ui.Plain, t.T("proposals.event.written"), "", "")
	}
	if s.Proposal.PublishedAt != nil {
		add(*s.Proposal.PublishedAt, ui.Plain, t.T("proposals.event.published"), "", "")
	}
	for i := len(s.Versions) - 1; i >= 0; i-- {
		if v := s.Versions[i]; s.Proposal.PublishedAt != nil && v.CreatedAt.After(*s.Proposal.PublishedAt) {
			add(v.CreatedAt, ui.Plain, t.T("proposals.event.revised", "Version", v.Number), "", compareHref(s.Proposal.ID, v.Number-1, v.Number))
		}
	}
	for _, a := range s.Agendas {
		add(a.ConvenedAt, ui.Wait, t.T("proposals.event.scheduled"), a.Title, pathID("/assemblies/", a.Assembly, ""))
		if a.DecidedAt != nil {
			add(*a.DecidedAt, stateKind(s.Proposal.State), t.T("proposals.event.voted"), t.T("proposals.state."+string(s.Proposal.State)), pathID("/polls/", a.Poll, ""))
		}
	}
	if s.Proposal.WithdrawnAt != nil {
		add(*s.Proposal.WithdrawnAt, ui.Plain, t.T("proposals.event.withdrawn"), "", "")
	}
	return events
}

func versionTable(t *i18n.Texts, s proposals.Sheet, loc *time.Location) ui.Table {
	table := ui.Table{Caption: t.T("proposals.show.versions"), HideCaption: true, Columns: []ui.Column{
		{Label: t.T("proposals.version.number")}, {Label: t.T("proposals.write.title")}, {Label: t.T("ui.word.date")}, {Label: t.T("proposals.compare.title")}}}
	for i, v := range s.Versions {
		row := []ui.Cell{ui.LinkCell(t.T("proposals.version.named", "Version", v.Number), pathID("/proposals/", s.Proposal.ID, "/versions/")+strconv.FormatInt(v.Number, 10)),
			ui.Text(v.Title), ui.Text(t.ShortTime(v.CreatedAt, loc)), {}}
		if i+1 < len(s.Versions) {
			row[3] = ui.LinkCell(t.T("proposals.compare.with", "Version", s.Versions[i+1].Number), compareHref(s.Proposal.ID, s.Versions[i+1].Number, v.Number))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func compareHref(id models.ProposalID, from, to int64) string {
	return pathID("/proposals/", id, "/compare?from=") + strconv.FormatInt(from, 10) + "&to=" + strconv.FormatInt(to, 10)
}

func nameTable(t *i18n.Texts, s proposals.Sheet, loc *time.Location) *ui.Table {
	if len(s.Names) == 0 {
		return nil
	}
	table := ui.Table{Caption: t.T("proposals.support.names"), HideCaption: true, Columns: []ui.Column{{Label: t.T("ui.word.name")}, {Label: t.T("proposals.support.number"), Num: true}, {Label: t.T("ui.word.date")}, {Label: t.T("ui.word.state")}}}
	for _, n := range s.Names {
		state := ui.BadgeCell(ui.Yes, t.T("proposals.support.counts"))
		if !n.Current {
			state = ui.BadgeCell(ui.Plain, t.T("proposals.support.left"))
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(n.Name), ui.Text(t.Number(n.Number)), ui.Text(t.ShortTime(n.At, loc)), state})
	}
	return &table
}
