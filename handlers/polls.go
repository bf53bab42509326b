package handlers

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"socia/app/polls"
	"socia/core/methods"
	"socia/core/rules"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/platform/markdown"
	pages "socia/views/polls"
	"socia/views/ui"
)

// ShowPoll is the ballot while a poll is open, and the result once it is closed.
func (h *Handlers) ShowPoll(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	return h.pollPage(c, id, fiber.StatusOK, nil, nil)
}

// pollPage is a poll's page, after faults in a ballot too, which then shows what was typed; a poll that has closed
// meanwhile has its result to show.
func (h *Handlers) pollPage(c *fiber.Ctx, id models.PollID, status int, typed []typedPaper, e web.Errors) error {
	v, err := h.Polls.ShowAt(c.UserContext(), web.Actor(c), id, pollPlace(c))
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	if v.Poll.ClosedAt == nil {
		return h.PageStatus(c, status, pages.Ballot(h.ballotPage(c, v, coop, typed, e)))
	}
	page := h.resultPage(c, v, coop)
	if e != nil {
		page.Frame.Flash = &ui.Flash{Kind: ui.No, Text: h.T(c).T("polls.closed")}
	}
	return h.PageStatus(c, status, pages.Result(page))
}

// pollPlace is where a poll's long list begins, and whom it is narrowed to; what is no number is the beginning.
func pollPlace(c *fiber.Ctx) polls.Place {
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	return polls.Place{After: max(after, 0), Who: web.CleanLine(c.Query("who"))}
}

// CastVotes takes the reader's own vote and those of their mandates.
func (h *Handlers) CastVotes(c *fiber.Ctx) error {
	done := func(id models.PollID) error { return h.See(c, pollHref(id), "polls.done.cast") }
	return h.takeVotes(c, done, func(id models.PollID, ballots []polls.Ballot) error {
		return h.Polls.Cast(c.UserContext(), web.Actor(c), id, ballots)
	})
}

// RecordVotes takes the votes that the table enters, with what the form showed before.
func (h *Handlers) RecordVotes(c *fiber.Ctx) error {
	was, at, goesOn, said := wasOf(c), pollPlace(c), false, doneEntered
	if next, err := strconv.ParseInt(string(c.Request().PostArgs().Peek(fieldGoOn)), 10, 64); err == nil && next > 0 {
		at.After, goesOn = next, true
	}
	done := func(id models.PollID) error { return h.See(c, placeHref(id, at, tablePart), said) }
	return h.takeVotes(c, done, func(id models.PollID, ballots []polls.Ballot) error {
		if goesOn && len(ballots) == 0 { // a page on which nobody voted is merely turned
			said = ""
			return nil
		}
		entries := make([]polls.Entry, len(ballots))
		for i, b := range ballots {
			entries[i] = polls.Entry{Ballot: b, Was: was[b.Member]}
		}
		return h.Polls.Record(c.UserContext(), web.Actor(c), id, entries)
	})
}

// takeVotes reads a ballot, does with it what take says, and goes on as done does.
func (h *Handlers) takeVotes(c *fiber.Ctx, done func(models.PollID) error, take func(models.PollID, []polls.Ballot) error) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	method, options, err := h.Polls.Asked(c.UserContext(), id)
	if err != nil {
		return err
	}
	ballots, typed, err := ballotsOf(c, method, options)
	if err == nil {
		err = take(id, ballots)
	}
	if err == nil {
		return done(id)
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.pollPage(c, id, status, typed, e)
}

func (h *Handlers) pollFrame(c *fiber.Ctx, v polls.View) ui.Frame {
	t := h.T(c)
	if v.Poll.Consultation() {
		return h.Frame(c, v.Poll.Question, consultationCrumbs(t, v.Poll.Question)...)
	}
	return h.Frame(c, v.Poll.Question, crumbs(t.T("ui.nav.decide"), "/decide", v.Assembly.Title, pathID("/assemblies/", v.Assembly.ID, ""), v.Poll.Question, "")...)
}

