package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"socia/core/methods"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/db"
)

// pollFile is what a result's data file says.
type pollFile struct {
	Counting   rules.Counting   `json:"counting"`
	RollCounts map[string]int64 `json:"roll_counts"`
	Result     tally.Result     `json:"result"`
	Electors   []struct {
		Number      int64
		Name, Class string
		Votes       int64
		Choice      models.Choice
		Represented string `json:"represented_by"`
		AtTheTable  bool   `json:"entered_at_the_table"`
	} `json:"electors"`
}

func TestPollData_InsidersCountAgainFromIt_OthersReadTheTotals(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			h := openMeeting(t, flavor)
			var represented, atTable int
			for _, poll := range []string{"1", "2", "3"} {
				path := "/polls/" + poll + "/result.json"
				status, outside, _ := guest{h, ""}.send(http.MethodGet, path, nil)
				if status != http.StatusOK || strings.Contains(outside, "electors") || strings.Contains(outside, "number") {
					t.Errorf("people outside read %d %s", status, outside)
				}
				var f pollFile
				h.ok(json.Unmarshal([]byte(h.as("marta").see(path)), &f))
				counts := map[string]*tally.ClassCount{}
				for class, roll := range f.RollCounts {
					counts[class] = &tally.ClassCount{Class: class, Roll: roll}
				}
				for _, e := range f.Electors {
					if e.Number == 0 || e.Name == "" {
						t.Errorf("an elector without name: %+v", e)
					}
					k := counts[e.Class]
					k.Present += e.Votes
					switch e.Choice {
					case models.For:
						k.For += e.Votes
					case models.Against:
						k.Against += e.Votes
					case models.Abstain:
						k.Abstain += e.Votes
					}
					if e.Represented != "" {
						represented++
					}
					if e.AtTheTable {
						atTable++
					}
				}
				var all []tally.ClassCount
				for _, k := range counts {
					all = append(all, *k)
				}
				again, err := tally.Count(all, f.Result.Majority, f.Counting)
				h.ok(err)
				if again.Outcome != f.Result.Outcome || !again.For.Equal(f.Result.For) || !again.Against.Equal(f.Result.Against) || !again.Abstain.Equal(f.Result.Abstain) || !again.Base.Equal(f.Result.Base) {
					t.Errorf("poll %s counted again from its file: %+v, announced %+v", poll, again, f.Result)
				}
			}
			if represented == 0 || atTable == 0 {
				t.Errorf("%d represented, %d entered at the table: the file does not tell them", represented, atTable)
			}
		})
	}
}

func TestTableVotes_AnOlderPage_IsToldWhoseVoteIsNewer(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	jordi, page := h.as("jordi"), h.withTablePaper()
	jordi.shows(page, `name="was-5" value=""`)
	jordi.do(page+"/table-votes", "choice-5", "for", "was-5", "")
	jordi.shows(page, `name="was-5" value="for"`)
	jordi.do(page+"/table-votes", "choice-5", "against", "was-5", "for")
	jordi.fails(409, "Mentrestant algú altre ha anotat el vot de", page+"/table-votes", "choice-5", "abstain", "was-5", "for")
}

// withTablePaper opens a vote with one paper for the table, of member 5, and gives its page.
func (h *meetingHouse) withTablePaper() string {
	h.Helper()
	h.ok(h.DB.Write(h.Context(), func(tx *db.Tx) error {
		assembly, item := models.AssemblyID(1), models.AgendaItemID(1)
		p := models.Poll{Method: methods.Motion, AssemblyID: &assembly, AgendaItemID: &item, RuleSetID: 1, Question: "?", Decision: "ordinary", RollCounts: map[string]int64{"user": 1}, OpenedAt: tx.Now, OpenedBy: 1}
		if err := tx.DB.Create(&p).Error; err != nil {
			return err
		}
		return tx.DB.Create(&models.PollElector{PollID: p.ID, MemberID: 5, ClassCode: "user", VoterID: 5}).Error
	}))
	var poll models.Poll
	h.ok(h.DB.Read(h.Context(), func(tx *db.Tx) error { return tx.DB.Last(&poll).Error }))
	return "/polls/" + fmt.Sprint(poll.ID)
}
