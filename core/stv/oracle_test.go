package stv

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"testing"

	"pgregory.net/rapid"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/lot"
)

// The counts of this file are slow and plain: every paper is an object of its
// own, every number a fraction, every tally made anew from all papers. They
// share nothing with the package but the texts of the rules.

// draft is a small election as it is drawn.
type draft struct {
	names     []string
	bundles   []bundle
	withdrawn []int
	seats     int
	seed      string
}

type bundle struct {
	weight int64
	marks  []ballots.Mark
}

func (d draft) rankings(t interface{ Fatal(...any) }) *ballots.Rankings {
	r := new(ballots.Rankings)
	for _, b := range d.bundles {
		if err := r.Take(b.weight, b.marks); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (d draft) options() Options {
	o := Options{Seats: d.seats, Withdrawn: d.withdrawn}
	o.Lots.Seed = lot.Seed(d.seed)
	return o
}

// drawDraft draws an election; whole says that papers have no mistakes.
func drawDraft(t *rapid.T, whole bool) draft {
	n := rapid.IntRange(2, 7).Draw(t, "options")
	d := draft{seats: rapid.IntRange(1, max(1, n-1)).Draw(t, "seats"), seed: rapid.StringMatching("[a-z]{1,3}").Draw(t, "seed")}
	all := make([]int, n)
	for i := range all {
		all[i] = i
		d.names = append(d.names, fmt.Sprint("option ", i))
	}
	for range rapid.IntRange(0, 14).Draw(t, "bundles") {
		b := bundle{weight: rapid.Int64Range(1, 9).Draw(t, "weight")}
		order := rapid.Permutation(all).Draw(t, "order")
		for i, option := range order[:rapid.IntRange(1, n).Draw(t, "ranked")] {
			m := ballots.Mark(option)
			switch {
			case whole:
			case i > 0 && rapid.IntRange(0, 9).Draw(t, "tied") == 0:
				m |= ballots.Equal
			case rapid.IntRange(0, 9).Draw(t, "gap") == 0:
				b.marks = append(b.marks, ballots.Skipped)
			case rapid.IntRange(0, 14).Draw(t, "over") == 0:
				m = ballots.Overvoted
			case rapid.IntRange(0, 14).Draw(t, "again") == 0:
				m = ballots.Mark(order[0])
			}
			b.marks = append(b.marks, m)
		}
		d.bundles = append(d.bundles, b)
	}
	if rapid.IntRange(0, 3).Draw(t, "withdrawals") == 0 {
		d.withdrawn = []int{rapid.IntRange(0, n-1).Draw(t, "withdrawn")}
	}
	return d
}

// slip is one paper of weight one.
type slip struct {
	prefs []int
	value *big.Rat
}

// slips are the papers as they may be read.
func (d draft) slips() []*slip {
	var all []*slip
	for _, b := range d.bundles {
		prefs := d.read(b.marks)
		if len(prefs) == 0 {
			continue
		}
		for range b.weight {
			all = append(all, &slip{prefs, big.NewRat(1, 1)})
		}
	}
	return all
}

func (d draft) read(marks []ballots.Mark) []int {
	var ranks [][]int
	for _, m := range marks {
		var one []int
		if option, named := m.Option(); named {
			one = []int{option}
		} else if m == ballots.Overvoted {
			one = []int{-1, -2}
		}
		if m.Tied() && len(ranks) > 0 {
			ranks[len(ranks)-1] = append(ranks[len(ranks)-1], one...)
		} else {
			ranks = append(ranks, one)
		}
	}
	var prefs []int
	for _, rank := range ranks {
		var new []int
		for _, option := range rank {
			if !slices.Contains(d.withdrawn, option) && !slices.Contains(prefs, option) && !slices.Contains(new, option) {
				new = append(new, option)
			}
		}
		if len(new) > 1 {
			break
		}
		prefs = append(prefs, new...)
	}
	return prefs
}

// oracle is a count by hand.
type oracle struct {
	d         draft
	papers    []*slip
	hopeful   map[int]bool
	surplus   []int            // elected, not yet passed on
	settled   map[int]*big.Rat // what an elected one keeps when all is passed on
	winners   []int
	exhausted *big.Rat
	stages    [][]*big.Rat
	lost      []*big.Rat // exhausted at each stage
	quota     *big.Rat
	lots      int
}

func newOracle(d draft) *oracle {
	o := &oracle{d: d, papers: d.slips(), hopeful: map[int]bool{}, settled: map[int]*big.Rat{}, exhausted: new(big.Rat)}
	for i := range d.names {
		o.hopeful[i] = !slices.Contains(d.withdrawn, i)
	}
	return o
}

func (o *oracle) left() []int {
	var all []int
	for i := range o.d.names {
		if o.hopeful[i] {
			all = append(all, i)
		}
	}
	return all
}

func (o *oracle) done() bool {
	return len(o.papers) == 0 || len(o.winners) == o.d.seats || len(o.winners)+len(o.left()) <= o.d.seats
}

// truncate cuts a fraction to so many decimals; up makes it the next.
func truncate(r *big.Rat, places int) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	n := new(big.Int).Mul(r.Num(), scale)
	return new(big.Rat).SetFrac(n.Div(n, r.Denom()), scale)
}

func roundUp(r *big.Rat, places int) *big.Rat {
	return new(big.Rat).Neg(truncate(new(big.Rat).Neg(r), places))
}

func (o *oracle) tally(lies map[*slip]int) []*big.Rat {
	votes := make([]*big.Rat, len(o.d.names))
	for i := range votes {
		votes[i] = new(big.Rat)
		if o.settled[i] != nil {
			votes[i].Set(o.settled[i])
		}
	}
	for p, option := range lies {
		if option >= 0 {
			votes[option].Add(votes[option], p.value)
		}
	}
	return votes
}

// tie breaks a tie by the past, when past, and by lot.
func (o *oracle) tie(tied []int, past, lowest bool, what string) int {
	for at := len(o.stages) - 1; past && at >= 0; at-- {
		votes := o.stages[at]
		sort.SliceStable(tied, func(i, j int) bool {
			c := votes[tied[i]].Cmp(votes[tied[j]])
			return (lowest && c < 0) || (!lowest && c > 0)
		})
		end := 1
		for end < len(tied) && votes[tied[end]].Cmp(votes[tied[0]]) == 0 {
			end++
		}
		tied = tied[:end]
	}
	if len(tied) == 1 {
		return tied[0]
	}
	sort.Ints(tied)
	o.lots++
	what = fmt.Sprintf("round %d, %s", len(o.stages)+1, what)
	if lowest {
		return o.d.options().Lots.Unfavoured(what, tied)
	}
	return o.d.options().Lots.Favoured(what, tied)
}

func extreme(votes []*big.Rat, who []int, sign int) []int {
	var all []int
	for _, i := range who {
		if !slices.ContainsFunc(who, func(j int) bool { return votes[j].Cmp(votes[i])*sign > 0 }) {
			all = append(all, i)
		}
	}
	return all
}

// gregory counts by the Scottish rules or by WIGM (without its optional step).
func (o *oracle) gregory(scottish bool) {
	places, valid := 4, big.NewRat(int64(len(o.papers)), 1)
	share := new(big.Rat).Quo(valid, big.NewRat(int64(o.d.seats)+1, 1))
	o.quota = new(big.Rat).Add(truncate(share, 4), big.NewRat(1, 10000))
	if scottish {
		places, o.quota = 5, new(big.Rat).Add(truncate(share, 0), big.NewRat(1, 1))
	}
	lies := map[*slip]int{}
	for _, p := range o.papers {
		lies[p] = p.prefs[0]
	}
	elect := func() {
		votes := o.tally(lies)
		who := o.left()
		sort.SliceStable(who, func(i, j int) bool { return votes[who[i]].Cmp(votes[who[j]]) > 0 })
		for _, i := range who {
			if c := votes[i].Cmp(o.quota); c >= 0 {
				o.hopeful[i] = false
				o.winners = append(o.winners, i)
				if c > 0 || !scottish {
					o.surplus = append(o.surplus, i)
				}
			}
		}
	}
	stage := func() {
		o.stages, o.lost = append(o.stages, o.tally(lies)), append(o.lost, new(big.Rat).Set(o.exhausted))
	}
	pass := func(from int) {
		for _, p := range o.papers {
			if lies[p] == from {
				if lies[p] = o.next(p); lies[p] < 0 {
					o.exhausted.Add(o.exhausted, p.value)
				}
			}
		}
	}
	if scottish || !o.done() {
		elect()
	}
	for !o.done() {
		stage()
		votes := o.tally(lies)
		if len(o.surplus) > 0 {
			from := o.tie(extreme(votes, o.surplus, 1), scottish, false, "surplus")
			over := new(big.Rat).Sub(votes[from], o.quota)
			for _, p := range o.papers {
				if lies[p] != from {
					continue
				}
				p.value = new(big.Rat).Mul(p.value, over)
				if !scottish {
					p.value = truncate(p.value, places)
				}
				p.value = truncate(p.value.Quo(p.value, votes[from]), places)
			}
			o.settled[from] = o.quota
			o.surplus = slices.DeleteFunc(o.surplus, func(i int) bool { return i == from })
			pass(from)
		} else {
			out := o.tie(extreme(votes, o.left(), -1), scottish, true, "defeat")
			o.hopeful[out] = false
			if scottish || !o.done() {
				pass(out)
			}
		}
		if !o.done() {
			elect()
		}
	}
	if len(o.winners) < o.d.seats && len(o.papers) > 0 {
		o.winners = append(o.winners, o.left()...)
	}
	stage()
}

// next is the first hopeful that a paper ranks.
func (o *oracle) next(p *slip) int {
	for _, option := range p.prefs {
		if o.hopeful[option] {
			return option
		}
	}
	return -1
}

// meek counts by the reference Meek rule.
func (o *oracle) meek() {
	one, omega := big.NewRat(1, 1), big.NewRat(1, 1_000_000)
	keep := make([]*big.Rat, len(o.d.names))
	for i := range keep {
		keep[i] = new(big.Rat)
		if o.hopeful[i] {
			keep[i].Set(one)
		}
	}
	var votes []*big.Rat
	share := func() {
		votes = make([]*big.Rat, len(keep))
		sum := new(big.Rat)
		for i := range votes {
			votes[i] = new(big.Rat)
		}
		for _, p := range o.papers {
			w := big.NewRat(1, 1)
			for _, option := range p.prefs {
				part := roundUp(new(big.Rat).Mul(w, keep[option]), 9)
				votes[option].Add(votes[option], part)
				sum.Add(sum, part)
				w = new(big.Rat).Sub(w, part)
			}
		}
		o.quota = truncate(new(big.Rat).Quo(sum, big.NewRat(int64(o.d.seats)+1, 1)), 9)
		o.quota.Add(o.quota, big.NewRat(1, 1_000_000_000))
		o.exhausted = new(big.Rat).Sub(big.NewRat(int64(len(o.papers)), 1), sum)
	}
	stage := func() { o.stages, o.lost = append(o.stages, votes), append(o.lost, o.exhausted) }
	if o.done() {
		share()
		stage()
	}
	for !o.done() {
		var before, over *big.Rat
		for {
			share()
			who, any := o.left(), false
			sort.SliceStable(who, func(i, j int) bool { return votes[who[i]].Cmp(votes[who[j]]) > 0 })
			for _, i := range who {
				if votes[i].Cmp(o.quota) >= 0 {
					o.hopeful[i], any = false, true
					o.winners = append(o.winners, i)
				}
			}
			if any {
				over = nil
				break
			}
			over = new(big.Rat)
			for _, i := range o.winners {
				over.Add(over, new(big.Rat).Sub(votes[i], o.quota))
			}
			if over.Sign() < 0 {
				over = new(big.Rat)
			}
			if over.Cmp(omega) < 0 || (before != nil && over.Cmp(before) >= 0) {
				break
			}
			before = over
			for _, i := range o.winners {
				k := roundUp(new(big.Rat).Mul(keep[i], o.quota), 9)
				keep[i] = roundUp(k.Quo(k, votes[i]), 9)
			}
		}
		if over != nil {
			low := votes[extreme(votes, o.left(), -1)[0]]
			tied := slices.DeleteFunc(o.left(), func(i int) bool { return votes[i].Cmp(new(big.Rat).Add(low, over)) > 0 })
			out := o.tie(tied, false, true, "defeat")
			o.hopeful[out], keep[out] = false, new(big.Rat)
		}
		stage()
	}
	if len(o.winners) < o.d.seats && len(o.papers) > 0 {
		o.winners = append(o.winners, o.left()...)
	}
}

// agrees compares a count with the count by hand, figure by figure.
func (o *oracle) agrees(t *rapid.T, got count.Result) {
	if !slices.Equal(got.Winners, o.winners) && len(got.Winners)+len(o.winners) > 0 {
		t.Fatalf("elected %v, by hand %v", got.Winners, o.winners)
	}
	if len(got.Rounds) != len(o.stages) || len(got.Lots) != o.lots {
		t.Fatalf("%d rounds and %d lots, by hand %d and %d", len(got.Rounds), len(got.Lots), len(o.stages), o.lots)
	}
	for at, votes := range o.stages {
		for i, v := range votes {
			if line := got.Rounds[at].Tally[i]; line.Votes.Ratio().Rat().Cmp(v) != 0 {
				t.Fatalf("round %d: %d has %s, by hand %s", at+1, i, line.Votes, v.FloatString(10))
			}
		}
		if lost := got.Rounds[at].Exhausted.Ratio().Rat(); lost.Cmp(o.lost[at]) != 0 {
			t.Fatalf("round %d: %s exhausted, by hand %s", at+1, lost, o.lost[at])
		}
	}
	if got.Quota.Ratio().Rat().Cmp(o.quota) != 0 {
		t.Fatalf("quota %s, by hand %s", got.Quota, o.quota)
	}
}

func TestAllRules_AgreeWithACountByHand(t *testing.T) {
	rules := map[string]func(*oracle){
		"stv-scottish": func(o *oracle) { o.gregory(true) },
		"stv-wigm":     func(o *oracle) { o.gregory(false) },
		"stv-meek":     (*oracle).meek,
	}
	for name, byHand := range rules {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				d := drawDraft(t, false)
				o := newOracle(d)
				byHand(o)
				o.agrees(t, run(t, name, d.rankings(t), d.names, d.options()))
			})
		})
	}
}

// counts are the three rules by the name of their method.
var counts = map[string]func(*ballots.Rankings, []string, Options) (count.Result, error){
	"stv-scottish": Scottish, "stv-wigm": WIGM, "stv-meek": Meek,
}

func run(t interface{ Fatal(...any) }, method string, r *ballots.Rankings, names []string, o Options) count.Result {
	got, err := counts[method](r, names, o)
	if err != nil {
		t.Fatal(err)
	}
	if got.Method != method {
		t.Fatal("it says that it is " + got.Method)
	}
	return got
}
