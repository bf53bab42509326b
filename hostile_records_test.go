package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/methods"
	"socia/models"
	"socia/platform/config"
	"socia/platform/db"
	"socia/seeds"
)

// act is a form that makes one row, whoever sends it however often. %s in the form is the token.
type act struct{ who, path, form, table string }

// acts are told in their order: later ones stand on the earlier. Records are those of the seeds.
func (p *planted) acts(t testing.TB) []act {
	t.Helper()
	number := func(handle string) string {
		return p.one(t, "SELECT m.number FROM members m JOIN accounts a ON a.id = m.account_id WHERE a.handle = ? AND m.kind = 'person'", handle)
	}
	member := func(handle string) string {
		return p.one(t, "SELECT m.id FROM members m JOIN accounts a ON a.id = m.account_id WHERE a.handle = ? AND m.kind = 'person'", handle)
	}
	next := "/assemblies/" + p.one(t, "SELECT id FROM assemblies WHERE opened_at IS NULL AND convened_at IS NOT NULL")
	supportable := p.one(t, "SELECT id FROM proposals WHERE state = 'published' AND id NOT IN (SELECT proposal_id FROM proposal_supports WHERE member_id = ?) LIMIT 1", member("jordi"))
	return []act{
		{"nuria", "/payments", "member=" + member("oriol") + "&amount=3,00&method=transfer&received_on=2026-11-20&reference=abc&once=%s", "payments"},
		{"nuria", "/fees/plans", "class=1&name=Nou+pla&every=quarter&vat_treatment=exempt&due_days=30&valid_from=2027-01-01&min=5,00&suggested=10,00&max=&resolution=Acord&once=%s", "fee_plans"},
		{"nuria", "/fees/members/" + member("aina") + "/waiver", "from_on=2027-01-01&until_on=2027-06-30&reason=Acord&once=%s", "waivers"},
		{"marta", "/proposals", "author=" + member("marta") + "&title=Una+prova+nova&body=El+text+sencer&once=%s", "proposals"},
		{"jordi", "/proposals/" + supportable + "/support", "member=" + member("jordi") + "&once=%s", "proposal_supports"},
		{"laia", "/collectives", "name=Nus+nou&description=Res&once=%s", "collectives"},
		{"laia", "/admin/roles", "handle=quim&role=auditor&starts_on=2026-11-23&ends_on=&reason=Acord&once=%s", "role_terms"},
		{"marta", "/delegations", "author=" + member("marta") + "&holder=" + number("quim") + "&until=2027-06-30&once=%s", "delegations"},
		{"forastera", "/apply", "kind=person&name=Gent+Nova&class=1&collective=1&motivation=Perque+si&once=%s", "applications"},
		{"jordi", "/assemblies", "title=Una+altra&kind=ordinary&place=Aqui&online_url=&first_call=2027-03-01T18:00&second_call=2027-03-01T18:30&once=%s", "assemblies"},
		{"marta", next + "/proxy", "giver_id=" + member("marta") + "&holder=" + number("quim") + "&once=%s", "proxies"},
		{"", "clock", "", ""},
		{"jordi", next + "/arrivals", "desk=1&who=" + number("quim") + "&mode=in_person", "attendances"},
		{"montse", next + "/arrivals", "member=" + member("montse") + "&mode=remote", "attendances"},
	}
}

// A form that is sent twice, or eight times at once, has one effect.
func TestHostile_FormsSentTwice_HaveOneEffect(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		for _, times := range []int{2, 8} {
			t.Run(fmt.Sprintf("%s, %d times", flavor, times), func(t *testing.T) {
				p := plantedHouse(t, flavor)
				p.stranger(t)
				visitors := map[string]*visitor{}
				for n, a := range p.acts(t) {
					if a.path == "clock" {
						p.clock.Move(p.secondCall(t))
						visitors = map[string]*visitor{}
						continue
					}
					if visitors[a.who] == nil {
						visitors[a.who] = p.visitor(t, a.who)
					}
					form := strings.Replace(a.form, "%s", "TOKEN"+strconv.Itoa(n), 1)
					p.sendOften(t, visitors[a.who], a, form, times)
				}
				p.voteOften(t, visitors["jordi"], times)
			})
		}
	}
}

