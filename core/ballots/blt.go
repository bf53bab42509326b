package ballots

import (
	"bytes"
	"slices"
)

// readBLT reads Hill's format. White space separates, "#" begins a comment:
//
//	candidates seats
//	-3 -5              withdrawn candidates, may be missing
//	[tie 3 2 1]        droop's order for ties, may be missing
//	5 2 1=4 - 3 0      five papers: 2 first, then 1 and 4 alike, a rank left empty, then 3
//	0                  the end of the papers
//	"Name" …           as many as candidates
//	"Title"            may be missing, and up to two more texts that some programs add
//
// "5 0" is five blank papers; so are five that only name withdrawn candidates.
func readBLT(f *file) error {
	b := &blt{file: f}
	for _, step := range []func() error{b.head, b.before, b.papers, b.names, b.after} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

type blt struct {
	*file
	candidates int
	begun      int      // the line where the paper being read begins
	seen       []uint32 // per candidate: the last paper that named it
	gone       uint64   // of the first 64 candidates, those who are withdrawn
	stamp      uint32   // of the paper being read
}

// mostSeats bounds what a head may say.
const mostSeats = MostOptions

func (b *blt) head() error {
	candidates, err := b.number("the number of candidates", b.mostOptions())
	if err != nil {
		return err
	}
	seats, err := b.number("the number of seats", mostSeats)
	if err != nil {
		return err
	}
	b.candidates, b.Seats = candidates, seats
	b.seen = make([]uint32, candidates)
	return nil
}

// before reads what stands before the papers: withdrawn candidates and the order for ties.
func (b *blt) before() error {
	for {
		b.blanks()
		switch b.buf[b.at] {
		case '-':
			if err := b.withdrawn(); err != nil {
				return err
			}
		case '[':
			if err := b.tie(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

func (b *blt) withdrawn() error {
	at := b.here()
	b.at++
	n, err := b.number("the number of a withdrawn candidate", b.candidates)
	if err != nil {
		return err
	}
	for _, w := range b.Withdrawn {
		if w == n-1 {
			return at.wrong("candidate %d is withdrawn a second time", n)
		}
	}
	b.Withdrawn = append(b.Withdrawn, n-1)
	b.gone |= 1 << (n - 1) // nothing for those after the first 64: usual reads no file that has them
	return nil
}

func (b *blt) tie() error {
	if !bytes.HasPrefix(b.buf[b.at:b.end], []byte("[tie")) || isDigit(b.buf[b.at+4]) {
		return b.here().wrong("only [tie …] is known in square brackets")
	}
	if b.TieOrder != nil {
		return b.here().wrong("a second order for ties")
	}
	b.at += len("[tie")
	b.stamp++
	for {
		b.blanks()
		at := b.here()
		if b.buf[b.at] == ']' && len(b.TieOrder) > 0 {
			b.at++
			return nil
		}
		n, err := b.number("a candidate's number in the order for ties", b.candidates)
		if err != nil {
			return err
		}
		if b.seen[n-1] == b.stamp {
			return at.wrong("candidate %d is in the order for ties a second time", n)
		}
		b.seen[n-1] = b.stamp
		b.TieOrder = append(b.TieOrder, n-1)
	}
}

// blanks skips white space and comments, and has some bytes at hand afterwards.
func (s *source) blanks() {
	for {
		s.need()
		switch s.buf[s.at] {
		case ' ', '\t', '\r':
			s.at++
		case '\n':
			s.at++
			s.line, s.lineStart = s.line+1, s.at
		case '#':
			s.comment()
		default:
			return
		}
	}
}

// comment skips to the end of the line.
func (s *source) comment() {
	for {
		if i := bytes.IndexByte(s.buf[s.at:s.end], '\n'); i >= 0 {
			s.at += i
			return
		}
		s.at = s.end
		if s.done {
			return
		}
		s.fill()
	}
}

// number reads a whole number from 1 to most; what says what it is.
func (b *blt) number(what string, most int) (int, error) {
	b.blanks()
	at := b.here()
	n, length := whole(b.buf[b.at:b.end])
	switch {
	case length == 0 && b.finished():
		return 0, at.wrong("the file ends before %s", what)
	case length == 0 || !endsToken(b.buf[b.at+length]):
		return 0, at.wrong("%q is not %s, a whole number from 1", b.word(), what)
	case n > int64(most):
		return 0, at.wrong("%d is not %s: there can be no more than %d", n, what, most)
	}
	b.at += length
	return int(n), nil
}

func (s *source) finished() bool { return s.done && s.at == s.end }

// word is the token that begins at hand, cut where a message would grow too long.
func (s *source) word() []byte {
	i := s.at
	for i < s.end && i < s.at+lookAhead-1 && (!endsToken(s.buf[i]) || s.buf[i] == 0) {
		i++
	}
	return s.buf[s.at:max(i, min(s.at+1, s.end))]
}

// endsToken says whether a byte cannot be part of a number; the 0 after the last byte is one.
func endsToken(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '#', ']', '=', 0:
		return true
	}
	return false
}

// papers reads up to the line "0".
func (b *blt) papers() error {
	for {
		b.blanks()
		b.usual()
		b.blanks()
		at := b.here()
		b.begun = at.line
		c := b.buf[b.at]
		if c == '0' && endsToken(b.buf[b.at+1]) {
			b.at++
			return nil
		}
		weight, length := whole(b.buf[b.at:b.end])
		if length == 0 || !endsToken(b.buf[b.at+length]) {
			return b.noWeight(at)
		}
		b.at += length
		if err := b.weigh(weight, at); err != nil {
			return err
		}
		if err := b.ranks(); err != nil {
			return err
		}
		if b.onlyWithdrawn() {
			b.marks = b.marks[:0]
		}
		if err := b.hand(weight); err != nil {
			return err
		}
	}
}

// onlyWithdrawn says whether the paper names nobody who stands: then it is blank.
func (b *blt) onlyWithdrawn() bool {
	return len(b.Withdrawn) > 0 && !slices.ContainsFunc(b.marks, func(m Mark) bool {
		option, named := m.Option()
		return named && !slices.Contains(b.Withdrawn, option)
	})
}

const (
	usualCandidates = 64
	usualLine       = 256 // more than the longest line that usual takes: a weight and 64 numbers, none of more than 9 and 2 digits
)

// usual takes papers as long as they are written as nearly all are: on a line of
// their own, with single spaces and one candidate at each rank. It stops before a
// paper that is not, or is wrong, and before what is not at hand as a whole; the
// caller reads that. Nothing here depends on a digit being there or not: wrong
// guesses of the processor would cost more than all the rest.
func (b *blt) usual() {
	candidates := uint64(b.candidates) //nolint:gosec // G115: head refuses less than 1
	for candidates <= usualCandidates && b.end-b.at >= usualLine {
		line := (*[usualLine]byte)(b.buf[b.at:]) // a byte cannot index beyond it
		at, weight := uint8(0), int64(0)
		for ; at < 9 && line[at]^'0' < 10; at++ {
			weight = weight*10 + int64(line[at]^'0')
		}
		if weight == 0 || line[at] != ' ' || weight > mostWeight-b.Papers {
			return
		}
		marks, count := (*[usualCandidates]Mark)(b.into.room(usualCandidates)), 0
		seen, h := uint64(0), hashBegin
		for {
			at++
			first, second := uint64(line[at]^'0'), uint64(line[at+1]^'0')
			two := (second - 10) >> 63 // 1 when there is a second digit, else 0
			n := first + two*(9*first+second)
			at += uint8(1 + two)
			if first > 9 || n-1 >= candidates || seen>>((n-1)%64)&1 != 0 || line[at] != ' ' {
				if n != 0 || two != 0 || count == 0 {
					return
				}
				break
			}
			seen |= 1 << ((n - 1) % 64)
			marks[count%usualCandidates] = Mark(n - 1) //nolint:gosec // G115: below 64
			h = hashMark(h, Mark(n-1))                 //nolint:gosec // G115: below 64
			count++
		}
		if line[at] == '\r' {
			at++
		}
		if line[at] != '\n' {
			return
		}
		if seen&^b.gone == 0 { // blank
			return
		}
		b.into.add(weight, count, hashEnd(h))
		b.Papers += weight
		b.at += int(at) + 1
		b.line, b.lineStart = b.line+1, b.at
	}
}

func (b *blt) noWeight(at place) error {
	switch {
	case b.finished():
		return at.wrong("the file ends before the line 0 that closes the papers")
	case b.buf[b.at] == '"':
		return at.wrong("names begin before the line 0 that closes the papers")
	}
	return at.wrong("%q is not a number of papers, a whole number from 1", b.word())
}

// ranks reads the preferences of a paper and the 0 that closes it. This is where
// a large file's time goes: the place is kept in local variables, and numbers
// with the usual single space in between go through no call.
func (b *blt) ranks() error {
	b.marks = b.marks[:0]
	if b.stamp++; b.stamp == 0 { // after 2^32 papers the old stamps would look new
		clear(b.seen)
		b.stamp = 1
	}
	tied := Mark(0)
	for {
		if b.buf[b.at] == ' ' && isDigit(b.buf[b.at+1]) && b.end-b.at >= lookAhead {
			b.at++
		} else {
			b.blanks()
		}
		buf, at := b.buf, b.at
		n := uint(0)
		for d := buf[at] - '0'; d < 10 && n <= MostOptions && at < b.at+lookAhead-2; d = buf[at] - '0' {
			n = n*10 + uint(d)
			at++
		}
		next := buf[at]
		switch {
		case n-1 < uint(len(b.seen)) && b.seen[n-1] != b.stamp && (next == ' ' || next == '\n' || next == '=' || endsToken(next)):
			b.seen[n-1] = b.stamp
			b.marks = append(b.marks, Mark(n-1)|tied) //nolint:gosec // G115: head refuses more than MostOptions
		case n == 0 && tied == 0 && at == b.at+1 && next != '=' && endsToken(next):
			b.at = at
			return nil
		case next == '-' && at == b.at && tied == 0 && endsToken(buf[at+1]) && buf[at+1] != '=':
			at++
			next = 0
			b.marks = append(b.marks, Skipped)
		default:
			return b.noRank(n, at)
		}
		b.at, tied = at, 0
		if next == '=' {
			b.at++
			tied = Equal
		}
	}
}

// noRank says what is wrong with the token at hand, which ends its digits at end.
func (b *blt) noRank(n uint, end int) error {
	at, hint := b.here(), ""
	if at.line > b.begun {
		hint = " (the paper begins in line %d: is its closing 0 missing?)"
	}
	wrong := func(format string, args ...any) error {
		if hint != "" {
			format, args = format+hint, append(args, b.begun)
		}
		return at.wrong(format, args...)
	}
	switch {
	case b.finished():
		return wrong("the file ends before the 0 that closes the paper")
	case b.buf[b.at] == '"':
		return wrong("names begin before the 0 that closes the paper")
	case end == b.at || !endsToken(b.buf[end]):
		return wrong("%q is not a candidate's number", b.word())
	case n == 0:
		return wrong("0 cannot share a rank: a candidate's number is missing beside =")
	case n > uint(len(b.seen)):
		return wrong("there is no candidate %d, only %d candidates", n, len(b.seen))
	case b.seen[n-1] == b.stamp:
		return wrong("candidate %d is preferred a second time", n)
	}
	return wrong("%q is not a candidate's number", b.word())
}

func (b *blt) names() error {
	for i := range b.candidates {
		b.blanks()
		at := b.here()
		raw, err := b.quoted("the name of candidate %d of %d", i+1, b.candidates)
		if err != nil {
			return err
		}
		name, err := nameOf(raw, at)
		if err != nil {
			return err
		}
		if _, err := b.add(name, at); err != nil {
			return err
		}
	}
	return nil
}

// after reads the title, and what some programs add to it.
func (b *blt) after() error {
	for i := range 3 {
		b.blanks()
		if b.finished() {
			return nil
		}
		at := b.here()
		raw, err := b.quoted("the title")
		if err != nil {
			return err
		}
		if i == 0 && len(raw) > 0 {
			if b.Title, err = nameOf(raw, at); err != nil {
				return err
			}
		}
	}
	b.blanks()
	if !b.finished() {
		return b.here().wrong("%q stands after the end", b.word())
	}
	return nil
}

// quoted reads a text in quotes that ends on its line; what it is goes into the message.
func (b *blt) quoted(what string, args ...any) ([]byte, error) {
	at := b.here()
	if b.finished() {
		return nil, at.wrong("the file ends before "+what, args...)
	}
	if b.buf[b.at] != '"' {
		return nil, at.wrong("%q stands where "+what+" is expected in quotes", append([]any{b.word()}, args...)...)
	}
	for length := 1; ; {
		if i := bytes.IndexAny(b.buf[b.at+length:b.end], "\"\n"); i >= 0 {
			length += i
			if b.buf[b.at+length] == '\n' {
				return nil, at.wrong("the quote is not closed on its line")
			}
			text := b.buf[b.at+1 : b.at+length]
			b.at += length + 1
			return text, nil
		}
		if length = b.end - b.at; b.done || length > longestLine {
			return nil, at.wrong("the quote is not closed on its line")
		}
		b.fill()
	}
}
