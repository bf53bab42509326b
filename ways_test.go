package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"socia/core/methods"
	"socia/models"
	"socia/platform/browsertest"
	"socia/platform/db"
)

// way is a poll by one method from the form to the result. Ballots are what each voter fills in, by the name of the
// field before and after the member: "choice" or "mark/2".
type way struct {
	method  methods.Name
	plan    fields
	ballots []fields
	// says is the sentence that must begin the result, found by hand, in each language.
	says [3]string
	// rounds is how many rounds are told at least.
	rounds int
	// before is what the facilitator does before the close.
	before func(*booth, int)
}

var tongues = [3]string{"ca", "es", "en"}

// Every way of deciding, from "how do you want to decide" to the file with which it is counted again.
func TestWays_EachMethod_FromFormToResult(t *testing.T) {
	t.Parallel()
	b := openBooth(t, db.SQLite)
	tried := map[methods.Name]bool{}
	for i, w := range ways() {
		tried[w.method] = true
		t.Run(string(w.method), func(t *testing.T) { b.with(t).decides(w, i) })
	}
	for _, m := range methods.All() {
		if !tried[m.Name] {
			t.Errorf("no poll by %s", m.Name)
		}
	}
	if missing := b.house.texts.Missing(); len(missing) > 0 {
		t.Errorf("texts that pages asked for and no file has: %v", missing)
	}
}

func TestWays_OnPostgreSQL(t *testing.T) {
	t.Parallel()
	b := openBooth(t, db.Postgres)
	for _, w := range ways() {
		if w.method == methods.Choose || w.method == methods.Scottish {
			b.with(t).decides(w, 0)
		}
	}
}

// booth is the seeds' cooperative, a browser in it, and members who vote.
type booth struct {
	*journey
	p        *planted
	visitors map[string]*visitor
	voters   []voter
}

type voter struct{ handle, member string }

func openBooth(t *testing.T, flavor db.Flavor) *booth {
	t.Helper()
	p, address := listenPlanted(t, flavor)
	b := &booth{p: p, visitors: map[string]*visitor{}, journey: &journey{T: t, house: p.house, clock: p.clock, address: address, tab: browsertest.Start(t)}}
	b.ok(browsertest.Viewport(b.tab, 1280, false))
	return b
}

// with is the same booth for another test.
func (b *booth) with(t *testing.T) *booth {
	j := *b.journey
	j.T = t
	c := *b
	c.journey = &j
	return &c
}

func (b *booth) visitor(handle string) *visitor {
	b.Helper()
	if b.visitors[handle] == nil {
		b.visitors[handle] = b.p.visitor(b.T, handle)
	}
	return b.visitors[handle]
}

// is makes the browser somebody's.
func (b *booth) is(handle string) {
	b.Helper()
	if b.who == handle {
		return
	}
	name, value, _ := strings.Cut(b.visitor(handle).cookie, "=")
	b.tells(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: b.address})
		return err
	})
	b.who = handle
}

// plans makes a poll as the facilitator, and gives its number.
func (b *booth) plans(method methods.Name, plan fields, lang string) int {
	b.Helper()
	b.is("jordi")
	b.goes("/polls/new?lang=" + lang)
	b.presses(`a.way[href^="/polls/new?method=` + string(method) + `"]`)
	form := fields{"question": "Què fem amb " + string(method) + "?", "closes_at": "2026-11-30T18:00"}
	for name, value := range plan {
		form[name] = value
	}
	b.sends("/polls", form, "")
	b.sends("/polls", nil, "") // what was typed is shown for review first
	at, err := chromedp.Run(b.tab, chromedp.Evaluate[string](`location.pathname`))
	b.ok(err)
	id, err := strconv.Atoi(strings.TrimPrefix(at, "/polls/"))
	if err != nil {
		b.Fatalf("after the form the browser is at %s: %s", at, b.reads())
	}
	return id
}

// presses follows a link.
func (b *booth) presses(selector string) {
	b.Helper()
	href, err := chromedp.Run(b.tab, chromedp.Evaluate[string](fmt.Sprintf(`(document.querySelector(%q)||{getAttribute:()=>''}).getAttribute('href')`, selector)))
	b.ok(err)
	if href == "" {
		b.Fatalf("no link %s on the page: %s", selector, b.reads())
	}
	b.goes(href)
}

// electors are members of one class with an account of their own and one vote, in the order of their numbers.
func (b *booth) electors(poll int) []voter {
	b.Helper()
	if b.voters == nil {
		for _, row := range b.p.query(b.T, `SELECT accounts.handle, poll_electors.member_id FROM poll_electors JOIN accounts ON accounts.id = poll_electors.account_id
			WHERE poll_id = ? AND class_code = 'user' AND (SELECT COUNT(*) FROM poll_electors e WHERE e.poll_id = poll_electors.poll_id AND e.account_id = poll_electors.account_id) = 1
			ORDER BY member_id LIMIT 8`, poll) {
			b.voters = append(b.voters, voter{row[0], row[1]})
		}
	}
	return b.voters
}

// named gives the fields of a ballot their members.
func (v voter) named(ballot fields) fields {
	all := fields{}
	for name, value := range ballot {
		what, position, of := strings.Cut(name, "/")
		name = what + "-" + v.member
		if of {
			name += "-" + position
		}
		all[name] = value
	}
	return all
}

