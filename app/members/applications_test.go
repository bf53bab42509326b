package members_test

import (
	"slices"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
)

func TestApply_TellsTheValidatorsOfTheCollectiveOnly(t *testing.T) {
	each(t, func(h *house) {
		h.apply(h.stranger, "Estranya")
		if got := h.notices(h.validator); !slices.Contains(got, "members.notice.waiting") {
			t.Errorf("the validator's inbox has %v", got)
		}
		if got := h.notices(h.other); slices.Contains(got, "members.notice.waiting") {
			t.Errorf("another collective's validator was told: %v", got)
		}
		if got := h.notices(h.admin); slices.Contains(got, "members.notice.nobody_validates") {
			t.Errorf("the administrator was told though somebody validates: %v", got)
		}
	})
}

func TestApply_CollectiveWithoutValidator_TellsAdministrators(t *testing.T) {
	each(t, func(h *house) {
		id, err := h.members.CreateCollective(t.Context(), h.admin, members.CollectiveForm{Name: "Est"}, "")
		h.must(err)
		f := h.form("Estranya")
		f.CollectiveID = id
		_, err = h.members.Apply(t.Context(), h.stranger, f, "")
		h.must(err)
		if got := h.notices(h.admin); !slices.Contains(got, "members.notice.nobody_validates") {
			t.Errorf("the administrator's inbox has %v", got)
		}
	})
}

func TestApply_BadForm_NamesEachField(t *testing.T) {
	each(t, func(h *house) {
		f := members.ApplicationForm{Kind: models.Organisation, Name: " ", Motivation: "\x00"}
		_, err := h.members.Apply(t.Context(), h.stranger, f, "")
		bad, _ := fault.As(err)
		if bad == nil {
			t.Fatalf("accepted: %v", err)
		}
		var fields []string
		for _, d := range bad.Details() {
			fields = append(fields, d.Field)
		}
		if want := []string{"name", "representative", "class", "collective", "motivation"}; !slices.Equal(fields, want) {
			t.Errorf("faults at %v, want %v", fields, want)
		}
		h.refused(h.applyErr(members.ApplicationForm{Kind: "ghost", Name: "A", ClassID: 1, CollectiveID: h.nord}), fault.KindInvalid, "ui.error.choose")
		h.refused(h.applyErr(members.ApplicationForm{Kind: models.Person, Name: "A", ClassID: 99, CollectiveID: h.nord}), fault.KindInvalid, "ui.error.choice")
		h.refused(h.applyErr(members.ApplicationForm{Kind: models.Person, Name: "A", ClassID: h.classes["user"], CollectiveID: 99}), fault.KindInvalid, "ui.error.choice")
	})
}

func (h *house) applyErr(f members.ApplicationForm) error {
	_, err := h.members.Apply(h.t.Context(), h.stranger, f, "")
	return err
}

func TestApply_InParallel_LeavesOneApplication(t *testing.T) {
	each(t, func(h *house) {
		errs := together(8, func(int) error {
			_, err := h.members.Apply(t.Context(), h.stranger, h.form("Estranya"), "")
			return err
		})
		ok := 0
		for _, err := range errs {
			if err == nil {
				ok++
			} else {
				h.refused(err, fault.KindConflict, "members.application_waiting")
			}
		}
		if n := h.count(&models.Application{}, "outcome = 'waiting'"); ok != 1 || n != 1 {
			t.Errorf("%d succeeded, %d wait", ok, n)
		}
	})
}

func TestApply_SentTwice_AnswersTheSame(t *testing.T) {
	each(t, func(h *house) {
		first, err := h.members.Apply(t.Context(), h.stranger, h.form("Estranya"), "form-1")
		h.must(err)
		second, err := h.members.Apply(t.Context(), h.stranger, h.form("Estranya"), "form-1")
		h.must(err)
		if first != second {
			t.Errorf("got applications %d and %d", first, second)
		}
	})
}

