package disclosure

import "math"

// Indicators are computed from what a row shows and from nothing else, so they tell
// no more than its counts do. Shares are from 0 to 1.
type Indicators struct {
	// Share is women ÷ (women + men).
	Share float64
	// Parity is the smaller of women and men ÷ the larger: 1 is parity.
	Parity float64
	// Zone says whether Share is below, inside or above 40–60 %.
	Zone Band
	// LowestShare and HighestShare bound Share if everybody who stated no group were a
	// man, or a woman. Where another and not stated are one cell, all of it counts as
	// not stated: bounds from the true number would reveal it.
	LowestShare, HighestShare float64
}

// Indicators gives the indicators of a row that shows counts; false for any other
// row, and where fewer than 60 % of its people have visibly stated a group. A merged
// another-or-not-stated counts as not stated here too.
func (r Row) Indicators() (Indicators, bool) {
	s, ok := r.Counts()
	if !ok {
		return Indicators{}, false
	}
	silent := s.AnotherOrNotStated
	if s.Apart {
		silent = s.NotStated
	}
	if 100*(s.Total-silent) < minCoverage*s.Total {
		return Indicators{}, false
	}
	women, stated, all := float64(s.Women), float64(s.Women+s.Men), float64(s.Women+s.Men+silent)
	return Indicators{
		Share: women / stated, Parity: float64(min(s.Women, s.Men)) / float64(max(s.Women, s.Men)), Zone: r.band,
		LowestShare: women / all, HighestShare: (women + float64(silent)) / all,
	}, true
}

// Representation compares the share of women among those who act with their share
// among members.
type Representation struct {
	// Share is the share among those who act, ShareLow and ShareHigh its Wilson 95 %
	// interval.
	Share, ShareLow, ShareHigh float64
	// MemberShare is the share among members.
	MemberShare float64
	// Ratio is Share ÷ MemberShare (1 is proportional), RatioLow and RatioHigh the
	// interval's ends divided likewise.
	Ratio, RatioLow, RatioHigh float64
	// TooFewToTell: the interval contains MemberShare, so chance explains the difference.
	TooFewToTell bool
}

// Represent compares two rows; false unless both have Indicators.
func Represent(acting, members Row) (Representation, bool) {
	a, okActing := acting.Indicators()
	m, okMembers := members.Indicators()
	if !okActing || !okMembers {
		return Representation{}, false
	}
	low, high := Wilson(acting.counts.Women, acting.counts.Women+acting.counts.Men)
	return Representation{
		Share: a.Share, ShareLow: low, ShareHigh: high, MemberShare: m.Share,
		Ratio: a.Share / m.Share, RatioLow: low / m.Share, RatioHigh: high / m.Share,
		TooFewToTell: low <= m.Share && m.Share <= high,
	}, true
}

// Wilson is the 95 % score interval of a share of n: Wilson 1927, without
// continuity correction.
//
//	(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n),  p = successes/n
//
// With n < 1 nothing is known: 0 to 1.
func Wilson(successes, n int) (low, high float64) {
	if n < 1 {
		return 0, 1
	}
	const z = 1.959963984540054 // the 97.5 % point of the normal distribution
	size := float64(n)
	p := float64(successes) / size
	centre := p + z*z/(2*size)
	spread := z * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	scale := 1 + z*z/size
	return max((centre-spread)/scale, 0), min((centre+spread)/scale, 1)
}
