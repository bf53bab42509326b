package polls

import (
	"slices"
	"strings"
	"testing"

	"socia/core/methods"
	"socia/core/quorum"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// The reason told is the one that decided: how many can come, then how many say yes; times equal in both all win.
func TestTell_Times_SaysWhyATimeComesFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why    string
		papers []string
		says   map[string][]string
	}{
		{"more can come", []string{"2,0,0", "1,2,0"}, map[string][]string{
			"ca": {"Dl és l’hora a què més gent pot venir (2 membres)."},
			"es": {"Dl es la hora a la que puede venir más gente (2 miembros)."},
			"en": {"Dl is the time at which the most can come (2 members)."},
		}},
		{"more say yes", []string{"2,1,0", "2,2,0"}, map[string][]string{
			"ca": {"Dl passa al davant: hi pot venir tanta gent com a Dm (2 membres), i més gent hi diu «sí» i no «si cal»."},
			"es": {"Dl pasa delante: puede venir tanta gente como a Dm (2 miembros), y más gente dice «sí» y no «si hace falta»."},
			"en": {"Dl comes first: as many can come as to Dm (2 members), and more say “yes”, not “if need be”."},
		}},
		{"two are equal, a third has fewer yes", []string{"2,2,1"}, map[string][]string{
			"ca": {"Dl passa al davant: hi pot venir tanta gent com a Dc (1 membre), i més gent hi diu «sí» i no «si cal». Dl empata amb Dm: hi pot venir la mateixa quantitat de gent (1 membre), i la mateixa quantitat hi diu «sí» i no «si cal».", "Dm passa al davant: hi pot venir tanta gent com a Dc (1 membre), i més gent hi diu «sí» i no «si cal». Dm empata amb Dl: hi pot venir la mateixa quantitat de gent (1 membre), i la mateixa quantitat hi diu «sí» i no «si cal»."},
			"es": {"Dl pasa delante: puede venir tanta gente como a Dc (1 miembro), y más gente dice «sí» y no «si hace falta». Dl empata con Dm: puede venir la misma cantidad de gente (1 miembro), y la misma cantidad dice «sí» y no «si hace falta».", "Dm pasa delante: puede venir tanta gente como a Dc (1 miembro), y más gente dice «sí» y no «si hace falta». Dm empata con Dl: puede venir la misma cantidad de gente (1 miembro), y la misma cantidad dice «sí» y no «si hace falta»."},
			"en": {"Dl comes first: as many can come as to Dc (1 member), and more say “yes”, not “if need be”. Dl ties with Dm: as many can come (1 member), and as many say “yes”, not “if need be”.", "Dm comes first: as many can come as to Dc (1 member), and more say “yes”, not “if need be”. Dm ties with Dl: as many can come (1 member), and as many say “yes”, not “if need be”."},
		}},
	} {
		for language, want := range c.says {
			s := tellIn(t, language, Tell, methods.Times, methods.Setup{}, named("Dl", "Dm", "Dc"), c.papers)
			if !slices.Equal(s.acts(), want) {
				t.Errorf("%s, %s: %q", c.why, language, s.acts())
			}
		}
	}
}

// While a poll is open a quorum that is not reached may be reached still: nothing says that the vote is void.
func TestSoFar_QuorumNotReached_IsToldAsNotReachedYet(t *testing.T) {
	t.Parallel()
	threshold := rules.Threshold{Num: 1, Den: 2, Article: "art. 8"}
	heads := quorum.Reached(int64(2), int64(6), threshold)
	byClass, err := quorum.EachClass([]quorum.Class{{Class: "user", Roll: 6, Present: 2}}, threshold)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		of     models.PollCount
		motion tally.Result
		says   map[string]string
	}{
		{models.PollCount{AtVote: &heads}, tally.Result{Quorum: &heads}, map[string]string{
			"ca": "Encara no s’ha arribat al quòrum que demanen els estatuts. Quòrum de la votació: 2 de 6; cal arribar a 3 (art. 8).",
			"es": "Todavía no se ha llegado al quórum que piden los estatutos. Quórum de la votación: 2 de 6; hay que llegar a 3 (art. 8).",
			"en": "The quorum that the statutes ask for is not reached yet. Quorum of the vote: 2 of 6; it takes 3 or more (art. 8).",
		}},
		{models.PollCount{AtVote: &byClass}, tally.Result{Quorum: &byClass}, map[string]string{
			"ca": "Encara no s’ha arribat al quòrum que demanen els estatuts. Quòrum de la votació, Usuàries: 2 de 6; cal arribar a 3 (art. 8).",
			"es": "Todavía no se ha llegado al quórum que piden los estatutos. Quórum de la votación, Usuàries: 2 de 6; hay que llegar a 3 (art. 8).",
			"en": "The quorum that the statutes ask for is not reached yet. Quorum of the vote, Usuàries: 2 of 6; it takes 3 or more (art. 8).",
		}},
		{models.PollCount{Quorum: &models.PollQuorum{Percent: 50, Electors: 6, TookPart: 2, Needed: 3}}, asking(50), map[string]string{
			"ca": "Encara no hi ha pres part prou gent perquè la votació valgui. Es poden emetre 6 vots i se n’han emès 2; cal arribar a 3 (50 %).",
			"es": "Todavía no ha participado bastante gente para que la votación valga. Se pueden emitir 6 votos y se han emitido 2; hay que llegar a 3 (50 %).",
			"en": "Not enough have taken part yet for the vote to count. 6 votes can be cast and 2 have been; it takes 3 or more (50 %).",
		}},
	} {
		for language, want := range c.says {
			texts, err := i18n.Load()
			if err != nil {
				t.Fatal(err)
			}
			classes := map[string]string{"user": "Usuàries"}
			method, _ := methods.ByName(methods.Choose)
			s := SoFar(texts.For(language), models.Poll{Method: methods.Choose}, method, c.of, classes)
			if got := strings.Join(append([]string{s.Sentence}, s.Notes...), " "); got != want || s.Kind != ui.Plain {
				t.Errorf("%s: %q, want %q", language, got, want)
			}
			c.motion.Outcome = tally.OutcomeNoQuorum
			if got := SentenceSoFar(texts.For(language), c.motion, classes); got != want {
				t.Errorf("%s, a motion: %q, want %q", language, got, want)
			}
		}
	}
}

