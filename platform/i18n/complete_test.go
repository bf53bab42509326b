package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
)

// dynamic lists the beginnings of keys that code puts together while it runs and
// that the test cannot read from a literal ending in a full stop. Keep it short.
var dynamic = []string{
	"ui.word.",                // the common vocabulary, free for every area to use
	"ui.error.",               // the faults that any form may have
	"ui.nav.",                 // the names of the areas, chosen by role
	"ui.page",                 // ui.page404.title: by HTTP status
	"members.import.missing_", // by column; core/memberfile puts it together
}

// all reads every file again, without the machinery under test: lang → key → forms.
func all(t *testing.T) map[string]map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]map[string]string{"ca": {}, "es": {}, "en": {}}
	names, err := fs.Glob(locales, "locales/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no files of texts: %v", err)
	}
	for _, name := range names {
		_, lang, _ := nameParts(name)
		raw, err := fs.ReadFile(locales, name)
		if err != nil {
			t.Fatal(err)
		}
		var file map[string]any
		if err := json.Unmarshal(raw, &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for key, v := range file {
			out[lang][key] = forms(v)
		}
	}
	return out
}

func forms(v any) map[string]string {
	if s, ok := v.(string); ok {
		return map[string]string{"text": s}
	}
	out := map[string]string{}
	if m, ok := v.(map[string]any); ok {
		for form, s := range m {
			out[form] = fmt.Sprint(s)
		}
	}
	return out
}

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

// placeholders lists the names that a text uses in any of its forms, sorted.
func placeholders(forms map[string]string) string {
	var out []string
	for _, s := range forms {
		for _, p := range placeholder.FindAllString(s, -1) {
			p = "{{" + strings.Trim(p[strings.Index(p, "."):], "})") + "}}" // {{de .Name}} in Catalan is {{.Name}} elsewhere
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	sort.Strings(out)
	return strings.Join(out, " ")
}

func TestTexts_EveryLanguageHasTheSameKeysFormsAndPlaceholders(t *testing.T) {
	texts := all(t)
	for key, want := range texts[Default] {
		for _, lang := range Languages() {
			got, ok := texts[lang][key]
			if !ok {
				t.Errorf("%s: %s is missing", lang, key)
				continue
			}
			if placeholders(got) != placeholders(want) {
				t.Errorf("%s: %s uses %q, but %s uses %q", lang, key, placeholders(got), Default, placeholders(want))
			}
			if (got["text"] == "") != (want["text"] == "") {
				t.Errorf("%s: %s has plural forms in one language only", lang, key)
			}
		}
	}
	for lang := range texts {
		for key := range texts[lang] {
			if _, ok := texts[Default][key]; !ok {
				t.Errorf("%s: %s is not in %s", lang, key, Default)
			}
		}
	}
}

func TestTexts_NoneIsEmptyOrCareless(t *testing.T) {
	for lang, keys := range all(t) {
		for key, forms := range keys {
			for form, s := range forms {
				switch {
				case strings.TrimSpace(s) == "" || s != strings.TrimSpace(s):
					t.Errorf("%s: %s (%s) is empty or has space around it", lang, key, form)
				case strings.ContainsAny(s, `'"`):
					t.Errorf("%s: %s has a typewriter quotation mark or apostrophe; write ’ “ ” « »: %s", lang, key, s)
				case strings.Contains(s, "..."):
					t.Errorf("%s: %s: write … for three dots: %s", lang, key, s)
				case strings.Contains(s, "!"):
					t.Errorf("%s: %s shouts: %s", lang, key, s)
				}
			}
			if len(forms) != 1 && (forms["one"] == "" || forms["other"] == "") {
				t.Errorf("%s: %s needs the forms one and other", lang, key)
			}
		}
	}
}

// infinitive is a Spanish button that does not speak to the reader as the others do: "Guardar" among "Vota".
var infinitive = regexp.MustCompile(`^\pL+[aei]r(?: |$)`)

func TestTexts_SpanishButtonsSpeakToTheReader(t *testing.T) {
	for key, forms := range all(t)[Spanish] {
		start := strings.HasPrefix(key, "ui.word.") || strings.HasPrefix(key, "ui.table.") || strings.HasPrefix(key, "ui.nav.sign_") || strings.HasPrefix(key, "ui.page.")
		if (start || strings.HasSuffix(key, ".do")) && infinitive.MatchString(forms["text"]) {
			t.Errorf("%s: write the imperative, as in «Guarda»: %s", key, forms["text"])
		}
	}
}

// keyForm is what a key looks like; a literal that ends in a full stop is the
// beginning of keys that the code completes while it runs.
var (
	called  = regexp.MustCompile(`\b[TN]\("([a-z][a-z0-9_]*\.[a-z0-9_.]*[a-z0-9_])"[,)]`)
	faulted = regexp.MustCompile(`\bfault\.[A-Z]\w*\(([^\n]*)`)
	literal = regexp.MustCompile(`"([a-z][a-z0-9_]*\.[a-z0-9_.]*)"`)
)

// source is what the program's own code says about keys.
type source struct {
	needed   map[string]string // key → the file that asks for it
	mentions map[string]bool   // every literal with the form of a key
	starts   []string          // literals that begin a key
}

func readSource(t *testing.T) source {
	t.Helper()
	s := source{needed: map[string]string{}, mentions: map[string]bool{}, starts: dynamic}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != root && (name == "tools" || name == "node_modules" || strings.HasPrefix(name, ".")) {
				return fs.SkipDir
			}
			return nil
		}
		if !isSource(path) {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s.read(path, string(raw))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// isSource leaves out tests, which may name keys that do not exist, and generated code, whose source is read.
func isSource(path string) bool {
	if strings.HasSuffix(path, ".templ") {
		return true
	}
	return strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "_templ.go")
}

func (s *source) read(path, code string) {
	for _, line := range strings.Split(code, "\n") {
		if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "//") {
			continue
		}
		for _, m := range called.FindAllStringSubmatch(line, -1) {
			s.needed[m[1]] = path
		}
		for _, m := range faulted.FindAllStringSubmatch(line, -1) {
			for _, l := range literal.FindAllStringSubmatch(m[1], -1) {
				if !strings.HasSuffix(l[1], ".") {
					s.needed[l[1]] = path
				}
			}
		}
		for _, l := range literal.FindAllStringSubmatch(line, -1) {
			if strings.HasSuffix(l[1], ".") {
				s.starts = append(s.starts, l[1])
			}
			s.mentions[l[1]] = true
		}
	}
}

func TestTexts_EveryKeyInTheCodeExists(t *testing.T) {
	texts := all(t)[Default]
	for key, path := range readSource(t).needed {
		if _, ok := texts[key]; !ok {
			t.Errorf("%s asks for %q, which no file of texts has", path, key)
		}
	}
}

func TestTexts_EveryKeyIsUsed(t *testing.T) {
	code := readSource(t)
	for key := range all(t)[Default] {
		begins := func(start string) bool { return strings.HasPrefix(key, start) }
		if !code.mentions[key] && !slices.ContainsFunc(code.starts, begins) {
			t.Errorf("%s is a text that nothing says: delete it", key)
		}
	}
}
