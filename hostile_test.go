package main

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"socia/platform/db"
)

// payload breaks out of text, attributes, Markdown, templates, and the direction of writing, wherever one of them is
// let in; it begins as a formula, for tables.
const payload = "=HYPERLINK(\"x\")\"><hostile a=1></title></script><script>hostile()</script><img src=x onerror=hostile()>' onfocus='hostile()" +
	" {{len \"aaa\"}}{{.}} [x](javascript:hostile()) ![x](https://hostile.example/x.png) <javascript:hostile()> \u202ehostile"

// ours are the text columns that no form writes freely: words of ours, days, handles whose letters are checked, and what
// the program itself wrote as data. Every other text column is somebody's typing.
var ours = regexp.MustCompile(`^(cooperatives\.(language|time_zone|currency)|accounts\.(handle|passphrase_hash|language)|rule_sets\.(preset|body)|` +
	`once_tokens\..*|inbox_notices\.(kind|args|href)|audit_lines\.(act|subject|detail)|leases\..*|member_classes\.code|` +
	`.*\.(kind|language|outcome|role|every|vat_treatment|method|decision|state|cause|class_code|part|mode|choice|report|account_code|currency|source|appeal_outcome)|` +
	`.*_on|.*\.(on_day|for_kind|iban|bank_iban|valid_from|period_start|period_end|hearing_until|as_of)|ledger_accounts\.code|assemblies\.(opening|online_url)|roll_entries\.reasons|polls\.(roll_counts|result|setup|count|seed)|poll_resolutions\.how|` +
	`gender_releases\.body|local_mails\.recipient|goqite\..*|goose_db_version\..*|dead_letters\.job)$`)

func (p *planted) query(t testing.TB, sql string, args ...any) (rows [][]string) {
	t.Helper()
	err := p.db.Read(t.Context(), func(tx *db.Tx) error {
		found, err := tx.DB.Raw(sql, args...).Rows()
		if err != nil {
			return err
		}
		defer func() { _ = found.Close() }()
		columns, err := found.Columns()
		if err != nil {
			return err
		}
		for found.Next() {
			cells, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := found.Scan(into...); err != nil {
				return err
			}
			row := make([]string, len(columns))
			for i, cell := range cells {
				if raw, isBytes := cell.([]byte); isBytes {
					cell = string(raw)
				}
				row[i] = fmt.Sprint(cell)
			}
			rows = append(rows, row)
		}
		return found.Err()
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return rows
}

func (p *planted) execute(t testing.TB, sql string, args ...any) {
	t.Helper()
	if err := p.db.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Exec(sql, args...).Error }); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// poison writes the payload into every text column that somebody may type into, past all checks: what pages do with a
// stored text must not lean on what forms refuse.
func (p *planted) poison(t testing.TB, text string) {
	t.Helper()
	for _, trigger := range p.query(t, "SELECT name FROM sqlite_master WHERE type = 'trigger'") {
		p.execute(t, `DROP TRIGGER "`+trigger[0]+`"`)
	}
	columns := p.query(t, `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND upper(c.type) = 'TEXT'`)
	poisoned := 0
	for _, c := range columns {
		if !ours.MatchString(c[0] + "." + c[1]) {
			p.execute(t, fmt.Sprintf(`UPDATE "%s" SET "%s" = ? || rowid`, c[0], c[1]), text)
			poisoned++
		}
	}
	if poisoned < 25 {
		t.Fatalf("only %d columns of text", poisoned)
	}
	p.execute(t, `UPDATE inbox_notices SET args = (SELECT json_group_object(key, ?) FROM json_each(args))`, text)
	p.execute(t, `UPDATE assemblies SET online_url = 'javascript:hostile()//' || ?`, text)
}

// idsOf are queries for the records that a route's path may name, at most three of each.
var idsOf = []struct{ prefix, sql string }{
	{"/statutes/", "SELECT version FROM rule_sets"},
	{"/collectives/", "SELECT id FROM collectives"},
	{"/applications/", "SELECT max(id) FROM applications GROUP BY outcome"},
	{"/members/", "SELECT id FROM members WHERE number IN (1, 22, 160)"},
	{"/fees/members/", "SELECT member_id FROM arrears_cases UNION SELECT 1"},
	{"/fees/plans/", "SELECT id FROM fee_plans"},
	{"/fees/cases/", "SELECT id FROM arrears_cases"},
	{"/payments/", "SELECT min(payment_id) FROM payment_reversals UNION SELECT min(id) FROM payments"},
	{"/proposals/", "SELECT max(id) FROM proposals GROUP BY state"},
	{"/polls/", "SELECT id FROM polls ORDER BY id DESC"},
	{"/assemblies/", "SELECT id FROM assemblies"},
}

// paths are addresses of a route, with records of the seeds that exist.
func (p *planted) paths(t testing.TB, route string) []string {
	t.Helper()
	if !strings.Contains(route, ":") {
		return []string{route}
	}
	best := -1
	for i, of := range idsOf {
		if strings.HasPrefix(route, of.prefix) && (best < 0 || len(of.prefix) > len(idsOf[best].prefix)) {
			best = i
		}
	}
	if best < 0 {
		return []string{param.ReplaceAllString(route, "1")}
	}
	var out []string
	for _, row := range p.query(t, idsOf[best].sql+" LIMIT 6") {
		path := strings.Replace(route, param.FindString(route), row[0], 1)
		if strings.Contains(path, "/items/:item") {
			item := p.query(t, "SELECT id FROM agenda_items WHERE assembly_id = ? LIMIT 1", row[0])
			if len(item) == 0 {
				continue
			}
			path = strings.Replace(path, ":item", item[0][0], 1)
		}
		out = append(out, param.ReplaceAllString(path, "1"))
	}
	return out
}

// hostileIn names what of the payload got through as markup, "" for nothing.
func hostileIn(body string) string {
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		switch z.Next() { //nolint:exhaustive // only tags can be the payload's markup
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			if wrong := hostileTag(z.Token()); wrong != "" {
				return wrong
			}
		}
	}
}

