package handlers

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"socia/app/polls"
	"socia/core/fault"
	"socia/core/rules"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/platform/markdown"
	pages "socia/views/polls"
	"socia/views/ui"
)

// choicePrefix begins the name of a ballot's field; the member's id follows.
const choicePrefix = "choice-"

// wasPrefix begins the name of what a ballot of the table's form said when it was drawn.
const wasPrefix = "was-"

// ShowPoll is the ballot while a poll is open, and the result once it is closed.
func (h *Handlers) ShowPoll(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	return h.pollPage(c, id, fiber.StatusOK, nil)
}

// pollPage is a poll's page, after faults in a ballot too; a poll that has closed meanwhile has its result to show.
func (h *Handlers) pollPage(c *fiber.Ctx, id models.PollID, status int, e web.Errors) error {
	v, err := h.Polls.ShowAfter(c.UserContext(), web.Actor(c), id, pollPageAfter(c))
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	if v.Poll.Result == nil {
		return h.PageStatus(c, status, pages.Ballot(h.ballotPage(c, v, coop, e)))
	}
	page := h.resultPage(c, v, coop)
	if e != nil {
		page.Frame.Flash = &ui.Flash{Kind: ui.No, Text: h.T(c).T("polls.closed")}
	}
	return h.PageStatus(c, status, pages.Result(page))
}

// pollPageAfter is the member's number after which a poll's long list begins; what is no number is the beginning.
func pollPageAfter(c *fiber.Ctx) int64 {
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	return max(after, 0)
}

// listPager leads through a poll's long list.
func listPager(c *fiber.Ctx, v polls.View) (p ui.Pager) {
	if v.Next != 0 {
		p.NextHref = pollHref(v.Poll.ID, v.Next)
	}
	if pollPageAfter(c) != 0 {
		p.PreviousHref = pollHref(v.Poll.ID, 0)
	}
	return p
}

func pollHref(id models.PollID, after int64) string {
	here := pathID("/polls/", id, "")
	if after != 0 {
		here += "?after=" + strconv.FormatInt(after, 10)
	}
	return here
}

// CastVotes takes the reader's own vote and those of their mandates.
func (h *Handlers) CastVotes(c *fiber.Ctx) error {
	return h.takeVotes(c, func(id models.PollID, ballots []polls.Ballot) error {
		return h.Polls.Cast(c.UserContext(), web.Actor(c), id, ballots)
	})
}

// RecordVotes takes the votes that the table enters, with what the form showed before.
func (h *Handlers) RecordVotes(c *fiber.Ctx) error {
	return h.takeVotes(c, func(id models.PollID, ballots []polls.Ballot) error {
		entries := make([]polls.Entry, len(ballots))
		for i, b := range ballots {
			entries[i] = polls.Entry{Ballot: b, Was: models.Choice(strings.Clone(c.FormValue(wasPrefix + pathID("", b.Member, ""))))}
		}
		return h.Polls.Record(c.UserContext(), web.Actor(c), id, entries)
	})
}

func (h *Handlers) takeVotes(c *fiber.Ctx, take func(models.PollID, []polls.Ballot) error) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	ballots, err := ballotsOf(c)
	if err == nil {
		err = take(id, ballots)
	}
	if err == nil {
		return h.See(c, pollHref(id, pollPageAfter(c)), "polls.done.cast")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.pollPage(c, id, status, e)
}

// ballotsOf reads the fields choice-ID of a ballot; papers that say nothing are left out.
func ballotsOf(c *fiber.Ctx) (ballots []polls.Ballot, err error) {
	for key, value := range c.Request().PostArgs().All() {
		name, isChoice := strings.CutPrefix(string(key), choicePrefix)
		if !isChoice || len(value) == 0 {
			continue
		}
		member, parseErr := strconv.ParseInt(name, 10, 64)
		if parseErr != nil {
			err = fault.Invalid("choice", "polls.choose")
			continue
		}
		ballots = append(ballots, polls.Ballot{Member: models.MemberID(member), Choice: models.Choice(value)})
	}
	return ballots, err
}

