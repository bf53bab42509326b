package i18n

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"socia/core/civil"
)

func mustLoad(t *testing.T) *Bundle {
	t.Helper()
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDates_AreWrittenInWords(t *testing.T) {
	b := mustLoad(t)
	day := civil.Date{Year: 2026, Month: time.November, Day: 28}
	october := civil.Date{Year: 2026, Month: time.October, Day: 3}
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	winter := time.Date(2026, 11, 28, 19, 0, 0, 0, time.UTC)
	summer := time.Date(2026, 8, 1, 22, 30, 0, 0, time.UTC)
	for _, c := range []struct{ lang, got, want string }{
		{"ca", b.For("ca").Date(day), "dissabte, 28 de novembre de 2026"},
		{"es", b.For("es").Date(day), "sábado, 28 de noviembre de 2026"},
		{"en", b.For("en").Date(day), "Saturday 28 November 2026"},
		{"ca", b.For("ca").DayMonth(october), "3 d’octubre"},
		{"es", b.For("es").DayMonth(october), "3 de octubre"},
		{"en", b.For("en").DayMonth(october), "3 October"},
		{"ca", b.For("ca").MonthYear(2026, time.April), "abril de 2026"},
		{"en", b.For("en").MonthYear(2026, time.April), "April 2026"},
		{"ca", b.For("ca").OfMonth(time.August), "d’agost"},
		{"ca", b.For("ca").OfMonth(time.March), "de març"},
		{"ca", b.For("ca").ShortDate(day), "28\u00a0nov.\u00a02026"},
		{"ca", b.For("ca").Time(winter, madrid), "dissabte, 28 de novembre de 2026, 20.00\u00a0(CET)"},
		{"es", b.For("es").Time(winter, madrid), "sábado, 28 de noviembre de 2026, 20:00\u00a0(CET)"},
		{"en", b.For("en").Time(winter, madrid), "Saturday 28 November 2026, 20:00\u00a0(CET)"},
		{"ca", b.For("ca").Time(summer, madrid), "diumenge, 2 d’agost de 2026, 0.30\u00a0(CEST)"},
		{"ca", b.For("ca").ShortTime(summer, madrid), "2\u00a0ag.\u00a02026, 0.30"},
		{"ca", b.For("ca").Date(civil.Date{}), "–"},
		{"ca", b.For("ca").Span(october, day), "3\u00a0oct.\u00a02026 – 28\u00a0nov.\u00a02026"},
		{"ca", b.For("ca").Span(civil.New(2024, time.September, 1), civil.Date{}), "des de l’1 de setembre de 2024"},
		{"ca", b.For("ca").Span(civil.Date{}, day), "fins al 28 de novembre de 2026"},
		{"es", b.For("es").Span(day, civil.Date{}), "desde el 28 de noviembre de 2026"},
		{"en", b.For("en").Span(day, civil.Date{}), "since 28 November 2026"},
		{"en", b.For("en").Span(civil.Date{}, civil.Date{}), "–"},
		{"ca", b.For("ca").ShortDate(civil.Date{}), "–"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.lang, c.got, c.want)
		}
	}
}

