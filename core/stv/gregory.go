package stv

import (
	"cmp"
	"math/big"
	"slices"

	"socia/core/count"
)

// parcel is papers that lie with one option at one value, in units of the last
// decimal.
type parcel struct {
	value  int64
	papers []uint32
}

// gregory is a count in which papers lie with one option at a time and lose
// value when they pass on from an elected one. Numbers are worked out for each
// parcel; of single papers only their weights are added, as whole numbers.
type gregory struct {
	*election
	parcels [][]parcel // by option, in ascending order of value
	goes    []int32    // scratch of move: where each paper of a parcel goes
	counts  []int      // scratch of move: papers by destination
	sums    []int64    // scratch of move: weight by destination
}

// nobody is, in goes, an exhausted paper.
const nobody = -1

func newGregory(e *election) *gregory {
	n := len(e.open)
	return &gregory{
		election: e, parcels: make([][]parcel, n),
		goes: make([]int32, len(e.papers.all)), counts: make([]int, n), sums: make([]int64, n),
	}
}

// deal gives each paper to its first preference at the value of one (rule 45;
// WIGM A.4, A.5).
func (g *gregory) deal() {
	for i, p := range g.papers.all {
		g.goes[i] = int32(g.papers.marks[p.at])
		g.tell(g.goes[i], p.weight)
	}
	one := power10(g.places).Int64()
	g.hand(nil, one)
	for i := range g.sums {
		g.votes[i].Mul(big.NewInt(g.sums[i]), big.NewInt(one))
	}
	g.forget()
}

// surplus passes on what an elected option has above the quota: each of its
// papers goes to the next hopeful at the value that revalue gives it.
func (g *gregory) surplus(from int, revalue func(value, surplus, votes *big.Int) *big.Int) {
	surplus := new(big.Int).Sub(g.votes[from], g.quota)
	votes := g.votes[from]
	moved := g.move(from, func(value int64) int64 {
		return revalue(big.NewInt(value), surplus, votes).Int64()
	})
	g.residual.Add(g.residual, new(big.Int).Sub(surplus, moved.total()))
	g.votes[from] = new(big.Int).Set(g.quota)
	g.state[from] = count.Elected
	g.act(count.Act{Kind: count.ActSurplus, Option: from, Votes: g.figure(surplus), Transfers: moved.transfers(g.places)})
}

// passOn gives the papers of a defeated option to the next hopefuls at the
// value that they have (rule 50(4); WIGM D.2).
func (g *gregory) passOn(from int) {
	moved := g.move(from, func(value int64) int64 { return value })
	g.act(count.Act{
		Kind: count.ActTransfer, Option: from, Votes: g.figure(g.votes[from]), Transfers: moved.transfers(g.places),
	})
	g.votes[from] = new(big.Int)
}

// receipts is what each option received, and nobody.
type receipts struct {
	options []*big.Int
	nobody  *big.Int
}

func (r receipts) total() *big.Int {
	all := new(big.Int).Set(r.nobody)
	for _, v := range r.options {
		all.Add(all, v)
	}
	return all
}

func (r receipts) transfers(places int) []count.Transfer {
	var all []count.Transfer
	for i, v := range r.options {
		if v.Sign() > 0 {
			all = append(all, count.Transfer{To: i, Votes: count.Fixed(v, places)})
		}
	}
	if r.nobody.Sign() > 0 {
		all = append(all, count.Transfer{To: count.ToNobody, Votes: count.Fixed(r.nobody, places)})
	}
	return all
}

// move takes all parcels of an option to the next hopefuls on their papers, adds
// what they are worth to votes and exhausted, and says who received what. A
// paper whose value has become nothing goes no further.
func (g *gregory) move(from int, revalue func(int64) int64) receipts {
	got := receipts{options: make([]*big.Int, len(g.open)), nobody: new(big.Int)}
	for i := range got.options {
		got.options[i] = new(big.Int)
	}
	for _, p := range g.parcels[from] {
		value := revalue(p.value)
		if value == 0 {
			continue
		}
		lost := int64(0)
		for k, paper := range p.papers {
			to := g.papers.next(paper, 1, g.open)
			g.goes[k] = to
			if to == nobody {
				lost += g.papers.all[paper].weight
			} else {
				g.tell(to, g.papers.all[paper].weight)
			}
		}
		g.hand(p.papers, value)
		each := big.NewInt(value)
		got.nobody.Add(got.nobody, new(big.Int).Mul(big.NewInt(lost), each))
		for i, sum := range g.sums {
			if sum > 0 {
				got.options[i].Add(got.options[i], new(big.Int).Mul(big.NewInt(sum), each))
			}
		}
		g.forget()
	}
	g.parcels[from] = nil
	g.exhausted.Add(g.exhausted, got.nobody)
	for i, v := range got.options {
		g.votes[i].Add(g.votes[i], v)
	}
	return got
}

func (g *gregory) tell(to int32, weight int64) {
	g.counts[to]++
	g.sums[to] += weight
}

func (g *gregory) forget() {
	clear(g.counts)
	clear(g.sums)
}

// hand puts papers where goes says, at a value; nil papers are all papers.
func (g *gregory) hand(all []uint32, value int64) {
	into := make([]*[]uint32, len(g.counts))
	for i, n := range g.counts {
		if n > 0 {
			p := g.parcel(i, value)
			p.papers = slices.Grow(p.papers, n)
			into[i] = &p.papers
		}
	}
	if all == nil {
		for i := range g.papers.all {
			to := into[g.goes[i]]
			*to = append(*to, uint32(i)) // #nosec G115 -- papers are fewer than that
		}
		return
	}
	for k, paper := range all {
		if g.goes[k] != nobody {
			to := into[g.goes[k]]
			*to = append(*to, paper)
		}
	}
}

// parcel is the one that an option has at a value, made when there is none.
func (g *gregory) parcel(option int, value int64) *parcel {
	own := g.parcels[option]
	at, found := slices.BinarySearchFunc(own, value, func(p parcel, v int64) int { return cmp.Compare(p.value, v) })
	if !found {
		own = slices.Insert(own, at, parcel{value: value})
		g.parcels[option] = own
	}
	return &own[at]
}

// highestSurplus lists the elected options with the largest surplus that is still to be passed on.
func (g *gregory) highestSurplus() []int {
	var top []int
	for _, i := range g.result.Winners {
		if g.state[i] != count.Pending {
			continue
		}
		if len(top) > 0 && g.votes[i].Cmp(g.votes[top[0]]) > 0 {
			top = top[:0]
		}
		if len(top) == 0 || g.votes[i].Cmp(g.votes[top[0]]) == 0 {
			top = append(top, i)
		}
	}
	return top
}
