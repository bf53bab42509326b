package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"socia/app/equality"
	"socia/app/identity"
	"socia/models"
	"socia/platform/browsertest"
	"socia/platform/clock"
	"socia/platform/config"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/seal"
)

// The main job, in one go and in a real browser: a new cooperative imports its members, charges fees, sees a member
// lose and regain the vote by paying, takes a proposal to an assembly, votes by class, publishes the result and the
// minutes, its figures about gender, and hands its books to hledger.
func TestJourney_FromMembersFileToBooks(t *testing.T) {
	t.Parallel()
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			t.Parallel()
			j := newJourney(t, flavor)
			j.imports()
			j.appoints()
			j.setsStatutes()
			j.chargesFees()
			j.losesAndRegainsTheVote()
			j.proposes()
			j.convenes()
			j.meets()
			j.votes()
			j.minutes()
			j.publishesGenderBalance()
			j.exports()
		})
	}
}

const (
	journeyPassphrase = "una frase ben llarga"
	journeyAssembly   = "/assemblies/1"
)

// journey is a house that begins empty, a browser in it, and a clock that the story moves.
type journey struct {
	*testing.T
	house   *house
	clock   *clock.Set
	address string
	tab     context.Context
	who     string
	// refusing says that what is sent now must be refused.
	refusing bool
}

func newJourney(t *testing.T, flavor db.Flavor) *journey {
	t.Helper()
	j := &journey{T: t, clock: clock.At(time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)), tab: browsertest.Start(t)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	j.ok(err)
	j.address = "http://" + listener.Addr().String()
	j.house, err = build(context.Background(), ground{
		Database: config.Database{DatabaseURL: dbtest.URL(t, flavor)}, Secret: config.Secret{SecretKey: seal.NewKey()}, Clock: j.clock,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Identity: identity.Options{Hashing: cheapHashing},
	})
	j.ok(err)
	t.Cleanup(func() { _ = j.house.close() })
	j.ok(j.house.found(t.Context(), identity.Founding{Name: "La Farga", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: "association", Handle: "admin", Passphrase: journeyPassphrase}))
	app, err := j.house.pages(config.Server{BaseURL: j.address}, nil, nil)
	j.ok(err)
	go func() { _ = app.Listener(listener) }()
	t.Cleanup(func() { _ = app.ShutdownWithTimeout(2 * time.Second) })
	j.ok(browsertest.Viewport(j.tab, 1280, false))
	return j
}

// imports brings 7 workers, 11 collaborators and 40 users in, 15 of them organisations.
func (j *journey) imports() {
	j.signsIn("admin")
	var file strings.Builder
	file.WriteString("número;nom;tipus;classe;col·lectiu;data d'alta;representant\n")
	row := func(n int, name, kind, class, representative string) {
		fmt.Fprintf(&file, "%d;%s;%s;%s;Nord;2024-05-01;%s\n", n, name, kind, class, representative)
	}
	for n := 1; n <= 7; n++ {
		row(n, fmt.Sprintf("Treballadora %d", n), "persona", "worker", "")
	}
	for n := 8; n <= 18; n++ {
		row(n, fmt.Sprintf("Col·laboradora %d", n), "persona", "collaborating", "")
	}
	for n := 19; n <= 58; n++ {
		if n > 43 {
			row(n, fmt.Sprintf("Entitat d'usuaris %d", n), "organització", "user", fmt.Sprintf("Representant %d", n))
			continue
		}
		row(n, fmt.Sprintf("Usuària %d", n), "persona", "user", "")
	}
	path := filepath.Join(j.TempDir(), "membres.csv")
	j.ok(os.WriteFile(path, []byte(file.String()), 0o600))
	j.goes("/members/import")
	j.ok(chromedp.Do(j.tab, chromedp.SetUploadFiles(chromedp.CSS("input[name=file]"), []string{path})))
	j.sends("/members/import", fields{"new_collectives": "1"}, "")
	j.sees("58")
	j.sends("/members/import/confirmation", nil, "")
	j.goes("/members")
	j.sees("Col·laboradora 8")
}

// appoints gives the administrator the other roles that the story needs.
func (j *journey) appoints() {
	for _, role := range []string{"facilitator", "treasurer"} {
		j.goes("/admin/roles")
		j.sends("/admin/roles", fields{"handle": "admin", "role": role, "starts_on": "2026-03-02", "reason": "Acord 1 de l'assemblea fundacional"}, "")
	}
}

