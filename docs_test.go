package main

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"socia/platform/config"
)

// Every direct dependency has a line that says what it saves and how we would leave it, and no line outlives its own.
func TestDocs_EveryDirectDependency_IsExplained(t *testing.T) {
	module, err := modfile.Parse("go.mod", []byte(document(t, "go.mod")), nil)
	if err != nil {
		t.Fatal(err)
	}
	required := map[string]bool{}
	for _, r := range module.Require {
		if !r.Indirect {
			required[r.Mod.Path] = true
		}
	}
	explained := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+/[^`]+)` \\| [^|]+ \\| [^|]+ \\| [^|]+ \\|$").FindAllStringSubmatch(document(t, "docs/dependencies.md"), -1) {
		explained[row[1]] = true
	}
	if len(required) < 10 {
		t.Fatalf("go.mod was read wrongly: %v", required)
	}
	for _, path := range slices.Sorted(maps.Keys(required)) {
		if !explained[path] {
			t.Errorf("docs/dependencies.md does not explain %s", path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(explained)) {
		if !required[path] {
			t.Errorf("docs/dependencies.md explains %s, which go.mod does not require directly", path)
		}
	}
}

var markdownLink = regexp.MustCompile(`!?\[[^\]]*\]\(([^)\s]+)\)`)

// Every relative link leads to a file that is there, and a part of a page to a heading that it has.
func TestDocs_RelativeLinks_Resolve(t *testing.T) {
	links := 0
	for _, file := range documents(t) {
		for _, found := range markdownLink.FindAllStringSubmatch(document(t, file), -1) {
			target, part, _ := strings.Cut(found[1], "#")
			if strings.Contains(target, ":") {
				continue
			}
			links++
			path := file
			if target != "" {
				path = filepath.Join(filepath.Dir(file), target)
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s links to %s, which is not there", file, found[1])
				continue
			}
			if part != "" && !slices.Contains(headings(document(t, path)), part) {
				t.Errorf("%s links to %s, but %s has no such heading", file, found[1], path)
			}
		}
	}
	if links < 20 {
		t.Fatalf("only %d links were looked at", links)
	}
}

// headings are the anchors of a page, as forges make them: lower case, no punctuation, hyphens for spaces.
func headings(text string) (anchors []string) {
	for _, h := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(text, -1) {
		kept := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(h[1]), "")
		anchors = append(anchors, strings.ReplaceAll(kept, " ", "-"))
	}
	return anchors
}

// Every variable of the configuration is explained to whoever runs it, with its default.
func TestDocs_EveryVariable_IsInOperationsAndTheExample(t *testing.T) {
	operations, example := document(t, "docs/operations.md"), document(t, ".env.example")
	variables := 0
	for _, part := range []any{config.Database{}, config.Secret{}, config.Server{}, config.Mail{}} {
		for field := range reflect.TypeOf(part).Fields() {
			name, value := field.Tag.Get("env"), field.Tag.Get("default")
			variables++
			row := regexp.MustCompile("(?m)^\\| `" + name + "` \\| ([^|]+) \\|").FindStringSubmatch(operations)
			switch {
			case row == nil:
				t.Errorf("docs/operations.md does not explain %s", name)
			case value != "" && row[1] != "`"+value+"`":
				t.Errorf("docs/operations.md says that %s is by default %s, and it is %s", name, row[1], value)
			case value == "" && !strings.HasPrefix(row[1], "none"):
				t.Errorf("docs/operations.md says that %s is by default %s, and it has none", name, row[1])
			}
			if !regexp.MustCompile(`(?m)^#?` + name + `=`).MatchString(example) {
				t.Errorf(".env.example lacks %s", name)
			}
		}
	}
	if variables < 9 || strings.Count(document(t, "platform/config/config.go"), `env:"SOCIA_`) != variables {
		t.Errorf("%d variables were looked at: is there a new part of the configuration?", variables)
	}
}

// What the guide has in bold is what a page says, letter by letter, in the guide's own language; the three guides
// have the same tasks.
func TestDocs_Guide_NamesThingsAsThePagesDo(t *testing.T) {
	shape := map[string][]string{}
	for _, language := range []string{"ca", "es", "en"} {
		said := texts(t, language)
		guide := document(t, "docs/guide/"+language+".md")
		bold := regexp.MustCompile(`\*\*([^*]+)\*\*`).FindAllStringSubmatch(guide, -1)
		if len(bold) < 50 {
			t.Errorf("docs/guide/%s.md has %d words in bold", language, len(bold))
		}
		for _, words := range bold {
			if !said[words[1]] {
				t.Errorf("docs/guide/%s.md says %q, and no page does", language, words[1])
			}
		}
		shape[language] = regexp.MustCompile(`(?m)^#+ |\]\(\.\./[^)]+\)|^\| `).FindAllString(guide, -1)
	}
	for _, language := range []string{"es", "en"} {
		if !slices.Equal(shape[language], shape["ca"]) {
			t.Errorf("docs/guide/%s.md has other parts than the Catalan guide", language)
		}
	}
}

func texts(t *testing.T, language string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("platform/i18n/locales/*." + language + ".json")
	if err != nil || len(files) == 0 {
		t.Fatal("no texts", err)
	}
	said := map[string]bool{}
	for _, file := range files {
		var messages map[string]any
		if err := json.Unmarshal([]byte(document(t, file)), &messages); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, message := range messages {
			if words, ok := message.(string); ok {
				said[words] = true
			}
		}
	}
	return said
}

var (
	quoted = regexp.MustCompile("`([^`]+)`")
	pathed = regexp.MustCompile(`^(?:(?:app|core|docs|handlers|migrations|models|platform|seeds|testdata|tools|views)/[\w./-]*|[\w-]+\.(?:go|md|yml)|Makefile|Caddyfile|Dockerfile)$`)
	symbol = regexp.MustCompile(`^[A-Z]\w+$`)
)

// What README, ARCHITECTURE and the pages for operators name as a file or a folder is there. In ARCHITECTURE's table, a
// name that begins with a capital is declared in a folder that the same cell names.
func TestDocs_FilesAndFunctions_Exist(t *testing.T) {
	named := 0
	for _, file := range documents(t) {
		for _, word := range quoted.FindAllStringSubmatch(document(t, file), -1) {
			if !pathed.MatchString(word[1]) || strings.HasPrefix(filepath.Base(word[1]), "socia") {
				continue
			}
			named++
			if !there(t, word[1]) {
				t.Errorf("%s names %s, which is not there", file, word[1])
			}
		}
	}
	for row := range strings.Lines(document(t, "ARCHITECTURE.md")) {
		for cell := range strings.SplitSeq(row, "|") {
			named += checkCell(t, cell)
		}
	}
	if named < 60 {
		t.Errorf("only %d names were looked at", named)
	}
}

// there finds a path from the root, or a file's name anywhere.
func there(t *testing.T, path string) bool {
	t.Helper()
	if _, err := os.Stat(path); err == nil {
		return true
	}
	found := false
	err := filepath.WalkDir(".", func(at string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && entry.Name() == path {
			found = true
			return filepath.SkipAll
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// checkCell looks for a folder's functions and types in the folders that a cell of a table names.
func checkCell(t *testing.T, cell string) (looked int) {
	t.Helper()
	var source strings.Builder
	for _, word := range quoted.FindAllStringSubmatch(cell, -1) {
		files, err := filepath.Glob(word[1] + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source.WriteString(document(t, file))
		}
	}
	if source.Len() == 0 {
		return 0
	}
	for _, word := range quoted.FindAllStringSubmatch(cell, -1) {
		if !symbol.MatchString(word[1]) {
			continue
		}
		looked++
		if !regexp.MustCompile(`(?m)^(?:func (?:\([^)]*\) )?|type )` + word[1] + `\b`).MatchString(source.String()) {
			t.Errorf("ARCHITECTURE.md: no %s in the folders of its cell:%s", word[1], cell)
		}
	}
	return looked
}

// documents are the pages that people read.
func documents(t *testing.T) []string {
	t.Helper()
	files := []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"}
	err := filepath.WalkDir("docs", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func document(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
