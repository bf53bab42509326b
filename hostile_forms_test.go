package main

import (
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"socia/app/identity"
	"socia/platform/db"
)

func csvRows(body string, separator rune) ([][]string, error) {
	r := csv.NewReader(strings.NewReader(body))
	r.Comma = separator
	return r.ReadAll()
}

// whoMay is somebody whom a policy lets in, members first.
func (p *planted) whoMay(t testing.TB, allows func(identity.Actor) bool, visitors map[string]*visitor) string {
	t.Helper()
	for _, handle := range []string{"marta", "jordi", "nuria", "laia", "pau", ""} {
		if allows(p.actorOf(t, visitors[handle])) {
			return handle
		}
	}
	t.Fatal("nobody may")
	return ""
}

// paper is a form as a page shows it to somebody, with what is filled in already.
type paper struct {
	route, action, who string
	fields             url.Values
	types              map[string]string // empty where no page shows the form
}

// papers are one form for each route that takes one: as the pages show it, or, where no page of the seeds has it, made
// from the names that its handler reads.
func (p *planted) papers(t testing.TB) []paper {
	t.Helper()
	found, routeOf := map[string]paper{}, p.route(http.MethodPost)
	visitors := map[string]*visitor{}
	for _, account := range roleHandles() {
		v := p.visitor(t, account.Handle)
		visitors[account.Handle] = v
		for _, r := range p.routes() {
			if r.Method != http.MethodGet || !r.Policy.Allows(p.actorOf(t, v)) || strings.Contains(r.Path, ".") {
				continue
			}
			for _, path := range append(p.paths(t, r.Path), p.searched(t, r.Path)...) {
				answer, body := v.get(t, path)
				if answer.StatusCode != http.StatusOK {
					continue
				}
				for _, f := range formsOf(body) {
					f.route, f.who = routeOf(f.action), account.Handle
					if _, there := found[f.route]; !there && f.route != "" {
						found[f.route] = f
					}
				}
			}
		}
	}
	names := typedNames(t)
	for _, r := range p.routes() {
		if _, there := found[r.Path]; there || r.Method != http.MethodPost {
			continue
		}
		f := paper{route: r.Path, action: p.paths(t, r.Path)[0], who: p.whoMay(t, r.Policy.Allows, visitors), fields: url.Values{}, types: map[string]string{}}
		for _, name := range names[r.Path] {
			f.fields.Set(name, "1")
		}
		found[r.Path] = f
	}
	var out []paper
	for _, route := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[route])
	}
	return out
}

// searched are pages that show their form only after a choice.
func (p *planted) searched(_ testing.TB, route string) []string {
	switch route {
	case "/payments/new":
		return []string{"/payments/new?member=24"}
	case "/polls/new":
		return []string{"/polls/new?method=choose"}
	}
	return nil
}

// typedNames are the names that the handler of each route's file reads from forms.
func typedNames(t testing.TB) map[string][]string {
	t.Helper()
	byRoute := map[string][]string{}
	for _, m := range regexp.MustCompile(`\{"POST", "([^"]+)", .*, h\.(\w+)\}`).FindAllStringSubmatch(source(t, "handlers/routes.go"), -1) {
		for _, file := range handlerFiles(t) {
			text := source(t, file)
			if !strings.Contains(text, "func (h *Handlers) "+m[2]+"(") {
				continue
			}
			for _, name := range regexp.MustCompile(`form:"([a-z_]+)"`).FindAllStringSubmatch(text, -1) {
				byRoute[m[1]] = append(byRoute[m[1]], name[1])
			}
		}
	}
	return byRoute
}

// formsOf reads the forms of a page that are sent by POST.
func formsOf(body string) (forms []paper) {
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return nil
	}
	var walk func(n *html.Node, in *paper)
	walk = func(n *html.Node, in *paper) {
		if n.Type == html.ElementNode {
			a := attributes(n)
			switch {
			case n.Data == "form" && strings.EqualFold(a["method"], "post"):
				forms = append(forms, paper{action: a["action"], fields: url.Values{}, types: map[string]string{}})
				in = &forms[len(forms)-1]
				for c := n.FirstChild; c != nil; c = c.NextSibling {
					walk(c, in)
				}
				return
			case in != nil && a["name"] != "" && a["name"] != "csrf":
				in.field(n, a)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, in)
		}
	}
	walk(doc, nil)
	return forms
}

