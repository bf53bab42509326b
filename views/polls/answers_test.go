package polls

import (
	"slices"
	"strings"
	"testing"

	"socia/core/methods"
	"socia/models"
	"socia/platform/i18n"
)

// ended is the story in English of a poll that is never a tally.
func ended(t *testing.T, name methods.Name, a models.PollAnswers) Story {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	method, _ := methods.ByName(name)
	return Tell(texts.For("en"), models.Poll{Method: name}, method, models.PollCount{Answers: &a}, nil)
}

func TestTell_Consent_SaysNobodyObjectsOnlyIfNobodyDid(t *testing.T) {
	t.Parallel()
	silent := int64(2)
	s := ended(t, methods.Consent, models.PollAnswers{Outcome: "consented", Agreed: true, Silent: &silent})
	if s.Sentence != "Nobody objects." {
		t.Error(s.Sentence)
	}
	says(t, s.Notes, "2 members have not answered.")
	s = ended(t, methods.Consent, models.PollAnswers{Outcome: "consented", Agreed: true, Amended: 1, Withdrawn: 2})
	if strings.Contains(s.Sentence, "Nobody") {
		t.Error(s.Sentence)
	}
	says(t, s.Notes, "1 objection met by an amendment · 2 objections withdrawn")
	says(t, s.Notes, "What is adopted is the proposal as amended.")
	s = ended(t, methods.Consent, models.PollAnswers{Outcome: "adopted_with_concerns", Agreed: true, Eased: 1})
	says(t, s.Notes, "1 objection that became a concern")
	s = ended(t, methods.Consent, models.PollAnswers{Outcome: "objections_open", Amended: 1})
	if slices.ContainsFunc(s.Notes, func(n string) bool { return strings.Contains(n, "adopted") }) {
		t.Errorf("not adopted, and the notes say %q", s.Notes)
	}
}

func TestTell_Advice_SaysHowManyHaveNotAnswered(t *testing.T) {
	t.Parallel()
	silent := int64(1)
	s := ended(t, methods.Advice, models.PollAnswers{Outcome: "time_over", Agreed: true, Silent: &silent})
	says(t, s.Notes, "1 member has not answered.")
}