func TestApply_PersonWhoIsAMember_MayApplyForAnOrganisationOnly(t *testing.T) {
	each(t, func(h *house) {
		_, err := h.members.Apply(t.Context(), h.plain, h.form("Pau"), "")
		h.refused(err, fault.KindConflict, "members.account_has_person")
		f := h.form("Forn del Pau")
		f.Kind, f.Representative = models.Organisation, "Pau Roca"
		id, err := h.members.Apply(t.Context(), h.plain, f, "")
		h.must(err)
		_, err = h.members.Admit(t.Context(), h.validator, id, "")
		h.must(err)
		if got := len(h.actor("pau").Members); got != 2 {
			t.Errorf("the account acts for %d members, want 2", got)
		}
	})
}

func TestAdmit_GivesTheNextNumberLinksTheAccountAndTellsTheApplicant(t *testing.T) {
	each(t, func(h *house) {
		id := h.apply(h.stranger, "  Àngels   Font ")
		member, err := h.members.Admit(t.Context(), h.validator, id, "once")
		h.must(err)
		again, err := h.members.Admit(t.Context(), h.validator, id, "once")
		h.must(err)
		m := h.stored(member)
		if again != member || m.Number != h.nextMember+1 || m.Name != "Àngels Font" || m.SortName != "angels font" || m.JoinedOn != today ||
			m.AccountID == nil || *m.AccountID != h.stranger.Account || m.CollectiveID == nil || *m.CollectiveID != h.nord {
			t.Errorf("admitted %+v (again %d)", m, again)
		}
		if got := h.notices(h.stranger); !slices.Equal(got, []string{"members.notice.admitted"}) {
			t.Errorf("the applicant's inbox has %v", got)
		}
		_, err = h.members.Admit(t.Context(), h.validator, id, "another form")
		h.refused(err, fault.KindConflict, "members.application_decided")
		h.refused(h.members.Refuse(t.Context(), h.validator, id, "no", ""), fault.KindConflict, "members.application_decided")
		h.refused(h.members.WithdrawApplication(t.Context(), h.stranger, id), fault.KindConflict, "members.application_decided")
	})
}

func TestAdmit_ManyAtOnce_NumbersHaveNoGapAndNoTwin(t *testing.T) {
	each(t, func(h *house) {
		const n = 20
		ids := make([]models.ApplicationID, n)
		for i := range n {
			ids[i] = h.apply(h.account(handle(i)), handle(i))
		}
		for i, err := range together(n, func(i int) error { _, err := h.members.Admit(t.Context(), h.validator, ids[i], ""); return err }) {
			if err != nil {
				t.Errorf("application %d: %v", i, err)
			}
		}
		if got := h.count(&models.Member{}, "number > ? AND number <= ?", h.nextMember, h.nextMember+n); got != n {
			t.Errorf("%d numbers in a row, want %d", got, n)
		}
	})
}

func TestAdmit_SameApplicationInParallel_MakesOneMember(t *testing.T) {
	each(t, func(h *house) {
		id := h.apply(h.stranger, "Estranya")
		ok := 0
		for _, err := range together(8, func(int) error { _, err := h.members.Admit(t.Context(), h.validator, id, ""); return err }) {
			if err == nil {
				ok++
			} else {
				h.refused(err, fault.KindConflict, "members.application_decided")
			}
		}
		if n := h.count(&models.Member{}, "account_id = ?", h.stranger.Account); ok != 1 || n != 1 {
			t.Errorf("%d succeeded, %d members", ok, n)
		}
	})
}

func TestAdmit_OnlyValidatorsOfTheCollective_NeverThemselves(t *testing.T) {
	each(t, func(h *house) {
		id := h.apply(h.stranger, "Estranya")
		for _, by := range []struct {
			handle, key string
		}{{"otger", "identity.not_yours"}, {"tina", "identity.not_yours"}, {"pau", "identity.not_yours"}, {"estranya", "identity.role_needed"}, {"admin", "identity.role_needed"}} {
			_, err := h.members.Admit(t.Context(), h.actor(by.handle), id, "")
			h.refused(err, fault.KindForbidden, by.key)
			h.refused(h.members.Refuse(t.Context(), h.actor(by.handle), id, "no", ""), fault.KindForbidden, by.key)
		}
		own := h.apply(h.validator, "Vera")
		_, err := h.members.Admit(t.Context(), h.validator, own, "")
		h.refused(err, fault.KindForbidden, "members.own_application")
		_, err = h.members.Admit(t.Context(), h.validator, 9999, "")
		h.refused(err, fault.KindForbidden, "identity.not_yours")
		if n := h.count(&models.Application{}, "outcome = 'waiting'"); n != 2 {
			t.Errorf("%d applications wait, want 2", n)
		}
	})
}