// setsStatutes counts by class at 40/20/40, with three mandates for each holder.
func (j *journey) setsStatutes() {
	j.goes("/admin/statutes")
	j.sends("/admin/statutes", fields{
		"counting.method": "class", "counting.shares.user": "40", "counting.shares.worker": "40", "counting.shares.collaborating": "20",
		"counting.article": "Estatuts, art. 31", "proxies.max_per_holder": "3", "reason": "Acord 2 de l'assemblea fundacional",
	}, "")
	j.sends("/admin/statutes", nil, "") // the review says what changes; this confirms it
	j.goes("/statutes")
	j.sees("Estatuts, art. 31")
}

// chargesFees makes a plan, links three accounts, and charges the first quarter.
func (j *journey) chargesFees() {
	j.goes("/fees/plans/new")
	j.sends("/fees/plans", fields{
		"name": "Quota trimestral", "class": "1", "every": "quarter", "vat_treatment": "exempt", "due_days": "15",
		"valid_from": "2026-01-01", "min": "5", "suggested": "10", "max": "60", "resolution": "Acord 3 de l'assemblea fundacional",
	}, "")
	for handle, number := range map[string]int64{"anna": 19, "berta": 1, "carla": 8} {
		_, err := j.house.identity.SignUp(j.Context(), identity.NewAccount{Handle: handle, Passphrase: journeyPassphrase, Again: journeyPassphrase, Language: "ca"}, "127.0.0.1")
		j.ok(err)
		member := j.member(number)
		j.goes("/members/" + member + "/account")
		j.sends("/members/"+member+"/account", fields{"handle": handle}, "")
	}
	// Anna chooses to pay above the suggestion; the treasurer enters the subscription of number 20.
	j.signsIn("anna")
	j.goes("/fees/members/" + j.member(19) + "/subscription")
	j.sends("/fees/members/"+j.member(19)+"/subscription", fields{"amount": "12,50"}, "")
	j.sends("/fees/members/"+j.member(19)+"/subscription", nil, "")
	j.signsIn("admin")
	j.goes("/fees/members/" + j.member(20) + "/subscription")
	j.sends("/fees/members/"+j.member(20)+"/subscription", fields{"amount": "10"}, "")
	j.sends("/fees/members/"+j.member(20)+"/subscription", nil, "")
	// The period that has begun was charged at once: the hourly round finds nothing more to charge.
	made, err := j.house.fees.GenerateCharges(j.Context())
	j.ok(err)
	if made != 0 {
		j.Errorf("%d charges were made again", made)
	}
	j.goes("/fees/members/" + j.member(19))
	j.sees("12,50")
}

// losesAndRegainsTheVote: Anna does not pay; after the grace period she may not vote, and may again once she has paid.
func (j *journey) losesAndRegainsTheVote() {
	j.signsIn("anna")
	j.goes("/standing")
	j.mayVote(true)
	j.clock.Move(time.Date(2026, 4, 20, 10, 0, 0, 0, time.UTC))
	j.signsIn("anna") // the session of March has expired
	j.goes("/standing")
	j.mayVote(false)
	j.signsIn("admin")
	j.goes("/payments/new?member=" + j.member(19))
	j.sends("/payments/review", fields{"amount": "12,50", "method": "transfer", "received_on": "2026-04-20", "reference": "TRF 1"}, "")
	j.sends("/payments", nil, "")
	j.signsIn("anna")
	j.goes("/standing")
	j.mayVote(true)
}

func (j *journey) proposes() {
	j.goes("/proposals/new")
	j.sends("/proposals", fields{"title": "Una biblioteca d'eines", "body": "Comprem **eines** i les compartim.\n\n- trepant\n- escala"}, "save")
	j.goes("/proposals/1/publication")
	j.sends("/proposals/1/publication", nil, "")
	j.goes("/proposals/1")
	j.sees("biblioteca d'eines")
}