// asking is a motion with two votes of six that asks for so many per cent.
func asking(percent int64) tally.Result {
	r := tally.Result{Total: tally.ClassCount{For: 2, Present: 2, Roll: 6}, Steps: []tally.Step{{Key: tally.StepOutcome}}}
	r.AskTurnout(percent)
	return r
}

// Once the quorum is reached, an open vote is told in the present as well.
func TestSoFar_QuorumReached_IsNotToldAsOver(t *testing.T) {
	t.Parallel()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	method, _ := methods.ByName(methods.Choose)
	reached := models.PollCount{Quorum: &models.PollQuorum{Percent: 50, Electors: 6, TookPart: 3, Needed: 3}}
	says(t, SoFar(texts.For("en"), models.Poll{}, method, reached, nil).Notes, "6 votes can be cast and 3 have been; it takes 3 or more (50 %).")
	says(t, Tell(texts.For("en"), models.Poll{}, method, reached, nil).Notes, "6 votes could be cast and 3 were; 3 were needed (50 %).")
}

// A parity rule that too few could fulfil is not told as one that changed nothing. How many of the elected had declared it is
// told to those who could see the declarations, and to nobody outside.
func TestTell_ParityThatTooFewDeclaredFor_IsToldAsNotReached(t *testing.T) {
	t.Parallel()
	candidates := []methods.Option{{Label: "Anna", InGroup: true}, {Label: "Bernat"}, {Label: "Carles"}}
	for _, c := range []struct {
		why              string
		asked            int
		inside           bool
		papers, language string
		want             []string
	}{
		{"met", 1, true, "1,1,", "en", []string{"The parity rule (at least 1 of the group “women”) changed nothing."}},
		{"short", 2, true, "1,1,", "en", []string{"The minimum of the parity rule (at least 2 of the group “women”) was not reached, because too few candidates had declared that they are of the group. Elected of the group: 1."}},
		{"short", 2, true, "1,1,", "ca", []string{"No s’ha arribat al mínim de la regla de paritat (com a mínim 2 del grup «women»), perquè no hi havia prou candidatures que ho haguessin declarat. Candidatures del grup que surten: 1."}},
		{"short", 2, true, "1,1,", "es", []string{"No se ha llegado al mínimo de la regla de paridad (como mínimo 2 del grupo «women»), porque no había bastantes candidaturas que lo hubieran declarado. Candidaturas del grupo que salen: 1."}},
		{"short, from outside", 2, false, "1,1,", "en", []string{"The minimum of the parity rule (at least 2 of the group “women”) was not reached, because too few candidates had declared that they are of the group."}},
		{"short, and it changed who is elected", 2, true, ",1,1", "en", []string{"By the parity rule", "The minimum of the parity rule (at least 2"}},
	} {
		declaring := func(t *i18n.Texts, p models.Poll, m methods.Method, of models.PollCount, classes map[string]string) Story {
			of.Declared = &models.PollDeclared{InGroup: []bool{true, false, false}, Inside: c.inside}
			return Tell(t, p, m, of, classes)
		}
		s := tellIn(t, c.language, declaring, methods.Approval, methods.Setup{Seats: 2, ParityAtLeast: c.asked}, candidates, []string{c.papers})
		if len(s.Notes) != len(c.want) {
			t.Errorf("%s, %s: %q", c.why, c.language, s.Notes)
			continue
		}
		for i, want := range c.want {
			if !strings.HasPrefix(s.Notes[i], want) || len(c.want) == 1 && s.Notes[i] != want {
				t.Errorf("%s, %s: %q", c.why, c.language, s.Notes[i])
			}
		}
	}
}
