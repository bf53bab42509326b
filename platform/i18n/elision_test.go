package i18n

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"text/template"
	"time"

	"socia/core/civil"
)

func TestCatalan_DeElidesBeforeTheSoundOfAVowel(t *testing.T) {
	for _, want := range []string{
		"d’Oriol", "d’Aina", "d’Horts", "d’Àngel", "d’Èlia", "d’Òscar", "d’Úrsula", "d’Íngrid", "d’Hàmid", "d’Iolanda", "d’Irene",
		"d’Iu", "d’Uixó", "d’Ørjan", "d’Yves", "d’A\u0300ngel", "d’«Horts de la Vall»", "d’“Un pressupost”", "d’1", "d’11", "d’11,5\u00a0%",
		"d’1/2", "d’11.000", "d’1.000.000", "d’11è", "d’SCCL", "d’ONU", "d’humus", "d’1,00\u00a0€",
		"de Nuria", "de Iago", "de Ieremies", "de Iúlia", "de Yolanda", "de hiena", "de Huelva", "de uadi", "de L’Orfeó", "de «La casa»",
		"de Wanda", "de Çelik", "de 2", "de 12", "de 100", "de 111", "de 1.000", "de 1r", "de 18", "de –", "de −1", "de ", "de 中文", "de DVD",
		"de Lluís", "de 15M", "de 0,11", "de 110",
	} {
		value := strings.TrimPrefix(strings.TrimPrefix(want, "d’"), "de ")
		if got := before("de ", "d’")(value); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestCatalan_TheArticleContractsOrElides(t *testing.T) {
	for _, c := range []struct{ text, day, want string }{
		{"Des {{del .Day}}", "11 de novembre", "Des de l’11 de novembre"},
		{"Des {{del .Day}}", "1 d’abril", "Des de l’1 d’abril"},
		{"Des {{del .Day}}", "12 d’abril", "Des del 12 d’abril"},
		{"Des {{del .Day}}", "dimecres, 11 de novembre de 2026", "Des del dimecres, 11 de novembre de 2026"},
		{"Fins {{al .Day}}", "11 de novembre", "Fins a l’11 de novembre"},
		{"Fins {{al .Day}}", "21 de novembre", "Fins al 21 de novembre"},
		{"{{El .Day}} va acabar", "1\u00a0nov.\u00a02026", "L’1\u00a0nov.\u00a02026 va acabar"},
		{"és {{el .Day}}", "31 de gener", "és el 31 de gener"},
		{"acta {{de (cited .Day)}}", "Horts", "acta d’«Horts»"},
		{"acta {{de (cited .Day)}}", "Quotes", "acta de «Quotes»"},
	} {
		var out bytes.Buffer
		if err := template.Must(template.New("").Funcs(catalan).Parse(c.text)).Execute(&out, map[string]any{"Day": c.day}); err != nil {
			t.Fatal(err)
		}
		if out.String() != c.want {
			t.Errorf("%s of %q: got %q, want %q", c.text, c.day, out.String(), c.want)
		}
	}
}

// blind is a Catalan word that changes before a vowel, put before a value nobody knows yet.
var blind = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:de|del|al|el|pel|la) [«“(]?\{\{\.|[dl]’[«“(]?\{\{`)

func TestTexts_CatalanNeverPutsABareArticleBeforeAValue(t *testing.T) {
	for lang, keys := range all(t) {
		for key, forms := range keys {
			for _, s := range forms {
				if lang == Catalan && blind.MatchString(s) {
					t.Errorf("%s: write {{de .X}}, {{del .X}}, {{al .X}} or {{el .X}}: %s", key, s)
				}
				values := strings.ReplaceAll(strings.Join(placeholder.FindAllString(s, -1), ""), "{{comma .", "{{.")
				if lang == Spanish {
					values = strings.ReplaceAll(values, "{{on .", "{{.")
				}
				if lang != Catalan && strings.ContainsAny(values, " (") {
					t.Errorf("%s: %s: only Catalan elides: %s", lang, key, s)
				}
			}
		}
	}
}

func TestTexts_CatalanElidesInsideSentences(t *testing.T) {
	ca := mustLoad(t).For("ca")
	for _, c := range []struct{ got, want string }{
		{ca.T("polls.ballot.vote_of", "Name", "Oriol"), "El vot d’Oriol"},
		{ca.T("fees.member.title", "Name", "Aina"), "Quotes d’Aina"},
		{ca.T("fees.case.title", "Name", "Horts"), "Expedient d’Horts"},
		{ca.T("rolls.reason.since", "Day", "11 de novembre"), "Des de l’11 de novembre."},
		{ca.T("members.step.until", "Day", "11 de novembre"), "Fins a l’11 de novembre"},
		{ca.T("home.minutes", "Name", "Assemblea de tardor"), "Falta la teva aprovació a l’acta d’«Assemblea de tardor»"},
		{ca.N("polls.ballot.turnout", 3, "Cast", "3", "Electors", "11"), "Han votat 3 d’11."},
		{ca.N("polls.ballot.turnout", 1, "Cast", "1", "Electors", "161"), "Ha votat 1 de 161."},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// A day of the week in a Spanish sentence has its article; in Catalan and in a table it has none.
func TestTexts_SpanishDaysHaveTheirArticleInsideSentences(t *testing.T) {
	texts := mustLoad(t)
	es, ca := texts.For("es"), texts.For("ca")
	day := civil.New(2026, time.November, 28)
	for _, c := range []struct{ got, want string }{
		{es.T("polls.ballot.until", "When", es.Date(day)), "Se cierra el sábado, 28 de noviembre de 2026."},
		{es.T("polls.result.when", "When", es.Date(day)), "Votación cerrada el sábado, 28 de noviembre de 2026"},
		{es.T("fees.letter.until.hearing", "Day", day, "Article", "art. 3"), "Puedes responder hasta el sábado, 28 de noviembre de 2026 (art. 3). Mientras tanto conservas el voto."},
		{es.T("fees.appeal_came_late", "Day", civil.Date{}), "El plazo para recurrir era hasta –."},
		{ca.T("polls.ballot.until", "When", ca.Date(day)), "Es tanca dissabte, 28 de novembre de 2026."},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// What is said of people asks for no gender, and fits one vote and a weight as well.
func TestTexts_AnElectionIsToldOfAnybody(t *testing.T) {
	texts := mustLoad(t)
	for lang, says := range map[string]string{"ca": "Jordi surt amb un pes de 58,67.", "es": "Jordi sale con un peso de 58,67."} {
		weight := texts.For(lang).T("polls.unit.weight", "Figure", "58,67")
		if got := texts.For(lang).T("polls.act.elect", "Option", "Jordi", "Votes", weight); got != says {
			t.Errorf("%s: %q", lang, got)
		}
	}
	if got := texts.For("ca").T("polls.act.drop_quorum", "Option", "Anna", "Against", "Oriol", "Needed", "60", "Votes", texts.For("ca").T("polls.unit.weight", "Figure", "58,67")); !strings.HasPrefix(got, "Anna surt del recompte: davant d’Oriol té un pes de 58,67,") {
		t.Errorf("%q", got)
	}
	if got := texts.For("ca").N("home.count", 7); got != "T’esperen 7 coses." {
		t.Errorf("%q", got)
	}
}
