package assemblies

import (
	"strings"

	tallied "socia/core/count"
	"socia/core/methods"
	"socia/core/ratio"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/markdown"
)

// writeCount is what the minutes say of a poll by any method but the motion: how it was decided, who won, how many
// rounds it took and whether the lot was needed. Every round is in the poll's own file.
func (s story) writeCount(p *pen, poll models.Poll) {
	p.line("minutes.poll.when", "Opened", p.t.Clock(poll.OpenedAt, p.loc), "Closed", p.t.Clock(*poll.ClosedAt, p.loc))
	p.line("minutes.ways.method", "Question", markdown.Plain(poll.Question), "Method", p.t.T("methods.name."+string(poll.Method)))
	s.writeRules(p, *poll.Count)
	r := poll.Count.Result
	switch a := poll.Count.Answers; {
	case poll.Count.Void():
		p.WriteString("**" + p.t.T("polls.outcome.no_quorum") + "**\n\n")
		return
	case a != nil:
		p.WriteString("**" + p.t.T("polls.outcome."+a.Outcome) + "**\n\n")
		return
	case r == nil || !poll.Count.Decided():
		p.WriteString("**" + p.t.T("polls.outcome.undecided") + "**\n\n")
		return
	}
	p.line("minutes.ways.papers", "Papers", p.number(poll.Count.Cast), "Rounds", p.number(int64(len(r.Rounds))))
	s.writeFigures(p, poll, *r)
	if plain := poll.Count.Plain; plain != nil {
		key := "polls.story.parity"
		if poll.Setup.Alternate {
			key = "polls.story.alternate"
		}
		p.line(key, "AtLeast", poll.Setup.ParityAtLeast, "Group", markdown.Plain(poll.Setup.ParityGroup), "With", winners(*r), "Without", winners(*plain))
	}
	if len(r.Lots) > 0 {
		p.line("minutes.ways.lot", "Seed", poll.Seed)
	}
	if len(r.Winners) > 0 {
		p.WriteString("**" + p.t.T("minutes.ways.winners", "Names", winners(*r)) + "**\n\n")
	}
}

// writeRules writes what the statutes asked of the vote: its quorum, and what the votes of each class weigh.
func (s story) writeRules(p *pen, c models.PollCount) {
	if c.AtVote != nil {
		s.writeSteps(p, tally.QuorumSteps(*c.AtVote))
	}
	if w := c.Weighing; w != nil {
		counted := "minutes.poll.by_class"
		if w.Method == rules.MethodPerson {
			counted = "minutes.poll.by_person"
		}
		p.line(counted, "Article", markdown.Plain(w.Article))
		s.writeSteps(p, w.Steps)
	}
}

// writeFigures is the table of what each option had at the end, exactly, in votes or shares.
func (s story) writeFigures(p *pen, poll models.Poll, r tallied.Result) {
	if len(r.Rounds) == 0 {
		return
	}
	scale := ratio.Int(max(r.Scale, 1))
	if poll.Method == methods.Score && poll.Setup.Blanks == methods.BlanksAverage {
		scale = ratio.Int(1) // an average has none
	}
	rows := [][]string{{p.t.T("minutes.ways.option"), p.t.T("minutes.ways.figure")}}
	for _, line := range r.Rounds[len(r.Rounds)-1].Tally {
		if line.Option < len(r.Votes) {
			line.Votes = r.Votes[line.Option] // of a budget, the approvals
		}
		if line.Votes != "" {
			rows = append(rows, []string{markdown.Plain(r.Options[line.Option]), line.Votes.Ratio().Div(scale).String()})
		}
	}
	if len(rows) > 1 {
		p.table(rows)
	}
}

func winners(r tallied.Result) string {
	names := make([]string, len(r.Winners))
	for i, w := range r.Winners {
		names[i] = markdown.Plain(r.Options[w])
	}
	return strings.Join(names, ", ")
}
