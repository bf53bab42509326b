package handlers_test

import (
	"net/http"
	"strings"
	"testing"

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