func TestRefuse_NeedsAReasonAndTellsTheApplicantWhoMayApplyAgain(t *testing.T) {
	each(t, func(h *house) {
		id := h.apply(h.stranger, "Estranya")
		h.refused(h.members.Refuse(t.Context(), h.validator, id, "  ", ""), fault.KindInvalid, "ui.error.required")
		h.must(h.members.Refuse(t.Context(), h.validator, id, "Cal assistir a una acollida", "f"))
		h.must(h.members.Refuse(t.Context(), h.validator, id, "Cal assistir a una acollida", "f"))
		r, err := h.members.Application(t.Context(), h.stranger, id)
		h.must(err)
		if r.Outcome != models.ApplicationRefused || r.Reason != "Cal assistir a una acollida" {
			t.Errorf("the applicant reads %q, %q", r.Outcome, r.Reason)
		}
		if got := h.notices(h.stranger); !slices.Equal(got, []string{"members.notice.refused"}) {
			t.Errorf("the applicant's inbox has %v", got)
		}
		h.apply(h.stranger, "Estranya")
	})
}

func TestWithdraw_OnlyTheApplicant_AndTwiceIsNoFault(t *testing.T) {
	each(t, func(h *house) {
		id := h.apply(h.stranger, "Estranya")
		h.refused(h.members.WithdrawApplication(t.Context(), h.validator, id), fault.KindForbidden, "identity.not_yours")
		h.must(h.members.WithdrawApplication(t.Context(), h.stranger, id))
		h.must(h.members.WithdrawApplication(t.Context(), h.stranger, id))
		h.apply(h.stranger, "Estranya")
	})
}

func TestWaiting_ShowsOnlyOnesOwnCollectivesWithTheDeadline(t *testing.T) {
	each(t, func(h *house) {
		h.apply(h.stranger, "Estranya")
		mine, err := h.members.Waiting(t.Context(), h.validator)
		h.must(err)
		theirs, err := h.members.Waiting(t.Context(), h.other)
		h.must(err)
		all, err := h.members.Waiting(t.Context(), h.admin)
		h.must(err)
		if len(mine) != 1 || len(theirs) != 0 || len(all) != 1 {
			t.Fatalf("%d, %d and %d applications", len(mine), len(theirs), len(all))
		}
		if r := mine[0]; r.Deadline != civil.New(2027, time.February, 23) || !r.SilenceAdmits || r.Collective != "Nord" || r.Class.Code != "user" || r.Handle != "estranya" {
			t.Errorf("the validator reads %+v", r)
		}
		_, err = h.members.Waiting(t.Context(), h.plain)
		h.refused(err, fault.KindForbidden, "identity.role_needed")
		_, err = h.members.Application(t.Context(), h.plain, mine[0].ID)
		h.refused(err, fault.KindForbidden, "identity.not_yours")
		_, err = h.members.Application(t.Context(), h.admin, 9999)
		h.refused(err, fault.KindNotFound, "members.no_application")
	})
}

