package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"socia/core/civil"
	"socia/models"
	"socia/platform/db"
)

// refuses sends the form of a new poll and looks for what is wrong with it, at the head of the page and beside the field.
func (h *meetingHouse) refuses(field string, says [3]string, form ...string) {
	h.Helper()
	for i, lang := range []string{"ca", "es", "en"} {
		status, body, _ := h.as("jordi").post("/polls?lang="+lang, append([]string{"question", "Què fem?", "seats", "1", "reasons", "optional", "closes_at", "2026-12-15T18:00"}, form...)...)
		if status != http.StatusUnprocessableEntity || strings.Count(body, says[i]) < 2 || !strings.Contains(body, `href="#f-`+field+`"`) {
			h.Errorf("%v in %s: %d; it says %s, not %q beside %s", form, lang, status, errorsIn(body), says[i], field)
		}
	}
}

// TestCreatePoll_AMinimumOfAGroupOrAListThatAlternates_NotBoth: they are two rules, and who asks for both is told to choose.
func TestCreatePoll_AMinimumOfAGroupOrAListThatAlternates_NotBoth(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	h.refuses("parity_at_least", [3]string{"Tria una sola regla", "Elige una sola regla", "Choose one rule"},
		"method", "approval", "options", "Anna\nBerta\nCarla", "parity_group", "dones", "parity_at_least", "1", "alternate", "1")
	for _, rule := range [][]string{{"parity_at_least", "1"}, {"parity_at_least", "0", "alternate", "1"}} {
		h.asks("approval", append([]string{"parity_group", "dones", "once", rule[1] + "x"}, rule...)...)
	}
}

// TestCreatePoll_HowManyRanksAPaperMayUse: the form asks it, the ballot says it, and a paper that uses more is refused.
func TestCreatePoll_HowManyRanksAPaperMayUse(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	h.refuses("most", [3]string{"Ha de ser un nombre entre 0 i 3", "Tiene que ser un número entre 0 y 3", "It must be a number between 0 and 3"},
		"method", "irv", "options", "Anna\nBerta\nCarla", "most", "4")
	for i, method := range []string{"irv", "schulze", "stv-scottish"} {
		h.as("jordi").shows("/polls/new?method="+method, "Quantes posicions pot fer servir cada papereta, com a màxim")
		b := h.asks(method, "most", "2")
		b.shows(b.page, "Pots fer servir 2 posicions com a màxim.")
		lang, says := []string{"ca", "es", "en"}[i], []string{"Has fet servir 3 posicions i com a màxim en pots fer servir 2.", "Has usado 3 posiciones y como máximo puedes usar 2.", "You used 3 ranks, and at most 2 may be used."}[i]
		if status, body := b.sends(lang, "mark/1", "1", "mark/2", "2", "mark/3", "3"); status != http.StatusUnprocessableEntity || strings.Count(body, says) < 2 || b.votes() != 0 {
			t.Errorf("%s: three ranks answer %d, %s; %d votes", method, status, errorsIn(body), b.votes())
		}
		if status, body := b.sends(lang, "mark/2", "1", "mark/3", "2"); status != http.StatusSeeOther || b.votes() != 1 {
			t.Errorf("%s: two ranks answer %d, %s; %d votes", method, status, errorsIn(body), b.votes())
		}
	}
	all := h.asks("irv", "most", "", "once", "all ranks")
	if page := all.see(all.page); strings.Contains(page, "com a màxim") {
		t.Error("a poll without a bound speaks of one")
	}
	if status, body := all.sends("ca", "mark/1", "1", "mark/2", "2", "mark/3", "3"); status != http.StatusSeeOther {
		t.Errorf("all ranks answer %d, %s", status, errorsIn(body))
	}
}

// TestCreatePoll_ACandidateTwice_OrWhoHasLeft_IsToldBesideTheLines: with the review and without it, and where a void poll is
// repeated whose candidate has left since. What was typed stands there still.
func TestCreatePoll_ACandidateTwice_OrWhoHasLeft_IsToldBesideTheLines(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			h := openMeeting(t, flavor)
			jordi, number, other := h.as("jordi"), h.number("marta"), h.number("nuria")
			twice := "Marta | " + number + "\nMarta bis | " + number
			page := h.asks("stv-scottish", "options", "Marta | "+number+"\nNúria | "+other).page
			jordi.do(page+"/voiding", "reason", "Hi faltava una candidatura.")
			h.ok(h.DB.Write(h.Context(), func(tx *db.Tx) error {
				return tx.DB.Model(&models.Member{}).Where("number = ?", other).Update("left_on", civil.Of(tx.Now, time.UTC).AddDays(-1)).Error
			}))
			for _, step := range []string{"", "review"} {
				h.refuses("options", [3]string{
					"«Marta bis» i «Marta» porten el mateix número de membre, ",
					"«Marta bis» y «Marta» llevan el mismo número de miembro, el " + number, "“Marta bis” and “Marta” carry the same member’s number, " + number,
				}, "method", "stv-scottish", "step", step, "options", twice)
				h.refuses("options", [3]string{
					"El número " + other + " de «Núria» és d’algú que ja no és de la cooperativa", "El número " + other + " de «Núria» es de alguien que ya no es de la cooperativa",
					"Number " + other + ", at “Núria”, is that of somebody who has left the cooperative",
				}, "method", "stv-scottish", "step", step, "rerun", strings.TrimPrefix(page, "/polls/"), "options", "Marta | "+number+"\nNúria | "+other)
			}
			if _, body, _ := jordi.post("/polls", "method", "stv-scottish", "question", "Qui?", "step", "review", "options", twice, "topic", "eleccions"); !strings.Contains(body, twice) || !strings.Contains(body, `value="eleccions"`) {
				t.Error("what was typed is lost")
			}
		})
	}
}
