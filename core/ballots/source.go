package ballots

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

const (
	bom = "\xef\xbb\xbf"
	// firstBlock and blockSize are how much is read at once, first and later; longestLine is how much memory one line may ask for.
	blockSize   = 1 << 18
	firstBlock  = 1 << 14
	longestLine = 1 << 22
	// lookAhead is at least how many bytes are at hand after need, unless the file ends.
	lookAhead = 32
)

// source is a file's bytes with the place where reading is. After the last byte
// at hand stands a 0, so that a loop over digits needs no check for the end.
type source struct {
	r         io.Reader
	buf       []byte
	at, end   int // buf[at:end] is at hand
	line      int // of at, from 1
	lineStart int // where in buf the line begins; below 0 when that was given up
	done      bool
	err       error // why reading ended, when not at the end
}

// open reads the first block, and leaves a byte-order mark behind.
func open(r io.Reader) (*source, error) {
	s := &source{r: r, buf: make([]byte, firstBlock+1), line: 1}
	s.fill()
	if s.err != nil {
		return nil, s.err
	}
	head := s.buf[:s.end]
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return nil, s.here().wrong("the file is written in UTF-16; save it as UTF-8")
	}
	if bytes.HasPrefix(head, []byte(bom)) {
		s.at, s.lineStart = len(bom), len(bom)
	}
	return s, nil
}

// fill gives up what is before at and reads on until the buffer is full or the file ends.
func (s *source) fill() {
	into := s.buf
	if s.end > 0 && len(s.buf) <= blockSize {
		into = make([]byte, blockSize+1)
	} else if s.at == 0 && s.end == len(s.buf)-1 {
		into = make([]byte, 2*len(s.buf)-1)
	}
	copy(into, s.buf[s.at:s.end])
	s.buf = into
	s.end, s.lineStart, s.at = s.end-s.at, s.lineStart-s.at, 0
	for s.end < len(s.buf)-1 && !s.done {
		n, err := s.r.Read(s.buf[s.end : len(s.buf)-1])
		s.end += n
		if err != nil {
			s.done = true
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
		}
	}
	s.buf[s.end] = 0
}

// need sees to it that some bytes are at hand, unless the file ends.
func (s *source) need() {
	if s.end-s.at < lookAhead && !s.done {
		s.fill()
	}
}

// place is somewhere in a file.
type place struct{ line, column int }

func (s *source) here() place { return place{s.line, s.at - s.lineStart + 1} }

func (p place) plus(bytes int) place { return place{p.line, p.column + bytes} }

func (p place) wrong(format string, args ...any) error {
	return &SyntaxError{Line: p.line, Column: p.column, What: fmt.Sprintf(format, args...)}
}

// nextLine gives a line without its end, and where it begins; it is the
// caller's until the next call. There is none more when ok is false.
func (s *source) nextLine() (line []byte, at place, ok bool, err error) {
	searched := 0
	for {
		i := bytes.IndexByte(s.buf[s.at+searched:s.end], '\n')
		if i >= 0 {
			i += searched
			line, at = s.buf[s.at:s.at+i], s.here()
			s.at += i + 1
			s.line, s.lineStart = s.line+1, s.at
			return bytes.TrimSuffix(line, []byte{'\r'}), at, true, nil
		}
		if s.done {
			line, at = s.buf[s.at:s.end], s.here()
			s.at = s.end
			return bytes.TrimSuffix(line, []byte{'\r'}), at, len(line) > 0, nil
		}
		searched = s.end - s.at
		if searched > longestLine {
			return nil, s.here(), false, s.here().wrong("the line is longer than %d bytes", longestLine)
		}
		s.fill()
	}
}

func isDigit(c byte) bool { return c-'0' < 10 }

// whole reads a whole number from 1 to mostWeight; it says how many bytes it took, 0 when there is none.
func whole(text []byte) (n int64, length int) {
	for length < len(text) && length < lookAhead-2 && isDigit(text[length]) {
		if n > (mostWeight-int64(text[length]-'0'))/10 {
			return 0, 0
		}
		n = n*10 + int64(text[length]-'0')
		length++
	}
	if n == 0 {
		return 0, 0
	}
	return n, length
}

// nameOf checks a name, and gives it as UTF-8: what is not UTF-8 is read as ISO-8859-1.
func nameOf(raw []byte, at place) (string, error) {
	name := string(raw)
	if !utf8.ValidString(name) {
		runes := make([]rune, len(raw))
		for i, c := range raw {
			runes[i] = rune(c)
		}
		name = string(runes)
	}
	if name == "" {
		return "", at.wrong("the name is empty")
	}
	for _, r := range name {
		if unicode.IsControl(r) {
			return "", at.wrong("the name holds the control character %U; names are UTF-8 or ISO-8859-1", r)
		}
	}
	return name, nil
}