func TestAdmitSilent_AdmitsTheDayAfterTheDeadline(t *testing.T) {
	each(t, func(h *house) {
		h.apply(h.stranger, "Estranya")
		// The last minute of 23 February in Madrid, one hour before UTC.
		h.clock.Move(time.Date(2027, 2, 23, 22, 59, 59, 0, time.UTC))
		if n, err := h.members.AdmitSilent(t.Context()); n != 0 || err != nil {
			t.Errorf("on the last day: %d, %v", n, err)
		}
		h.clock.Move(time.Date(2027, 2, 23, 23, 0, 0, 0, time.UTC))
		if n, err := h.members.AdmitSilent(t.Context()); n != 1 || err != nil {
			t.Errorf("on the day after: %d, %v", n, err)
		}
		if n, err := h.members.AdmitSilent(t.Context()); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
		ms := h.actor("estranya").Members
		if len(ms) != 1 || ms[0].JoinedOn != civil.New(2027, time.February, 24) {
			t.Errorf("silence made %+v", ms)
		}
	})
}

func TestAdmitSilent_StatutesWithoutIt_AdmitNobody(t *testing.T) {
	each(t, func(h *house) {
		statutes, err := h.who.Statutes(t.Context())
		h.must(err)
		statutes.Body.Admission.SilenceAdmits = false
		h.must(h.who.SetStatutes(t.Context(), h.admin, identity.StatutesChange{From: statutes.Version, Body: statutes.Body, Reason: "assembly"}, ""))
		h.apply(h.stranger, "Estranya")
		h.clock.Move(noon.AddDate(1, 0, 0))
		if n, err := h.members.AdmitSilent(t.Context()); n != 0 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
	})
}

func TestCollectives_CloseOnlyWhenNobodyWaits(t *testing.T) {
	each(t, func(h *house) {
		id := h.apply(h.stranger, "Estranya")
		h.refused(h.members.CloseCollective(t.Context(), h.admin, h.nord), fault.KindConflict, "members.collective_has_waiting")
		h.must(h.members.WithdrawApplication(t.Context(), h.stranger, id))
		h.refused(h.members.CloseCollective(t.Context(), h.validator, h.nord), fault.KindForbidden, "identity.role_needed")
		h.must(h.members.CloseCollective(t.Context(), h.admin, h.nord))
		h.must(h.members.CloseCollective(t.Context(), h.admin, h.nord))
		h.refused(h.members.CloseCollective(t.Context(), h.admin, 9999), fault.KindNotFound, "members.no_collective")
		h.refused(h.applyErr(h.form("Estranya")), fault.KindInvalid, "ui.error.choice")
		all, err := h.members.Collectives(t.Context())
		h.must(err)
		if len(all) != 2 || all[0].Name != "Sud" || all[1].ClosedAt == nil || all[1].Members != 1 {
			t.Errorf("collectives: %+v", all)
		}
	})
}

func TestCollectives_NamesAreUniqueAndCountsAreTodays(t *testing.T) {
	each(t, func(h *house) {
		_, err := h.members.CreateCollective(t.Context(), h.admin, members.CollectiveForm{Name: " Nord "}, "")
		h.refused(err, fault.KindInvalid, "members.collective_name_taken")
		h.refused(h.members.RenameCollective(t.Context(), h.admin, h.sud, members.CollectiveForm{Name: "Nord"}), fault.KindInvalid, "members.collective_name_taken")
		h.refused(h.members.RenameCollective(t.Context(), h.plain, h.sud, members.CollectiveForm{Name: "Est"}), fault.KindForbidden, "identity.role_needed")
		h.must(h.members.RenameCollective(t.Context(), h.admin, h.nord, members.CollectiveForm{Name: "Nord-est", Description: "Del Ter al Segre"}))
		gone := h.member("Roser", h.nord, 0)
		h.must(h.members.Leave(t.Context(), h.admin, gone, today.AddDays(-1), "ho ha demanat", ""))
		page, err := h.members.Collective(t.Context(), h.plain, h.nord)
		h.must(err)
		if page.Name != "Nord-est" || page.Members != 1 || len(page.Classes) != 3 || page.Classes[0].Members != 1 || !slices.Equal(page.Validators, []string{"vera"}) || page.Waiting != 0 {
			t.Errorf("the page says %+v", page)
		}
		_, err = h.members.Collective(t.Context(), h.stranger, h.nord)
		h.refused(err, fault.KindForbidden, "identity.membership_needed")
	})
}