// pollLead says where the poll belongs and how it is decided.
func pollLead(t *i18n.Texts, v polls.View) string {
	if v.Poll.Consultation() {
		return t.T("polls.consultation", "Method", methodName(t, v.Poll.Method))
	}
	item := t.T("polls.item", "Number", v.Item.Position, "Assembly", v.Assembly.Title)
	if v.Poll.Method != methods.Motion {
		item += " · " + methodName(t, v.Poll.Method)
	}
	return item
}

func (h *Handlers) ballotPage(c *fiber.Ctx, v polls.View, coop models.Cooperative, typed []typedPaper, e web.Errors) pages.BallotPage {
	t := h.T(c)
	id := v.Poll.ID
	method, _ := methods.ByName(v.Poll.Method)
	p := pages.BallotPage{
		Frame: h.pollFrame(c, v), Question: v.Poll.Question, Item: pollLead(t, v), Text: votedText(t, v),
		Turnout: t.N("polls.ballot.turnout", int(v.Cast), "Cast", t.Number(v.Cast), "Electors", t.Number(v.Electors)), Until: t.T("polls.ballot.until_facilitator"),
		Form: ui.FormAttrs{Action: pathID("/polls/", id, "/votes"), CSRF: h.CSRF(c)}, Desk: h.tableDesk(c, v),
	}
	if v.Poll.Method == methods.Motion {
		rule := pollRule(t, v)
		p.Rule = &rule
	} else {
		p.Explained = "/methods/" + string(v.Poll.Method)
	}
	if v.Poll.ClosesAt != nil {
		p.Until = t.T("polls.ballot.until", "When", t.Time(*v.Poll.ClosesAt, coop.Location()))
	}
	if v.Poll.Waits {
		p.Until, p.Turnout = t.T("polls.ballot.opens", "When", t.Time(v.Poll.OpenedAt, coop.Location()))+" "+p.Until, ""
		p.Waits = t.T("polls.ballot.waits")
	}
	if v.Missed {
		p.Waits, p.Until = t.T("polls.ballot.missed"), t.T("polls.ballot.missed_text", "When", t.Time(v.Poll.OpenedAt, coop.Location()), "Until", t.Time(*v.Poll.ClosesAt, coop.Location()))
	}
	p.NoPaper = t.T("polls.ballot.no_paper_text")
	if v.Poll.Consultation() {
		p.NoPaper = t.T("polls.ballot.no_paper_consultation")
	}
	if p.Desk != nil && p.Desk.Done != "" {
		p.Frame.Flash = nil // it is told once
	}
	if v.Decides {
		p.NoPaper = t.T("polls.ballot.no_paper_decides")
	} else {
		h.whyNoPaper(c, &p, v, coop)
	}
	if method.Answer == methods.None {
		p.NoPaper, p.Drawn, p.Turnout = t.N("polls.ballot.draw_text", int(v.Electors)), true, ""
	} else {
		h.addPapers(t, &p, v, method, typed, e)
	}
	p.Held = pages.Held(t, v.Poll, method, optionLabels(v.Options))
	h.addManagement(c, &p, v)
	return p
}

// whyNoPaper says who carries the reader's votes; and to a member without any, that they were not entitled, and where to
// see why.
func (h *Handlers) whyNoPaper(c *fiber.Ctx, p *pages.BallotPage, v polls.View, coop models.Cooperative) {
	t, by := h.T(c), web.Actor(c)
	for _, carried := range v.Carried {
		p.Carried = append(p.Carried, carriedWords(t, carried, len(by.Members) > 1, pathID("/assemblies/", v.Assembly.ID, "#mine")))
	}
	if len(by.Members) == 0 || len(v.Papers)+len(v.Carried) > 0 || v.Poll.Waits {
		return
	}
	p.NoPaperHref = "/standing"
	if v.Poll.Consultation() {
		p.NoPaper = t.T("polls.ballot.not_entitled", "When", t.Time(v.Poll.OpenedAt, coop.Location())) + " " + p.NoPaper
	}
}