// decides holds one poll in the browser: made in one language, voted in all three, closed in another, and its result read
// in all three.
func (b *booth) decides(w way, turn int) {
	in := func(after int) string { return "?lang=" + tongues[(turn+after)%len(tongues)] }
	id := b.plans(w.method, w.plan, tongues[turn%len(tongues)])
	page := "/polls/" + strconv.Itoa(id)
	voters := b.electors(id)
	b.looks("/polls/new?method="+string(w.method), "jordi")
	b.looks(page, voters[0].handle)
	for i, ballot := range w.ballots {
		if i >= 3 { // three by hand, the rest as their browsers would send it
			b.posts(page+"/votes", voters[i], ballot)
			continue
		}
		b.is(voters[i].handle)
		b.goes(page + in(i))
		b.sends(page+"/votes", voters[i].named(ballot), "")
	}
	if len(w.ballots) > 0 {
		b.looks(page, voters[0].handle) // with what was cast
	}
	b.is("jordi")
	if w.before != nil {
		w.before(b, id)
	}
	b.goes(page + in(2))
	b.presses(`a[href^="` + page + `/closing"]`)
	b.sends(page+"/closing", nil, "")
	for i, lang := range tongues {
		b.goes(page + "?lang=" + lang)
		b.sees(w.says[i])
	}
	b.tellsRounds(w.rounds)
	b.looks(page, voters[0].handle)
	b.looks(page, "")
	b.files(w, page, voters[0].handle)
}

// posts casts a vote without a browser.
func (b *booth) posts(path string, v voter, ballot fields) {
	b.Helper()
	form := url.Values{}
	for name, value := range v.named(ballot) {
		switch typed := value.(type) {
		case []string:
			form[name] = typed
		case string:
			form.Set(name, typed)
		}
	}
	if answer, body := b.visitor(v.handle).post(b.T, path, form.Encode()); answer.StatusCode != http.StatusSeeOther {
		b.Fatalf("%s as %s: status %d: %.300s", path, v.handle, answer.StatusCode, visible(body))
	}
}

func (b *booth) tellsRounds(least int) {
	b.Helper()
	told, err := chromedp.Run(b.tab, chromedp.Evaluate[int](`document.querySelectorAll('.rounds > li').length`))
	b.ok(err)
	if told < least {
		b.Errorf("%d rounds are told, there were %d at least: %s", told, least, b.reads())
	}
}

// english are words that only an English text has.
var english = regexp.MustCompile(`(?i)\b(the|and|with|votes?|ballots?|papers?|rounds?|winners?|elected|closed|your|this|which|nobody|everybody|option chosen)\b`)

// looks opens a page in each language: it is complete, and in its language.
func (b *booth) looks(page, handle string) {
	b.Helper()
	with := "?"
	if strings.Contains(page, "?") {
		with = "&"
	}
	for _, lang := range tongues {
		answer, body := b.visitor(handle).get(b.T, page+with+"lang="+lang)
		if answer.StatusCode != http.StatusOK {
			if handle != "" {
				b.Errorf("%s as %q in %s: status %d", page, handle, lang, answer.StatusCode)
			}
			continue
		}
		if strings.Contains(body, "⟦") {
			b.Errorf("%s as %q in %s: a text is missing: %.200s", page, handle, lang, body[strings.Index(body, "⟦"):])
		}
		if lang == "en" {
			continue
		}
		if found := english.FindString(visible(body)); found != "" {
			text := visible(body)
			at := strings.Index(text, found)
			b.Errorf("%s as %q in %s says %q: …%s…", page, handle, lang, found, text[max(0, at-60):min(len(text), at+60)])
		}
	}
}

// visible is what is read on a page, with what listeners hear.
func visible(body string) string {
	var text strings.Builder
	z := html.NewTokenizer(strings.NewReader(body))
	skip := ""
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return text.String()
		}
		token := z.Token()
		switch {
		case kind == html.StartTagToken && skip == "" && slices.Contains([]string{"script", "style", "code", "head"}, token.Data):
			skip = token.Data
		case kind == html.EndTagToken && token.Data == skip:
			skip = ""
		case kind == html.TextToken && skip == "":
			text.WriteString(token.Data + " ")
		}
		for _, a := range token.Attr {
			if a.Key == "aria-label" && skip == "" {
				text.WriteString(a.Val + " ")
			}
		}
	}
}

// files asks for what the result can be checked with.
func (b *booth) files(w way, page, handle string) {
	b.Helper()
	names := []string{"/result.json"}
	method, _ := methods.ByName(w.method)
	switch method.Answer {
	case methods.Papers:
		names = append(names, "/papers.csv")
	case methods.None:
		names = append(names, "/draw.tsv")
	case methods.Words:
	}
	for _, name := range names {
		answer, body := b.visitor(handle).get(b.T, page+name)
		if answer.StatusCode != http.StatusOK || body == "" {
			b.Errorf("%s: status %d, %d bytes", page+name, answer.StatusCode, len(body))
		}
		if name == "/papers.csv" && strings.Count(body, "\n") < 4 {
			b.Errorf("%s has not three different papers:\n%s", page+name, body)
		}
	}
	id, _ := strconv.Atoi(strings.TrimPrefix(page, "/polls/"))
	same, err := b.house.polls.Recount(b.Context(), models.PollID(id))
	if err != nil || !same {
		b.Errorf("%s counted again is the same: %v, %v", page, same, err)
	}
}
