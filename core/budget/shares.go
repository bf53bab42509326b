package budget

import (
	"socia/core/count"
	"socia/core/money"
	"socia/core/paper"
	"socia/core/ratio"
)

// EqualShares funds projects by the Method of Equal Shares.
//
//  1. The amount is divided equally among the voters who approve something.
//     A paper of weight w is w/Scale voters.
//  2. A project that costs more than its supporters have left together is out.
//  3. The cost of each other project is split among its supporters as equally as
//     possible: who has less left pays all of it, and the rest pay alike. What
//     those pay is the project's price q; cost/q is its effective votes.
//  4. The project with most effective votes (least payment for each unit of cost)
//     is funded and paid for. Ties: the lower cost, then more votes at the start,
//     then by lot. Again from 2 until no project is left.
//
// That seldom spends the whole amount. It is completed as equalshares.net
// recommends (Add1U): every voter's share is raised by Options.Step and
// everything counted anew, again and again, until no project that somebody
// approves fits in what is left, or until the next raise would spend more than
// the amount, which is not taken. What then still fits is funded by votes.
//
// In the Result, Quota is the share before it is raised, Step by how much it is
// raised at a time, and each round of the method has the raised share; all are
// cents of one voter. The share of a round less Quota is a whole number of
// times Step: how often it was raised. The Tally is effective votes. ActFund has
// in Pays what one voter paid at the most; ActPass of rule 2 has in Pays what the
// supporters had left together. The rounds of the end, by votes, have no Quota.
// Votes are the approvals of each project. The errors are those of Greedy.
//
// A share that had to be raised to many times Result.Quota is a warning: some
// voters had money for wishes of their own that others did not have.
func EqualShares(projects []Project, papers []paper.Bundle, amount money.Cents, o Options) (count.Result, error) {
	b, err := open(EqualSharesMethod, projects, papers, amount, o)
	if err != nil {
		return count.Result{}, err
	}
	for i := range projects {
		b.result.Votes = append(b.result.Votes, b.votesOf(i))
	}
	if b.voters > 0 {
		b.result.Step = count.Of(b.o.Step)
		b.byShares()
	}
	b.byVotes()
	return b.result, nil
}

// byShares finds the share that is to be used and tells its run.
func (b *book) byShares() {
	step := b.step()
	share := ratio.New(int64(b.amount), b.voters)
	b.result.Quota = count.Of(b.ofVoter(share))
	used := b.run(share)
	for !b.exhausts(used) {
		steps, ok := used.sameFor(step)
		if !ok {
			break
		}
		next := b.run(share.Add(steps.Mul(step)))
		if next.over {
			// Up to the step before, nothing else would have been funded: the share is that one.
			share = share.Add(steps.Sub(ratio.Int(1)).Mul(step))
			break
		}
		share, used = share.Add(steps.Mul(step)), next
	}
	b.tellRun(b.runWhole(share), share)
}

// ofVoter turns what a weight of 1 has or pays into what a voter does.
func (b *book) ofVoter(one ratio.Ratio) ratio.Ratio { return one.Mul(ratio.Int(b.o.Scale)) }

// step is by how much the share of a weight of 1 is raised at a time.
func (b *book) step() ratio.Ratio { return b.o.Step.Div(ratio.Int(b.o.Scale)) }

// exhausts says whether no project that somebody approves fits beside those of a run.
func (b *book) exhausts(r *run) bool {
	for i, p := range b.projects {
		if !r.funded(i) && b.votes[i] > 0 && p.Cost <= r.left {
			return false
		}
	}
	return true
}

// tellRun writes a run into the result.
func (b *book) tellRun(r *run, share ratio.Ratio) {
	votes := make([]count.Figure, len(b.projects))
	for i := range votes {
		votes[i] = "0"
	}
	for _, s := range r.steps {
		round := count.Round{Number: len(b.result.Rounds) + 1, Quota: count.Of(b.ofVoter(share))}
		for i, option := range s.cannot {
			votes[option] = "0"
			round.Acts = append(round.Acts, count.Act{Kind: count.ActPass, Option: option, Rule: RuleCannotBePaid,
				Votes: b.cost(option), Pays: count.Of(s.have[i])})
		}
		for option, price := range s.prices {
			votes[option] = count.Of(ratio.Int(int64(b.projects[option].Cost)).Div(price))
		}
		b.tell(&round, s.how)
		if s.option >= 0 {
			pays := count.Of(b.ofVoter(s.prices[s.option]))
			b.fund(&round, s.option, count.Act{Rule: RuleEqualShares, Pays: pays})
		}
		if len(round.Acts) > 0 {
			b.close(round, func(option int) count.Figure { return votes[option] })
		}
	}
}
