package handlers

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/transparency"
	"socia/core/civil"
	"socia/core/methods"
	"socia/core/tally"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/open"
	pollpages "socia/views/polls"
	"socia/views/ui"
)

// ShowOpen is the overview of everything that is public.
func (h *Handlers) ShowOpen(c *fiber.Ctx) error {
	t := h.T(c)
	open, err := h.Transparency.Open(c.UserContext())
	if err != nil {
		return err
	}
	zone := open.Coop.Location()
	page := pages.OpenPage{
		Frame: h.Frame(c, t.T("open.title")), Decisions: decisionsTable(t, open.Decisions.Decisions, zone), Older: open.Decisions.Older != 0,
		Minutes: minutesTable(t, open.Minutes, zone, inside(web.Actor(c))), Proposals: proposalsTable(t, open.Proposals, zone), More: morePages(t),
	}
	for _, k := range open.Collectives {
		page.Collectives = append(page.Collectives, ui.Pair{Term: k.Name, Text: orDash(k.Description)})
	}
	return h.Page(c, pages.Open(page))
}

const decisionsOnAPage = 50

// ListDecisions lists every decision, the newest first.
func (h *Handlers) ListDecisions(c *fiber.Ctx) error {
	t := h.T(c)
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64) // what is no number begins at the newest
	found, err := h.Transparency.Decisions(c.UserContext(), models.PollID(before), decisionsOnAPage)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	title := t.T("open.decisions")
	page := pages.DecisionsPage{Frame: h.Frame(c, title, crumbs(t.T("ui.nav.open"), "/open", title, "")...), Decisions: decisionsTable(t, found.Decisions, coop.Location())}
	if found.Older != 0 {
		page.Pager.NextHref = pathID("/open/decisions?before=", found.Older, "")
	}
	if before > 0 {
		page.Pager.PreviousHref = "/open/decisions"
	}
	return h.Page(c, pages.Decisions(page))
}

func decisionsTable(t *i18n.Texts, all []transparency.Decision, zone *time.Location) ui.Table {
	table := ui.Table{Caption: t.T("open.decisions"), HideCaption: true, Empty: &ui.Empty{Title: t.T("open.no_decisions"), Text: t.T("open.no_decisions_text")},
		Columns: []ui.Column{{Label: t.T("open.question")}, {Label: t.T("open.result")}, {Label: t.T("open.when")}}}
	for _, d := range all {
		table.Rows = append(table.Rows, []ui.Cell{
			{Text: d.Question, Href: pathID("/polls/", d.ID, ""), Note: d.Assembly}, outcomeCell(t, d), ui.Text(t.ShortDate(civil.Of(d.ClosedAt, zone))),
		})
	}
	return table
}

func outcomeCell(t *i18n.Texts, d transparency.Decision) ui.Cell {
	if d.Method != methods.Motion {
		return methodOutcome(t, d.Method, d.Outcome)
	}
	switch o := tally.Outcome(d.Outcome); o {
	case tally.OutcomeApproved:
		return ui.BadgeCell(ui.Yes, t.T("open.outcome.approved"))
	case tally.OutcomeNotEnough, tally.OutcomeNotEnoughClasses, tally.OutcomeTied, tally.OutcomeNoVotes, tally.OutcomeNoQuorum:
		return ui.BadgeCell(ui.No, t.T("open.outcome."+string(o)))
	}
	return ui.Text("–")
}

// methodOutcome is how a poll by any method but the motion ended, in a word.
func methodOutcome(t *i18n.Texts, name methods.Name, outcome string) ui.Cell {
	method, _ := methods.ByName(name)
	switch outcome {
	case "":
		return ui.Text("–")
	case "decided":
		return ui.BadgeCell(ui.Yes, t.T(pollpages.DecidedKey(method)))
	}
	return ui.BadgeCell(ui.Plain, t.T("polls.outcome."+outcome))
}

// minutesTable lists approved minutes. They name who was there, so that only people inside may open them.
func minutesTable(t *i18n.Texts, all []transparency.ApprovedMinutes, zone *time.Location, mayRead bool) ui.Table {
	table := ui.Table{Caption: t.T("open.minutes"), HideCaption: true, Empty: &ui.Empty{Title: t.T("open.no_minutes"), Text: t.T("open.no_minutes_text")},
		Columns: []ui.Column{{Label: t.T("open.assembly")}, {Label: t.T("open.held")}, {Label: t.T("open.approved")}}}
	for _, m := range all {
		title := ui.Cell{Text: m.Title, Note: t.T("open.minutes_for_members")}
		if mayRead {
			title = ui.LinkCell(m.Title, pathID("/assemblies/", m.AssemblyID, "/minutes"))
		}
		table.Rows = append(table.Rows, []ui.Cell{
			title, ui.Text(t.ShortDate(civil.Of(m.HeldAt, zone))), ui.Text(t.ShortDate(civil.Of(m.FinalisedAt, zone))),
		})
	}
	return table
}

