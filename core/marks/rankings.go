package marks

import (
	"fmt"
	"slices"

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

// ApprovalOfRankings counts every ranked option as approved, whatever its rank:
// a mistake (ballots.Overvoted) approves nothing, and takes nothing from the
// ranks before and after it. Ties for the last seats by lot.
func ApprovalOfRankings(r *ballots.Rankings, options []string, o Options) (count.Result, error) {
	scratch, seen, number := make([]int, 0, len(options)), make([]int, len(options)), 0
	return ofRankings("approval", r, options, o, func(marks []ballots.Mark) []int {
		number++
		return ranked(marks, scratch[:0], seen, number)
	})
}

// ofRankings counts the options that a paper is read to name.
func ofRankings(method string, r *ballots.Rankings, options []string, o Options, named func([]ballots.Mark) []int) (count.Result, error) {
	p, err := newPoll(options, o.Withdrawn)
	if err != nil {
		return count.Result{}, err
	}
	var left []ballots.Mark
	for k := range r.Len() {
		weight, marks := r.Paper(k)
		if len(o.Withdrawn) > 0 {
			left = standing(marks, o.Withdrawn, left[:0])
			marks = left
		}
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

// standing appends the marks of a paper without those for withdrawn options.
func standing(marks []ballots.Mark, withdrawn []int, to []ballots.Mark) []ballots.Mark {
	alone := true // nothing of the rank is kept so far
	for _, mark := range marks {
		option, named := mark.Option()
		tied := named && mark.Tied()
		alone = alone || !tied
		switch {
		case named && slices.Contains(withdrawn, option):
			continue
		case tied && alone:
			mark &^= ballots.Equal
		}
		alone = false
		to = append(to, mark)
	}
	return to
}

// firstPreference appends the one option of the first rank, if it is alone there.
func firstPreference(marks []ballots.Mark, to []int) []int {
	for i, mark := range marks {
		if option, ok := mark.Option(); ok {
			for _, next := range marks[i+1:] {
				other, ok := next.Option()
				if !ok || !next.Tied() {
					break
				}
				if other != option {
					return to
				}
			}
			return append(to, option)
		}
		if mark&^ballots.Equal == ballots.Overvoted {
			break
		}
	}
	return to
}

// ranked appends every ranked option once. Seen holds for each option the
// number of the last paper that ranked it.
func ranked(marks []ballots.Mark, to, seen []int, number int) []int {
	for _, mark := range marks {
		option, ok := mark.Option()
		if !ok || option < len(seen) && seen[option] == number {
			continue
		}
		if option < len(seen) {
			seen[option] = number
		}
		to = append(to, option)
	}
	return to
}
