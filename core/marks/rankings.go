package marks

import (
	"fmt"

	"socia/core/ballots"
	"socia/core/count"
)

// Plurality counts the first preferences of ranked papers: the options with the
// most are elected, ties for the last seats by lot. Empty first ranks are passed
// over. A paper with several options of the same first rank, or with a mistake
// before its first option, has no first preference and is not valid.
func Plurality(r *ballots.Rankings, options []string, o Options) (count.Result, error) {
	scratch := make([]int, 0, 1)
	return ofRankings("plurality", r, options, o, func(marks []ballots.Mark) []int {
		return firstPreference(marks, scratch[:0])
	})
}

// ApprovalOfRankings counts every ranked option as approved, up to a mistake
// (ballots.Overvoted), which ends the paper. Ties for the last seats by lot.
func ApprovalOfRankings(r *ballots.Rankings, options []string, o Options) (count.Result, error) {
	scratch := make([]int, 0, len(options))
	return ofRankings("approval", r, options, o, func(marks []ballots.Mark) []int {
		return ranked(marks, scratch[:0])
	})
}

// ofRankings counts the options that a paper is read to name.
func ofRankings(method string, r *ballots.Rankings, options []string, o Options, named func([]ballots.Mark) []int) (count.Result, error) {
	p := newPoll(options)
	for k := range r.Len() {
		weight, marks := r.Paper(k)
		chosen := named(marks)
		if err := p.weigh(weight, len(chosen) > 0); err != nil {
			return count.Result{}, err
		}
		for _, option := range chosen {
			if option >= len(options) {
				return count.Result{}, fmt.Errorf("marks: a paper names option %d of %d", option+1, len(options))
			}
			p.add(option, 1, weight)
		}
	}
	return p.elect(method, p.totals(), o), nil
}

// firstPreference appends the one option of the first rank, if it is alone there.
func firstPreference(marks []ballots.Mark, to []int) []int {
	for i, mark := range marks {
		if option, ok := mark.Option(); ok {
			if i+1 < len(marks) && sameRank(marks[i+1], option) {
				return to
			}
			return append(to, option)
		}
		if mark&^ballots.Equal == ballots.Overvoted {
			break
		}
	}
	return to
}

// sameRank says whether the next mark puts another option beside one.
func sameRank(next ballots.Mark, option int) bool {
	other, ok := next.Option()
	return ok && next.Tied() && other != option
}

// ranked appends every ranked option once.
func ranked(marks []ballots.Mark, to []int) []int {
	for i, mark := range marks {
		if mark&^ballots.Equal == ballots.Overvoted {
			break
		}
		if option, ok := mark.Option(); ok && !named(marks[:i], option) {
			to = append(to, option)
		}
	}
	return to
}

func named(marks []ballots.Mark, option int) bool {
	for _, mark := range marks {
		if other, ok := mark.Option(); ok && other == option {
			return true
		}
	}
	return false
}