// convenes calls the assembly. A notice that is too short is refused with its article; a good one freezes the roll.
func (j *journey) convenes() {
	j.signsIn("admin")
	j.goes("/assemblies/new")
	plan := fields{"title": "Assemblea de maig", "kind": "ordinary", "first_call": "2026-04-30T18:00", "second_call": "2026-04-30T18:30", "place": "La nau", "online_url": "https://sala.example.org/farga"}
	j.sends("/assemblies", plan, "")
	j.goes(journeyAssembly + "/items/new?from=proposal")
	j.sends(journeyAssembly+"/items", fields{"proposal": "1", "decision": "ordinary"}, "")
	j.goes(journeyAssembly + "/notice")
	j.sees("Estatuts") // too short: the page cites the article and offers nothing to confirm
	if wrong := j.trySending(journeyAssembly+"/notice", nil, ""); wrong == "" {
		j.Error("a notice of ten days was sent")
	}
	plan["first_call"], plan["second_call"] = "2026-05-09T10:00", "2026-05-09T10:30"
	j.goes(journeyAssembly + "/edit")
	j.sends(journeyAssembly, plan, "")
	j.goes(journeyAssembly + "/notice")
	j.sends(journeyAssembly+"/notice", nil, "")
	j.goes(journeyAssembly + "/roll")
	j.sees("57") // number 20 has not paid
}

// meets checks people in, declares mandates, and opens the assembly with its quorum.
func (j *journey) meets() {
	j.goes(journeyAssembly + "/officers")
	j.sends(journeyAssembly+"/officers", fields{"chair": "19", "secretary": "2", "tellers": []string{"1", "8"}}, "")
	j.clock.Move(time.Date(2026, 5, 9, 7, 45, 0, 0, time.UTC))
	j.house.identity.Forget()
	j.signsIn("admin")
	for _, mandate := range [][2]string{{"21", "19"}, {"22", "19"}, {"23", "19"}} {
		j.goes(journeyAssembly + "/proxies")
		j.sends(journeyAssembly+"/proxies", fields{"giver": mandate[0], "holder": mandate[1]}, "")
	}
	j.goes(journeyAssembly + "/proxies")
	j.refused(func() { j.sends(journeyAssembly+"/proxies", fields{"giver": "24", "holder": "19"}, "") }, "3")
	// In the room: three workers, three collaborators, nine users; number 20 has voice but no vote.
	for _, number := range []string{"1", "2", "3", "8", "9", "10", "19", "25", "26", "27", "28", "44", "45", "46", "20"} {
		j.goes(journeyAssembly + "/desk")
		j.sends(journeyAssembly+"/arrivals", fields{"who": number}, "in_person")
	}
	j.clock.Move(time.Date(2026, 5, 9, 8, 0, 0, 0, time.UTC))
	j.goes(journeyAssembly)
	// 17 of 57 are present or represented; by class the quorum asks for a third of the weight.
	j.opensAtSomeCall()
}

// opensAtSomeCall opens at the first call, or at the second once its hour has come.
func (j *journey) opensAtSomeCall() {
	j.clock.Move(time.Date(2026, 5, 9, 8, 30, 0, 0, time.UTC))
	j.goes(journeyAssembly)
	j.sends(journeyAssembly+"/opening", fields{"call": "2"}, "")
	j.goes(journeyAssembly)
}

// votes: Anna votes for herself and differently for her three mandates; the table enters the room's votes.
func (j *journey) votes() {
	j.sends(journeyAssembly+"/polls", nil, "")
	j.signsIn("anna")
	j.goes("/polls/1")
	ballot := fields{choice(j, 19): "for", choice(j, 21): "for", choice(j, 22): "against", choice(j, 23): "abstain"}
	j.sends("/polls/1/votes", ballot, "")
	ballot[choice(j, 23)] = "for" // a change of mind before the close
	j.sends("/polls/1/votes", ballot, "")
	for handle, number := range map[string]int64{"berta": 1, "carla": 8} {
		j.signsIn(handle)
		j.goes("/polls/1")
		j.sends("/polls/1/votes", fields{choice(j, number): "for"}, "")
	}
	j.signsIn("admin")
	j.goes("/polls/1")
	table := fields{}
	for number, says := range map[int64]string{2: "for", 3: "against", 9: "against", 10: "abstain", 25: "for", 26: "for", 27: "against", 28: "abstain", 44: "for", 45: "for", 46: "against"} {
		table[choice(j, number)] = says
	}
	j.sends("/polls/1/table-votes", table, "")
	j.goes(journeyAssembly + "/polls/1/closing")
	j.sends(journeyAssembly+"/polls/1/closing", nil, "")
	j.goes("/polls/1")
	// Users: 11 votes at 40/11; 7 for, 3 against, 1 abstains. Workers: 3 at 40/3; 2 for, 1 against. Collaborators: 3 at
	// 20/3; 1 for, 1 against, 1 abstains. For: 280/11 + 80/3 + 20/3 = 1940/33. Against: 120/11 + 40/3 + 20/3 = 340/11.
	j.sees("1940/33")
	j.sees("340/11")
	j.sees("Estatuts, art. 31")
	j.sees("Aprovat")
}

