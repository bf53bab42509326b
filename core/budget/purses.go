package budget

// pile is purses from the least on, and where each of the run's purses of before went.
type pile struct {
	lines []*line
	from  [][]int // the old purses that are now this one
	of    []int   // of each old purse, its new place in the run
}

func newPile(purses int) *pile { return &pile{of: make([]int, purses)} }

// add puts a purse that is not below the last at the end. All that are empty are one.
func (p *pile) add(old int, l *line) {
	if n := len(p.lines); n > 0 && l.at.Sign() == 0 && p.lines[n-1].at.Sign() == 0 {
		p.from[n-1] = append(p.from[n-1], old)
		return
	}
	p.lines, p.from = append(p.lines, l), append(p.from, []int{old})
}

// merge makes two piles the run's purses, and like ones of both one.
func (r *run) merge(a, b *pile) {
	r.purses = r.purses[:0:0]
	for i, j := 0, 0; i < len(a.lines) || j < len(b.lines); {
		sign := 1
		if j == len(b.lines) {
			sign = -1
		} else if i < len(a.lines) {
			sign = r.compare(a.lines[i], b.lines[j])
		}
		if sign >= 0 {
			b.moves(j, len(r.purses))
		}
		if sign <= 0 {
			a.moves(i, len(r.purses))
			r.purses = append(r.purses, a.lines[i])
			i++
		} else {
			r.purses = append(r.purses, b.lines[j])
		}
		if sign >= 0 {
			j++
		}
	}
}

func (p *pile) moves(at, place int) {
	for _, old := range p.from[at] {
		p.of[old] = place
	}
}