// carriedWords say who casts a vote of the reader's, or that it stands as a mandate revoked since has cast it; several says
// that the reader acts for more than one member.
func carriedWords(t *i18n.Texts, c polls.Carried, several bool, proxy string) pages.Carried {
	switch {
	case c.Held:
		return pages.Carried{Title: t.T("polls.ballot.stands_held", "Name", c.Name), Text: t.T("polls.ballot.stands_text")}
	case c.Stands && several:
		return pages.Carried{Title: t.T("polls.ballot.stands_of", "Name", c.Name, "Holder", c.Holder), Text: t.T("polls.ballot.stands_text")}
	case c.Stands:
		return pages.Carried{Title: t.T("polls.ballot.stands", "Holder", c.Holder), Text: t.T("polls.ballot.stands_text")}
	case several:
		return pages.Carried{Title: t.T("polls.ballot.carried_of", "Name", c.Name, "Holder", c.Holder), Text: t.T("polls.ballot.carried_text"), Proxy: proxy}
	}
	return pages.Carried{Title: t.T("polls.ballot.carried", "Holder", c.Holder), Text: t.T("polls.ballot.carried_text"), Proxy: proxy}
}

// addPapers draws what the reader may cast, and for the facilitator what the table enters.
func (h *Handlers) addPapers(t *i18n.Texts, p *pages.BallotPage, v polls.View, method methods.Method, typed []typedPaper, e web.Errors) {
	options, costs := optionLabels(v.Options), optionCosts(v.Options)
	written := make(map[models.MemberID]typedPaper, len(typed))
	for _, b := range typed {
		written[b.Member] = b
	}
	var missing []string
	var fields []ui.Field
	draw := func(paper polls.Paper, own bool) pages.Paper {
		of := pages.PaperOf{Member: int64(paper.Member), Legend: paperLegend(t, paper), Counts: paperCounts(t, method, paper, own), Says: string(paper.Choice), Reason: paper.Reason, Error: e[paperField("choice", paper.Member)], Why: e[paperField("reason", paper.Member)], Costs: costs, Was: string(paper.Choice), Reader: v.AskedBy}
		if !own { // two of the same name are told apart
			of.Counts = strings.TrimSpace(t.T("assemblies.desk.number", "Number", paper.Number) + ". " + of.Counts)
		}
		if b, ok := written[paper.Member]; ok {
			of.Says, of.Reason, of.Blank = cmp.Or(string(b.Choice), of.Says), b.Reason, b.Blank
		}
		fields = append(fields, ui.Field{Name: paperField("choice", paper.Member), Label: of.Legend, Error: of.Error}, ui.Field{Name: paperField("reason", paper.Member), Label: t.T("polls.paper.reason"), Error: of.Why})
		drawn := pages.NewPaper(t, method, v.Poll, options, of)
		if !own && drawn.One != nil {
			drawn.One.Required = false // papers may be entered little by little
			for i := range drawn.One.Options {
				drawn.One.Options[i].Hint = "" // twenty-five times on a page, for somebody who knows
			}
		}
		return drawn
	}
	for i, paper := range v.Papers {
		if i == 0 && e["choice"] != "" {
			e[paperField("choice", paper.Member)] = e["choice"]
			delete(e, "choice") // it is told once
		}
		p.Papers = append(p.Papers, draw(paper, true))
		if paper.Choice != "" {
			p.Chosen = append(p.Chosen, ui.Pair{Term: paper.Name, Text: pages.Says(t, method, options, string(paper.Choice))})
		} else {
			missing = append(missing, paper.Name)
		}
	}
	p.Missing = strings.Join(missing, ", ")
	for _, paper := range v.Table { // then there is a desk
		drawn := draw(paper, false)
		drawn.Was = nil // the form says it of every paper
		if len(v.Table) > unfolded {
			number, says := t.T("assemblies.desk.number", "Number", paper.Number), t.T("polls.choice.none")
			if paper.Choice != "" {
				says = pages.Says(t, method, options, string(paper.Choice))
			}
			drawn = drawn.FoldedAway(number + " · " + says)
		}
		p.Desk.Papers = append(p.Desk.Papers, drawn)
		p.Desk.Was = append(p.Desk.Was, ui.Pair{Term: paperField("was", paper.Member), Text: string(paper.Choice)})
	}
	p.Errors = e.Of(fields...)
}