func hostileTag(tag html.Token) string {
	if tag.Data == "hostile" {
		return "an element of the payload"
	}
	src := ""
	for _, a := range tag.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on") || strings.ContainsAny(a.Key, `"'<=`):
			return "an attribute of the payload: " + tag.String()
		case a.Key == "href" || a.Key == "action" || a.Key == "formaction" || a.Key == "src":
			src = a.Val
			if a.Val == string(templ.FailedSanitizationURL) {
				continue // what pages show in the place of an address that runs
			}
			u, err := url.Parse(strings.TrimSpace(a.Val))
			if err != nil || (u.Scheme != "" && !slices.Contains([]string{"http", "https", "mailto"}, u.Scheme)) {
				return "an address that runs: " + tag.String()
			}
			if tag.Data != "a" && (u.Host != "" || u.Scheme != "") {
				return "something asked of another origin: " + tag.String()
			}
		}
	}
	if tag.Data == "script" && !strings.HasPrefix(src, "/assets/") {
		return "a script in the page"
	}
	return ""
}

// checkAnswer looks at what somebody got: no fault of ours, nothing of the payload alive, no text missing.
func checkAnswer(t testing.TB, what string, answer *http.Response, body string) {
	t.Helper()
	if answer.StatusCode >= 500 {
		t.Errorf("%s: status %d", what, answer.StatusCode)
	}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		if wrong := hostileIn(body); wrong != "" {
			t.Errorf("%s: %s", what, wrong)
		}
	}
	if strings.Contains(body, "⟦") {
		t.Errorf("%s: a text is missing", what)
	}
	if to := answer.Header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n")) {
		t.Errorf("%s: sent to %q", what, to)
	}
}

// Whatever is stored, no page, document or list lets it become more than text.
func TestHostile_StoredTexts_StayTexts(t *testing.T) {
	t.Parallel()
	p := plantedHouse(t, db.SQLite)
	marta := p.visitor(t, "marta")
	if answer, body := marta.post(t, "/account/gender", url.Values{"identities": {"woman"}, "words": {payload[:100]}, "count_in": {"women"}, "consents": {"membership"}}.Encode()); answer.StatusCode >= 500 || hostileIn(body) != "" {
		t.Errorf("a declaration in hostile words: status %d, %s", answer.StatusCode, hostileIn(body))
	}
	p.answeredObjection(t)
	p.poison(t, payload)
	seen := 0
	for _, account := range roleHandles() {
		p.identity.Forget()
		v := p.visitor(t, account.Handle)
		for _, r := range p.routes() {
			if r.Method != http.MethodGet || r.Path == "/healthz" || r.Path == "/readyz" || !r.Policy.Allows(p.actorOf(t, v)) {
				continue
			}
			for _, path := range p.paths(t, r.Path) {
				answer, body := v.get(t, path)
				what := "GET " + path + " as " + account.Role
				checkAnswer(t, what, answer, body)
				checkTemplate(t, what, body)
				checkColumns(t, what, answer, body)
				if strings.Contains(body, "hostile") {
					seen++
				}
			}
		}
	}
	if seen < 150 {
		t.Errorf("only %d pages showed a stored text", seen)
	}
}

