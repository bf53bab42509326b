package handlers

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/polls"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/tally"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/polls"
	"socia/views/ui"
)

// PollData is a closed poll as a file: rule, numbers and arithmetic, for anybody who wants to check it, as much of them as
// its page shows. Insiders have the vote of every elector in it, so that they can count again.
func (h *Handlers) PollData(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	v, err := h.Polls.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if v.Poll.ClosedAt == nil {
		return fault.NotFound("polls.not_found")
	}
	file := map[string]any{
		"poll": v.Poll.ID, "question": v.Poll.Question, "method": v.Poll.Method, "setup": v.Poll.Setup, "opened_at": v.Poll.OpenedAt, "closed_at": v.Poll.ClosedAt,
		"statutes_version": v.Statutes.Version, "counting": v.Statutes.Body.Counting,
		"commitment": pages.Commitment(v.Poll), "seed": v.Poll.Seed,
	}
	if v.Poll.RollCounts != nil {
		file["roll_counts"] = v.Poll.RollCounts
	}
	if why := pages.Kept(h.T(c), v.Poll, v.Shown); why != "" {
		file["kept"] = why
	}
	if v.Outline != nil {
		file["outline"], file["entitled"] = v.Outline, v.Electors
		if v.Poll.Method != methods.Sortition {
			file["voted"] = v.Cast
		}
	}
	if v.Poll.Decision != "" {
		file["decision"] = v.Poll.Decision
	}
	if v.Poll.Result != nil {
		file["result"] = v.Poll.Result
	}
	if v.Poll.Count != nil {
		file["count"] = v.Poll.Count
	}
	if v.Void != nil {
		file["void"] = v.Void.Reason
	}
	if options := optionLabels(v.Options); len(options) > 0 {
		file["options"] = options
	}
	votes, err := h.Polls.Votes(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if votes != nil {
		file["electors"] = votes
	}
	data, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/json; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, "attachment; filename=\"poll-"+strconv.FormatInt(int64(id), 10)+".json\"")
	return c.Send(data)
}
func (h *Handlers) resultPage(c *fiber.Ctx, v polls.View, coop models.Cooperative) pages.ResultPage {
	t := h.T(c)
	names := pages.ClassNames(v.Classes, t.Lang())
	method, _ := methods.ByName(v.Poll.Method)
	p := pages.ResultPage{
		Frame: h.pollFrame(c, v), Question: v.Poll.Question, Item: pollLead(t, v), Consultation: v.Poll.Consultation(),
		Text: votedText(t, v), When: t.T("polls.result.when", "When", t.Time(*v.Poll.ClosedAt, coop.Location())) + ".",
		FilesTitle: t.T("polls.result.files"), Files: []ui.Link{{Label: t.T("polls.result.file"), Href: pathID("/polls/", v.Poll.ID, "/result.json")}}, Back: "/polls",
	}
	if !v.Poll.Consultation() {
		p.Back = pathID("/assemblies/", v.Assembly.ID, "")
	}
	if method.Answer != methods.None {
		p.When += " " + t.N("polls.ballot.turnout", int(v.Cast), "Cast", t.Number(v.Cast), "Electors", t.Number(v.Electors))
	}
	switch {
	case v.Poll.Result != nil:
		p.Motion = h.motionTold(t, v, names, coop.Location())
	case v.Poll.Count != nil:
		count := withNames(t, v, *v.Poll.Count)
		count.Declared = declared(c, v)
		story := pages.Tell(t, v.Poll, method, count, names)
		p.Story = &story
		if count.Result != nil && v.Named != nil {
			if method.Name == methods.Sortition {
				p.Files = append(p.Files, ui.Link{Label: t.T("polls.result.draw_file"), Href: pathID("/polls/", v.Poll.ID, "/draw.tsv")})
			} else {
				p.Files = append(p.Files, ui.Link{Label: t.T("polls.result.papers"), Href: pathID("/polls/", v.Poll.ID, "/papers.csv")})
			}
		}
	}
	if v.Outline != nil {
		p.Story = h.outlined(t, v, method, coop.Location())
	}
	if p.Story != nil {
		p.Explained = "/methods/" + string(v.Poll.Method)
	}
	if v.Kept {
		p.Kept = pages.Kept(t, v.Poll, v.Shown)
		p.FilesTitle, p.Files[0].Label = t.T("polls.result.files_outside"), t.T("polls.result.file_outside")
	}
	h.addFollowing(c, &p, v)
	p.Objections = h.objections(c, v, false)
	if len(v.Named) > 0 && method.Answer != methods.None {
		p.Named, p.Pager = namedTable(t, method, optionLabels(v.Options), v.Named, names), listPager(t, v, polls.Place{}, namedPart)
	}
	return p
}

