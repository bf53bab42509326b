package ballots

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socia/core/paper"
)

// nasty are names that look like heads, like other formats, or like what cells are made of.
var nasty = []string{
	"Choice 1", "Choice 2", "rank1", "Rank 2", "preference_3", "count", "weight", RanksByOption, MarksByOption, "undervote", "overvote", "skipped", "x", "1", "12:A>B", "V: 12", "{a}", "# a",
	"a;b;c;d", "Bedoll, el petit", `"`, `""`, `say "yes"`, `a",b`, "'", "''", "=1+1", "'=1+1", "''=1+1", "+1", "-1", "@a", "'a", `\.`, "=A:[B]", "à é·l", "a  b",
}

// named draws different names that Read takes.
func named(t *rapid.T) []string {
	name := rapid.OneOf(rapid.SampledFrom(nasty), rapid.Map(rapid.StringMatching(`[-a=+@'",;: #1é]{1,6}`), strings.TrimSpace))
	return rapid.SliceOfNDistinct(name.Filter(func(s string) bool { return s != "" }), 1, 6, rapid.ID[string]).Draw(t, "names")
}

// TestWriteCSV_ReadGivesTheSameOptionsAndPapers: Read(WriteCSV(head, options, papers)) = options, papers, for ranks and for marks,
// whether the format is said or found out.
func TestWriteCSV_ReadGivesTheSameOptionsAndPapers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := named(t)
		head, most := MarksByOption, 10
		if rapid.Bool().Draw(t, "ranks") {
			head, most = RanksByOption, len(options)
		}
		var papers []paper.Bundle
		for range rapid.IntRange(1, 5).Draw(t, "papers") {
			p := make(paper.Paper, len(options))
			for i := range p {
				if p[i] = rapid.IntRange(0, most).Draw(t, "mark"); p[i] == 0 && (head == RanksByOption || i == 0) {
					p[i] = paper.Blank
				}
			}
			papers = append(papers, paper.Bundle{Paper: p, Weight: rapid.Int64Range(1, 1000).Draw(t, "weight")})
		}
		var file strings.Builder
		if err := WriteCSV(&file, head, options, papers); err != nil {
			t.Fatal(err)
		}
		var into Papers
		e, err := Read(strings.NewReader(file.String()), rapid.SampledFrom([]Format{CSV, ""}).Draw(t, "format"), &into)
		if err != nil || !slices.Equal(e.Options, options) {
			t.Fatalf("%v: %q, want %q\n%s", err, e.Options, options, file.String())
		}
		if got, want := kept(t, head, &into, e), wanted(t, head, papers); !reflect.DeepEqual(got, want) {
			t.Fatalf("%v, want %v\n%s", got, want, file.String())
		}
	})
}

// kept is the weight of each way of filling in that was read.
func kept(t *rapid.T, head string, p *Papers, e Election) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	if head == RanksByOption {
		for i := range p.Ranked.Len() {
			weight, marks := p.Ranked.Paper(i)
			all[fmt.Sprint(marks)] += weight
		}
		if e.Marked {
			t.Fatal("ranks were read as marks")
		}
	}
	for _, b := range p.Bundles(len(e.Options)) {
		all[b.Paper.String()] += b.Weight
	}
	if e.Blank > 0 {
		all["blank"] = e.Blank
	}
	return all
}

func wanted(t *rapid.T, head string, papers []paper.Bundle) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	for _, b := range papers {
		switch {
		case b.Paper.IsBlank():
			all["blank"] += b.Weight
		case head == RanksByOption:
			all[fmt.Sprint(rankMarks(b.Paper, nil))] += b.Weight
		default:
			all[b.Paper.String()] += b.Weight
		}
	}
	return all
}

func TestRead_CSV_ASpreadsheetSavedOurHeadWithItsOwnSeparator(t *testing.T) {
	for _, text := range []string{
		"count (1 is first);Choice 1;A,B,C,D\n2;2;1\n", "\"count (1 is first)\"\t\"Choice 1\"\tA,B,C,D\n2\t2\t1\n", "Count (1 is first) ;Choice 1;A,B,C,D\r\n2;2;1\r\n",
	} {
		if got, want := story(t, text), "csv 0 Choice 1|A,B,C,D [2 [1 0]] blank 0"; got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