// minutes are drafted from what happened, approved by the chair and two tellers, and then immutable.
func (j *journey) minutes() {
	j.goes(journeyAssembly + "/closing")
	j.sends(journeyAssembly+"/closing", nil, "")
	j.goes(journeyAssembly)
	j.sends(journeyAssembly+"/minutes", nil, "")
	for _, handle := range []string{"anna", "berta", "carla"} {
		j.signsIn(handle)
		j.goes(journeyAssembly + "/minutes")
		j.sends(journeyAssembly+"/minutes/approvals", nil, "")
	}
	body := j.downloads(journeyAssembly + "/minutes.md")
	if !strings.Contains(body, "biblioteca d") || !strings.Contains(body, "1940/33") {
		j.Errorf("the minutes do not tell the vote:\n%.2000s", body)
	}
	if pdf := j.downloads(journeyAssembly + "/minutes.pdf"); !strings.HasPrefix(pdf, "%PDF-") {
		j.Errorf("the PDF begins with %.20q", pdf)
	}
	err := j.house.db.Write(j.Context(), func(tx *db.Tx) error { return tx.DB.Exec("UPDATE minutes SET body = 'x'").Error })
	if err == nil {
		j.Error("approved minutes were changed")
	}
}

// publishesGenderBalance: Anna answers on the page, thirty others likewise; the figures appear on the fixed day.
func (j *journey) publishesGenderBalance() {
	j.signsIn("anna")
	j.goes("/account/gender")
	j.sends("/account/gender", fields{"count_in": "women", "consents": []string{"membership", "participation", "administration"}}, "")
	j.declareTheOthers()
	j.clock.Move(time.Date(2026, 7, 2, 8, 0, 0, 0, time.UTC))
	j.house.identity.Forget()
	j.ok(j.house.equality.Publish(j.Context()))
	j.visitsAsNobody("/balance")
	j.sees("Entre el 40")  // users: enough answers to say where between, too few who did not answer to show counts
	j.sees("Massa poques") // seven workers: nothing
	j.lacks("Treballadora 1")
}

// declareTheOthers gives every other person an account and an answer: half of each class women, half men.
func (j *journey) declareTheOthers() {
	var people []models.Member
	j.ok(j.house.db.Read(j.Context(), func(tx *db.Tx) error {
		return tx.DB.Where("kind = 'person' AND account_id IS NULL").Order("number").Find(&people).Error
	}))
	admin := j.actor("admin")
	for i, m := range people {
		handle := fmt.Sprintf("p%d", m.Number)
		_, err := j.house.identity.SignUp(j.Context(), identity.NewAccount{Handle: handle, Passphrase: journeyPassphrase, Again: journeyPassphrase, Language: "ca"}, strconv.Itoa(i))
		j.ok(err)
		j.ok(j.house.members.LinkAccount(j.Context(), admin, m.ID, handle, ""))
		group := equality.CountWomen
		if i%2 == 0 {
			group = equality.CountMen
		}
		j.ok(j.house.equality.Declare(j.Context(), j.actor(handle), equality.Declaration{CountIn: group, Consents: []equality.Use{equality.UseMembership}}, ""))
	}
}

