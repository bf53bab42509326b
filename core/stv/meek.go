package stv

import (
	"math/big"
	"math/bits"
	"slices"

	"socia/core/ballots"
	"socia/core/count"
)

// meekOne is one vote, and the keep factor of a hopeful, in nine decimals.
const meekOne = 1_000_000_000

// meekOmega is 0.000001 in nine decimals (A).
const meekOmega = 1_000

// Meek counts by the reference Meek rule of the Proportional Representation
// Foundation. Votes, weights and keep factors have nine decimals; every option
// keeps its keep factor's part of what reaches it, rounded up for each paper:
//
//	quota       = votes of all / (seats + 1), truncated, + 0.000000001     (B.2.b)
//	keep factor = (keep factor × quota) / votes, each rounded up           (B.2.f)
//
// A round ends with an election or a defeat. Its tally is the last distribution
// of votes in it, and its Exhausted what no option kept.
func Meek(r *ballots.Rankings, options []string, o Options) (count.Result, error) {
	e, err := begin("stv-meek", 9, r, options, o)
	if err != nil {
		return count.Result{}, err
	}
	e.pends = func(int) bool { return false }
	m := newMeek(e)
	m.nextRound()
	if m.complete() { // B.1: no more options than seats
		m.distribute()
		return m.finish(), nil
	}
	for {
		if elected, surplus := m.iterate(); !elected { // B.2
			m.defeatLow(surplus) // B.3
		}
		if m.complete() { // B.1
			return m.finish(), nil // C
		}
		m.nextRound() // B.4
	}
}

// meek is a count in which every paper is shared among the options that it
// ranks. Papers that are shared alike, those that rank the same elected options
// in the same order before the same hopeful, lie together in a tree.
type meek struct {
	*election
	root branch
	stay []bool  // by option: hopeful or elected
	sums []wide  // votes by option, scratch of distribute
	goes []int32 // scratch of spread
}

// branch is the papers that come to an option after the elected ones above it.
// A hopeful's branch holds papers; an elected one's has branches below.
type branch struct {
	option int
	weight int64 // of all papers that come here
	papers []uint32
	below  []*branch
}

func newMeek(e *election) *meek {
	n := len(e.papers.all)
	m := &meek{election: e, goes: make([]int32, n), sums: make([]wide, len(e.open)), stay: slices.Clone(e.open)}
	e.keep = make([]uint64, len(e.open))
	for _, i := range e.hopefuls() { // A: keep factors of one, of nothing for the withdrawn
		e.keep[i] = meekOne
	}
	all := make([]uint32, n)
	for i := range all {
		all[i] = uint32(i) // #nosec G115 -- papers are fewer than that
	}
	m.root = branch{option: -1, weight: e.papers.total}
	m.spread(&m.root, all, 0)
	return m
}

// iterate shares the votes and adapts the keep factors until an option is
// elected or what the elected ones have too much is nearly nothing (B.2). It
// says which, and gives that total surplus.
func (m *meek) iterate() (elected bool, surplus *big.Int) {
	var last *big.Int
	for {
		m.distribute()          // B.2.a, B.2.b
		if m.electWithQuota() { // B.2.c
			m.regroup()
			return true, nil
		}
		surplus = m.totalSurplus() // B.2.d
		if surplus.Cmp(big.NewInt(meekOmega)) < 0 || (last != nil && surplus.Cmp(last) >= 0) {
			return false, surplus // B.2.e
		}
		last = surplus
		m.updateKeepFactors() // B.2.f
	}
}

// distribute shares every paper (B.2.a) and sets the quota (B.2.b).
func (m *meek) distribute() {
	clear(m.sums)
	m.pour(&m.root, meekOne)
	votes := new(big.Int)
	for i, sum := range m.sums {
		m.votes[i] = sum.big()
		votes.Add(votes, m.votes[i])
	}
	m.exhausted.Sub(m.units(m.papers.total), votes)
	m.quota.Quo(votes, big.NewInt(int64(m.o.Seats)+1))
	m.quota.Add(m.quota, big.NewInt(1))
}

// pour shares the weight w of each paper that comes to a branch among those below it.
func (m *meek) pour(from *branch, w uint64) {
	for _, b := range from.below {
		kept := (w*m.keep[b.option] + meekOne - 1) / meekOne // both are at most one vote: 10^18 fits
		m.sums[b.option].add(kept, uint64(b.weight))         // #nosec G115 -- weights are positive
		if kept < w {
			m.pour(b, w-kept)
		}
	}
}