// stranger is somebody with an account and no membership.
func (p *planted) stranger(t testing.TB) {
	t.Helper()
	if _, err := p.identity.SignUp(t.Context(), identity.NewAccount{Handle: "forastera", Passphrase: seeds.Passphrase, Again: seeds.Passphrase, Language: "ca"}, "127.0.0.1"); err != nil {
		t.Fatal(err)
	}
}

func (p *planted) secondCall(t testing.TB) time.Time {
	t.Helper()
	var at time.Time
	err := p.db.Read(t.Context(), func(tx *db.Tx) error {
		return tx.DB.Raw("SELECT second_call_at FROM assemblies WHERE opened_at IS NULL AND convened_at IS NOT NULL ORDER BY id LIMIT 1").Scan(&at).Error
	})
	if err != nil || at.IsZero() {
		t.Fatal("no assembly to come", err)
	}
	return at.Add(time.Minute)
}

func (p *planted) count(t testing.TB, table string) int {
	t.Helper()
	n, err := strconv.Atoi(p.one(t, "SELECT count(*) FROM "+table))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (p *planted) sendOften(t *testing.T, v *visitor, a act, form string, times int) {
	t.Helper()
	before := p.count(t, a.table)
	statuses := make([]int, times)
	var all sync.WaitGroup
	for i := range times {
		send := func() {
			answer, body := v.post(t, a.path, form)
			if statuses[i] = answer.StatusCode; statuses[i] >= 400 && statuses[i] != http.StatusConflict {
				t.Errorf("POST %s: status %d: %v", a.path, statuses[i], faults.FindAllString(body, 3))
			}
		}
		if times > 2 {
			all.Go(send)
		} else {
			send()
		}
	}
	all.Wait()
	if n := p.count(t, a.table) - before; n != 1 {
		t.Errorf("POST %s sent %d times made %d rows of %s, answers %v", a.path, times, n, a.table, statuses)
	}
}

var faults = regexp.MustCompile(`(?s)<(?:p|div|li)[^>]*(?:error|flash)[^>]*>.{0,200}`)

// voteOften opens the assembly and a poll, votes, closes, writes minutes and approves them, each often.
func (p *planted) voteOften(t *testing.T, jordi *visitor, times int) {
	t.Helper()
	id := p.one(t, "SELECT assembly_id FROM attendances ORDER BY arrived_at DESC LIMIT 1")
	next := "/assemblies/" + id
	seen := map[string]int{}
	for _, row := range p.query(t, "SELECT m.number FROM poll_electors e JOIN members m ON m.id = e.member_id WHERE m.left_on IS NULL GROUP BY m.number") {
		answer, _ := jordi.post(t, next+"/arrivals", "desk=1&mode=in_person&who="+row[0])
		seen[strconv.Itoa(answer.StatusCode)]++
	}
	if answer, body := jordi.post(t, next+"/opening", "call=2"); answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("the assembly does not open: %d %v, arrivals %v", answer.StatusCode, faults.FindAllString(body, 3), seen)
	}
	item := p.one(t, "SELECT id FROM agenda_items WHERE assembly_id = ? AND decision = 'ordinary' ORDER BY position LIMIT 1", id)
	p.sendOften(t, jordi, act{path: next + "/polls", table: "polls"}, "item="+item+"&once=POLL", times)
	poll := p.one(t, "SELECT id FROM polls WHERE assembly_id = ?", id)
	quim := p.visitor(t, "quim")
	elector := p.one(t, "SELECT e.member_id FROM poll_electors e JOIN accounts a ON a.id = e.account_id WHERE e.poll_id = ? AND a.handle = 'quim' ORDER BY e.member_id LIMIT 1", poll)
	p.sendOften(t, quim, act{path: "/polls/" + poll + "/votes", table: "votes"}, "choice-"+elector+"=for", times)
	jordi.post(t, next+"/polls/"+poll+"/closing", "")
	jordi.post(t, next+"/officers", url.Values{"chair": {p.numberOf(t, "quim")}, "secretary": {p.numberOf(t, "jordi")}, "tellers": {p.numberOf(t, "montse"), p.numberOf(t, "aina")}}.Encode())
	jordi.post(t, next+"/closing", "")
	p.sendOften(t, jordi, act{path: next + "/minutes", table: "minutes"}, "language=ca&once=MINUTES", times)
	p.sendOften(t, quim, act{path: next + "/minutes/approvals", table: "minutes_approvals"}, "revision=1", times)
}