// exports hands the journal to hledger, which must find nothing wrong.
func (j *journey) exports() {
	j.signsIn("admin")
	journal := j.downloads("/books/export/journal?format=hledger&from=2026-01-01&to=2026-12-31")
	path := filepath.Join(j.TempDir(), "books.journal")
	j.ok(os.WriteFile(path, []byte(journal), 0o600))
	if out, err := exec.Command("hledger", "check", "--strict", "-f", path).CombinedOutput(); err != nil {
		j.Errorf("hledger refuses the books: %v\n%s\n%.1500s", err, out, journal)
	}
	balance, err := exec.Command("hledger", "balance", "-f", path, "--flat", "-N", "cur:EUR").CombinedOutput()
	j.ok(err)
	if !strings.Contains(string(balance), "12") {
		j.Errorf("the payment is not in the balance:\n%s", balance)
	}
	if csv := j.downloads("/books/export/journal?format=csv&from=2026-01-01&to=2026-12-31"); strings.Count(csv, "\n") < 5 {
		j.Errorf("the CSV has too few rows:\n%s", csv)
	}
	soundness, err := j.house.ledger.Check(j.Context())
	j.ok(err)
	if !soundness.Sound() {
		j.Errorf("the ledger is not sound: %+v", soundness)
	}
}

// ---- how the browser is driven ----

// fields are what is typed or chosen in a form, by name; a list chooses several boxes or fills several fields.
type fields map[string]any

func (j *journey) ok(err error) {
	j.Helper()
	if err != nil {
		j.Fatal(err)
	}
}

// signsIn uses the page the first time, and afterwards gives the browser another session: signing in is tested once.
func (j *journey) signsIn(handle string) {
	j.Helper()
	if j.who == "" {
		j.goes("/sign-in")
		j.sends("/sign-in", fields{"handle": handle, "passphrase": journeyPassphrase}, "")
		j.who = handle
		return
	}
	token, err := j.house.identity.SignIn(j.Context(), handle, journeyPassphrase, "127.0.0.1", "test")
	j.ok(err)
	j.tells(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{Name: "socia", Value: token, URL: j.address})
		return err
	})
	j.who = handle
}

func (j *journey) visitsAsNobody(path string) {
	j.Helper()
	j.tells(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.ClearBrowserCookies, cdp.Empty{})
		return err
	})
	j.goes(path + "?lang=ca")
}

func (j *journey) tells(do func(context.Context, *chromedp.Target) error) {
	j.Helper()
	j.ok(chromedp.Do(j.tab, chromedp.Func(do)))
}

func (j *journey) goes(path string) {
	j.Helper()
	if err := chromedp.Do(j.tab, chromedp.Navigate(j.address+path)); err != nil {
		j.Fatalf("%s as %s: %v", path, j.who, err)
	}
}

// fill finds the form that posts to an address, fills it in, and presses the button with the value, as a person would:
// the browser's own validation applies. It answers with what is wrong, or nothing.
const fill = `(function (action, values, act) {
	const forms = [...document.forms].filter(f => new URL(f.action).pathname === action && f.getAttribute('method') === 'post');
	for (const form of forms) {
		const names = Object.keys(values);
		if (!names.every(n => [...form.elements].some(e => e.name === n))) continue;
		if ('call' in values && form.elements.call.type === 'hidden' && form.elements.call.value !== values.call) continue;
		for (const n of names) {
			const wanted = Array.isArray(values[n]) ? values[n] : [values[n]];
			const found = [...form.elements].filter(e => e.name === n);
			found.forEach((e, i) => {
				if (e.type === 'radio' || e.type === 'checkbox') e.checked = wanted.includes(e.value);
				else if (found.length > 1) e.value = wanted[i] ?? '';
				else e.value = wanted[0];
			});
		}
		const wrong = [...form.elements].find(e => e.willValidate && !e.checkValidity());
		if (wrong) return 'the browser refuses ' + wrong.name + ': ' + wrong.validationMessage;
		const button = [...form.querySelectorAll('button[type=submit]')].find(b => act === '' || b.value === act);
		if (!button) return 'no button ' + act;
		setTimeout(() => button.click(), 0);
		return '';
	}
	return 'no form to ' + action + ' with ' + Object.keys(values) + ' on ' + location.pathname + ' (' + document.title + '); there are ' +
		[...document.forms].map(f => new URL(f.action).pathname + ' [' + [...f.elements].map(e => e.name).join(' ') + ']').join(', ');
})(%s, %s, %s)`

// sends fills in and sends a form, and expects that it is taken.
func (j *journey) sends(action string, values fields, act string) {
	j.Helper()
	if wrong := j.trySending(action, values, act); wrong != "" {
		j.Fatalf("%s as %s: %s", action, j.who, wrong)
	}
}