func attributes(n *html.Node) map[string]string {
	a := map[string]string{}
	for _, pair := range n.Attr {
		a[pair.Key] = pair.Val
	}
	return a
}

func (f *paper) field(n *html.Node, a map[string]string) {
	name := a["name"]
	kind := a["type"]
	if n.Data != "input" {
		kind = n.Data
	}
	f.types[name] = kind
	value := a["value"]
	switch {
	case n.Data == "textarea" && n.FirstChild != nil:
		value = n.FirstChild.Data
	case n.Data == "select":
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if option := attributes(c); option["value"] != "" && value == "" {
				value = option["value"]
			}
		}
	case (kind == "radio" || kind == "checkbox" || n.Data == "button") && f.fields.Get(name) != "":
		return
	}
	f.fields.Set(name, value)
}

// untouched are tables that asking and refusing may change: sessions, and how often somebody failed.
var untouched = []string{"sessions", "throttles", "sqlite_sequence", "goqite", "leases"}

func (p *planted) tables(t testing.TB) (names []string) {
	t.Helper()
	sql := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if p.db.Flavor() == db.Postgres {
		sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
	}
	for _, row := range p.query(t, sql+" ORDER BY 1") {
		if !slices.Contains(untouched, row[0]) {
			names = append(names, row[0])
		}
	}
	return names
}

// state is a digest of every row of every table.
func (p *planted) state(t testing.TB) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, table := range p.tables(t) {
		h := sha256.New()
		rows := p.query(t, `SELECT * FROM "`+table+`"`)
		lines := make([]string, len(rows))
		for i, row := range rows {
			lines[i] = strings.Join(row, "\x1f")
		}
		slices.Sort(lines)
		for _, line := range lines {
			_, _ = fmt.Fprintln(h, line)
		}
		sums[table] = fmt.Sprintf("%d rows %x", len(rows), h.Sum(nil)[:6])
	}
	return sums
}

func changed(before, after map[string]string) (tables []string) {
	for table, sum := range after {
		if before[table] != sum {
			tables = append(tables, table+": "+before[table]+" → "+sum)
		}
	}
	return tables
}

const neverText = "\x00 \xff"

// wrongValues are what a field may be sent: first what a database itself may refuse, then what its own kind invites.
func wrongValues(kind, name string) []string {
	values := []string{"a\x00b", "\xff\xfe", longText(), "-1", "9223372036854775807", "99999999999999999999"}
	switch {
	case kind == "date" || strings.HasPrefix(kind, "datetime"):
		return append(values, "2026-02-30", "0001-01-01", "9999-12-31", "1e9", "2026-02-30T10:00")
	case isMoney(name):
		return append(values, "1e9", "12,345", "-5,00", "0x10", "NaN", "1.000.000.000.000.000.000,00")
	case kind == "hidden" || kind == "radio" || kind == "select":
		return append(values, payload)
	}
	return append(values, "javascript:hostile()", payload, "2026-02-30")
}

func isMoney(name string) bool {
	return slices.Contains([]string{"amount", "min", "suggested", "max"}, name)
}

// longText is a text of 60 kB that does not get shorter by compressing.
var longText = sync.OnceValue(func() string {
	var b strings.Builder
	for i := 0; b.Len() < 60_000; i++ {
		_, _ = fmt.Fprintf(&b, "%x", sha256.Sum256([]byte{byte(i), byte(i >> 8)}))
	}
	return b.String()
})

// Whatever a form is sent with, it answers with a sentence, never fails, and changes nothing when it refuses.
func TestHostile_Forms_RefuseInWordsAndChangeNothing(t *testing.T) {
	t.Parallel()
	papers := answeredHouse(t, db.SQLite).papers(t)
	if at := slices.IndexFunc(papers, func(f paper) bool { return f.route == "/polls/:id/confirmations" }); at < 0 || papers[at].types["says"] != "radio" || papers[at].who != "marta" {
		t.Error("the form in which whoever objects says whether they agree is not met")
	}
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			t.Parallel()
			s := &sending{flavor: flavor, house: answeredHouse(t, flavor)}
			for _, f := range papers {
				if f.route != "/sign-out" {
					s.route(t, f)
				}
			}
		})
	}
}