func TestFigures_FollowTheLanguageAndAreExact(t *testing.T) {
	b := mustLoad(t)
	ca, es, en := b.For("ca"), b.For("es"), b.For("en")
	for _, c := range []struct{ got, want string }{
		{ca.Money(123450, "EUR"), "1.234,50\u00a0€"},
		{es.Money(123450, "EUR"), "1.234,50\u00a0€"},
		{en.Money(123450, "EUR"), "€1,234.50"},
		{ca.Money(5, "EUR"), "0,05\u00a0€"},
		{ca.Money(-1800, "EUR"), "−18,00\u00a0€"},
		{en.Money(-1800, "EUR"), "−€18.00"},
		{en.Money(1800, "CHF"), "18.00\u00a0CHF"},
		{ca.Money(math.MaxInt64, "EUR"), "92.233.720.368.547.758,07\u00a0€"},
		{ca.Money(math.MinInt64, "EUR"), "−92.233.720.368.547.758,08\u00a0€"},
		{ca.Amount(100000), "1.000,00"},
		{ca.AmountInput(123450), "1234,50"},
		{en.AmountInput(-123450), "-1234.50"},
		{ca.Number(1234567), "1.234.567"},
		{en.Number(-999), "−999"},
		{ca.Number(1000), "1.000"},
		{ca.Percent(2, 3), "66,7\u00a0%"},
		{en.Percent(2, 3), "66.7%"},
		{ca.Percent(1, 5), "20\u00a0%"},
		{ca.Percent(-1, 8), "−12,5\u00a0%"},
		{ca.Percent(math.MaxInt64, math.MaxInt64), "100\u00a0%"},
		{ca.Percent(1, 0), "–"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestFigures_FractionsHaveTheLanguagesDecimalsAndStayExact(t *testing.T) {
	b := mustLoad(t)
	ca, en := b.For("ca"), b.For("en")
	for _, c := range []struct{ got, want string }{
		{ca.Ratio(big.NewRat(1143, 25)), "45,72"},
		{en.Ratio(big.NewRat(1143, 25)), "45.72"},
		{ca.Ratio(big.NewRat(100, 3)), "33,33\u00a0(100/3)"},
		{ca.Ratio(big.NewRat(-1, 2)), "−0,5"},
		{ca.Ratio(big.NewRat(4000, 3)), "1.333,33\u00a0(4000/3)"},
		{ca.Ratio(big.NewRat(5999, 2000)), "3\u00a0(5999/2000)"},
		{ca.Ratio(big.NewRat(1234, 1)), "1.234"},
		{ca.T("assemblies.no_quorum", "Present", "45.72", "Of", "100", "Needed", "50", "Article", "art. 1"), "No hi ha quòrum: 45,72 de 100, i en calen 50 (art. 1)."},
		{b.For("es").T("assemblies.no_quorum", "Present", "45.72", "Of", "100", "Needed", "50", "Article", "art. 1"), "No hay quórum: 45,72 de 100, y hacen falta 50 (art. 1)."},
		{en.T("assemblies.no_quorum", "Present", "45.72", "Of", "100", "Needed", "50", "Article", "art. 1"), "There is no quorum: 45.72 of 100, and 50 are needed (art. 1)."},
		{ca.N("proposals.support.have", 1), "suport"},
		{ca.N("proposals.support.lack", 1), "encara falta"},
		{ca.N("polls.sentence.votes", 1, "For", "2", "Against", "0", "Abstain", "1"), "2 a favor, 0 en contra, 1 abstenció."},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestTexts_PluralsAndPlaceholders(t *testing.T) {
	b := mustLoad(t)
	for _, c := range []struct{ got, want string }{
		{b.For("ca").N("ui.form.errors", 1), "Hi ha 1 cosa per corregir"},
		{b.For("ca").N("ui.form.errors", 1234), "Hi ha 1.234 coses per corregir"},
		{b.For("es").N("ui.form.errors", 1_000_000), "Hay 1.000.000 cosas que corregir"},
		{b.For("en").N("ui.form.errors", 0), "There are 0 things to correct"},
		{b.For("en").T("ui.error.too_long", "Max", 40), "This is too long: at most 40 characters."},
		{b.For("fr").T("ui.word.save"), "Desa"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if m := b.Missing(); len(m) != 0 {
		t.Errorf("keys were missing: %v", m)
	}
}

func TestTexts_AMissingKeyOrValueIsVisibleAndCounted(t *testing.T) {
	b := mustLoad(t)
	if got := b.For("en").T("ui.nowhere"); got != "⟦ui.nowhere⟧" {
		t.Errorf("got %q", got)
	}
	if got := b.For("en").T("ui.error.too_long"); !strings.HasPrefix(got, "⟦ui.error.too_long") {
		t.Errorf("a text without its value was shown: %q", got)
	}
	if got := len(b.Missing()); got != 2 {
		t.Errorf("%d keys counted as missing, want 2: %v", got, b.Missing())
	}
}

func TestTexts_ValuesAreNotInterpretedAsTemplates(t *testing.T) {
	b := mustLoad(t)
	if got := b.For("en").T("ui.nav.me_named", "Handle", "{{.Count}}<b>"); got != "Me: {{.Count}}<b>" {
		t.Errorf("got %q", got)
	}
}

func TestMatch_ReadsAcceptLanguage(t *testing.T) {
	for accept, want := range map[string]string{
		"":                            "ca",
		"ca-ES,ca;q=0.9,es;q=0.8":     "ca",
		"es-MX,es;q=0.9,en;q=0.5":     "es",
		"en-GB":                       "en",
		"fr,en;q=0.5":                 "en",
		"zh":                          "ca",
		"*":                           "ca",
		"not a header;;;q=x":          "ca",
		"en;q=0.3,es;q=0.9,ca;q=0.95": "ca",
	} {
		if got := Match(accept); got != want {
			t.Errorf("Match(%q) = %q, want %q", accept, got, want)
		}
	}
}

func TestLoad_RefusesFilesThatAreWrong(t *testing.T) {
	for name, file := range map[string]struct{ path, body, want string }{
		"twice":      {"locales/x.ca.json", `{"x.a":"1","x.a":"2"}`, "twice"},
		"other area": {"locales/x.ca.json", `{"y.a":"1"}`, "does not start"},
		"language":   {"locales/x.fr.json", `{"x.a":"1"}`, "name is not"},
		"malformed":  {"locales/x.ca.json", `{"x.a":`, "x.ca.json"},
	} {
		_, err := load(fstest.MapFS{file.path: {Data: []byte(file.body)}})
		if err == nil || !strings.Contains(err.Error(), file.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, file.want)
		}
	}
}
