package books

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"socia/core/civil"
	"socia/core/dues"
	"socia/core/money"
)

var head = Head{On: civil.New(2026, time.March, 1), Source: "charges", SourceID: "12", Description: "Quota de març", Member: 7}

func TestChargeEntry_BooksSolidarityApart(t *testing.T) {
	price := dues.Price{SuggestedCents: 1000}
	for _, c := range []struct {
		amount money.Cents
		want   []Posting
	}{
		{800, []Posting{{"447", 800, 7}, {"756", -800, 7}}},
		{1000, []Posting{{"447", 1000, 7}, {"756", -1000, 7}}},
		{1500, []Posting{{"447", 1500, 7}, {"756", -1000, 7}, {"7561", -500, 7}}},
	} {
		e, err := ChargeEntry(head, c.amount, price.Solidarity(c.amount))
		if err != nil || !slices.Equal(e.Postings, c.want) || Balanced(e) != nil {
			t.Errorf("%d: %v, %v; want %v", c.amount, e.Postings, err, c.want)
		}
		if e.Kind != KindCharge || e.Source != "charges" || e.SourceID != "12" || e.On != head.On {
			t.Errorf("the head was lost: %+v", e)
		}
	}
	if e, err := ChargeEntry(head, 500, 500); err != nil || len(e.Postings) != 2 {
		t.Errorf("a fee that is all solidarity: %v, %v", e.Postings, err)
	}
	for _, bad := range [][2]money.Cents{{0, 0}, {-1, 0}, {10, 11}, {10, -1}} {
		if _, err := ChargeEntry(head, bad[0], bad[1]); !errors.Is(err, ErrAmount) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestPaymentEntry_TheRestIsAnAdvance(t *testing.T) {
	for _, c := range []struct {
		till            Till
		allocated, rest money.Cents
		want            []Posting
	}{
		{Bank, 1000, 0, []Posting{{"572", 1000, 7}, {"447", -1000, 7}}},
		{Cash, 1000, 200, []Posting{{"570", 1200, 7}, {"447", -1000, 7}, {"438", -200, 7}}},
		{Bank, 0, 200, []Posting{{"572", 200, 7}, {"438", -200, 7}}},
	} {
		e, err := PaymentEntry(head, c.till, c.allocated, c.rest)
		if err != nil || !slices.Equal(e.Postings, c.want) || Balanced(e) != nil {
			t.Errorf("%v: %v, %v", c, e.Postings, err)
		}
	}
	for _, bad := range [][2]money.Cents{{0, 0}, {-1, 5}, {5, -1}, {math.MaxInt64, 1}} {
		if _, err := PaymentEntry(head, Bank, bad[0], bad[1]); !errors.Is(err, ErrAmount) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if _, err := PaymentEntry(head, "447", 1, 0); !errors.Is(err, ErrTill) {
		t.Errorf("another till: %v", err)
	}
}

func TestApplicationEntry_SettlesFromTheAdvance(t *testing.T) {
	e, err := ApplicationEntry(head, 300)
	if err != nil || !slices.Equal(e.Postings, []Posting{{"438", 300, 7}, {"447", -300, 7}}) {
		t.Errorf("%v, %v", e.Postings, err)
	}
	if _, err := ApplicationEntry(head, 0); !errors.Is(err, ErrAmount) {
		t.Errorf("nothing: %v", err)
	}
}

func TestBalanced_NamesTheFault(t *testing.T) {
	for _, c := range []struct {
		postings []Posting
		want     error
	}{
		{[]Posting{{"572", 5, 0}, {"447", -5, 0}}, nil},
		{nil, ErrTooFewPostings},
		{[]Posting{{"572", 5, 0}}, ErrTooFewPostings},
		{[]Posting{{"572", 5, 0}, {"447", -4, 0}}, ErrUnbalanced},
		{[]Posting{{"572", 5, 0}, {"", -5, 0}}, ErrNoAccount},
		{[]Posting{{"572", 5, 0}, {"447", -5, 0}, {"438", 0, 0}}, ErrZeroPosting},
		{[]Posting{{"572", math.MaxInt64, 0}, {"570", math.MaxInt64, 0}, {"447", 2, 0}}, ErrTooLarge},
		{[]Posting{{"572", math.MinInt64, 0}, {"447", math.MaxInt64, 0}, {"438", 1, 0}}, ErrTooLarge},
	} {
		if err := Balanced(Entry{Postings: c.postings}); !errors.Is(err, c.want) {
			t.Errorf("%v: %v, want %v", c.postings, err, c.want)
		}
	}
}

// drawEntry makes a balanced entry over the default chart.
func drawEntry(t *rapid.T, number int64) Entry {
	codes := []string{}
	for _, a := range DefaultChart() {
		codes = append(codes, a.Code)
	}
	e := Entry{
		Number: number, On: civil.New(2026, time.January, 1).AddDays(rapid.IntRange(0, 700).Draw(t, "day")),
		Kind: rapid.String().Draw(t, "kind"), Source: rapid.String().Draw(t, "source"), SourceID: rapid.String().Draw(t, "id"),
		Description: rapid.String().Draw(t, "description"), Reverses: rapid.Int64Range(0, 9).Draw(t, "reverses"),
	}
	var sum money.Cents
	for range rapid.IntRange(1, 4).Draw(t, "postings") {
		amount := money.Cents(rapid.Int64Range(1, 1_000_000).Draw(t, "amount"))
		if sum-amount != 0 && rapid.Bool().Draw(t, "credit") {
			amount = -amount
		}
		if sum+amount == 0 {
			amount++
		}
		sum += amount
		e.Postings = append(e.Postings, Posting{rapid.SampledFrom(codes).Draw(t, "account"), amount, rapid.Int64Range(0, 50).Draw(t, "member")})
	}
	e.Postings = append(e.Postings, Posting{rapid.SampledFrom(codes).Draw(t, "account"), -sum, 0})
	return e
}

func TestReverse_UndoesAndTwiceRestores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEntry(t, 5)
		if err := Balanced(e); err != nil {
			t.Fatal(err)
		}
		before := slices.Clone(e.Postings)
		r := Reverse(e)
		if !slices.Equal(before, e.Postings) {
			t.Fatal("the original changed")
		}
		if !slices.Equal(Reverse(r).Postings, e.Postings) {
			t.Fatal("reversing twice does not restore")
		}
		if r.Reverses != 5 || r.Number != 0 || r.Kind != KindReversal || r.Source != SourceEntry || r.SourceID != "5" || Balanced(r) != nil {
			t.Fatalf("%+v", r)
		}
		both, err := TrialBalance(Each([]Entry{e, r}))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range both {
			if b.NetCents() != 0 {
				t.Fatalf("%s keeps %d", b.Account, b.NetCents())
			}
		}
	})
}

