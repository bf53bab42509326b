package assemblies

import (
	"strings"

	tallied "socia/core/count"
	"socia/core/methods"
	"socia/models"
	"socia/platform/markdown"
)

// writeCount is what the minutes say of a poll by any method but the motion: how it was decided, who won, how many
// rounds it took and whether the lot was needed. Every round is in the poll's own file.
func (s story) writeCount(p *pen, poll models.Poll) {
	p.line("minutes.poll.when", "Opened", p.t.Clock(poll.OpenedAt, p.loc), "Closed", p.t.Clock(*poll.ClosedAt, p.loc))
	p.line("minutes.ways.method", "Question", markdown.Plain(poll.Question), "Method", p.t.T("methods.name."+string(poll.Method)))
	if a := poll.Count.Answers; a != nil {
		p.WriteString("**" + p.t.T("polls.outcome."+a.Outcome) + "**\n\n")
		return
	}
	r := poll.Count.Result
	if r == nil || !poll.Count.Decided() {
		p.WriteString("**" + p.t.T("polls.outcome.undecided") + "**\n\n")
		return
	}
	p.line("minutes.ways.papers", "Papers", p.number(poll.Count.Cast), "Rounds", p.number(int64(len(r.Rounds))))
	if len(r.Lots) > 0 {
		p.line("minutes.ways.lot", "Seed", poll.Seed)
	}
	if len(r.Winners) > 0 {
		p.WriteString("**" + p.t.T("minutes.ways.winners", "Names", winners(*r)) + "**\n\n")
	}
}

// writeVoid is what the minutes say of a vote that does not count: when it was, how many voted what if it was counted,
// and why it is void.
func (s story) writeVoid(p *pen, poll models.Poll) {
	p.line("minutes.poll.when", "Opened", p.t.Clock(poll.OpenedAt, p.loc), "Closed", p.t.Clock(*poll.ClosedAt, p.loc))
	if poll.Method != methods.Motion {
		p.line("minutes.ways.method", "Question", markdown.Plain(poll.Question), "Method", p.t.T("methods.name."+string(poll.Method)))
	}
	if poll.Result != nil {
		s.writeVotes(p, *poll.Result)
	}
	p.WriteString("**" + p.t.T("minutes.poll.void", "Time", p.t.Clock(poll.Void.At, p.loc), "Reason", markdown.Plain(poll.Void.Reason)) + "**\n\n")
}

func winners(r tallied.Result) string {
	names := make([]string, len(r.Winners))
	for i, w := range r.Winners {
		names[i] = markdown.Plain(r.Options[w])
	}
	return strings.Join(names, ", ")
}
