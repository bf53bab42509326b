package ballots

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// What is refused names a place in the file; what is accepted can be written as
// BLT and read back, unless BLT has no words for it.

func FuzzBLT(f *testing.F) {
	for _, seed := range []string{
		"3 2\n4 1 2 0\n2 3 0\n0\n\"Castor\"\n\"Pollux\"\n\"Helen\"\n\"Title\"\n",
		"\xef\xbb\xbf4 2\n-2 -3\n[tie 4 1 ]\n3 1=3 4 0\n2 - 2\n 1 0 # comment\n5 0\n0\n\"A\" \"B\"\n\"C\xe9\"\n\"D\"",
		"1 1\n0\n\"A\"\n", "2 1\n1 1=2 0\n1 -\n", "2 1 9223372036854775807 1 0 0", "12 1\n1 12 1 0\r\n22 3 10 0\n1 1 1 0\n", "64 1\n1 64 10 9 0 \n123456789012 64 0\n1 : 0\n1 00\n1 2 00\n", "2 1\n1 0002 0\n0\n\"A\"\n\"B\"\n\"\"\n\"more\"\n\"and more\"",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzed(t, data, BLT)
		alikeWithRoom(t, data)
	})
}

// alikeWithRoom reads a file again with empty lines at its end. A short file is read with care as a whole, and with room
// behind it the usual way: both must say the same.
func alikeWithRoom(t *testing.T, data []byte) {
	t.Helper()
	var careful, usual Rankings
	e1, err1 := Read(bytes.NewReader(data), BLT, &careful)
	if err1 != nil && strings.Contains(err1.Error(), "the file ends before") {
		return // it ends elsewhere now
	}
	e2, err2 := Read(bytes.NewReader(append(bytes.Clone(data), bytes.Repeat([]byte("\n"), usualLine+1)...)), BLT, &usual)
	if fmt.Sprint(err1) != fmt.Sprint(err2) || !reflect.DeepEqual(e1, e2) || !slices.Equal(papersOf(&careful), papersOf(&usual)) {
		t.Fatalf("%+v %v %v, with room behind %+v %v %v", e1, papersOf(&careful), err1, e2, papersOf(&usual), err2)
	}
}

func FuzzABIF(f *testing.F) {
	for _, seed := range []string{
		"{title: \"Here\"}\n=A:[Ada]\n=[Berta]:B\n27:A>B=C # and so\n5:A/5,B/3\n4:A,B\n2:\n1:\"x y\">[Berta]:{\"precinct\":1}\n",
		"3:A/5>B/3\n", "3:A/3>B/5\n", "1:A*1,B*2\n", "{\"title\": 1}\n1:A", "1:A>A", "=A:[A]\n2:A>B\n", "99999999999999999999:A\n", "=A:[A]\n=B:[A]\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, data, ABIF) })
}

func FuzzDebian(f *testing.F) {
	for _, seed := range []string{"head \xe9\nV: 45123245-  6524\nV: --------1\n", "V:12\nV: 21 x\n", "  Option 1---->: A\n/  Option 2-->: B\nV: 12\nV: 123\n", "V: AZz\n", "V: 1\nx", "V: 0\n", "V:"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, data, Debian) })
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"count,rank1,rank2\n3,A,undervote\n2,\"B, \"\"the\"\" C\",overvote\n1,,A\n1,A,A\n", "Ada;Berta\nx;\n;3\n1;1\n", "A\tB\n1\t2\n",
		"rank1,rank3\n", "count\n1\n", "A,A\n", "\"A\"x,B\n", "count,A\n0,1\n", "A,B\n1\n", "rank1\nA\xe9\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, data, CSV) })
}

func fuzzed(t *testing.T, data []byte, format Format) {
	var r Rankings
	e, err := Read(bytes.NewReader(data), format, &r)
	if err != nil {
		checkPlace(t, data, err)
		return
	}
	if e.Papers != e.Blank+r.Total() || e.Papers < 0 {
		t.Fatalf("%d papers, %d blank, %d others", e.Papers, e.Blank, r.Total())
	}
	if slices.Contains(e.Options, "") || (e.FullNames != nil && len(e.FullNames) != len(e.Options)) {
		t.Fatalf("options %q, full names %q", e.Options, e.FullNames)
	}
	Detect(data)
	if _, err := Read(bytes.NewReader(data), format, new(Papers)); err != nil {
		t.Fatalf("as marks: %v", err)
	}
	var written bytes.Buffer
	if WriteBLT(&written, e, &r) != nil {
		if format == BLT {
			t.Fatal("what BLT said cannot be written")
		}
		return
	}
	var again Rankings
	e2, err := Read(&written, BLT, &again)
	if err != nil {
		t.Fatalf("what was written is refused: %v", err)
	}
	e.Format, e.FullNames, e.Marked, e.Seats = BLT, nil, false, max(e.Seats, 1)
	if !reflect.DeepEqual(e, e2) {
		t.Fatalf("written %+v, read %+v", e, e2)
	}
	if !slices.Equal(papersOf(&r), papersOf(&again)) {
		t.Fatalf("written %v, read %v", papersOf(&r), papersOf(&again))
	}
}

// checkPlace looks whether an error points into the file.
func checkPlace(t *testing.T, data []byte, err error) {
	t.Helper()
	var wrong *SyntaxError
	if !errors.As(err, &wrong) {
		t.Fatalf("%v names no place", err)
	}
	lines := bytes.Split(data, []byte("\n"))
	if wrong.Line < 1 || wrong.Line > len(lines) || wrong.Column < 1 || wrong.Column > len(lines[wrong.Line-1])+1 || wrong.What == "" {
		t.Fatalf("%v points out of the file", err)
	}
}

func papersOf(r *Rankings) []string {
	all := make([]string, r.Len())
	for i := range all {
		weight, marks := r.Paper(i)
		all[i] = fmt.Sprint(weight, marks)
	}
	return all
}
