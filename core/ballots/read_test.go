package ballots

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"socia/core/paper"
)

func TestRead_RefusesAMalformedFileWithLineAndColumn(t *testing.T) {
	const head = "3 2\n4 1 2 0\n"
	const names = "\"A\"\n\"B\"\n\"C\"\n"
	for _, c := range []struct {
		format Format
		text   string
		want   string // the beginning of the error
	}{
		{BLT, "", "1:1: the file ends before the number of candidates"},
		{BLT, "x 2\n", `1:1: "x" is not the number of candidates`},
		{BLT, "99999 2\n", "1:1: 99999 is not the number of candidates"},
		{BLT, "3 0\n", `1:3: "0" is not the number of seats`},
		{BLT, "3 2\n-4\n", "2:2: 4 is not the number of a withdrawn candidate"},
		{BLT, "3 2\n-1 -1\n", "2:4: candidate 1 is withdrawn a second time"},
		{BLT, "3 2\n[tie 1 1]\n", "2:8: candidate 1 is in the order for ties a second time"},
		{BLT, "3 2\n[nick a]\n", "2:1: only [tie"},
		{BLT, head + "1 2 2 0\n", "3:5: candidate 2 is preferred a second time"},
		{BLT, head + "1 4 0\n", "3:3: there is no candidate 4, only 3"},
		{BLT, head + "1 x 0\n", `3:3: "x" is not a candidate's number`},
		{BLT, head + "1 1= 0\n", "3:6: 0 cannot share a rank"},
		{BLT, head + "1.5 1 0\n", `3:1: "1.5" is not a number of papers`},
		{BLT, head + "1 2\n1 2 0\n", "4:3: candidate 2 is preferred a second time (the paper begins in line 3"},
		{BLT, head + "1 2", "3:4: the file ends before the 0 that closes the paper"},
		{BLT, head, "3:1: the file ends before the line 0"},
		{BLT, head + names, "3:1: names begin before the line 0"},
		{BLT, head + "4611686018427387903 1 0\n", "3:1: the papers weigh more than can be counted"},
		{BLT, head + "0\n\"A\"\n", "5:1: the file ends before the name of candidate 2 of 3"},
		{BLT, head + "0\n\"A\n", "4:1: the quote is not closed on its line"},
		{BLT, head + "0\n\"A\"\n\"A\"\n", `5:1: another option is called "A"`},
		{BLT, head + "0\n\"\"\n", "4:1: the name is empty"},
		{BLT, head + "0\n\"\x1b[2J\"\n", "4:1: the name holds the control character U+001B"},
		{BLT, head + "0\n" + names + "\"T\"\nrest", `8:1: "rest" stands where the title is expected`},
		{BLT, "\xff\xfe3\x00", "1:1: the file is written in UTF-16"},
		{ABIF, "", "1:1: there is no paper"},
		{ABIF, "{title: \"x\"\n1:A", "1:1: the brace is not closed"},
		{ABIF, "=A:[Ada\n1:A", "1:4: the name is not closed"},
		{ABIF, "=A:[Ada]\n=A:[Eva]\n", `2:1: the option "A" is declared a second time`},
		{ABIF, "A>B\n", "1:1: a line begins with a number of papers"},
		{ABIF, "3 A>B\n", "1:3: a colon is expected"},
		{ABIF, "3:A>>B\n", "1:5: an option's name is expected"},
		{ABIF, "3:A>B>A\n", `1:7: "A" is named a second time`},
		{ABIF, "3:A,B>C\n", "1:6: a paper has either commas"},
		{ABIF, "3:A/x\n", "1:5: a score is a whole number"},
		{ABIF, "3:A/3>B/5\n", `1:7: "B" has the score 5`},
		{ABIF, "99999999999999999999:A\n", "1:1: the number of papers is larger than can be counted, 4611686018427387903"},
		{ABIF, "0:A\n", "1:1: a line begins with a number of papers from 1"},
		{Debian, "     Option 1---->: A\n   /  Option 2--->: B\n   |/\nV: 123\n", "4:4: the vote has 3 places, and the head lists 2 options"},
		{Debian, "head\n", "2:1: no line begins with V:"},
		{Debian, "V: 12\nV: 123\n", "2:4: the vote has 3 places, the first one had 2"},
		{Debian, "V: 1?\n", "1:5: '?' is no rank"},
		{Debian, "V: 12\nnonsense\n", "2:1: after the first vote"},
		{CSV, "", "1:1: the file is empty"},
		{CSV, "count,rank1,rank3\n", `1:13: "rank3" is not the column of rank 2`},
		{CSV, "A,A\n", `1:3: another option is called "A"`},
		{CSV, "A,B\n1\n", "2:2: the line has 1 cells, the first one has 2"},
		{CSV, "A,B\n1,1,1\n", "2:5: the line has more cells"},
		{CSV, "A,B\n1,yes\n", `2:3: "yes" is not a mark`},
		{CSV, "count (1 is first),A,B\n1,0,1\n", "2:3: 0 is not a rank"},
		{CSV, "count (1 is first),A,B\n1,1,3\n", "2:5: 3 is not a rank: those of 2 options are 1 to 2"},
		{CSV, "count,A\nmany,1\n", `2:1: "many" is not a number of papers`},
		{CSV, "rank1\n\"A\n", "2:1: the quote is not closed"},
		{CSV, "rank1\n\"A\"x\n", `2:4: "x" stands after the quote`},
	} {
		_, err := Read(strings.NewReader(c.text), c.format, new(Rankings))
		var wrong *SyntaxError
		if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s %q: %v, not %s", c.format, c.text, err, c.want)
		}
	}
}

