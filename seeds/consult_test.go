package seeds_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
	"socia/seeds"
	"socia/seeds/seedtest"
)

// What the demonstration shows of consultations is there on any day, and every result can be counted again.
func TestPlantWithConsultations_ShowsOpenAndClosedOnes(t *testing.T) {
	t.Parallel()
	for _, now := range []time.Time{seedtest.Now(), time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC), time.Date(2028, 2, 29, 18, 30, 0, 0, time.UTC)} {
		t.Run(now.Format("2006-01-02T15:04"), func(t *testing.T) {
			t.Parallel()
			s := plantedBy(t, now, seedtest.PlantWithConsultations)
			proportions(t, s)
			all := consultations(t, s)
			got := map[bool][]string{}
			for _, p := range all {
				got[p.ClosedAt != nil] = append(got[p.ClosedAt != nil], string(p.Method))
			}
			if !slices.Equal(got[true], []string{"stv-scottish", "budget-equal-shares", "sortition"}) || !slices.Equal(got[false], []string{"consent", "approval", "schulze"}) {
				t.Errorf("%v", got)
			}
			election(t, all)
			if counted, wrong, err := s.Polls.RecountAll(t.Context()); err != nil || counted != 7+3 || len(wrong) != 0 {
				t.Errorf("%d polls counted again, wrong %v, %v", counted, wrong, err)
			}
			voteAs(t, s, all)
		})
	}
}

func consultations(t *testing.T, s seeds.Services) (all []models.Poll) {
	t.Helper()
	read(t, s.DB, func(tx *db.Tx) error { return tx.DB.Where("assembly_id IS NULL").Order("id").Find(&all).Error })
	return all
}

// election shows what a parity rule does, without a lot: it is the same whenever it is planted.
func election(t *testing.T, all []models.Poll) {
	t.Helper()
	for _, p := range all {
		if p.Method != methods.Scottish {
			continue
		}
		if p.Count == nil || p.Count.Result == nil || p.Count.Plain == nil {
			t.Fatalf("the parity rule changed nothing: %+v", p.Count)
		}
		var elected []string
		for _, w := range p.Count.Result.Winners {
			elected = append(elected, p.Count.Result.Options[w])
		}
		if len(elected) != 3 || len(p.Count.Result.Lots) != 0 || !strings.Contains(strings.Join(elected, " "), "Mireia") {
			t.Errorf("elected %v, lots %v", elected, p.Count.Result.Lots)
		}
	}
}

// voteAs lets the accounts of the demonstration vote in what is open; whoever is in arrears may not.
func voteAs(t *testing.T, s seeds.Services, all []models.Poll) {
	t.Helper()
	papers := map[methods.Name]models.Choice{methods.Consent: "consent", methods.Approval: "1,,1,", methods.Schulze: "1,2,2,,3"}
	for _, a := range seeds.Accounts() {
		account, err := s.Identity.AccountByHandle(t.Context(), a.Handle)
		if err != nil {
			t.Fatal(err)
		}
		var by identity.Actor
		read(t, s.DB, func(tx *db.Tx) (err error) {
			by, err = identity.ActorTx(tx, account.ID)
			return err
		})
		member, _ := by.Member()
		for _, p := range all {
			v, err := s.Polls.Show(t.Context(), by, p.ID)
			if err != nil || (len(v.Objections) > 0) != (p.Method == methods.Consent) {
				t.Errorf("%s sees %s: %d objections, %v", a.Handle, p.Method, len(v.Objections), err)
			}
			if p.ClosedAt != nil {
				continue
			}
			err = s.Polls.Cast(t.Context(), by, p.ID, []polls.Ballot{{Member: member.ID, Choice: papers[p.Method]}})
			if mayNot := a.Role == "member_in_arrears"; (err != nil) != mayNot {
				t.Errorf("%s votes in %s: %v", a.Handle, p.Method, err)
			}
		}
	}
}