// answeredHouse is the seeds' cooperative with a consultation in which an objection was answered: its forms are met too.
func answeredHouse(t testing.TB, flavor db.Flavor) *planted {
	t.Helper()
	p := plantedHouse(t, flavor)
	p.answeredObjection(t)
	return p
}

// sending sends one wrong form after another to a house, and takes a fresh one after each route that changed it.
type sending struct {
	flavor   db.Flavor
	house    *planted
	before   map[string]string
	visitors map[string]*visitor
}

func (s *sending) who(t *testing.T, handle string) *visitor {
	t.Helper()
	if s.visitors == nil {
		s.visitors = map[string]*visitor{}
		for _, account := range roleHandles() {
			s.visitors[account.Handle] = s.house.visitor(t, account.Handle)
		}
	}
	if s.before == nil {
		s.before = s.house.state(t) // signing in leaves a line, and is not what is looked at
	}
	return s.visitors[handle]
}

func (s *sending) route(t *testing.T, f paper) {
	t.Helper()
	accepted := s.send(t, f, "an empty form", url.Values{})
	accepted = s.send(t, f, "fields nobody asked for", url.Values{"hostile": {"1"}, "id": {"1"}, "member[]": {"1", "2"}}) || accepted
	for _, name := range slices.Sorted(maps.Keys(f.fields)) {
		values := wrongValues(f.types[name], name)
		if s.flavor == db.Postgres {
			values = values[:6] // what a database itself may refuse
		}
		for _, value := range values {
			form := maps.Clone(f.fields)
			form[name] = []string{value}
			took := s.send(t, f, fmt.Sprintf("%s=%.40q", name, value), form)
			accepted = took || accepted
			if took && mustRefuse(f.types[name], name, value) {
				t.Errorf("POST %s took %s=%.40q", f.route, name, value)
			}
		}
	}
	after := s.house.state(t)
	if tables := changed(s.before, after); len(tables) > 0 && !accepted {
		t.Errorf("POST %s refused everything and changed %v", f.route, tables)
	}
	if len(changed(s.before, after)) > 0 {
		s.house, s.visitors, s.before = answeredHouse(t, s.flavor), nil, nil // the seed of its poll is another
	}
}

// mustRefuse says which values a field of a kind can never mean.
func mustRefuse(kind, name, value string) bool {
	switch {
	case strings.ContainsAny(value, neverText[:1]) || value == "\xff\xfe":
		return true
	case kind == "date":
		return value != "9999-12-31" && value != "0001-01-01"
	case kind == "url":
		return !strings.HasPrefix(value, "http")
	case isMoney(name):
		return true
	}
	return false
}

func (s *sending) send(t *testing.T, f paper, what string, form url.Values) (accepted bool) {
	t.Helper()
	answer, body := s.who(t, f.who).post(t, f.action, form.Encode())
	checkAnswer(t, "POST "+f.route+" with "+what, answer, body)
	if accepted = answer.StatusCode < 400; !accepted && len(body) < 500 {
		t.Errorf("POST %s with %s: status %d and no page", f.route, what, answer.StatusCode)
	}
	return accepted
}

// What is larger than any form is refused before it is read.
func TestHostile_HugeBodies_AreRefused(t *testing.T) {
	_, address := listenPlanted(t, db.SQLite)
	for _, path := range []string{"/sign-in", "/sign-up", "/members/import", "/payments", "/proposals"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+path, strings.NewReader("csrf=x&body="+strings.Repeat("x", 13<<20)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			continue // the connection was closed while we were still sending
		}
		_ = answer.Body.Close()
		if answer.StatusCode < 400 || answer.StatusCode >= 500 {
			t.Errorf("%s: status %d", path, answer.StatusCode)
		}
	}
}
