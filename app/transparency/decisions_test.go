package transparency

import (
	"testing"

	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
)

// A void poll has decided nothing: it is not among the decisions, on the first page or a later one.
func TestDecisions_VoidPolls_AreLeftOut(t *testing.T) {
	each(t, func(h *house) {
		marta := h.person("Marta", true)
		a := h.assembly(marta, "Ordinària", noon)
		var all []models.Poll
		for _, question := range []string{"Primera?", "Segona?", "Tercera?", "Quarta?"} {
			p := h.poll(a, question, nil)
			h.closePoll(p, noon, tally.OutcomeApproved)
			all = append(all, p)
		}
		for _, i := range []int{1, 3} {
			h.store(&models.PollVoiding{PollID: all[i].ID, Reason: "Error", ByID: marta.Account, At: noon})
		}
		page, err := h.s.Decisions(t.Context(), 0, 1)
		if err != nil || len(page.Decisions) != 1 || page.Decisions[0].Question != "Tercera?" || page.Older != all[2].ID {
			t.Fatalf("the first page is %+v, %v", page, err)
		}
		page, err = h.s.Decisions(t.Context(), page.Older, 1)
		if err != nil || len(page.Decisions) != 1 || page.Decisions[0].Question != "Primera?" || page.Older != 0 {
			t.Errorf("the second page is %+v, %v", page, err)
		}
	})
}

// Everybody reads the list: why something was not approved is not said in it where that would tell the classes apart.
func TestDecisions_WhyNot_IsToldOnlyWhereItTellsNothingOfTheClasses(t *testing.T) {
	each(t, func(h *house) {
		a := h.assembly(h.person("Marta", true), "Ordinària", noon)
		for question, weighed := range map[string]bool{"Empat de vots?": false, "Empat de pesos?": true} {
			p := h.poll(a, question, nil)
			r := tally.Result{Outcome: tally.OutcomeTied, Method: rules.MethodPerson}
			if weighed {
				r.Method = rules.MethodClass
			}
			h.closeWith(p, noon, r)
		}
		page, err := h.s.Decisions(t.Context(), 0, 9)
		if err != nil || len(page.Decisions) != 2 {
			t.Fatalf("%+v, %v", page, err)
		}
		for _, d := range page.Decisions {
			if want := map[string]tally.Outcome{"Empat de vots?": tally.OutcomeTied, "Empat de pesos?": tally.OutcomeNotEnough}[d.Question]; d.Outcome != string(want) {
				t.Errorf("%s: %s, want %s", d.Question, d.Outcome, want)
			}
		}
	})
}
