package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers says which folders each folder may import. The first that fits a file's folder rules it.
var layers = []struct {
	folder string
	may    []string
}{
	{"core", []string{"core"}},
	{"models", []string{"models", "core"}},
	{"migrations", nil},
	{"platform/dbtest", []string{"platform", "migrations", "models", "core"}},
	{"platform/browsertest", []string{"platform"}},
	{"platform", []string{"platform", "migrations", "models", "core"}},
	{"app", []string{"app", "platform", "models", "core"}},
	{"views", []string{"views", "models", "core", "platform/i18n", "platform/markdown", "app"}},
	{"handlers", []string{"handlers", "views", "app", "models", "core", "platform/i18n", "platform/seal", "platform/markdown", "platform/pdf"}},
	{"seeds", []string{"seeds", "app", "platform", "models", "core"}},
	{"tools", nil},
	{"", []string{"handlers", "views", "app", "platform", "seeds", "models", "core"}}, // main
}

// subjects is the order inside app: a subject imports only those before it. The last three read from any and are
// imported by none.
var subjects = []string{"audit", "identity", "members", "ledger", "fees", "rolls", "proposals", "polls", "assemblies"}

var readers = []string{"equality", "transparency", "privacy", "operations"}

// coreMayNot is what core must not take from the standard library: nothing that has a clock, a file, a network or a log.
var coreMayNot = []string{"net", "net/http", "os", "os/exec", "log", "log/slog", "database/sql", "math/rand", "math/rand/v2", "crypto/rand", "runtime", "syscall"}

func TestArchitecture_ImportsPointDownwards(t *testing.T) {
	files := 0
	eachGoFile(t, func(path string, imports []string) {
		files++
		folder := filepath.ToSlash(filepath.Dir(path))
		if folder == "." {
			folder = ""
		}
		test := strings.HasSuffix(path, "_test.go")
		for _, imported := range imports {
			own, ours := strings.CutPrefix(imported, "socia/")
			switch {
			case ours && !test:
				checkLayer(t, path, folder, own)
				checkSubject(t, path, folder, own)
			case !ours && !test && under(folder, "core"):
				if strings.Contains(strings.Split(imported, "/")[0], ".") || slices.Contains(coreMayNot, imported) {
					t.Errorf("%s: core is pure and must not import %s", path, imported)
				}
			case !ours && under(folder, "models") && strings.HasPrefix(imported, "gorm.io"):
				t.Errorf("%s: models have GORM's tags but never its import", path)
			case !ours && !test && under(folder, "app") && strings.HasPrefix(imported, "github.com/gofiber"):
				t.Errorf("%s: app knows nothing of HTTP", path)
			}
		}
	})
	if files < 100 {
		t.Fatalf("only %d files were looked at", files)
	}
}

func checkLayer(t *testing.T, path, folder, own string) {
	t.Helper()
	for _, l := range layers {
		if l.folder != "" && !under(folder, l.folder) || l.folder == "" && folder != "" {
			continue
		}
		if !slices.ContainsFunc(l.may, func(m string) bool { return under(own, m) }) {
			t.Errorf("%s: %s must not import socia/%s", path, orMain(l.folder), own)
		}
		return
	}
	t.Errorf("%s: the folder %s is not in the layout", path, folder)
}

func checkSubject(t *testing.T, path, folder, own string) {
	t.Helper()
	from, isApp := strings.CutPrefix(folder, "app/")
	to, toApp := strings.CutPrefix(own, "app/")
	if !isApp || !toApp || from == to {
		return
	}
	if slices.Contains(readers, to) {
		t.Errorf("%s: nobody imports %s", path, to)
		return
	}
	if slices.Contains(readers, from) {
		return
	}
	i, j := slices.Index(subjects, from), slices.Index(subjects, to)
	if i < 0 || j < 0 {
		t.Errorf("%s: %s or %s is not in the order of subjects", path, from, to)
	} else if j >= i {
		t.Errorf("%s: %s must not import %s: the order is %s", path, from, to, strings.Join(subjects, " < "))
	}
}

// Views show what services read; they never hold a service that could act.
func TestArchitecture_ViewsHoldNoService(t *testing.T) {
	eachGoFile(t, func(path string, _ []string) {
		if !strings.HasPrefix(filepath.ToSlash(path), "views/") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range file.Unresolved {
			if name.Name == "Service" {
				t.Errorf("%s mentions a Service", path)
			}
		}
	})
}

func eachGoFile(t *testing.T, visit func(path string, imports []string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != "." || entry.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, imported)
		}
		visit(path, imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func under(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

func orMain(folder string) string {
	if folder == "" {
		return "main"
	}
	return folder
}
