package books

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socia/core/money"
)

var errRead = errors.New("the database went away")

func failing(yield func(Entry, error) bool) { yield(Entry{}, errRead) }

type brokenWriter struct{}

var errWrite = errors.New("disk full")

func (brokenWriter) Write([]byte) (int, error) { return 0, errWrite }

// hostile are texts that would break a journal or run in a spreadsheet.
var hostile = []string{
	"Quota de març", "", "two\nlines\r\nand\ttab", "a; comment:x", "payee|note", "* ! (99) x", "=cmd|'/c calc'!A1", "  =1+1",
	"2026-01-01=2026-02-02", "kind:false, source:other", "\u2028line\u0085", "broken \xff\xfe byte", "\ufeffmark", "\"quotes\"", "end  two spaces",
	"comment\nend comment", "-5", "@x", "l·l", strings.Repeat("long ", 400),
}

func hostileJournal(t *testing.T) []Entry {
	t.Helper()
	var entries []Entry
	for i, text := range hostile {
		h := head
		h.Description, h.Source, h.SourceID = text, text, text
		charge, err1 := ChargeEntry(h, money.Cents(1000+i), 100)
		payment, err2 := PaymentEntry(h, Bank, money.Cents(1000+i), money.Cents(i))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		charge.Number, payment.Number = int64(3*i+1), int64(3*i+2)
		reversal := Reverse(payment)
		reversal.Number, reversal.Kind = int64(3*i+3), text
		entries = append(entries, charge, payment, reversal)
	}
	return entries
}