func (p *planted) numberOf(t testing.TB, handle string) string {
	t.Helper()
	return p.one(t, "SELECT m.number FROM members m JOIN accounts a ON a.id = m.account_id WHERE a.handle = ? AND m.kind = 'person'", handle)
}

// Somebody else's records answer that they are not there or not yours, and say nothing about whose they are.
func TestHostile_OthersRecords_StayClosed(t *testing.T) {
	p := plantedHouse(t, db.SQLite)
	p.stranger(t)
	application := p.query(t, "SELECT id, name FROM applications WHERE outcome = 'waiting' LIMIT 1")[0]
	oriol := p.query(t, "SELECT m.id, m.name FROM members m JOIN accounts a ON a.id = m.account_id WHERE a.handle = 'oriol'")[0]
	kase := p.one(t, "SELECT id FROM arrears_cases WHERE member_id = ?", oriol[0])
	payment := p.one(t, "SELECT max(id) FROM payments WHERE member_id = ?", oriol[0])
	draft := p.query(t, "SELECT p.id, v.title FROM proposals p JOIN proposal_versions v ON v.proposal_id = p.id JOIN members m ON m.id = p.author_id JOIN accounts a ON a.id = m.account_id WHERE p.state = 'draft' AND a.handle = 'jordi'")[0]
	session := p.one(t, "SELECT max(s.id) FROM sessions s")
	for _, handle := range []string{"", "forastera", "txell"} {
		v := p.visitor(t, handle)
		for path, secret := range map[string]string{
			"/applications/" + application[0]: application[1], "/fees/members/" + oriol[0]: oriol[1], "/fees/members/" + oriol[0] + "/subscription": oriol[1],
			"/fees/members/" + oriol[0] + "/waiver": oriol[1], "/fees/members/" + oriol[0] + "/case": oriol[1], "/fees/cases/" + kase: oriol[1], "/payments/" + payment: oriol[1],
			"/payments/" + payment + "/reversal": oriol[1], "/proposals/" + draft[0]: draft[1], "/proposals/" + draft[0] + "/edit": draft[1], "/proposals/" + draft[0] + "/versions/1": draft[1],
			"/proposals/" + draft[0] + "/compare": draft[1], "/proposals/" + draft[0] + "/publication": draft[1], "/members/" + oriol[0] + "/edit": oriol[1], "/members/" + oriol[0] + "/departure": oriol[1],
			"/members/" + oriol[0] + "/account": oriol[1], "/assemblies/1/minutes/edit": "Punt informatiu", "/assemblies/1/desk": oriol[1], "/fees/overview.csv": oriol[1], "/books/export/journal?format=csv": "447",
			"/books/export/journal?format=hledger": "447", "/fees/overview": oriol[1], "/applications": application[1], "/admin/mail": "@", "/payments": oriol[1],
		} {
			answer, body := v.get(t, path)
			final := answer.StatusCode == http.StatusConflict && strings.HasSuffix(path, "/minutes/edit")
			away := final || answer.StatusCode == http.StatusForbidden || answer.StatusCode == http.StatusNotFound || (handle == "" && answer.StatusCode == http.StatusSeeOther)
			if !away || strings.Contains(body, secret) {
				t.Errorf("GET %s as %q: status %d, tells %t", path, handle, answer.StatusCode, strings.Contains(body, secret))
			}
		}
		if handle == "" {
			continue
		}
		before := p.state(t)
		for path, form := range map[string]string{
			"/applications/" + application[0] + "/withdrawal": "", "/applications/" + application[0] + "/admission": "", "/applications/" + application[0] + "/refusal": "reason=no",
			"/members/" + oriol[0]: "name=Un+altre&language=ca", "/members/" + oriol[0] + "/departure": "effective_on=2026-11-23&reason=x&confirmed=1", "/members/" + oriol[0] + "/account": "handle=forastera",
			"/fees/members/" + oriol[0] + "/subscription": "plan=1&amount=30,00", "/fees/members/" + oriol[0] + "/waiver": "from_on=2026-11-01&until_on=2026-12-31&reason=x", "/fees/cases/" + kase + "/statement": "statement=x",
			"/fees/cases/" + kase + "/appeal": "appeal=x", "/fees/cases/" + kase + "/decision": "decision=dismiss&reason=x", "/payments/" + payment + "/reversal": "reason=x",
			"/proposals/" + draft[0] + "/versions": "title=x&body=x&base=1", "/proposals/" + draft[0] + "/publication": "", "/proposals/" + draft[0] + "/withdrawal": "", "/proposals": "author=" + oriol[0] + "&title=Un+titol&body=x",
			"/proposals/" + draft[0] + "/support": "member=" + oriol[0], "/assemblies/3/proxy": "giver_id=" + oriol[0] + "&holder=22", "/assemblies/3/arrivals": "member=" + oriol[0] + "&mode=remote",
			"/polls/1/votes": "choice-" + oriol[0] + "=for", "/assemblies/1/minutes/revisions": "revision=1&body=x", "/account/sessions/" + session + "/end": "",
		} {
			if answer, body := v.post(t, path, form); answer.StatusCode < 400 || answer.StatusCode >= 500 || strings.Contains(body, oriol[1]) || strings.Contains(body, draft[1]) {
				t.Errorf("POST %s as %q: status %d", path, handle, answer.StatusCode)
			}
		}
		if tables := changed(before, p.state(t)); len(tables) > 0 {
			t.Errorf("as %q something changed: %v", handle, tables)
		}
	}
}

