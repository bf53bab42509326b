package transparency

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

var update = flag.Bool("update", false, "write licences.json from the module cache")

// free are the licences that may be linked into a program under the AGPL. Another one has to be thought about first.
var free = []string{"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0", "ISC", "Unlicense"}

// TestLicences_EveryLinkedModuleIsFree reads the licence of every module in the cache again.
func TestLicences_EveryLinkedModuleIsFree(t *testing.T) {
	cached, linked := cachedModules(t), linkedModules(t)
	found := map[string]string{}
	for path, dir := range cached {
		if name := licenceIn(t, dir); name != "" {
			found[path] = name
		}
	}
	if *update {
		raw, err := json.MarshalIndent(found, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("licences.json", append(raw, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	known, err := licences()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range linked {
		switch {
		case found[path] == "":
			t.Errorf("%s is linked and its licence cannot be told: read it", path)
		case known[path] != found[path]:
			t.Errorf("licences.json says %q for %s, its own file says %q: go generate ./app/transparency", known[path], path, found[path])
		case !allFree(found[path]):
			t.Errorf("%s is under %s, which is not in the list of free licences", path, found[path])
		}
	}
	if len(linked) < 20 {
		t.Errorf("only %d modules are linked: the list is not read well", len(linked))
	}
}

func TestSoftware_ListsWhatIsLinkedWithLicence(t *testing.T) {
	info := &debug.BuildInfo{
		GoVersion: "go1.26.0", Main: debug.Module{Path: "socia", Version: "v1.2.3"},
		Deps:     []*debug.Module{{Path: "gorm.io/gorm", Version: "v1.31.2"}, {Path: "example.org/old", Replace: &debug.Module{Path: "github.com/a-h/templ", Version: "v0.3.977"}}},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}},
	}
	known, err := licences()
	if err != nil {
		t.Fatal(err)
	}
	want := Software{Go: "go1.26.0", Version: "v1.2.3", Revision: "abc", Modified: true, SourceURL: "https://codi.exemple.coop/socia",
		Modules: []Module{{"gorm.io/gorm", "v1.31.2", "MIT"}, {"github.com/a-h/templ", "v0.3.977", "MIT"}}}
	if got := softwareOf(info, known, "https://codi.exemple.coop/socia"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestLicenceOf_TellsTheUsualOnes(t *testing.T) {
	cases := map[string]string{
		"Permission is hereby granted, free of charge, to any person obtaining a copy of this software": "MIT",
		"Apache License\nVersion 2.0, January 2004":                                                     "Apache-2.0",
		"Redistribution and use in source and binary forms … Neither the name of X nor":                 "BSD-3-Clause",
		"Redistribution and use in source and binary forms, with or without":                            "BSD-2-Clause",
		"Mozilla Public License Version 2.0":                                                            "MPL-2.0",
		"You may use this for non-commercial purposes only":                                             "",
	}
	for text, want := range cases {
		if got := licenceOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// cachedModules gives the folder of each module that go.mod names and the cache holds.
func cachedModules(t *testing.T) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := goSays(t, "env", "GOMODCACHE")[0]
	out := map[string]string{}
	for _, r := range mod.Require {
		path, err := module.EscapePath(r.Mod.Path)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(cache, filepath.FromSlash(path)+"@"+r.Mod.Version)
		if _, err := os.Stat(dir); err == nil {
			out[r.Mod.Path] = dir
		}
	}
	return out
}

// linkedModules lists the modules of every package that the program's own packages import.
func linkedModules(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, path := range goSays(t, "list", "-mod=readonly", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "./...") {
		if path != "" && !in(out, path) {
			out = append(out, path)
		}
	}
	return out
}

func goSays(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v", args[0], err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func licenceIn(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*", "[Cc][Oo][Pp][Yy][Ii][Nn][Gg]*", "[Uu][Nn][Ll][Ii][Cc]*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err == nil && licenceOf(string(raw)) != "" {
			return licenceOf(string(raw))
		}
	}
	return ""
}

// licenceOf tells licences by words that only they have, joined as SPDX does; "" when none is known.
func licenceOf(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	has := func(words string) bool { return strings.Contains(text, strings.ToLower(words)) }
	var found []string
	tell := func(name string, is bool) {
		if is {
			found = append(found, name)
		}
	}
	bsd := has("Redistribution and use in source and binary forms")
	tell("Apache-2.0", has("Apache License") && has("Version 2.0"))
	tell("BSD-2-Clause", bsd && !has("Neither the name"))
	tell("BSD-3-Clause", bsd && has("Neither the name"))
	tell("ISC", has("Permission to use, copy, modify, and") && has("distribute this software for any purpose"))
	tell("MIT", has("Permission is hereby granted, free of charge, to any person"))
	tell("MPL-2.0", has("Mozilla Public License") && has("2.0"))
	tell("Unlicense", has("This is free and unencumbered software released into the public domain"))
	return strings.Join(found, " AND ")
}

// allFree says whether each licence of a module is in the list of free ones.
func allFree(joined string) bool {
	for _, one := range strings.Split(joined, " AND ") {
		if !in(free, one) {
			return false
		}
	}
	return true
}

func in(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}