func TestTrialBalance_DebitsEqualCredits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var entries []Entry
		for n := range rapid.IntRange(0, 6).Draw(t, "entries") {
			entries = append(entries, drawEntry(t, int64(n+1)))
		}
		balances, err := TrialBalance(Each(entries))
		if err != nil {
			t.Fatal(err)
		}
		var debit, credit money.Cents
		for i, b := range balances {
			debit, credit = debit+b.DebitCents, credit+b.CreditCents
			if i > 0 && balances[i-1].Account >= b.Account {
				t.Fatal("not ordered by code")
			}
		}
		if debit != credit {
			t.Fatalf("debits %d, credits %d", debit, credit)
		}
	})
}

func TestTrialBalance_SumsAndStops(t *testing.T) {
	a, _ := ChargeEntry(head, 1500, 500)
	b, _ := PaymentEntry(head, Bank, 1500, 100)
	got, err := TrialBalance(Each([]Entry{a, b}))
	want := []Balance{{"438", 0, 100}, {"447", 1500, 1500}, {"572", 1600, 0}, {"756", 0, 1000}, {"7561", 0, 500}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if _, err := TrialBalance(Each([]Entry{{Number: 3}})); !errors.Is(err, ErrTooFewPostings) || !strings.Contains(err.Error(), "entry 3") {
		t.Errorf("a broken entry: %v", err)
	}
	huge := Entry{Postings: []Posting{{"572", math.MaxInt64, 0}, {"447", -math.MaxInt64, 0}}}
	if _, err := TrialBalance(Each([]Entry{huge, huge})); !errors.Is(err, ErrTooLarge) {
		t.Errorf("past 64 bits: %v", err)
	}
	if _, err := TrialBalance(failing); !errors.Is(err, errRead) {
		t.Errorf("a failed read: %v", err)
	}
}

func TestDefaultChart_IsCompleteAndOrdered(t *testing.T) {
	chart := DefaultChart()
	has := map[string]bool{}
	for i, a := range chart {
		has[a.Code] = true
		if i > 0 && chart[i-1].Code >= a.Code {
			t.Errorf("%s stands after %s", a.Code, chart[i-1].Code)
		}
		for lang, name := range map[string]string{"ca": a.NameCA, "es": a.NameES, "en": a.NameEN} {
			if name == "" || a.Name(lang) != name {
				t.Errorf("%s in %s: %q", a.Code, lang, a.Name(lang))
			}
		}
		if a.Name("fr") != a.NameCA {
			t.Errorf("%s: another language gets Catalan", a.Code)
		}
		if !slices.Contains([]AccountKind{Asset, Liability, Equity, Income, Expense}, a.Kind) {
			t.Errorf("%s has kind %q", a.Code, a.Kind)
		}
	}
	for _, code := range []string{AccountBank, AccountCash, AccountFeeIncome, AccountMembersAdvances, AccountMembersDebtors, AccountSolidarity} {
		if !has[code] {
			t.Errorf("the chart lacks %s", code)
		}
	}
}
