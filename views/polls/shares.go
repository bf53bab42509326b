package polls

import (
	"strings"

	"socia/core/count"
	"socia/core/ratio"
)

// shares tells the arithmetic of equal shares: what each vote has at first, how often that is raised and by how much, what it
// has at the end, and why it has no more.
func (k teller) shares() []string {
	last := k.lastShare()
	step := k.r.Step.Ratio()
	if last == "" || step.IsZero() {
		return nil
	}
	first, raised := "polls.story.share", "polls.story.step"
	if k.unequal() {
		first, raised = "polls.story.share_weighed", "polls.story.step_weighed"
	}
	notes := []string{k.t.T(first, "Amount", k.money(k.setup.AmountCents), "Votes", k.votes(k.r.Valid), "First", k.ofVote(k.r.Quota))}
	raises := k.t.T("polls.story.step_none")
	if n := floor(count.Of(last.Ratio().Sub(k.r.Quota.Ratio()).Div(step))); n > 0 {
		raises = k.t.N(raised, int(n), "Step", k.ofVote(k.r.Step), "Last", k.ofVote(last))
	}
	notes = append(notes, raises+" "+k.t.T(k.stopKey()))
	if k.cut(k.r.Quota) || k.cut(k.r.Step) || k.cut(last) {
		notes[1] += " " + k.t.T("polls.story.share_cents")
	}
	return notes
}

// lastShare is the share that was used: of every round of the method, and of none of those by votes that end it.
func (k teller) lastShare() (share count.Figure) {
	for _, r := range k.r.Rounds {
		if r.Quota != "" {
			share = r.Quota
		}
	}
	return share
}

// stopKey tells why the share is raised no further: nothing else fits, or one raise more would spend too much.
func (k teller) stopKey() string {
	left, costs := k.setup.AmountCents, k.costs()
	for _, r := range k.r.Rounds {
		for _, a := range r.Acts {
			if r.Quota != "" && a.Kind == count.ActFund {
				left -= cents(a.Votes)
				delete(costs, a.Option)
			}
		}
	}
	for option, cost := range costs {
		if cost <= left && option < len(k.r.Votes) && !k.r.Votes[option].Ratio().IsZero() {
			return "polls.story.stop_over"
		}
	}
	return "polls.story.stop_full"
}

// ofVote writes an amount of one voter, in cents, as what it is for a vote: of each class, where votes weigh differently.
func (k teller) ofVote(f count.Figure) string {
	amounts := k.eachVote(f)
	if !k.unequal() {
		return k.money(cents(count.Of(amounts[0])))
	}
	each := make([]string, len(amounts))
	for i, amount := range amounts {
		each[i] = k.classes[k.weights[i].Class] + " " + k.money(cents(count.Of(amount)))
	}
	return strings.Join(each, " · ")
}

// eachVote is an amount of one voter for a vote of each class, or for any where all weigh the same.
func (k teller) eachVote(f count.Figure) []ratio.Ratio {
	if len(k.weights) == 0 {
		return []ratio.Ratio{f.Ratio()}
	}
	all := make([]ratio.Ratio, len(k.weights))
	for i, w := range k.weights {
		all[i] = f.Ratio().Mul(ratio.New(w.Weight, max(k.r.Scale, 1)))
	}
	return all
}

// cut says whether an amount of some vote has fractions of a cent, which are not written.
func (k teller) cut(f count.Figure) bool {
	for _, amount := range k.eachVote(f) {
		if !amount.IsInt() {
			return true
		}
	}
	return false
}
