package polls

import (
	"encoding/json"
	"testing"

	"socia/models"
)

// A result that was stored before it told who was silent and how objections were answered is still the same.
func TestAlike_ResultsStoredBefore_AreTheSame(t *testing.T) {
	silent := int64(1)
	now := models.PollCount{Cast: 2, Answers: &models.PollAnswers{Outcome: "consented", Agreed: true, Given: map[string]int64{"consent": 1, "objection": 1}, Silent: &silent, Amended: 1}}
	for stored, want := range map[string]bool{
		`{"cast":2,"answers":{"outcome":"consented","agreed":true,"given":{"consent":1,"objection":1}}}`:                        true,
		`{"cast":2,"answers":{"outcome":"consented","agreed":true,"given":{"consent":1,"objection":1},"silent":1,"amended":1}}`: true,
		`{"cast":2,"answers":{"outcome":"consented","agreed":true,"given":{"consent":1,"objection":1},"silent":1,"amended":2}}`: false,
		`{"cast":2,"answers":{"outcome":"consented","agreed":true,"given":{"consent":1,"objection":1},"silent":0,"amended":1}}`: false,
		`{"cast":2,"answers":{"outcome":"objections_open","agreed":false,"given":{"consent":1,"objection":1},"open":[2]}}`:      false,
	} {
		var was models.PollCount
		if err := json.Unmarshal([]byte(stored), &was); err != nil {
			t.Fatal(err)
		}
		if same, err := alike(models.Poll{Count: &was}, nil, &now); err != nil || same != want {
			t.Errorf("%s: the same %v, %v", stored, same, err)
		}
	}
	if now.Answers.Silent == nil || now.Answers.Amended != 1 {
		t.Error("what was counted was changed")
	}
}