// outlined tells how a poll ended whose figures are kept from the reader.
func (h *Handlers) outlined(t *i18n.Texts, v polls.View, method methods.Method, zone *time.Location) *pages.Story {
	story := pages.Outlined(t, v.Poll, method, *v.Outline)
	if method.Name == methods.Motion {
		story.Rules = []ui.Rule{motionRule(t, v, v.Outline.Outcome == string(tally.OutcomeApproved), zone)}
	}
	return &story
}

// motionRule is the rule by which a motion was decided, and until when an approved one can be challenged.
func motionRule(t *i18n.Texts, v polls.View, approved bool, zone *time.Location) ui.Rule {
	rule := pollRule(t, v)
	rule.Title = ""
	if challenge := v.Statutes.Body.Challenge.OrUsual(); approved && !v.Poll.Consultation() {
		day := civil.Of(*v.Poll.ClosedAt, zone)
		rule.Note = t.T("minutes.challenge", "Void", t.Date(challenge.VoidUntil(day)), "Voidable", t.Date(challenge.VoidableUntil(day)), "Article", challenge.Article)
	}
	return rule
}

// motionTold tells the result of a motion.
func (h *Handlers) motionTold(t *i18n.Texts, v polls.View, names map[string]string, zone *time.Location) *pages.MotionTold {
	r := *v.Poll.Result
	kind, word := pages.Outcome(t, r)
	rule := motionRule(t, v, r.Approved, zone)
	rule.Arithmetic = pages.Arithmetic(t, r, names)
	told := &pages.MotionTold{Kind: kind, Word: word, Sentence: pages.Sentence(t, r), Bar: pages.Bar(t, r), Chart: pages.Chart(t, r), Rule: rule}
	if len(r.Lines) == 0 {
		return told // by head
	}
	present := "polls.result.present_note"
	if v.Poll.Consultation() {
		present = "polls.result.present_note_consultation"
	}
	classes := pages.Classes(t, r, names)
	told.Classes, told.Present = &classes, t.T(present)
	return told
}

func namedTable(t *i18n.Texts, method methods.Method, options []string, named []polls.NamedVote, names map[string]string) *ui.Table {
	table := ui.Table{Caption: t.T("polls.named.title"), HideCaption: true, Columns: []ui.Column{{Label: t.T("polls.head.member")}, {Label: t.T("polls.head.class")}, {Label: t.T("polls.head.choice")}}}
	said := func(n polls.NamedVote) int {
		if n.Choice == "" {
			return 1
		}
		return 0
	}
	named = slices.Clone(named)
	slices.SortStableFunc(named, func(a, b polls.NamedVote) int { return said(a) - said(b) }) // who voted first: there the reasons are
	if slices.ContainsFunc(named, func(n polls.NamedVote) bool { return votedBy(t, n) != "" }) {
		table.Columns = append(table.Columns, ui.Column{Label: t.T("polls.head.by")})
	}
	plural := method.Plural() && slices.ContainsFunc(named, func(n polls.NamedVote) bool { return n.Votes > 1 })
	for _, n := range named {
		choice := t.T("polls.choice.none")
		if n.Choice != "" {
			choice = pages.Says(t, method, options, string(n.Choice))
		}
		if n.Reason != "" && n.Delegate == "" { // a delegate's words are the delegate's
			choice += " — “" + n.Reason + "”"
		}
		row := []ui.Cell{ui.Text(n.Name), ui.Text(names[n.Class]), ui.Text(choice), ui.Text(votedBy(t, n))}
		row = row[:len(table.Columns)]
		if plural {
			row = slices.Insert(row, 2, ui.Text(t.Number(n.Votes)))
		}
		table.Rows = append(table.Rows, row)
	}
	if plural {
		table.Columns = slices.Insert(table.Columns, 2, ui.Column{Label: t.T("polls.head.votes"), Num: true})
	}
	return &table
}

// votedBy says who cast a vote, if it was not the member.
func votedBy(t *i18n.Texts, n polls.NamedVote) string {
	switch {
	case n.Delegate != "":
		return t.T("polls.named.delegate", "Name", n.Delegate)
	case n.Voter != "":
		return t.T("polls.named.mandate", "Name", n.Voter)
	case n.AtTable:
		return t.T("polls.named.table")
	}
	return ""
}
