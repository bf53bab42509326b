package polls

import (
	"slices"
	"strings"

	"socia/core/count"
	"socia/core/methods"
	"socia/core/paper"
	"socia/core/ratio"
	"socia/models"
	"socia/views/ui"
)

// How many decimals of a figure pages show, and of an average; the file has them exactly.
const (
	// As many as the Scottish rules keep: a weight that truncation left short of the quota does not read like the quota.
	places        = 5
	averagePlaces = 3
)

// figure writes a quantity of votes or points: the weight of votes of several classes, else their number.
func (k teller) figure(f count.Figure) string {
	if f == "" {
		return ""
	}
	return k.decimals(k.worth(f))
}

// worth is a figure in votes, or in shares where votes weigh by class.
func (k teller) worth(f count.Figure) ratio.Ratio {
	return f.Ratio().Mul(ratio.New(k.parts(), k.scale()))
}

// decimals writes a number without the fraction that it may be.
func (k teller) decimals(r ratio.Ratio) string {
	if r.IsInt() {
		return k.t.Ratio(r.Rat())
	}
	shown := places
	if k.average() {
		shown = averagePlaces
	}
	return k.t.Decimal(strings.TrimRight(strings.TrimRight(r.Decimal(shown), "0"), "."))
}

// scale is by what figures are divided.
func (k teller) scale() int64 {
	switch {
	case k.average():
		return 1
	case k.alike():
		return max(k.weights[0].Weight, 1)
	}
	return max(k.r.Scale, 1)
}

// parts is by what figures are multiplied.
func (k teller) parts() int64 {
	if k.average() || k.alike() {
		return 1
	}
	return max(k.r.Unit, 1)
}

// alike says whether votes have a weight and all have the same: it changes nothing.
func (k teller) alike() bool { return len(k.weights) > 0 && !k.unequal() }

// unequal says whether figures are weights.
func (k teller) unequal() bool {
	return slices.ContainsFunc(k.weights, func(w models.PollWeight) bool { return w.Weight != k.weights[0].Weight })
}

// compares says whether the options are compared two by two.
func (k teller) compares() bool {
	return k.method.Name == methods.Schulze || k.method.Name == methods.RankedPairs || k.method.Name == methods.Debian
}

// average says whether a score is the average of those that were given.
func (k teller) average() bool {
	return k.method.Name == methods.Score && k.setup.Blanks == methods.BlanksAverage
}

// points says whether papers give points.
func (k teller) points() bool {
	return k.method.Name == methods.Score || k.method.Name == methods.Dots || k.method.Name == methods.Borda
}

// amount is a figure with its unit.
func (k teller) amount(f count.Figure) string {
	switch {
	case k.average():
		return k.t.T("polls.unit.average", "Figure", k.figure(f))
	case k.points():
		return k.unit("polls.unit.points", f)
	case k.method.Heads():
		return k.unit("polls.unit.members", f)
	}
	return k.votes(f)
}

// blanks is how many said nothing.
func (k teller) blanks(f count.Figure) string {
	if k.method.Heads() {
		return k.amount(f)
	}
	return k.votes(f)
}

// votes is a number of votes, or their weight.
func (k teller) votes(f count.Figure) string {
	if k.unequal() {
		return k.t.T("polls.unit.weight", "Figure", k.figure(f))
	}
	return k.unit("polls.unit.votes", f)
}

func (k teller) unit(key string, f count.Figure) string {
	return k.t.N(key, one(k.figure(f)), "Figure", k.figure(f))
}

// one is 1 where that is what is shown, and else a number that is not one: words follow what people read, which may be
// rounded.
func one(shown string) int {
	if shown == "1" {
		return 1
	}
	return 2
}

// euros is the currency of polls about money.
const euros = "EUR"

func (k teller) money(cents int64) string { return k.t.Money(cents, euros) }

func cents(f count.Figure) int64 { return floor(f) }

// floor is a figure without what it has below one.
func floor(f count.Figure) int64 {
	n := f.Ratio().Floor().Rat().Num()
	if !n.IsInt64() {
		return 0
	}
	return n.Int64()
}

// chart draws how the options stood at the end; for ranking methods, at the beginning, or how many others each beats.
func (k teller) chart() *ui.Chart {
	if len(k.r.Rounds) == 0 || len(k.r.Rounds[0].Tally) == 0 {
		return nil
	}
	c := ui.Chart{Title: k.t.T(k.chartKey()), LabelHead: k.t.T("polls.head.option"), ValueHead: k.t.T(k.headKey())}
	won := map[int]bool{}
	for _, w := range k.r.Winners {
		won[w] = k.decided
	}
	for _, l := range k.r.Rounds[0].Tally {
		if l.State == count.Withdrawn {
			continue
		}
		if l.Option < len(k.r.Votes) {
			l.Votes = k.r.Votes[l.Option]
		}
		item := ui.ChartItem{Label: k.name(l.Option), Text: k.figure(l.Votes), Value: k.drawn(l.Votes)}
		if k.compares() {
			wins := k.wins(l.Option)
			item.Text, item.Value = k.t.Number(wins), wins
		}
		if won[l.Option] {
			item.Kind = ui.Yes
		}
		c.Items = append(c.Items, item)
	}
	return &c
}

func (k teller) chartKey() string {
	switch {
	case k.compares():
		return "polls.story.chart_pairs"
	case k.method.Name == methods.Borda:
		return "polls.story.chart_dots"
	case k.average():
		return "polls.story.chart_average"
	case k.method.Form == paper.Approve && k.unequal():
		return "polls.story.chart_approve_weighed"
	}
	return "polls.story.chart_" + string(k.method.Form)
}

// headKey names what the chart counts.
func (k teller) headKey() string {
	switch {
	case k.compares():
		return "polls.head.wins"
	case k.average():
		return "polls.head.average"
	case k.points():
		return "polls.head.points"
	case k.method.Heads():
		return "polls.head.members"
	case k.unequal():
		return "polls.head.weight"
	}
	return "polls.head.votes"
}

// drawn is a length for drawing: no figure is read from it.
func (k teller) drawn(f count.Figure) int64 {
	n := k.worth(f).Mul(ratio.Int(1000)).Floor().Rat().Num()
	if !n.IsInt64() || n.Sign() < 0 {
		return 0
	}
	return n.Int64()
}

// wins is how many others more papers prefer an option to than the other way round.
func (k teller) wins(option int) (n int64) {
	for other := range k.r.Pairs {
		if k.beats(k.r.Pairs, option, other) {
			n++
		}
	}
	return n
}

func (k teller) beats(table [][]count.Figure, i, j int) bool {
	return i < len(table) && i != j && table[i][j].Ratio().Cmp(table[j][i].Ratio()) > 0
}

// beatsAll is the option that beats each of the others, or -1.
func (k teller) beatsAll() int {
	for option := range k.r.Pairs {
		if k.wins(option) == int64(len(k.r.Pairs)-1) {
			return option
		}
	}
	return -1
}
