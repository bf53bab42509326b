package polls

import (
	"slices"
	"strings"

	"socia/core/condorcet"
	"socia/core/count"
	"socia/core/methods"
	"socia/core/paper"
	"socia/views/ui"
)

// mostRounds is how many rounds are told in sentences.
const mostRounds = 100

// rounds tells what was done, step by step. Where there is only one step, or steps are no rounds, they have no title.
func (k teller) rounds() (all []ui.Round) {
	left := k.setup.AmountCents
	for _, r := range k.r.Rounds {
		told := ui.Round{Title: k.t.T("polls.story.round", "Number", r.Number)}
		if len(k.r.Rounds) == 1 || k.compares() || k.method.Name == methods.Times {
			told.Title = ""
		}
		for _, a := range r.Acts {
			if words := k.act(a, left); words != "" {
				told.Acts = append(told.Acts, words)
			}
			if a.Kind == count.ActFund {
				left -= cents(a.Votes)
			}
		}
		if len(r.Acts) == 0 && r.Number == 1 && len(k.r.Rounds) > 1 && k.method.Form == paper.Rank && !k.compares() {
			told.Acts = append(told.Acts, k.t.T("polls.story.first_round"))
		}
		if len(told.Acts) > 0 && len(all) < mostRounds {
			all = append(all, told)
		}
	}
	return all
}

// act tells one thing that was done; left is what there is still to spend.
func (k teller) act(a count.Act, left int64) string {
	if k.method.Name == methods.Times && a.Kind == count.ActElect {
		return k.time(a)
	}
	against := ""
	if a.Against != nil {
		against = k.name(*a.Against)
	}
	votes, needed := k.amount(a.Votes), k.amount(a.Needed)
	if a.Kind == count.ActDrop && a.Rule == condorcet.RuleQuorum { // a quorum counts voters, whatever their votes weigh
		votes, needed = k.voters(a.Votes), k.voters(a.Needed)
	}
	if a.Kind == count.ActFund || a.Kind == count.ActPass {
		votes = k.money(cents(a.Votes))
	}
	words := k.t.T(k.actKey(a), "Option", k.name(a.Option), "Votes", votes, "Among", k.names(a.Among), "Against", against, "Left", k.money(left), "Pays", k.pays(a), "Needed", needed)
	if a.Kind != count.ActTransfer && a.Kind != count.ActSurplus {
		return words
	}
	to := k.transfers(a.Transfers)
	if to == "" {
		return "" // nothing went anywhere
	}
	return strings.TrimSuffix(words, ".") + ": " + to
}

// time tells why a time is the best: the most can come; or, where as many can come to others, more say yes to it or as many.
func (k teller) time(a count.Act) string {
	var fewerYes, equal []int
	for _, l := range k.r.Rounds[0].Tally {
		switch {
		case l.Option == a.Option || l.Votes.Ratio().Cmp(a.Votes.Ratio()) != 0:
		case slices.Contains(k.r.Winners, l.Option):
			equal = append(equal, l.Option)
		default:
			fewerYes = append(fewerYes, l.Option)
		}
	}
	say := func(key string, among []int) string {
		return k.t.T(key, "Option", k.name(a.Option), "Votes", k.amount(a.Votes), "Among", k.names(among))
	}
	var why []string
	if len(fewerYes) > 0 {
		why = append(why, say("polls.act.elect_times_yes", fewerYes))
	}
	if len(equal) > 0 {
		why = append(why, say("polls.act.elect_times_equal", equal))
	}
	if len(why) == 0 {
		return say("polls.act.elect_times", nil)
	}
	return strings.Join(why, " ")
}

// actKey is the text of an act: where its rule has one of its own, that one.
func (k teller) actKey(a count.Act) string {
	key := "polls.act." + string(a.Kind)
	switch {
	case a.Kind == count.ActSkip && k.method.Name == methods.Debian:
		return key + "_weakest"
	case a.Kind == count.ActElect && k.r.NothingApproved():
		return key + "_default"
	case a.Kind == count.ActFund && k.method.Name == methods.EqualShares && k.unequal():
		return key + "_equal_shares_weighed"
	}
	if ruled := key + "_" + a.Rule; a.Rule != "" && k.t.Has(ruled) {
		return ruled
	}
	if a.Votes == "" && (a.Kind == count.ActElect || a.Kind == count.ActDefeat || a.Kind == count.ActRemaining) {
		return key + "_plain"
	}
	return key
}

// voters is a number of votes that is not weighed where votes weigh by class.
func (k teller) voters(f count.Figure) string {
	if k.r.Scale <= 1 {
		return k.votes(f)
	}
	n := k.t.Ratio(f.Ratio().Rat())
	return k.t.N("polls.unit.votes", one(n), "Figure", n)
}

// pays is the money side of an act: what one vote pays, or what all supporters have left. Where votes weigh
// differently it is what a vote of each class pays.
func (k teller) pays(a count.Act) string {
	if a.Kind == count.ActFund {
		return k.ofVote(a.Pays)
	}
	return k.money(cents(a.Pays))
}

func (k teller) transfers(all []count.Transfer) string {
	var parts []string
	for _, x := range all {
		name := k.t.T("polls.story.nobody")
		if x.To != count.ToNobody {
			name = k.name(x.To)
		}
		if !x.Votes.Ratio().IsZero() {
			parts = append(parts, name+" +"+k.figure(x.Votes))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " · ") + "."
}