// story writes what a file holds in one line.
func story(t *testing.T, text string) string {
	t.Helper()
	var r Rankings
	e, err := Read(strings.NewReader(text), "", &r)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return fmt.Sprint(e.Format, " ", e.Seats, " ", strings.Join(e.Options, "|"), " ", papersOf(&r), " blank ", e.Blank)
}

func TestRead_TakesWhatEachFormatSays(t *testing.T) {
	const equal = 32768
	for text, want := range map[string]string{
		"4 2\n-2\n[tie 4 1]\n3 1=3 4 0 # so\n1 - 2\n0\n2 1 - 0\n5 0\n0\n\"A\" \"B\"\n\"C\xe9\"\n\"D\"\n": fmt.Sprint("blt 2 A|B|Cé|D ", []string{fmt.Sprint(3, []int{0, 2 + equal, 3}), "2 [0]"}, " blank 6"),
		"{title: \"T\"}\n=A:[Ada]\n27:A>B=C # so\n5:A/5,B/3,C/5\n2:\n":                                   fmt.Sprint("abif 0 A|B|C ", []string{fmt.Sprint(27, []int{0, 1, 2 + equal}), fmt.Sprint(5, []int{0, 2 + equal, 1})}, " blank 2"),
		"head\nV: 3-3A 0ff\nV: ----\n":                                              fmt.Sprint("debian 0 0|1|2|3 ", []string{fmt.Sprint(1, []int{0, 2 + equal, 3})}, " blank 1"),
		"count,rank1,rank2\n3,A,undervote\n2,,\"B, C\"\n1,overvote,A\n4,skipped,\n": fmt.Sprint("csv 0 A|B, C ", []string{"3 [0]", "2 [32767 1]", "1 [32766 0]"}, " blank 4"),
		"count (1 is first),A,B,C\n3,2,,1\n2,1,2,2\n1,3,,1\n4,,,\n":                 fmt.Sprint("csv 0 A|B|C ", []string{"4 [2 0]", fmt.Sprint(2, []int{0, 1, 2 + equal})}, " blank 4"),
		"Ada;Berta\nx;\n;3\n1;2\n;\n":                                               fmt.Sprint("csv 0 Ada|Berta ", []string{"1 [0]", "1 [1]", "1 [1 0]"}, " blank 1"),
	} {
		if got := story(t, text); got != want {
			t.Errorf("%q:\n%s\nnot\n%s", text, got, want)
		}
	}
}

func TestRead_MarksGoToWhoTakesThem(t *testing.T) {
	var p Papers
	e, err := Read(strings.NewReader("count,A,B\n2,5,\n3,,1\n1,5,\n"), CSV, &p)
	if err != nil || !e.Marked || p.Ranked.Len() != 0 {
		t.Fatalf("%+v, %v", e, err)
	}
	all := p.Bundles(2)
	if len(all) != 2 || all[0].Weight != 3 || !slices.Equal(all[0].Paper, paper.Paper{5, paper.Blank}) || !slices.Equal(all[1].Paper, paper.Paper{paper.Blank, 1}) {
		t.Errorf("%v", all)
	}
}

func TestRead_ALineAsLongAsManyBlocksIsRead(t *testing.T) {
	for _, blanks := range []int{firstBlock - 8, blockSize - 8, 3*blockSize + 1} {
		text := "2 1\n1 2" + strings.Repeat(" ", blanks) + "1 0\n1 1 0\n0\n\"A\"\n\"B\"\n"
		if got := story(t, text); got != "blt 1 A|B [1 [1 0] 1 [0]] blank 0" {
			t.Errorf("%d blanks: %s", blanks, got)
		}
	}
}

func TestRead_TellsWhatTheTakerRefused(t *testing.T) {
	if _, err := Read(strings.NewReader("1 1\n1 1 0\nx"), BLT, refusing{}); err == nil || err.Error() != "no" {
		t.Errorf("%v", err)
	}
}

type refusing struct{}

func (refusing) Take(int64, []Mark) error { return errors.New("no") }