// Nobody but who objects says that the objection is settled, whoever facilitates least of all; and nobody but who opened
// an advice process writes what was decided.
func TestHostile_OthersWord_IsNotGiven(t *testing.T) {
	p := plantedHouse(t, db.SQLite)
	p.stranger(t)
	facilitator, montse := p.visitor(t, "jordi"), p.visitor(t, "montse")
	plan := func(method methods.Name, hours time.Duration) string {
		closes := p.clock.Now().Add(hours * time.Hour)
		q := polls.Question{Question: "Què fem?", Method: method, Setup: models.PollSetup{Reasons: models.ReasonsOptional}}
		id, err := p.polls.Plan(t.Context(), p.actorOf(t, facilitator), polls.Plan{Question: q, ClosesAt: &closes}, "")
		if err != nil {
			t.Fatal(err)
		}
		return "/polls/" + strconv.FormatInt(int64(id), 10)
	}
	consent, advice := plan(methods.Consent, 48), plan(methods.Advice, 1)
	member := p.one(t, "SELECT m.id FROM members m JOIN accounts a ON a.id = m.account_id WHERE a.handle = 'montse' AND m.kind = 'person'")
	montse.post(t, consent+"/votes", "choice-"+member+"=objection&reason-"+member+"=No")
	p.clock.Move(p.clock.Now().Add(2 * time.Hour))
	if err := p.polls.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	facilitator.post(t, consent+"/resolutions", "member="+member+"&how=withdrawn&words=x")
	agree := "resolution=" + p.one(t, "SELECT id FROM poll_resolutions") + "&says=agree"
	var others []*visitor
	for _, handle := range []string{"", "forastera", "txell", "jordi", "marta", "laia", "nuria"} {
		others = append(others, p.visitor(t, handle))
	}
	before := p.state(t)
	for _, v := range others {
		for path, form := range map[string]string{consent + "/confirmations": agree, advice + "/outcome": "words=x"} {
			if v.handle == "jordi" && path == advice+"/outcome" {
				continue // it is his to write
			}
			if answer, _ := v.post(t, path, form); answer.StatusCode < 400 || answer.StatusCode >= 500 {
				t.Errorf("POST %s as %q: status %d", path, v.handle, answer.StatusCode)
			}
		}
	}
	if tables := changed(before, p.state(t)); len(tables) > 0 {
		t.Errorf("something changed: %v", tables)
	}
	for path, form := range map[string]string{consent + "/confirmations": agree, advice + "/outcome": "words=x"} {
		v := map[string]*visitor{consent + "/confirmations": montse, advice + "/outcome": facilitator}[path]
		if answer, body := v.post(t, path, form); answer.StatusCode != http.StatusSeeOther {
			t.Errorf("POST %s as %s: status %d: %.300s", path, v.handle, answer.StatusCode, visible(body))
		}
	}
}