// refused expects that what is sent is refused with a sentence that says something.
func (j *journey) refused(send func(), says string) {
	j.Helper()
	j.refusing = true
	send()
	j.refusing = false
	text := j.reads()
	if !strings.Contains(text, says) {
		j.Errorf("the refusal does not say %q: %.600s", says, text)
	}
}

func (j *journey) trySending(action string, values fields, act string) string {
	j.Helper()
	if values == nil {
		values = fields{}
	}
	quoted := make([]any, 3)
	for i, v := range []any{action, values, act} {
		raw, err := json.Marshal(v)
		j.ok(err)
		quoted[i] = string(raw)
	}
	wrong := ""
	_, err := chromedp.Run(j.tab, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Action[chromedp.Void](func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		said, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(fill, quoted...)))
		if err == nil && said != "" {
			wrong, err = said, fmt.Errorf("%s", said)
		}
		return chromedp.Void{}, err
	})))
	if wrong != "" {
		return wrong
	}
	j.ok(err)
	alert, err := chromedp.Run(j.tab, chromedp.Evaluate[string](`(document.querySelector('[role=alert], .notice.no')||{innerText:''}).innerText`))
	j.ok(err)
	status, err := chromedp.Run(j.tab, chromedp.Evaluate[int](`performance.getEntriesByType('navigation')[0].responseStatus`))
	j.ok(err)
	if alert == "" && status >= 400 {
		return fmt.Sprintf("status %d: %s", status, j.reads())
	}
	if j.refusing {
		if alert == "" {
			return "it was taken, and should have been refused"
		}
		return ""
	}
	return alert
}

func (j *journey) reads() string {
	j.Helper()
	text, err := chromedp.Run(j.tab, chromedp.Evaluate[string](`document.querySelector('main').innerText.replaceAll('’', "'")`))
	j.ok(err)
	return text
}

func (j *journey) sees(want string) {
	j.Helper()
	if text := j.reads(); !strings.Contains(text, want) {
		j.Errorf("the page does not say %q:\n%.1500s", want, text)
	}
}

func (j *journey) lacks(unwanted string) {
	j.Helper()
	if strings.Contains(j.reads(), unwanted) {
		j.Errorf("the page says %q", unwanted)
	}
}

// mayVote reads the badge that stands on every page.
func (j *journey) mayVote(want bool) {
	j.Helper()
	badge, err := chromedp.Run(j.tab, chromedp.Evaluate[string](`(document.querySelector('header a[href="/standing"]')||{innerText:''}).innerText.trim()`))
	j.ok(err)
	if got := strings.Contains(badge, "Pots votar"); got != want || badge == "" {
		j.Errorf("the badge says %q: %.600s", badge, j.reads())
	}
}

// downloads fetches a file with the browser's session.
func (j *journey) downloads(path string) string {
	j.Helper()
	token, err := j.house.identity.SignIn(j.Context(), j.who, journeyPassphrase, "127.0.0.1", "test")
	j.ok(err)
	request, err := http.NewRequestWithContext(j.Context(), http.MethodGet, j.address+path, nil)
	j.ok(err)
	request.Header.Set("Cookie", "socia="+token)
	answer, err := http.DefaultClient.Do(request)
	j.ok(err)
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	j.ok(err)
	if answer.StatusCode != http.StatusOK {
		j.Fatalf("%s: status %d", path, answer.StatusCode)
	}
	return string(body)
}

// member is the id of the member with a number.
func (j *journey) member(number int64) string {
	j.Helper()
	var m models.Member
	j.ok(j.house.db.Read(j.Context(), func(tx *db.Tx) error { return tx.DB.Where("number = ?", number).Take(&m).Error }))
	return strconv.FormatInt(int64(m.ID), 10)
}

func choice(j *journey, number int64) string { return "choice-" + j.member(number) }

func (j *journey) actor(handle string) identity.Actor {
	j.Helper()
	var actor identity.Actor
	account, err := j.house.identity.AccountByHandle(j.Context(), handle)
	j.ok(err)
	j.ok(j.house.db.Read(j.Context(), func(tx *db.Tx) (err error) {
		actor, err = identity.ActorTx(tx, account.ID)
		return err
	}))
	return actor
}