// addManagement adds what the facilitator does here, and what insiders see before the close.
func (h *Handlers) addManagement(c *fiber.Ctx, p *pages.BallotPage, v polls.View) {
	t, id := h.T(c), v.Poll.ID
	facilitates := web.IsOfficer(c, models.RoleFacilitator)
	if facilitates && !v.Poll.Consultation() {
		p.Manage = pathID("/assemblies/", v.Assembly.ID, "")
	}
	if facilitates {
		if v.Poll.Consultation() && !v.Poll.Waits {
			p.Acts = append(p.Acts, ui.Action{Label: t.T("polls.close.do"), Href: pathID("/polls/", id, "/closing"), Kind: ui.Quiet})
		}
		p.Acts = append(p.Acts, ui.Action{Label: t.T("polls.void.do"), Href: pathID("/polls/", id, "/voiding"), Kind: ui.Linky})
	}
	p.Objections, p.Heard = h.objections(c, v, facilitates), heard(t, v)
	p.Candidates = h.candidates(c, v)
	method, _ := methods.ByName(v.Poll.Method)
	if method.Lots {
		p.Commitment = pages.Commitment(v.Poll)
	}
	if v.SoFar != nil {
		now := *v.SoFar
		now.Declared = declared(c, v)
		story := pages.SoFar(t, v.Poll, method, now, pages.ClassNames(v.Classes, t.Lang()))
		p.SoFar = &story
	}
	if v.SoFarMotion != nil {
		p.SoFarMotion = pages.SentenceSoFar(t, *v.SoFarMotion, pages.ClassNames(v.Classes, t.Lang()))
	}
}

func optionLabels(options []polls.Option) []string {
	labels := make([]string, len(options))
	for i, o := range options {
		labels[i] = o.Label
	}
	return labels
}

func optionCosts(options []polls.Option) []int64 {
	costs := make([]int64, len(options))
	for i, o := range options {
		costs[i] = o.CostCents
	}
	return costs
}

func paperField(what string, member models.MemberID) string {
	return what + "-" + pathID("", member, "")
}

func paperLegend(t *i18n.Texts, paper polls.Paper) string {
	if paper.Mandate {
		return t.T("polls.ballot.mandate_of", "Name", paper.Name)
	}
	return t.T("polls.ballot.vote_of", "Name", paper.Name)
}

// paperCounts says that a paper counts as several votes, where it does.
func paperCounts(t *i18n.Texts, method methods.Method, paper polls.Paper, own bool) string {
	switch {
	case paper.Votes <= 1 || !method.Plural():
		return ""
	case own && !paper.Mandate:
		return t.T("polls.ballot.counts_own", "Votes", t.Number(paper.Votes))
	}
	return t.T("polls.ballot.counts", "Votes", t.Number(paper.Votes))
}

// votedText is what the poll, or the agenda, says of the question, with the way to its proposal.
func votedText(t *i18n.Texts, v polls.View) pages.Text {
	text := pages.Text{Body: ui.SafeHTML(markdown.HTML(v.Item.Body))}
	if v.Poll.Body != "" {
		text.Body = ui.SafeHTML(markdown.HTML(v.Poll.Body))
	}
	if v.Item.ProposalID != nil {
		text.Proposal = &ui.Link{Label: t.T("assemblies.point.proposal"), Href: pathID("/proposals/", *v.Item.ProposalID, "")}
	}
	if v.Poll.RerunOf != nil {
		text.Repeats = &ui.Link{Label: t.T("polls.repeats"), Href: pollHref(*v.Poll.RerunOf)}
	}
	return text
}

func pollRule(t *i18n.Texts, v polls.View) ui.Rule {
	majority, _ := v.Statutes.Body.MajorityFor(rules.DecisionKind(v.Poll.Decision))
	article := majority.Article
	if v.Statutes.Body.Counting.Method == rules.MethodClass {
		article += "; " + v.Statutes.Body.Counting.Article
	}
	return ui.Rule{Title: t.T("polls.rule.title"), Rule: pages.RuleWords(t, majority, v.Statutes.Body.Counting), Article: article, ArticleHref: "/statutes"}
}
