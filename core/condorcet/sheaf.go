package condorcet

import "math/bits"

const (
	sheafPapers = 32                      // papers that wait to be added together
	sheafPlanes = 16                      // binary digits of a counter
	sheafMost   = 1<<sheafPlanes - 1      // what a counter can hold
	sheafRoom   = sheafMost - sheafPapers // with this many papers there is room for one more round
)

// sheaf counts papers of one weight without an addition for each pair. Papers
// wait as sets of options, thirty-two together; then each set is 64 options side by
// side, and binary counters that lie across the words ("vertical" or bit-sliced
// counters, a digit to a plane) take all of them in with carry-save adders, as in
// Harley and Seal's population count (Warren, Hacker's Delight, 2nd ed., 5-1).
//
//	value of counter (at, lane) = Σ over k of 2^k × bit lane of planes[at×sheafPlanes + k]
type sheaf struct {
	sets   []uint64 // [at][paper]: for each row of 64 lanes, the sets of the papers that wait
	planes []uint64 // [at][digit]
	filled int      // papers that wait
	papers int      // papers since the counters were empty, those that wait among them
}

func newSheaf(rows int) *sheaf {
	return &sheaf{sets: make([]uint64, rows*sheafPapers), planes: make([]uint64, rows*sheafPlanes)}
}

// full says that the counters must be emptied before another paper.
func (s *sheaf) full() bool { return s.papers >= sheafRoom }

// close counts the paper that was written into the free place.
// Only the first so many rows are in use.
func (s *sheaf) close(rows int) {
	s.filled++
	s.papers++
	if s.filled == sheafPapers {
		s.add(rows)
	}
}

// undo wipes what was written into the free place.
func (s *sheaf) undo() {
	for at := s.filled; at < len(s.sets); at += sheafPapers {
		s.sets[at] = 0
	}
}

// add takes the papers that wait into the counters of the first so many rows.
func (s *sheaf) add(rows int) {
	for at := range rows {
		take((*[sheafPapers]uint64)(s.sets[at*sheafPapers:]), (*[sheafPlanes]uint64)(s.planes[at*sheafPlanes:]))
	}
	clear(s.sets[:rows*sheafPapers])
	s.filled = 0
}

// take adds thirty-two sets to one row of counters: an adder for each set but
// one; then the carry of thirty-twos runs up as far as it goes.
func take(in *[sheafPapers]uint64, p *[sheafPlanes]uint64) {
	var low [4]uint64
	copy(low[:], p[:4])
	sixteens, a := adder(p[4], half(&low, (*[16]uint64)(in[:16])), half(&low, (*[16]uint64)(in[16:])))
	copy(p[:4], low[:])
	p[4] = sixteens
	for k := 5; a != 0 && k < sheafPlanes; k++ {
		p[k], a = p[k]^a, p[k]&a
	}
}

// half adds sixteen sets to the digits of one, two, four and eight, and gives the carry.
func half(low *[4]uint64, in *[16]uint64) (sixteens uint64) {
	ones, twos, fours := low[0], low[1], low[2]
	var a, b, c, d, e, f uint64
	ones, a = adder(ones, in[0], in[1])
	ones, b = adder(ones, in[2], in[3])
	twos, c = adder(twos, a, b)
	ones, a = adder(ones, in[4], in[5])
	ones, b = adder(ones, in[6], in[7])
	twos, d = adder(twos, a, b)
	fours, e = adder(fours, c, d)
	ones, a = adder(ones, in[8], in[9])
	ones, b = adder(ones, in[10], in[11])
	twos, c = adder(twos, a, b)
	ones, a = adder(ones, in[12], in[13])
	ones, b = adder(ones, in[14], in[15])
	twos, d = adder(twos, a, b)
	fours, f = adder(fours, c, d)
	low[0], low[1], low[2] = ones, twos, fours
	low[3], sixteens = adder(low[3], e, f)
	return sixteens
}

// adder adds three bits in each lane: x + y + z = sum + 2 × carry.
func adder(x, y, z uint64) (sum, carry uint64) {
	u := x ^ y
	return u ^ z, x&y | u&z
}

// count adds row at of the counters, each times weight, to 64 sums.
func (s *sheaf) count(at int, weight int64, sums []int64) {
	for k, plane := range s.planes[at*sheafPlanes : (at+1)*sheafPlanes] {
		for ; plane != 0; plane &= plane - 1 {
			sums[bits.TrailingZeros64(plane)] += weight << k
		}
	}
}

func (s *sheaf) clear() {
	clear(s.planes)
	s.papers = 0
}