// totalSurplus is what the elected have above the quota, not less than nothing (B.2.d).
func (m *meek) totalSurplus() *big.Int {
	sum := new(big.Int)
	for _, i := range m.result.Winners {
		sum.Add(sum, m.votes[i])
		sum.Sub(sum, m.quota)
	}
	if sum.Sign() < 0 {
		sum.SetInt64(0)
	}
	return sum
}

// updateKeepFactors lets each elected option keep what makes the quota (B.2.f).
// Nobody keeps more than there is: where rounding up would make a factor more
// than one it stays one.
func (m *meek) updateKeepFactors() {
	one := big.NewInt(meekOne)
	for _, i := range m.result.Winners {
		k := new(big.Int).SetUint64(m.keep[i])
		k = up(k.Mul(k, m.quota), one)
		k = up(k.Mul(k, one), m.votes[i])
		m.keep[i] = min(k.Uint64(), meekOne)
	}
}

// up divides and rounds up; both are positive.
func up(a, b *big.Int) *big.Int {
	q, rest := new(big.Int).QuoRem(a, b, new(big.Int))
	if rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

// defeatLow defeats the hopeful with the lowest vote; all who have no more than
// that and the total surplus are tied with it, and a lot decides (B.3, T).
func (m *meek) defeatLow(surplus *big.Int) {
	tied := m.lowest(func(low, other int) bool {
		return m.votes[other].Cmp(new(big.Int).Add(m.votes[low], surplus)) <= 0
	})
	low := m.byLot(tied, forDefeat)
	m.defeat(low)
	m.keep[low], m.stay[low] = 0, false
	m.regroup()
}

// regroup moves the papers of those who are hopeful no longer: below them when
// they were elected, to whom comes next when they were defeated.
func (m *meek) regroup() { m.regroupBelow(&m.root) }

func (m *meek) regroupBelow(b *branch) {
	var left []uint32
	stay := b.below[:0]
	for _, under := range b.below {
		switch {
		case !m.stay[under.option]:
			left = append(left, under.papers...)
			continue
		case !m.open[under.option] && under.papers != nil:
			papers := under.papers
			under.papers = nil
			m.spread(under, papers, 1)
		case !m.open[under.option]:
			m.regroupBelow(under)
		}
		stay = append(stay, under)
	}
	clear(b.below[len(stay):])
	b.below = stay
	m.spread(b, left, 1)
}

// spread puts papers below a branch, each with the next option on it that is
// hopeful or elected, counted from its place and so many further.
func (m *meek) spread(b *branch, papers []uint32, further uint32) {
	if len(papers) == 0 {
		return
	}
	goes, counts, sums := m.goes[:len(papers)], make([]int, len(m.open)), make([]int64, len(m.open))
	for k, paper := range papers {
		to := m.papers.next(paper, further, m.stay)
		goes[k] = to
		if to != nobody {
			counts[to]++
			sums[to] += m.papers.all[paper].weight
		}
	}
	into := make([][]uint32, len(m.open))
	for i, n := range counts {
		if n > 0 {
			into[i] = make([]uint32, 0, n)
		}
	}
	for k, paper := range papers {
		if to := goes[k]; to != nobody {
			into[to] = append(into[to], paper)
		}
	}
	for i, some := range into {
		if some == nil {
			continue
		}
		under := b.to(i)
		under.weight += sums[i]
		if m.open[i] {
			under.papers = append(under.papers, some...)
		} else {
			m.spread(under, some, 1)
		}
	}
}

// to is the branch of an option below this one, made when there is none.
func (b *branch) to(option int) *branch {
	for _, under := range b.below {
		if under.option == option {
			return under
		}
	}
	under := &branch{option: option}
	b.below = append(b.below, under)
	return under
}

// wide is a sum of votes, of which 2^62 with nine decimals fit.
type wide struct{ hi, lo uint64 }

// add adds so many times a weight.
func (s *wide) add(weight, times uint64) {
	hi, lo := bits.Mul64(weight, times)
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, lo, 0)
	s.hi, _ = bits.Add64(s.hi, hi, carry)
}

func (s wide) big() *big.Int {
	n := new(big.Int).SetUint64(s.hi)
	return n.Or(n.Lsh(n, 64), new(big.Int).SetUint64(s.lo))
}