// A member who leaves takes nothing out of what was decided.
func TestHostile_Leaving_LeavesResultsAsTheyWere(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		p := plantedHouse(t, flavor)
		results := p.query(t, "SELECT id, result FROM polls ORDER BY id")
		quim := p.one(t, "SELECT m.id FROM members m JOIN accounts a ON a.id = m.account_id WHERE a.handle = 'quim'")
		if p.one(t, "SELECT count(*) FROM votes WHERE member_id = ?", quim) == "0" {
			t.Fatal("who leaves voted in nothing")
		}
		answer, body := p.visitor(t, "quim").post(t, "/members/"+quim+"/departure", "effective_on=2026-11-23&reason=x&confirmed=1&once=L")
		if answer.StatusCode != http.StatusSeeOther {
			t.Fatalf("leaving: status %d %v", answer.StatusCode, faults.FindAllString(body, 3))
		}
		p.clock.Move(p.clock.Now().AddDate(0, 0, 2))
		counted, wrong, err := p.polls.RecountAll(t.Context())
		if err != nil || counted < 5 || len(wrong) > 0 {
			t.Errorf("%s: %d polls counted again, wrong %v, %v", flavor, counted, wrong, err)
		}
		if after := p.query(t, "SELECT id, result FROM polls ORDER BY id"); fmt.Sprint(after) != fmt.Sprint(results) {
			t.Errorf("%s: a result changed", flavor)
		}
	}
}

// What people do is in the log as a route and a status: no name, no handle, no text of theirs.
func TestHostile_Logs_NameNobody(t *testing.T) {
	var lines locked
	p := plantedHouse(t, db.SQLite)
	p.log = slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: withoutTime}))
	var err error
	if p.app, err = p.pages(config.Server{BaseURL: testBase}, nil, nil); err != nil {
		t.Fatal(err)
	}
	nobody, marta, nuria := p.visitor(t, ""), p.visitor(t, "marta"), p.visitor(t, "nuria")
	oriol := p.one(t, "SELECT m.id FROM members m JOIN accounts a ON a.id = m.account_id WHERE a.handle = 'oriol'")
	nobody.post(t, "/sign-in", url.Values{"handle": {"marta"}, "passphrase": {seeds.Passphrase}}.Encode())
	nobody.post(t, "/sign-in", "handle=marta&passphrase=una+frase+equivocada")
	nuria.post(t, "/payments", "member="+oriol+"&amount=3,89&method=transfer&received_on=2026-11-20&reference=REFERENCIA&once=P")
	marta.post(t, "/account/gender", "identities=non_binary&words=paraulameva&count_in=another&consents=membership")
	marta.post(t, "/polls/1/votes", "choice-22=against")
	nuria.get(t, "/fees/overview?q=Montblanc")
	marta.get(t, "/members?q=oriol%40example.org")
	marta.get(t, "/members/%ff")
	if got := lines.String(); strings.Count(got, "msg=request") < 8 {
		t.Fatalf("too little was logged: %s", got)
	}
	for _, word := range []string{"marta", "nuria", "oriol", "Montblanc", "Solervicens", "example.org", "non_binary", "another", "paraulameva", "REFERENCIA", "3,89", "389", "against", "equivocada", "nuvol es de totes", "127.0.0.1", "0.0.0.0"} {
		if strings.Contains(strings.ToLower(lines.String()), strings.ToLower(word)) {
			t.Errorf("the log has %q:\n%s", word, lines.String())
		}
	}
}

