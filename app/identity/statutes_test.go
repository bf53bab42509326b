package identity

import (
	"errors"
	"sync"
	"testing"
	"time"

	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

// statutesHouse gives a test a cooperative with a member in the class worker, and its first statutes.
func statutesHouse(t *testing.T, test func(t *testing.T, s *Service, by Actor, change StatutesChange)) {
	noon := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		body, _ := rules.Preset(rules.PresetAssociation)
		class := models.MemberClass{Code: "worker", NameCA: "De treball"}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(
				tx.DB.Create(&models.Cooperative{ID: 1, Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: noon}).Error,
				tx.DB.Create(&models.Account{ID: 1, Handle: "admin", Language: "ca", CreatedAt: noon}).Error,
				tx.DB.Create(&class).Error,
				tx.DB.Create(&models.RuleSet{Version: 1, Preset: body.Preset, Body: body, Reason: "x", CreatedAt: noon}).Error,
			)
		})
		if err != nil {
			t.Fatal(err)
		}
		member := models.Member{Number: 1, Kind: models.Person, Name: "Bru", ClassID: class.ID, Language: "ca", JoinedOn: civil.New(2020, 1, 1), CreatedAt: noon}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Create(&member).Error }); err != nil {
			t.Fatal(err)
		}
		body.Arrears.GraceDays = 45
		by := Actor{Account: 1, Roles: []models.RoleTerm{{Role: models.RoleAdministrator}}}
		test(t, New(d, Options{}), by, StatutesChange{From: 1, Body: body, Reason: "Acord 4"})
	})
}

func versions(t *testing.T, s *Service) int {
	t.Helper()
	all, err := s.StatutesHistory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestSetStatutes_SentManyTimes_MakesOneVersion(t *testing.T) {
	statutesHouse(t, func(t *testing.T, s *Service, by Actor, change StatutesChange) {
		var wait sync.WaitGroup
		for range 6 {
			wait.Go(func() {
				if err := s.SetStatutes(t.Context(), by, change, "once"); err != nil {
					t.Errorf("set: %v", err)
				}
			})
		}
		wait.Wait()
		now, err := s.Statutes(t.Context())
		if err != nil || now.Version != 2 || now.Body.Arrears.GraceDays != 45 || now.Reason != "Acord 4" || versions(t, s) != 2 {
			t.Errorf("in force: %+v, %v", now, err)
		}
	})
}

func TestSetStatutes_FromAVersionNoLongerInForce_IsAConflict(t *testing.T) {
	statutesHouse(t, func(t *testing.T, s *Service, by Actor, change StatutesChange) {
		var wait sync.WaitGroup
		results := make([]error, 6)
		for i := range results {
			wait.Go(func() { results[i] = s.SetStatutes(t.Context(), by, change, "") })
		}
		wait.Wait()
		stored := 0
		for _, err := range results {
			if err == nil {
				stored++
			} else if !fault.Has(err, "identity.statutes_changed_meanwhile") {
				t.Errorf("lost the race with %v", err)
			}
		}
		if stored != 1 || versions(t, s) != 2 {
			t.Errorf("%d of the changes were stored, %d versions", stored, versions(t, s))
		}
	})
}

func TestSetStatutes_RefusesOthersAndWhatMakesNoSense(t *testing.T) {
	statutesHouse(t, func(t *testing.T, s *Service, by Actor, change StatutesChange) {
		treasurer := Actor{Account: 1, Roles: []models.RoleTerm{{Role: models.RoleTreasurer}}}
		if f, ok := fault.As(s.SetStatutes(t.Context(), treasurer, change, "")); !ok || f.Kind != fault.KindForbidden {
			t.Error("a treasurer may change the statutes")
		}
		wrong := change
		wrong.Reason, wrong.Body.Support.Percent = " ", 0
		err := s.SetStatutes(t.Context(), by, wrong, "")
		if !fault.Has(err, "ui.error.required") || !fault.Has(err, "rules.out_of_range") {
			t.Errorf("no reason and nobody needed: %v", err)
		}
		left := change
		left.Body.Counting = rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "user", Share: 60}}, Article: "Estatuts"}
		for _, err := range []error{s.CheckStatutes(t.Context(), by, left), s.SetStatutes(t.Context(), by, left, "")} {
			if !fault.Has(err, "identity.class_needs_share") {
				t.Errorf("a class with members is left without vote: %v", err)
			}
		}
		left.Body.Counting.Shares = append(left.Body.Counting.Shares, rules.ClassShare{Class: "worker", Share: 40})
		if err := s.CheckStatutes(t.Context(), by, left); err != nil {
			t.Errorf("every class has a share: %v", err)
		}
		if err := s.db.Write(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Create(&models.MemberClass{Code: "empty", NameCA: "Sense ningú", Position: 9}).Error
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.CheckStatutes(t.Context(), by, left); !fault.Has(err, "identity.class_needs_share") {
			t.Errorf("a class that somebody may join is left without vote: %v", err)
		}
		capped := change
		capped.Body.Counting.Cap = rules.ClassCap{Classes: []string{"worker", "empty"}, Num: 2, Den: 5, Base: rules.BaseRoll, Article: "Estatuts"}
		for _, err := range []error{s.CheckStatutes(t.Context(), by, capped), s.SetStatutes(t.Context(), by, capped, "")} {
			if !fault.Has(err, "rules.cap_everybody") {
				t.Errorf("every class is capped: %v", err)
			}
		}
		capped.Body.Counting.Cap.Classes = []string{"worker"}
		if err := s.CheckStatutes(t.Context(), by, capped); err != nil {
			t.Errorf("a class stays outside the cap: %v", err)
		}
		if versions(t, s) != 1 {
			t.Error("a refused change made a version")
		}
	})
}
