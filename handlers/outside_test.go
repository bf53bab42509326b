package handlers_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// keptSays is the beginning of the sentence that says why figures are kept from people outside, in each language.
var keptSays = map[string]string{"ca": "Des de fora", "es": "Desde fuera", "en": "People outside see only how it ended"}

// outsideReads is a poll's page and file as somebody reads them who is not signed in.
func (h *meetingHouse) outsideReads(poll, lang string) (page, file string) {
	h.Helper()
	for at, text := range map[string]*string{"/polls/" + poll: &page, "/polls/" + poll + "/result.json": &file} {
		status, body, _ := guest{h, ""}.send(http.MethodGet, at+"?lang="+lang, nil)
		if status != http.StatusOK {
			h.Fatalf("%s: %d", at, status)
		}
		*text = body
	}
	return page, file
}

// Page and file of a vote that weighs by class tell people outside the same: how it ended and how many voted, and why no more,
// where a class was small or of one mind; everything where none was.
func TestResult_ToPeopleOutside_PageAndFileKeepTheSame(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			h := openMeeting(t, flavor)
			for poll, kept := range map[string]bool{"1": true, "2": false, "3": false, "4": true} {
				for lang, says := range keptSays {
					page, file := h.outsideReads(poll, lang)
					if strings.Contains(page, says) != kept || strings.Contains(file, says) != kept {
						t.Errorf("poll %s in %s: kept %v is not said", poll, lang, kept)
					}
					if strings.Contains(page, `class="sums"`) == kept || strings.Contains(page, `class="chart"`) == kept || strings.Contains(page, "<table") == kept || !strings.Contains(page, `class="rule"`) {
						t.Errorf("poll %s in %s: figures are on the page against kept %v", poll, lang, kept)
					}
					var f struct {
						RollCounts, Result json.RawMessage
						Outline            *models.Outline
						Entitled, Voted    int64
					}
					h.ok(json.Unmarshal([]byte(strings.ReplaceAll(file, "roll_counts", "rollcounts")), &f))
					if (f.RollCounts == nil) != kept || (f.Result == nil) != kept || (f.Outline != nil) != kept || (f.Entitled > 0) != kept {
						t.Errorf("poll %s in %s: the file says %s", poll, lang, file)
					}
				}
				if page := h.as("marta").see("/polls/" + poll + "?lang=ca"); strings.Contains(page, keptSays["ca"]) || !strings.Contains(page, `class="sums"`) {
					t.Errorf("poll %s: a member is not shown everything", poll)
				}
			}
		})
	}
}

// Of a draw page and file tell people outside how many were drawn, with what to check the seed, and no member's number.
func TestResult_DrawToPeopleOutside_NobodysNumber(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			h := openMeeting(t, flavor)
			page, _, _ := strings.Cut(h.as("jordi").do("/polls", "method", string(methods.Sortition), "question", "Qui revisa?", "seats", "3", "strata", "on", "reasons", "none", "closes_at", "2026-12-15T18:00", "once", "draw"), "?")
			h.as("jordi").do(page + "/closing")
			var poll models.Poll
			h.ok(h.DB.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Last(&poll).Error }))
			outside, file := h.outsideReads(strings.TrimPrefix(page, "/polls/"), "ca")
			for _, body := range []string{outside, file} {
				for _, want := range []string{poll.Seed, "Des de fora es veu quants membres han sortit"} {
					if !strings.Contains(body, want) {
						t.Errorf("people outside do not read %q", want)
					}
				}
				for _, hidden := range []string{"Número ", "options", "strata\": [", "drawn\": ["} {
					if strings.Contains(body, hidden) {
						t.Errorf("people outside read %q", hidden)
					}
				}
			}
			if !strings.Contains(outside, "La sort ha triat 3 membres.") || !strings.Contains(file, `"drawn": 3`) {
				t.Error("how many were drawn is not said")
			}
			for _, name := range poll.Count.Result.Options {
				if strings.Contains(outside, "<li>"+name) || strings.Contains(file, `"`+name+`"`) {
					t.Errorf("people outside read of number %s", name)
				}
			}
			for _, at := range []string{"/draw.tsv", "/papers.csv"} {
				if status, _, _ := (guest{h, ""}).send(http.MethodGet, page+at, nil); status == http.StatusOK {
					t.Errorf("people outside have %s", at)
				}
			}
			h.as("marta").shows(page, "("+poll.Count.Result.Options[0]+")")
		})
	}
}

// The table of an open vote does not list who has left, and says so of a paper that an older page sends.
func TestTableVotes_WhoHasLeft_IsNamedInTheRefusal(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	page := h.withTablePaper()
	jordi := h.as("jordi")
	jordi.shows(page, `name="was-5" value=""`)
	h.ok(h.DB.Write(t.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Member{}).Where("id = 5").Update("left_on", tx.Now.AddDate(0, 0, -2).Format("2006-01-02")).Error
	}))
	if strings.Contains(jordi.see(page), `name="was-5"`) {
		t.Error("who has left is listed")
	}
	jordi.fails(409, "Ja no és de la cooperativa i no vota:", page+"/table-votes", "choice-5", "for", "was-5", "")
}