// PollData is a closed poll as a file: rule, numbers and arithmetic, for anybody who wants to check it. Insiders have
// the vote of every elector in it, so that they can count again.
func (h *Handlers) PollData(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	v, err := h.Polls.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if v.Poll.Result == nil {
		return fault.NotFound("polls.not_found")
	}
	file := map[string]any{
		"poll": v.Poll.ID, "question": v.Poll.Question, "opened_at": v.Poll.OpenedAt, "closed_at": v.Poll.ClosedAt,
		"statutes_version": v.Statutes.Version, "decision": v.Poll.Decision, "counting": v.Statutes.Body.Counting, "roll_counts": v.Poll.RollCounts, "result": v.Poll.Result,
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

func (h *Handlers) pollFrame(c *fiber.Ctx, v polls.View) ui.Frame {
	t := h.T(c)
	return h.Frame(c, v.Poll.Question, crumbs(t.T("ui.nav.decide"), "/decide", v.Assembly.Title, pathID("/assemblies/", v.Assembly.ID, ""), v.Poll.Question, "")...)
}

func (h *Handlers) ballotPage(c *fiber.Ctx, v polls.View, coop models.Cooperative, e web.Errors) pages.BallotPage {
	t := h.T(c)
	id := v.Poll.ID
	p := pages.BallotPage{
		Frame: h.pollFrame(c, v), Question: v.Poll.Question, Item: t.T("polls.item", "Number", v.Item.Position, "Assembly", v.Assembly.Title), Rule: pollRule(t, v), Text: votedText(t, v),
		Turnout: t.T("polls.ballot.turnout", "Cast", t.Number(v.Cast), "Electors", t.Number(v.Electors)), Until: t.T("polls.ballot.until_facilitator"),
		Form: ui.FormAttrs{Action: pathID("/polls/", id, "/votes"), CSRF: h.CSRF(c)}, TableAct: ui.FormAttrs{Action: pathID("/polls/", id, "/table-votes"), CSRF: h.CSRF(c), Label: t.T("polls.table.title")},
	}
	if v.Poll.ClosesAt != nil {
		p.Until = t.T("polls.ballot.until", "When", t.Time(*v.Poll.ClosesAt, coop.Location()))
	}
	var missing []string
	for i, paper := range v.Papers {
		f := paperField(t, paper)
		if i == 0 {
			f.Error = e["choice"]
		}
		p.Papers = append(p.Papers, f)
		if paper.Choice != "" {
			p.Chosen = append(p.Chosen, ui.Pair{Term: paper.Name, Text: t.T("polls.choice." + string(paper.Choice))})
		} else {
			missing = append(missing, paper.Name)
		}
	}
	p.Missing = strings.Join(missing, ", ")
	for _, paper := range v.Table {
		f := paperField(t, paper)
		f.Required = false // papers may be entered little by little
		p.Table, p.TableWas = append(p.Table, f), append(p.TableWas, ui.Pair{Term: wasPrefix + pathID("", paper.Member, ""), Text: string(paper.Choice)})
	}
	if after := pollPageAfter(c); after != 0 {
		p.TableAct.Action += "?after=" + strconv.FormatInt(after, 10)
	}
	p.Pager = listPager(c, v)
	p.Errors = e.Of(p.Papers...)
	if web.IsOfficer(c, models.RoleFacilitator) {
		p.Manage = pathID("/assemblies/", v.Assembly.ID, "")
	}
	return p
}

// votedText is what the agenda says of the point, with the way to its proposal.
func votedText(t *i18n.Texts, v polls.View) pages.Text {
	text := pages.Text{Body: ui.SafeHTML(markdown.HTML(v.Item.Body))}
	if v.Item.ProposalID != nil {
		text.Proposal = &ui.Link{Label: t.T("assemblies.point.proposal"), Href: pathID("/proposals/", *v.Item.ProposalID, "")}
	}
	return text
}

func paperField(t *i18n.Texts, paper polls.Paper) ui.Field {
	label := t.T("polls.ballot.vote_of", "Name", paper.Name)
	if paper.Mandate {
		label = t.T("polls.ballot.mandate_of", "Name", paper.Name)
	}
	f := ui.Field{Name: choicePrefix + strconv.FormatInt(int64(paper.Member), 10), Label: label, Value: string(paper.Choice), Required: true}
	for _, choice := range []models.Choice{models.For, models.Against, models.Abstain} {
		f.Options = append(f.Options, ui.Option{Value: string(choice), Label: t.T("polls.choice." + string(choice))})
	}
	return f
}

func pollRule(t *i18n.Texts, v polls.View) ui.Rule {
	majority, _ := v.Statutes.Body.MajorityFor(rules.DecisionKind(v.Poll.Decision))
	article := majority.Article
	if v.Statutes.Body.Counting.Method == rules.MethodClass {
		article += "; " + v.Statutes.Body.Counting.Article
	}
	return ui.Rule{Title: t.T("polls.rule.title"), Rule: pages.RuleWords(t, majority, v.Statutes.Body.Counting), Article: article, ArticleHref: "/statutes"}
}

func (h *Handlers) resultPage(c *fiber.Ctx, v polls.View, coop models.Cooperative) pages.ResultPage {
	t, r := h.T(c), *v.Poll.Result
	names := pages.ClassNames(v.Classes, t.Lang())
	kind, word := pages.Outcome(t, r)
	rule := pollRule(t, v)
	rule.Title, rule.Arithmetic = "", pages.Arithmetic(t, r, names)
	p := pages.ResultPage{
		Frame: h.pollFrame(c, v), Question: v.Poll.Question, Item: t.T("polls.item", "Number", v.Item.Position, "Assembly", v.Assembly.Title),
		Text: votedText(t, v), When: t.T("polls.result.when", "When", t.Time(*v.Poll.ClosedAt, coop.Location())), Kind: kind, Word: word, Sentence: pages.Sentence(t, r),
		Bar: pages.Bar(t, r), Chart: pages.Chart(t, r), Classes: pages.Classes(t, r, names), Rule: rule,
		Files: []ui.Link{{Label: t.T("polls.result.file"), Href: pathID("/polls/", v.Poll.ID, "/result.json")}}, Back: pathID("/assemblies/", v.Assembly.ID, ""),
	}
	if len(v.Named) > 0 {
		p.Named, p.Pager = namedTable(t, v.Named, names), listPager(c, v)
	}
	return p
}

func namedTable(t *i18n.Texts, named []polls.NamedVote, names map[string]string) *ui.Table {
	table := ui.Table{Caption: t.T("polls.named.title"), HideCaption: true, Columns: []ui.Column{{Label: t.T("polls.head.member")}, {Label: t.T("polls.head.class")}, {Label: t.T("polls.head.choice")}, {Label: t.T("polls.head.by")}}}
	for _, n := range named {
		choice := t.T("polls.choice.none")
		if n.Choice != "" {
			choice = t.T("polls.choice." + string(n.Choice))
		}
		by := ""
		switch {
		case n.Voter != "":
			by = t.T("polls.named.mandate", "Name", n.Voter)
		case n.AtTable:
			by = t.T("polls.named.table")
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(n.Name), ui.Text(names[n.Class]), ui.Text(choice), ui.Text(by)})
	}
	return &table
}
