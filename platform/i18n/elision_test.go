package i18n

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"text/template"
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
		{ca.T("polls.ballot.turnout", "Cast", "3", "Electors", "11"), "Han votat 3 d’11."},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
