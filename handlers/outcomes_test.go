package handlers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"socia/app/transparency"
	"socia/core/count"
	"socia/core/methods"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/polls"
)

// constantsOf reads the values of the constants of one type from the source of a package, so that no list of them is
// kept beside them and forgotten.
func constantsOf(t *testing.T, dir, name string) (all []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
				of, typed := v.Type.(*ast.Ident)
				value, literal := v.Values[0].(*ast.BasicLit)
				if typed && literal && of.Name == name {
					text, _ := strconv.Unquote(value.Value)
					all = append(all, text)
				}
			}
			return true
		})
	}
	if len(all) < 3 {
		t.Fatalf("%s of %s: only %q were found", name, dir, all)
	}
	return all
}

func TestOutcomes_EveryOneHasItsWordsWhereverItIsTold(t *testing.T) {
	motion := constantsOf(t, "../core/tally", "Outcome")
	answers, advice := constantsOf(t, "../core/consent", "Outcome"), constantsOf(t, "../core/consent", "Stage")
	ways := append(append([]string{"decided_opt_in", "undecided", "no_quorum"}, answers...), advice...)
	groups := []string{}
	for _, m := range methods.All() {
		if m.Answer != methods.Words {
			groups = append(groups, string(m.Group))
			ways = append(ways, "decided_"+string(m.Group))
		}
	}
	told := map[string][]string{
		"open.outcome.": motion, "assemblies.outcome.": motion, "minutes.outcome.": motion, "tally.outcome.": motion,
		"polls.outcome.": ways, "polls.story.consent_": answers, "polls.story.consensus_": answers, "polls.story.advice_": advice, "polls.story.": groups,
	}
	b, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Languages() {
		for beginning, ends := range told {
			for _, end := range ends {
				if !b.For(lang).Has(beginning + end) {
					t.Errorf("%s: nothing is said for %s", lang, beginning+end)
				}
			}
		}
	}
	for _, beginning := range builtOfOutcomes(t, "../handlers", "../views", "../app") {
		if told[beginning] == nil {
			t.Errorf("keys are built from %q: say here of which outcomes", beginning)
		}
	}
}

// builtOfOutcomes are the beginnings of the keys that code completes with how a poll ended.
func builtOfOutcomes(t *testing.T, dirs ...string) (all []string) {
	t.Helper()
	about := regexp.MustCompile(`"([a-z_.]*outcome\.)" ?\+`)
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, m := range about.FindAllStringSubmatch(string(source), -1) {
				if b := m[1]; b != "members.outcome." && b != "fees.case.story.outcome." { // of applications and appeals
					all = append(all, b)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(all)
	if all = slices.Compact(all); len(all) < 5 {
		t.Fatalf("keys built of outcomes: only %q were found", all)
	}
	return all
}

func TestOutcomes_TheListOfDecisionsShowsNoKey(t *testing.T) {
	b, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Languages() {
		for _, outcome := range constantsOf(t, "../core/tally", "Outcome") {
			d := transparency.Decision{Method: methods.Motion, Outcome: outcome}
			if said := outcomeCell(b.For(lang), d).Text; strings.ContainsAny(said, "⟦–") {
				t.Errorf("%s: a motion that ended %s says %q", lang, outcome, said)
			}
		}
	}
}

// What the list of decisions says of a poll is what its own page says.
func TestOutcomes_TheListSaysWhatThePageSays(t *testing.T) {
	b, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	texts := b.For("ca")
	for _, m := range methods.All() {
		if m.Answer == methods.Words {
			continue
		}
		r := count.Result{Method: string(m.Name), Options: []string{"Anna"}, Winners: []int{0}, Scale: 1, Papers: "1", Valid: "1", Rounds: []count.Round{{Number: 1, Tally: []count.Line{{Votes: "1"}}}}}
		poll := models.Poll{Method: m.Name, Count: &models.PollCount{Cast: 1, Result: &r}}
		listed := outcomeCell(texts, transparency.Decision{Method: m.Name, Outcome: poll.Outcome()}).Text
		if told := pages.Tell(texts, poll, m, *poll.Count, nil).Word; listed != told {
			t.Errorf("%s: the list says %q, the page %q", m.Name, listed, told)
		}
	}
}

func TestOptIn_ThePaperAsksWhoIsIn_NotForABlankVote(t *testing.T) {
	b, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	method, _ := methods.ByName(methods.OptIn)
	for lang, want := range map[string]string{"ca": "No m’hi apunto", "es": "No me apunto", "en": "I am not in"} {
		options := []string{"Acollida", "Economia"}
		paper := pages.NewPaper(b.For(lang), method, models.Poll{Method: methods.OptIn}, options, pages.PaperOf{Member: 1})
		if last := paper.One.Options[2].Label; last != want {
			t.Errorf("%s: the paper says %q", lang, last)
		}
		if said := pages.Says(b.For(lang), method, options, ","); said != want {
			t.Errorf("%s: what was cast is %q", lang, said)
		}
	}
}
