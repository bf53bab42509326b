package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// foreign is what no file of the tree holds: the folders and names of one machine, the notes of unfinished work, and
// tests that do not run. It is put together from parts, so that this file does not hold it either.
var foreign = []struct {
	what  string
	words *regexp.Regexp
}{
	{"a folder of one machine", regexp.MustCompile(`(^|[\s"'=(` + "`" + `:])/(` + strings.Join([]string{"wo" + "rk", "tm" + "p/wt", "ro" + "ot", "ho" + "me/[a-z]+", "Us" + "ers/[A-Za-z]+"}, "|") + `)(/|$|["'` + "`" + `\s])`)},
	{"work that is left to do", regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)},
	{"the mark of a merge", regexp.MustCompile(`(?m)^(<` + `{6} |>` + `{6} |=` + `{7}$)`)},
	{"a private key", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIV` + `ATE KEY-----`)},
}

// skipped is how a test leaves without a verdict.
var skipped = regexp.MustCompile(`\.Sk` + `ip(Now|f)?\(`)

// longest is how many lines a file may have that a person reads.
const longest = 700

func TestTidy_NothingIsHereThatDoesNotBelong(t *testing.T) {
	files := 0
	eachFile(t, func(path string, body []byte) {
		files++
		for _, f := range foreign {
			if found := f.words.Find(body); found != nil && !mayHold(path, f.what) {
				t.Errorf("%s holds %s: %q", path, f.what, found)
			}
		}
		if strings.HasSuffix(path, "_test.go") && skipped.Match(body) && !needsPublishedElections(path) {
			t.Errorf("%s skips a test", path)
		}
		if lines := bytes.Count(body, []byte("\n")); lines > longest && !generated(path, body) {
			t.Errorf("%s has %d lines; split it by sense", path, lines)
		}
	})
	if files < 300 {
		t.Fatalf("only %d files were looked at", files)
	}
}

// eachFile visits every text file of the tree, but not what git and the package managers keep for themselves.
func eachFile(t *testing.T, visit func(path string, body []byte)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", ".test-env", "tmp", "node_modules"}, entry.Name()) {
			return filepath.SkipDir
		}
		if !entry.Type().IsRegular() || slices.Contains([]string{"socia", ".env", ".git"}, entry.Name()) || strings.Contains(entry.Name(), ".db") {
			return nil
		}
		body, err := os.ReadFile(path)
		if err == nil && !bytes.Contains(body, []byte{0}) {
			visit(filepath.ToSlash(path), body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// needsPublishedElections names the tests that may leave: the elections that they compare with are not part of the
// repository, and make conformance fails when one of them leaves.
func needsPublishedElections(path string) bool {
	return filepath.Base(path) == "conformance_test.go"
}

// mayHold names the files where a word is right, each with its reason.
func mayHold(path, what string) bool {
	switch path {
	case "Dockerfile", "docker-compose.yml": // the folders inside the image are ours
		return what == foreign[0].what
	}
	return false
}

// generated says whether a program wrote the file: Go says so in its first lines, the others by their place.
func generated(path string, body []byte) bool {
	head := body[:min(len(body), 400)]
	return bytes.Contains(head, []byte("// Code generated ")) || strings.Contains(path, "testdata/") ||
		strings.Contains(path, "/locales/") || slices.Contains([]string{"go.sum", "package-lock.json", "LICENSE"}, filepath.Base(path))
}

// What core offers is read by people who check the law against it.
func TestTidy_EveryExportedNameOfCoreIsExplained(t *testing.T) {
	names := 0
	eachGoFile(t, func(path string, _ []string) {
		if !strings.HasPrefix(filepath.ToSlash(path), "core/") || strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			for _, name := range unexplained(d) {
				t.Errorf("%s: %s has no comment", path, name)
			}
			names++
		}
	})
	if names < 200 {
		t.Fatalf("only %d declarations were looked at", names)
	}
}

// unexplained gives the exported names of a declaration that have no comment. A comment over a block of constants is
// for all of them.
func unexplained(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && (d.Recv == nil || receiver(d).IsExported()) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && s.Doc == nil && d.Doc == nil {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, name := range s.Names {
					if name.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}

// receiver is the name of the type that a method belongs to.
func receiver(d *ast.FuncDecl) *ast.Ident {
	of := d.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if generic, ok := of.(*ast.IndexExpr); ok {
		of = generic.X
	}
	name, ok := of.(*ast.Ident)
	if !ok {
		return ast.NewIdent("_")
	}
	return name
}