func proposalsTable(t *i18n.Texts, all []transparency.PublicProposal, zone *time.Location) ui.Table {
	table := ui.Table{Caption: t.T("open.proposals"), HideCaption: true, Empty: &ui.Empty{Title: t.T("open.no_proposals"), Text: t.T("open.no_proposals_text")},
		Columns: []ui.Column{{Label: t.T("open.proposal")}, {Label: t.T("ui.word.state")}, {Label: t.T("open.published")}}}
	for _, p := range all {
		table.Rows = append(table.Rows, []ui.Cell{
			ui.LinkCell(p.Title, pathID("/proposals/", p.ID, "")), proposalCell(t, p.State), ui.Text(t.ShortDate(civil.Of(p.PublishedAt, zone))),
		})
	}
	return table
}

func proposalCell(t *i18n.Texts, s models.ProposalState) ui.Cell {
	text := t.T("open.proposal_state." + string(s))
	switch s {
	case models.ProposalApproved:
		return ui.BadgeCell(ui.Yes, text)
	case models.ProposalRejected:
		return ui.BadgeCell(ui.No, text)
	case models.ProposalPublished, models.ProposalScheduled:
		return ui.BadgeCell(ui.Wait, text)
	case models.ProposalDraft, models.ProposalWithdrawn:
	}
	return ui.BadgeCell(ui.Plain, text)
}

// morePages are the public pages that have no list of their own on the overview.
func morePages(t *i18n.Texts) []pages.More {
	var all []pages.More
	for _, m := range [][2]string{{"statutes", "/statutes"}, {"methods", "/methods"}, {"balance", "/balance"}, {"software", "/software"}, {"privacy", "/privacy"}, {"accessibility", "/accessibility"}} {
		all = append(all, pages.More{Label: t.T("open.link." + m[0]), Href: m[1], About: t.T("open.link." + m[0] + "_text")})
	}
	return all
}

// ShowSoftware says what the running program is made of, and offers its source.
func (h *Handlers) ShowSoftware(c *fiber.Ctx) error {
	t := h.T(c)
	s, err := h.Transparency.Software()
	if err != nil {
		return err
	}
	title := t.T("open.software.title")
	page := pages.SoftwarePage{Frame: h.Frame(c, title, crumbs(t.T("ui.nav.open"), "/open", title, "")...), Software: s}
	revision := s.Revision
	if s.Modified {
		revision = t.T("open.software.modified", "Revision", s.Revision)
	}
	page.Facts = []ui.Pair{
		{Term: t.T("open.software.licence"), Text: "AGPL-3.0-or-later"},
		{Term: t.T("open.software.version"), Text: orDash(s.Version)},
		{Term: t.T("open.software.revision"), Text: orDash(revision)},
		{Term: "Go", Text: orDash(s.Go)},
	}
	page.Modules = ui.Table{Caption: t.T("open.software.modules"), HideCaption: true, Empty: &ui.Empty{Title: t.T("open.software.unknown")},
		Columns: []ui.Column{{Label: t.T("open.software.module")}, {Label: t.T("open.software.version")}, {Label: t.T("open.software.licence")}}}
	for _, m := range s.Modules {
		page.Modules.Rows = append(page.Modules.Rows, []ui.Cell{ui.Text(m.Path), ui.Text(m.Version), ui.Text(orDash(m.Licence))})
	}
	return h.Page(c, pages.Software(page))
}

// ShowPrivacy is the register of personal data: what, why, on which basis, who sees it, how long.
func (h *Handlers) ShowPrivacy(c *fiber.Ctx) error {
	t := h.T(c)
	title := t.T("open.privacy.title")
	page := pages.PrivacyPage{Frame: h.Frame(c, title, crumbs(t.T("ui.nav.open"), "/open", title, "")...)}
	for _, p := range transparency.Purposes() {
		said := "open.purpose." + p.Topic
		page.Topics = append(page.Topics, pages.Topic{ID: p.Topic, Title: t.T(said), Rows: []ui.Pair{
			{Term: t.T("open.privacy.what"), Text: t.T(said + ".what")},
			{Term: t.T("open.privacy.why"), Text: t.T(said + ".why")},
			{Term: t.T("open.privacy.basis"), Text: t.T("open.basis." + string(p.Basis))},
			{Term: t.T("open.privacy.seen"), Text: t.T(said + ".seen")},
			{Term: t.T("open.privacy.kept"), Text: t.T(said + ".kept")},
			{Term: t.T("open.privacy.stored"), Text: strings.Join(p.Tables(), ", ")},
		}})
	}
	return h.Page(c, pages.Privacy(page))
}

// ShowAccessibility says how far everyone can use the pages.
func (h *Handlers) ShowAccessibility(c *fiber.Ctx) error {
	t := h.T(c)
	title := t.T("open.accessibility.title")
	return h.Page(c, pages.Accessibility(pages.AccessibilityPage{Frame: h.Frame(c, title, crumbs(t.T("ui.nav.open"), "/open", title, "")...)}))
}