// withoutTime leaves out when a line was written: its thousandths of a second may be the digits of any amount.
func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

type locked struct {
	sync.Mutex
	text bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.text.Write(b)
}

func (l *locked) String() string {
	l.Lock()
	defer l.Unlock()
	return l.text.String()
}

// No link or form's address on any page carries a name or an email.
func TestHostile_Links_CarryNoNames(t *testing.T) {
	t.Parallel()
	p := plantedHouse(t, db.SQLite)
	var names []string
	for _, row := range p.query(t, "SELECT name FROM members UNION SELECT representative FROM members WHERE representative <> '' UNION SELECT name FROM applications") {
		names = append(names, strings.ToLower(row[0]))
	}
	sorted := map[string]bool{}
	for _, row := range p.query(t, "SELECT sort_name FROM members") {
		sorted[strings.ToLower(row[0])] = true
	}
	for _, account := range roleHandles() {
		v := p.visitor(t, account.Handle)
		by := p.actorOf(t, v)
		for _, r := range p.routes() {
			if r.Method != http.MethodGet || !r.Policy.Allows(by) {
				continue
			}
			for _, path := range p.paths(t, r.Path) {
				_, body := v.get(t, path)
				for _, m := range address.FindAllStringSubmatch(body, -1) {
					checkAddress(t, path+" as "+account.Role, m[1], names, sorted)
				}
			}
		}
	}
}

var address = regexp.MustCompile(`(?:href|action)="([^"]*\?[^"]*)"`)

func checkAddress(t *testing.T, where, href string, names []string, sorted map[string]bool) {
	t.Helper()
	_, query, _ := strings.Cut(strings.ReplaceAll(href, "&amp;", "&"), "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Errorf("%s: %q: %v", where, href, err)
	}
	for name, list := range values {
		for _, value := range list {
			low := strings.ToLower(value)
			if strings.Contains(low, "@") || sorted[low] {
				t.Errorf("%s links to %q", where, href)
			}
			for _, n := range names {
				if n != "" && strings.Contains(low, n) {
					t.Errorf("%s links to %q: %s names somebody", where, href, name)
				}
			}
		}
	}
}

// Whoever gets hold of the database's file reads no email and no gender in it.
func TestHostile_DatabaseFile_TellsNoEmailAndNoGender(t *testing.T) {
	p := plantedHouse(t, db.SQLite)
	v := p.visitor(t, "marta")
	if answer, _ := v.post(t, "/account/gender", "identities=non_binary&words=paraulameva&count_in=another&consents=membership"); answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("declaring: status %d", answer.StatusCode)
	}
	file := strings.TrimPrefix(p.url, "sqlite:")
	for _, name := range []string{file, file + "-wal"} {
		bytesOf, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, word := range []string{"paraulameva", "non_binary", "marta@", "oriol@", `"count_in"`, `"identities"`} {
			if at := bytes.Index(bytesOf, []byte(word)); at >= 0 {
				t.Errorf("%q is in the database's file: %q", word, bytesOf[max(0, at-60):min(len(bytesOf), at+60)])
			}
		}
	}
}
