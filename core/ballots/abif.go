package ballots

import (
	"bytes"
	"encoding/json"
	"slices"

	"socia/core/paper"
)

// readABIF reads electorama's format, a line for each thing:
//
//	{title: "…"}               what is known of the election; only the title is kept
//	=Ada:[Ada Lovelace]        a short name and its full name, also =[Ada Lovelace]:Ada
//	27:Ada>Berta=Cleo          papers: preferred to, alike
//	5:Ada/5,Berta/3,Cleo/0     with scores; commas leave the order to the scores
//	3:Ada/5>Berta/3            an order with scores, which must agree
//	4:Ada,Berta                commas without scores: all alike
//	2:                         blank papers
//	# …                        a comment, also after a paper
//
// An option is named by its short name, or as [full name] or "full name"; one
// that no line declares is known from its first paper on, also beside others
// that are declared: lines may come in any order. "*" stands for "/" (weighted
// papers), and what follows a second colon is not read.
func readABIF(f *file) error {
	a := &abif{file: f}
	f.byName = map[string]int{}
	for {
		line, at, ok, err := f.nextLine()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := a.read(line, at); err != nil {
			return err
		}
	}
	if f.Papers == 0 {
		return f.here().wrong("there is no paper: a line such as 12:A>B")
	}
	if slices.ContainsFunc(f.FullNames, func(s string) bool { return s != "" }) {
		f.FullNames = append(f.FullNames, make([]string, len(f.Options)-len(f.FullNames))...)
	}
	return nil
}

type abif struct {
	*file
	text   []byte // of the line, from the place at on
	at     place
	seen   []int // per option: the line of the last paper that named it
	comma  bool  // of the paper being read: a comma stood in it
	order  bool  // > or = stood in it
	ranked bool  // a paper so far only ranked
}

func (a *abif) read(line []byte, at place) error {
	a.text, a.at = line, at
	a.blanksAway()
	if len(a.text) == 0 {
		return nil
	}
	switch a.text[0] {
	case '#':
		return nil
	case '{':
		return a.about()
	case '=':
		return a.declaration()
	}
	return a.papers()
}

func (a *abif) skip(bytes int) { a.text, a.at = a.text[bytes:], a.at.plus(bytes) }

func (a *abif) blanksAway() { a.skip(len(a.text) - len(bytes.TrimLeft(a.text, " \t"))) }

// next says whether a character comes next, and goes behind it.
func (a *abif) next(c byte) bool {
	if len(a.text) == 0 || a.text[0] != c {
		return false
	}
	a.skip(1)
	a.blanksAway()
	return true
}

// ended says whether nothing more is on the line than a comment.
func (a *abif) ended() bool { return len(a.text) == 0 || a.text[0] == '#' }

// about reads a line {key: "value"}.
func (a *abif) about() error {
	body, closed := bytes.CutSuffix(bytes.TrimSpace(a.text[1:]), []byte{'}'})
	if !closed {
		return a.at.wrong("the brace is not closed on its line")
	}
	key, value, found := bytes.Cut(body, []byte{':'})
	if !found {
		return a.at.wrong(`in braces {key: "value"} is expected`)
	}
	if string(bytes.Trim(key, " \t\"")) != "title" {
		return nil
	}
	var title string
	if err := json.Unmarshal(bytes.TrimSpace(value), &title); err != nil || title == "" {
		return a.at.wrong("the title must be a text in quotes")
	}
	name, err := nameOf([]byte(title), a.at)
	a.Title = name
	return err
}

// declaration reads =Token:[Full name] or =[Full name]:Token.
func (a *abif) declaration() error {
	begin := a.at
	a.skip(1)
	a.blanksAway()
	firstLong := len(a.text) > 0 && a.text[0] == '['
	first, err := a.name()
	if err != nil {
		return err
	}
	if !a.next(':') {
		return a.at.wrong("a colon is expected between the short and the full name")
	}
	secondLong := len(a.text) > 0 && a.text[0] == '['
	second, err := a.name()
	if err != nil {
		return err
	}
	if !a.ended() {
		return a.at.wrong("%q stands after the names", a.text)
	}
	if firstLong && !secondLong {
		first, second = second, first
	}
	return a.declare(first, second, begin)
}

// declare makes an option known by both its names.
func (a *abif) declare(short, full []byte, at place) error {
	if _, known := a.byName[string(short)]; known {
		return at.wrong("the option %q is declared a second time, or after a paper named it", short)
	}
	if other, known := a.byName[string(full)]; known {
		return at.wrong("%q is the name of the option %q too", full, a.Options[other])
	}
	option, err := a.option(short, at)
	if err != nil {
		return err
	}
	fullName, err := nameOf(full, at)
	if err != nil {
		return err
	}
	a.byName[string(full)] = option
	a.FullNames = append(a.FullNames, make([]string, option+1-len(a.FullNames))...)
	a.FullNames[option] = fullName
	return nil
}