// hledger runs the real tool over a journal. A machine without it fails the test.
func hledger(t testing.TB, journal []byte, args ...string) string {
	t.Helper()
	tool, err := exec.LookPath("hledger")
	if err != nil {
		t.Fatal("hledger is not installed; install it (Debian: apt-get install hledger): it is what proves the journal")
	}
	path := filepath.Join(t.TempDir(), "books.journal")
	if err := os.WriteFile(path, journal, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(tool, append([]string{"-f", path}, args...)...)
	command.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=C.UTF-8")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("hledger %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func journal(t testing.TB, entries []Entry, lang string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteHledger(&out, DefaultChart(), "EUR", Each(entries), lang); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWriteHledger_HledgerAcceptsItInEveryLanguage(t *testing.T) {
	for _, lang := range []string{"ca", "es", "en"} {
		hledger(t, journal(t, hostileJournal(t), lang), "check", "--strict")
		hledger(t, journal(t, nil, lang), "check", "--strict")
	}
}

func TestWriteHledger_HledgerReadsEachEntryAndTheSameBalances(t *testing.T) {
	entries := hostileJournal(t)
	text := journal(t, entries, "ca")
	codes := strings.Fields(hledger(t, text, "codes"))
	if len(codes) != len(entries) || codes[0] != "1" {
		t.Errorf("hledger finds %d codes in %d entries", len(codes), len(entries))
	}
	rows, err := csv.NewReader(strings.NewReader(hledger(t, text, "balance", "--flat", "--empty", "-N", "-O", "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]string{}
	for _, row := range rows[1:] {
		code, _, _ := strings.Cut(row[0][strings.Index(row[0], ":")+1:], " ")
		theirs[code] = strings.TrimSuffix(row[1], " EUR")
	}
	ours, err := TrialBalance(Each(entries))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range ours {
		want := b.NetCents().String()
		if got := theirs[b.Account]; got != want && (b.NetCents() != 0 || (got != "0" && got != "0.00")) {
			t.Errorf("account %s: hledger says %q, we say %q", b.Account, got, want)
		}
	}
}

func TestWriteHledger_TagsAndTypesAreRead(t *testing.T) {
	text := journal(t, hostileJournal(t), "en")
	if got := hledger(t, text, "tags", "member", "--values"); strings.TrimSpace(got) != "7" {
		t.Errorf("members: %q", got)
	}
	if got := strings.Fields(hledger(t, text, "tags")); slices.Contains(got, "comment") {
		t.Errorf("a description made a tag: %v", got)
	}
	if got := hledger(t, text, "balance", "-N", "type:R"); !strings.Contains(got, "7561 Solidarity contributions") || strings.Contains(got, "447") {
		t.Errorf("income: %s", got)
	}
}

func TestWriteHledger_AnyEntryOfAnyTextIsAccepted(t *testing.T) {
	// One run of the tool reads many drawn entries: starting it is what costs time.
	var entries []Entry
	rapid.Check(t, func(t *rapid.T) { entries = append(entries, drawEntry(t, int64(len(entries)+1))) })
	text := journal(t, entries, "ca")
	hledger(t, text, "check", "--strict")
	if got := len(strings.Fields(hledger(t, text, "codes"))); got != len(entries) {
		t.Errorf("hledger reads %d of %d entries", got, len(entries))
	}
}

func TestWriteHledger_Golden(t *testing.T) {
	e, _ := ChargeEntry(head, 1500, 500)
	e.Number = 12
	text := string(journal(t, []Entry{e}, "ca"))
	_, got, _ := strings.Cut(text, "\n\n2026")
	want := `-03-01 (12) Quota de març  ; kind:charge, source:charges, source_id:12
    assets:447 Membres, deutors  15.00 EUR  ; member:7
    income:756 Ingressos per quotes de membres  -10.00 EUR  ; member:7
    income:7561 Aportacions solidàries  -5.00 EUR  ; member:7
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWriters_RefuseWhatTheyCannotWrite(t *testing.T) {
	good, _ := ChargeEntry(head, 1500, 500)
	noDay, unknown, broken := good, good, good
	noDay.On.Year, noDay.On.Month, noDay.On.Day = 0, 0, 0
	unknown.Postings = []Posting{{"999", 1, 0}, {"447", -1, 0}}
	broken.Postings = good.Postings[:2]
	for name, write := range map[string]func(w *bytes.Buffer, currency string, entries []Entry) error{
		"hledger": func(w *bytes.Buffer, currency string, entries []Entry) error {
			return WriteHledger(w, DefaultChart(), currency, Each(entries), "ca")
		},
		"csv": func(w *bytes.Buffer, currency string, entries []Entry) error {
			return WriteCSV(w, DefaultChart(), currency, Each(entries), "ca", nil)
		},
	} {
		for _, c := range []struct {
			currency string
			entry    Entry
			want     error
		}{
			{"EUR", good, nil}, {"eur", good, ErrCurrency}, {"E\nR", good, ErrCurrency}, {"", good, ErrCurrency},
			{"EUR", noDay, ErrNoDay}, {"EUR", unknown, ErrUnknownAccount}, {"EUR", broken, ErrUnbalanced},
		} {
			if err := write(new(bytes.Buffer), c.currency, []Entry{c.entry}); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
	}
}

func TestWriters_PassOnFailures(t *testing.T) {
	chart := DefaultChart()
	good, _ := ChargeEntry(head, 1500, 500)
	many := Each(slices.Repeat([]Entry{good}, 200))
	for name, got := range map[string][2]error{
		"hledger reads":  {WriteHledger(new(bytes.Buffer), chart, "EUR", failing, "ca"), errRead},
		"hledger writes": {WriteHledger(brokenWriter{}, chart, "EUR", many, "ca"), errWrite},
		"csv reads":      {WriteCSV(new(bytes.Buffer), chart, "EUR", failing, "ca", nil), errRead},
		"csv writes":     {WriteCSV(brokenWriter{}, chart, "EUR", many, "ca", nil), errWrite},
		"csv header":     {WriteCSV(new(bytes.Buffer), chart, "EUR", many, "ca", []string{"one"}), csv.ErrFieldCount},
	} {
		if !errors.Is(got[0], got[1]) {
			t.Errorf("%s: %v, want %v", name, got[0], got[1])
		}
	}
}

func TestWriteCSV_Golden(t *testing.T) {
	e, _ := PaymentEntry(head, Cash, 1500, 5)
	e.Number, e.Description = 3, "=HYPERLINK(\"x\"), \"Quota\"\nde març"
	e.Postings[2].Member = 0
	var out bytes.Buffer
	if err := WriteCSV(&out, DefaultChart(), "EUR", Each([]Entry{e}), "es", nil); err != nil {
		t.Fatal(err)
	}
	text := "\"'=HYPERLINK(\"\"x\"\"), \"\"Quota\"\"\r\nde març\""
	want := "entry,date,kind,source,source_id,reverses,description,account,account_name,debit,credit,currency,member\r\n" +
		"3,2026-03-01,payment,charges,12,," + text + ",570,Caja,15.05,,EUR,7\r\n" +
		"3,2026-03-01,payment,charges,12,," + text + ",447,Socios deudores,,15.00,EUR,7\r\n" +
		"3,2026-03-01,payment,charges,12,," + text + ",438,Anticipos de socios,,0.05,EUR,\r\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestWriteCSV_NoCellIsAFormula(t *testing.T) {
	header := CSVColumns()
	header[0] = "=assentament"
	var out bytes.Buffer
	if err := WriteCSV(&out, DefaultChart(), "EUR", Each(hostileJournal(t)), "ca", header); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][0] != "'=assentament" {
		t.Errorf("the header is %q", rows[0][0])
	}
	for _, row := range rows {
		for _, cell := range row {
			if trimmed := strings.TrimLeft(cell, " "); trimmed != "" && strings.ContainsRune("=+-@\t\r\n", rune(trimmed[0])) {
				t.Errorf("%q would run", cell)
			}
		}
	}
}