// checkTemplate makes sure that a template in a stored text was not run.
func checkTemplate(t testing.TB, what, body string) {
	t.Helper()
	plain := html.UnescapeString(body)
	if strings.Contains(plain, "hostile() 3") {
		t.Errorf("%s: a template in a stored text was run", what)
	}
}

// formula is what a spreadsheet would run.
var formula = regexp.MustCompile(`(?m)(^|[,;]|")[ "]*[=+@\t][A-Za-z]`)

func checkColumns(t testing.TB, what string, answer *http.Response, body string) {
	t.Helper()
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/csv") && formula.MatchString(body) {
		t.Errorf("%s: a formula: %q", what, formula.FindString(body))
	}
}

// What spreadsheets run is defused in every table that people take with them, and accounting programs still read the journal.
func TestHostile_Formulas_AreDefused(t *testing.T) {
	t.Parallel()
	hledger, err := exec.LookPath("hledger")
	if err != nil {
		t.Fatal("hledger is needed to check the journal: install it, for example with apt-get install hledger")
	}
	for _, start := range []string{"=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\uff1d", ";"} {
		p := plantedHouse(t, db.SQLite)
		p.poison(t, start+`HYPERLINK("https://x.example";"x"),1|cmd`)
		v := p.visitor(t, "nuria")
		for _, path := range []string{"/fees/overview.csv?who=all", "/books/export/journal?format=csv"} {
			answer, body := v.get(t, path)
			if answer.StatusCode != http.StatusOK || !strings.Contains(body, "HYPERLINK") {
				t.Errorf("%s: status %d, or nothing hostile in it", path, answer.StatusCode)
			}
			checkCells(t, path+" with "+strconv.Quote(start), body)
		}
		answer, journal := v.get(t, "/books/export/journal?format=hledger")
		if answer.StatusCode != http.StatusOK {
			t.Errorf("journal: status %d", answer.StatusCode)
		}
		file := filepath.Join(t.TempDir(), "books.journal")
		if err := os.WriteFile(file, []byte(journal), 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.CommandContext(t.Context(), hledger, "-f", file, "check", "--strict").CombinedOutput(); err != nil {
			t.Errorf("hledger refuses the journal with %q: %v\n%.600s", start, err, said)
		}
	}
}

func checkCells(t testing.TB, what, body string) {
	t.Helper()
	rows, err := readCSV(strings.TrimPrefix(body, "\ufeff"))
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if len(cell) > 0 && strings.Contains("=+-@\t\r\n\uff1d", string([]rune(cell)[:1])) && !number.MatchString(cell) {
				t.Errorf("%s: the cell %q is a formula", what, cell)
				return
			}
		}
	}
}

var number = regexp.MustCompile(`^-?[0-9]+([.,][0-9]+)?$`)

// asked are the names that the handler of each page reads from an address, as the source has them: those of its file,
// and the two that every page reads.
func asked(t testing.TB) map[string][]string {
	t.Helper()
	inFileOf := map[string][]string{}
	for _, file := range handlerFiles(t) {
		text := source(t, file)
		names := map[string]bool{}
		for _, m := range queryName.FindAllStringSubmatch(text, -1) {
			names[m[1]] = true
		}
		for _, m := range handlerName.FindAllStringSubmatch(text, -1) {
			inFileOf[m[1]] = slices.Sorted(maps.Keys(names))
		}
	}
	byRoute := map[string][]string{}
	for _, m := range routeRow.FindAllStringSubmatch(source(t, "handlers/routes.go"), -1) {
		byRoute[m[1]] = inFileOf[m[2]]
	}
	byRoute["/"] = append(byRoute["/"], "lang", "done")
	byRoute["/proposals/:id"] = append(byRoute["/proposals/:id"], "lang", "done")
	return byRoute
}