// name reads an option's name: a token, [in brackets] or "in quotes".
func (a *abif) name() ([]byte, error) {
	begin := a.at
	end, skip := byte(0), 0
	if len(a.text) > 0 {
		switch a.text[0] {
		case '[':
			end, skip = ']', 1
		case '"':
			end, skip = '"', 1
		}
	}
	var length int
	if skip == 1 {
		if length = bytes.IndexByte(a.text[1:], end); length < 0 {
			return nil, begin.wrong("the name is not closed by %q on its line", end)
		}
	} else if length = bytes.IndexAny(a.text, ">=,/*:#[]{}\""); length < 0 {
		length = len(a.text)
	}
	name := bytes.TrimSpace(a.text[skip : skip+length])
	if len(name) == 0 {
		return nil, begin.wrong("an option's name is expected")
	}
	a.skip(length + 2*skip)
	a.blanksAway()
	return name, nil
}

// papers reads a line count:preferences.
func (a *abif) papers() error {
	begin := a.at
	weight, length := whole(a.text)
	if length == 0 {
		if bytes.IndexByte([]byte("123456789"), a.text[0]) >= 0 {
			return begin.wrong("the number of papers is larger than can be counted, %d", mostWeight)
		}
		return begin.wrong("a line begins with a number of papers from 1 and a colon, or with {, = or #")
	}
	a.skip(length)
	a.blanksAway()
	if !a.next(':') {
		return a.at.wrong("a colon is expected after the number of papers")
	}
	if err := a.weigh(weight, begin); err != nil {
		return err
	}
	a.marks, a.paper, a.comma, a.order = a.marks[:0], a.paper[:0], false, false
	if !a.ended() && a.text[0] != ':' {
		if err := a.preferences(); err != nil {
			return err
		}
	}
	if !a.ended() && a.text[0] != ':' {
		return a.at.wrong("%q is not >, = or a comma", a.text[:1])
	}
	if a.comma && !a.paper.IsBlank() {
		a.marks = ranksOf(a.paper, a.marks[:0])
	}
	if err := a.ofOneKind(begin); err != nil {
		return err
	}
	if !a.paper.IsBlank() && a.marksInto != nil {
		return a.handMarks(weight)
	}
	a.Marked = a.Marked || !a.paper.IsBlank()
	return a.hand(weight)
}

// ofOneKind refuses a paper that only ranks, or that has marks where others only rank, when that is asked.
func (a *abif) ofOneKind(at place) error {
	scored := !a.paper.IsBlank()
	ranks := !scored && len(a.marks) > 0
	switch {
	case ranks && a.asked.Marks:
		return a.onlyRanks(at)
	case a.asked.OneKind && (ranks && a.Marked || scored && a.ranked):
		return at.wrong("some papers have marks and others only ranks; one count cannot add them up")
	}
	a.ranked = a.ranked || ranks
	return nil
}

// preferences reads options and what stands between them.
func (a *abif) preferences() error {
	tied, above := Mark(0), paper.Blank
	for {
		begin := a.at
		option, mark, err := a.preference()
		if err != nil {
			return err
		}
		wrong := above != paper.Blank && mark != paper.Blank && (mark > above || tied != 0 && mark != above)
		if wrong && !a.comma {
			return begin.wrong("%q has the score %d, which does not agree with its place after the score %d", a.Options[option], mark, above)
		}
		a.marks = append(a.marks, Mark(option)|tied) //nolint:gosec // G115: add refuses more than MostOptions
		above = mark
		separator := a.at
		switch {
		case a.next('>'):
			tied, a.order = 0, true
		case a.next('='):
			tied, a.order = Equal, true
		case a.next(','):
			tied, a.comma = Equal, true
		default:
			return nil
		}
		if a.comma && a.order {
			return separator.wrong("a paper has either commas, or > and =")
		}
	}
}

// preference reads an option with its score, which is paper.Blank when none stands there.
func (a *abif) preference() (option, mark int, err error) {
	begin := a.at
	name, err := a.name()
	if err != nil {
		return 0, 0, err
	}
	if option, err = a.option(name, begin); err != nil {
		return 0, 0, err
	}
	for len(a.seen) <= option {
		a.seen = append(a.seen, 0)
	}
	if a.seen[option] == begin.line {
		return 0, 0, begin.wrong("%q is named a second time", name)
	}
	a.seen[option] = begin.line
	mark = paper.Blank
	if a.next('/') || a.next('*') {
		scored := a.at
		if mark, err = a.score(); err != nil {
			return 0, 0, err
		}
		if err := a.mayMark(a.Options[option], mark, scored); err != nil {
			return 0, 0, err
		}
	}
	for len(a.paper) <= option {
		a.paper = append(a.paper, paper.Blank)
	}
	a.paper[option] = mark
	return option, mark, nil
}

func (a *abif) score() (int, error) {
	length := 0
	for length < len(a.text) && isDigit(a.text[length]) {
		length++
	}
	mark, ok := markOf(a.text[:length])
	if length == 0 || !ok {
		return 0, a.at.wrong("a score is a whole number up to %d", mostMark)
	}
	a.skip(length)
	a.blanksAway()
	return mark, nil
}
