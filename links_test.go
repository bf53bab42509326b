package main

import (
	"cmp"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"socia/platform/db"
)

// perRoute is how many pages of one route a walk looks at: enough to meet each state, few enough to end.
const perRoute = 6

var (
	hrefs    = regexp.MustCompile(`<a\b[^>]*\shref="([^"]*)"`)
	elements = regexp.MustCompile(`\sid="([^"]+)"`)
)

// Whoever follows links arrives: every link that a page shows to somebody answers that same person with a page or a
// file, and a link to a part of a page has that part.
func TestPages_LinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	p := plantedHouse(t, db.SQLite)
	route, staged := p.route(http.MethodGet), p.stagePolls(t)
	for _, who := range pagesOf {
		w := &walk{visitor: p.visitor(t, who.handle), route: route, seen: map[string]bool{}, met: map[string]int{}}
		for _, path := range append([]string{"/"}, who.paths...) {
			if path != "/nothing-here" {
				w.add(ofPoll(staged, path), "the list of pages")
			}
		}
		for len(w.next) > 0 {
			step := w.next[0]
			w.next = w.next[1:]
			w.visit(t, step)
		}
		if len(w.met) < 5 {
			t.Errorf("as %q only %d routes were walked", who.handle, len(w.met))
		}
	}
}

// walk is somebody who follows every link.
type walk struct {
	*visitor
	route func(path string) string
	next  []step
	seen  map[string]bool
	met   map[string]int
}

type step struct{ path, from string }

func (w *walk) add(path, from string) {
	path = strings.ReplaceAll(path, "&amp;", "&")
	route := cmp.Or(w.route(path), path)
	if w.seen[path] || w.met[route] >= perRoute {
		return
	}
	w.seen[path] = true
	w.met[route]++
	w.next = append(w.next, step{path, from})
}

func (w *walk) visit(t *testing.T, s step) {
	t.Helper()
	answer, body := w.get(t, s.path)
	if answer.StatusCode >= 400 && !strings.HasPrefix(s.from, "the list") {
		t.Errorf("as %q %s leads to %s: status %d", w.handle, s.from, s.path, answer.StatusCode)
	}
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		return
	}
	parts := map[string]bool{"": true}
	for _, id := range elements.FindAllStringSubmatch(body, -1) {
		parts[id[1]] = true
	}
	for _, href := range hrefs.FindAllStringSubmatch(body, -1) {
		path, part, _ := strings.Cut(href[1], "#")
		switch {
		case path == "" && !parts[part]:
			t.Errorf("%s has no part #%s", s.path, part)
		case strings.HasPrefix(path, "/"):
			w.add(path, s.path)
		}
	}
}

// route finds the row of the table that answers an address, by its path; the empty route is that of an address that none answers.
func (p *planted) route(method string) func(address string) string {
	patterns := map[string]*regexp.Regexp{}
	for _, r := range p.routes() {
		if r.Method == method {
			patterns[r.Path] = regexp.MustCompile("^" + param.ReplaceAllString(regexp.QuoteMeta(r.Path), "[0-9]+") + "$")
		}
	}
	return func(address string) string {
		path, _, _ := strings.Cut(address, "?")
		for route, pattern := range patterns {
			if pattern.MatchString(path) {
				return route
			}
		}
		return ""
	}
}