var (
	queryName   = regexp.MustCompile(`Query\("([a-z_]+)"`)
	handlerName = regexp.MustCompile(`func \(h \*Handlers\) ([A-Z]\w+)\(`)
	routeRow    = regexp.MustCompile(`\{"GET", "([^"]+)", .*, h\.(\w+)\}`)
)

func handlerFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("handlers/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no handlers", err)
	}
	return files
}

func source(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// hostileValues are what nobody types, and somebody sends.
func hostileValues() []string {
	return []string{
		"", "%27%20OR%201%3D1--", "%22%3E%3Chostile%20onfocus%3Dhostile()%3E", strings.Repeat("a", 6000), "%00", "a%00b", "%ff%fe", "%C0%AF", "-1",
		"9223372036854775807", "9223372036854775808", "-9223372036854775808", "99999999999999999999999", "1e9", "NaN", "0x10", "javascript:hostile()", "//hostile.example", "%0d%0aX-Hostile:%201",
		"0001-01-01", "9999-12-31", "2026-02-30", "-0001-01-01", "%25%5F%25", "%F0%9F%92%A9", "xx", "..%2f..%2fetc", "a&%[1]s=b", "1,2", "%%%",
	}
}

// No value in an address makes a page fail, wait or answer with what was sent as markup.
func TestHostile_AddressValues_NeverBreakAPage(t *testing.T) {
	t.Parallel()
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			t.Parallel()
			values := hostileValues()
			if flavor == db.Postgres {
				values = values[:12] // what a database itself may refuse
			}
			askHostileHouse(t, plantedHouse(t, flavor), values)
		})
	}
}

func askHostileHouse(t *testing.T, p *planted, values []string) {
	t.Helper()
	names := asked(t)
	visitors := map[string]*visitor{}
	for _, handle := range []string{"", "marta", "jordi", "nuria", "laia", "pau"} {
		visitors[handle] = p.visitor(t, handle)
	}
	for _, r := range p.routes() {
		if r.Method != http.MethodGet {
			continue
		}
		v := visitors[p.whoMay(t, r.Policy.Allows, visitors)]
		paths := p.paths(t, r.Path)
		path := paths[len(paths)-1]
		for _, value := range values {
			all := ""
			for _, name := range names[r.Path] {
				one := name + "=" + strings.ReplaceAll(value, "%[1]s", name)
				askHostile(t, v, path+"?"+one)
				all += one + "&"
			}
			if all != "" && len(value) < 100 {
				askHostile(t, v, path+"?"+all)
			}
		}
		for _, query := range []string{"?q[]=a&q[]=b&sort[a]=b", "?=", "?&&&", "?%", "?" + strings.Repeat("a=b&", 1000)} {
			askHostile(t, v, path+query)
		}
	}
	for _, id := range []string{"0", "-1", "99999999", "9223372036854775807", "9223372036854775808", "1%27", "%00", "%ff", "1.0", "+1", "0x1", "%3Chostile%3E", "a", strings.Repeat("9", 300)} {
		for _, r := range p.routes() {
			if r.Method == http.MethodGet && strings.Contains(r.Path, ":") {
				askHostile(t, visitors[p.whoMay(t, r.Policy.Allows, visitors)], param.ReplaceAllString(r.Path, id))
			}
		}
	}
}

func askHostile(t *testing.T, v *visitor, path string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.Opaque, r.RequestURI = path, path
	what := fmt.Sprintf("GET %.120s as %q", path, v.handle)
	began := time.Now()
	answer, body := v.do(t, r)
	if took := time.Since(began); took > time.Second {
		began = time.Now() // a machine may be busy once
		v.do(t, r)
		if again := time.Since(began); again > time.Second {
			t.Errorf("%s: took %v, then %v", what, took, again)
		}
	}
	checkAnswer(t, what, answer, body)
	if answer.Header.Get("X-Hostile") != "" {
		t.Errorf("%s: a header of the sender's", what)
	}
}

func readCSV(body string) ([][]string, error) {
	separator := ','
	if first, _, _ := bytes.Cut([]byte(body), []byte("\n")); bytes.Contains(first, []byte(";")) {
		separator = ';'
	}
	return csvRows(body, separator)
}

// one is the first cell of an answer.
func (p *planted) one(t testing.TB, sql string, args ...any) string {
	t.Helper()
	rows := p.query(t, sql, args...)
	if len(rows) == 0 {
		t.Fatalf("no row: %s", sql)
	}
	return rows[0][0]
}
