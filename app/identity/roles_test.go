package identity

import (
	"testing"
	"time"

	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

func day(y int, m time.Month, d int) civil.Date { return civil.Date{Year: y, Month: m, Day: d} }

func appointment(handle string, r models.Role) Appointment {
	return Appointment{Handle: handle, Role: r, StartsOn: day(2026, 3, 2), Reason: "Assemblea 1/2026"}
}

func (h *house) appoint(by Actor, a Appointment) {
	h.t.Helper()
	if err := h.appointed(by, a, ""); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) appointed(by Actor, a Appointment, once string) error {
	_, err := h.Appoint(h.t.Context(), by, a, once)
	return err
}

func (h *house) term(handle string, r models.Role) models.RoleTermID {
	h.t.Helper()
	all, err := h.Holders(h.t.Context(), Actor{Account: 1})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, holder := range all {
		if holder.Handle == handle && holder.Role == r {
			return holder.ID
		}
	}
	h.t.Fatalf("%s is no %s", handle, r)
	return 0
}

// A term's first and last days are the cooperative's own, from midnight to midnight in Madrid, in winter and summer.
func TestRole_RunsFromItsFirstToItsLastDayInTheCooperativesZone(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		h.signUp("pau")
		admin := h.enter("admin")
		h.appoint(admin, Appointment{Handle: "maria", Role: models.RoleTreasurer, StartsOn: day(2026, 3, 10), EndsOn: day(2026, 3, 31), Reason: "Assemblea"})
		h.appoint(admin, Appointment{Handle: "pau", Role: models.RoleAuditor, StartsOn: day(2026, 3, 15), EndsOn: day(2026, 3, 15), Reason: "Assemblea"})
		maria, pau := h.signIn("maria"), h.signIn("pau")
		for _, c := range []struct {
			at                time.Time
			treasurer, audits bool
		}{
			{time.Date(2026, 3, 9, 22, 59, 59, 999999000, time.UTC), false, false},
			{time.Date(2026, 3, 9, 23, 0, 0, 0, time.UTC), true, false}, // winter time: UTC+1
			{time.Date(2026, 3, 14, 22, 59, 59, 0, time.UTC), true, false},
			{time.Date(2026, 3, 14, 23, 0, 0, 0, time.UTC), true, true},
			{time.Date(2026, 3, 15, 22, 59, 59, 0, time.UTC), true, true},
			{time.Date(2026, 3, 15, 23, 0, 0, 0, time.UTC), true, false},
			{time.Date(2026, 3, 31, 21, 59, 59, 999999000, time.UTC), true, false}, // summer time: UTC+2
			{time.Date(2026, 3, 31, 22, 0, 0, 0, time.UTC), false, false},
		} {
			h.clock.Move(c.at)
			h.Forget()
			if got := h.resolve(maria).Has(models.RoleTreasurer); got != c.treasurer {
				t.Errorf("at %s treasurer: %v", c.at, got)
			}
			if got := h.resolve(pau).Has(models.RoleAuditor); got != c.audits {
				t.Errorf("at %s auditor: %v", c.at, got)
			}
		}
	})
}

func TestAppoint_ChecksEveryField(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		admin := h.enter("admin")
		h.exec("INSERT INTO collectives (id, name, description, created_at, closed_at) VALUES (1, 'Obert', '', ?, NULL), (2, 'Tancat', '', ?, ?)", noon, noon, noon)
		for name, c := range map[string]struct {
			change func(a *Appointment)
			key    string
		}{
			"unknown handle":             {func(a *Appointment) { a.Handle = "nobody" }, "identity.handle_unknown"},
			"unknown role":               {func(a *Appointment) { a.Role = "king" }, "identity.role_unknown"},
			"no role":                    {func(a *Appointment) { a.Role = "" }, "identity.role_unknown"},
			"validator of nothing":       {func(a *Appointment) { a.Role = models.RoleValidator }, "identity.collective_for_validator"},
			"treasurer of a collective":  {func(a *Appointment) { a.CollectiveID = 1 }, "identity.collective_for_validator"},
			"validator of no collective": {func(a *Appointment) { a.Role, a.CollectiveID = models.RoleValidator, 4711 }, "identity.collective_for_validator"},
			"validator of a closed one":  {func(a *Appointment) { a.Role, a.CollectiveID = models.RoleValidator, 2 }, "identity.collective_for_validator"},
			"no first day":               {func(a *Appointment) { a.StartsOn = civil.Date{} }, "ui.error.required"},
			"ends before it starts":      {func(a *Appointment) { a.EndsOn = day(2026, 3, 1) }, "identity.term_ends_before_it_starts"},
			"no reason":                  {func(a *Appointment) { a.Reason = " " }, "ui.error.required"},
		} {
			a := appointment("maria", models.RoleTreasurer)
			c.change(&a)
			wantFault(t, name, h.appointed(admin, a, ""), fault.KindInvalid, c.key)
		}
		if n := h.count("role_terms", "1=1"); n != 1 {
			t.Errorf("%d terms", n)
		}
		v := appointment(" MARIA", models.RoleValidator)
		v.CollectiveID = 1
		h.appoint(admin, v)
		if a := h.enter("maria"); !a.Validates(1) || a.Validates(2) {
			t.Errorf("%+v", a.Roles)
		}
	})
}

func TestAppointAndEnd_AreForAdministratorsOnly(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		admin := h.enter("admin")
		for _, r := range []models.Role{models.RoleFacilitator, models.RoleTreasurer, models.RoleAuditor} {
			h.appoint(admin, appointment("maria", r))
		}
		own := h.term("admin", models.RoleAdministrator)
		for _, by := range []Actor{{}, h.enter("maria")} {
			wantFault(t, "appoint", h.appointed(by, appointment("maria", models.RoleAdministrator), ""), fault.KindForbidden, "identity.role_needed")
			wantFault(t, "end", h.EndTerm(t.Context(), by, own), fault.KindForbidden, "identity.role_needed")
		}
		if _, err := h.Holders(t.Context(), Actor{}); !fault.Has(err, "identity.sign_in_needed") {
			t.Errorf("nobody reads the terms: %v", err)
		}
	})
}

func TestAppoint_SentTwiceOrAtOnceMakesOneTermAndOneNotice(t *testing.T) {
	eachHouse(t, func(h *house) {
		maria := h.signUp("maria")
		admin := h.enter("admin")
		for _, err := range parallel(8, func(int) error {
			return h.appointed(admin, appointment("maria", models.RoleTreasurer), "one form")
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		if err := h.appointed(admin, appointment("maria", models.RoleTreasurer), "one form"); err != nil {
			t.Error(err)
		}
		for table, where := range map[string]string{"role_terms": "account_id = ?", "inbox_notices": "account_id = ?"} {
			if n := h.count(table, where, maria); n != 1 {
				t.Errorf("%d %s", n, table)
			}
		}
		if n := h.count("audit_lines", "act = 'role.appointed'"); n != 1 {
			t.Errorf("%d audit lines", n)
		}
	})
}

// Sessions change when what they may do grows: a token that somebody stole before is worth nothing afterwards.
func TestAppoint_SignsThePersonOutAndRenewsOnesOwnSession(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		here, there, maria := h.signIn("admin"), h.signIn("admin"), h.signIn("maria")
		admin := h.resolve(here)
		h.appoint(admin, appointment("maria", models.RoleTreasurer))
		if h.resolve(maria).SignedIn() {
			t.Error("whoever was appointed is still signed in")
		}
		if h.resolve(here).Session != admin.Session || !h.resolve(there).SignedIn() {
			t.Error("somebody else's appointment ended the administrator's sessions")
		}
		renewed, err := h.Appoint(t.Context(), admin, appointment("admin", models.RoleFacilitator), "one form")
		if err != nil {
			t.Fatal(err)
		}
		if h.resolve(here).SignedIn() || h.resolve(there).SignedIn() {
			t.Error("an old token is still good")
		}
		if now := h.resolve(renewed); now.Session != admin.Session || !now.Has(models.RoleFacilitator) {
			t.Errorf("the renewed session: %+v", now)
		}
		again, err := h.Appoint(t.Context(), admin, appointment("admin", models.RoleFacilitator), "one form")
		if err != nil || again != "" || !h.resolve(renewed).SignedIn() {
			t.Errorf("the same form again: %q %v", again, err)
		}
	})
}

// An installation whose last administrator is gone is not lost: whoever runs the server appoints one, and it shows.
func TestRecover_AppointsAnAdministratorWithoutOne(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		h.signIn("maria")
		wantFault(t, "nobody", h.Recover(t.Context(), "ningu", "Acord"), fault.KindInvalid, "identity.handle_unknown")
		wantFault(t, "no reason", h.Recover(t.Context(), "maria", " "), fault.KindInvalid, "ui.error.required")
		if h.enter("maria").Has(models.RoleAdministrator) {
			t.Fatal("a refusal appointed her")
		}
		before := h.signIn("maria")
		if err := h.Recover(t.Context(), "maria", "Acord del Consell Rector"); err != nil {
			t.Fatal(err)
		}
		if h.resolve(before).SignedIn() || !h.enter("maria").Has(models.RoleAdministrator) {
			t.Error("she is no administrator in a new session only")
		}
		if n := h.count("audit_lines", "act = 'role.appointed' AND account_id IS NULL"); n != 1 {
			t.Errorf("%d audit lines", n)
		}
	})
}

func TestEndTerm_TakesEffectAtOnceAndTwiceIsNoFault(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		admin := h.enter("admin")
		h.appoint(admin, appointment("maria", models.RoleTreasurer))
		token := h.signIn("maria")
		if !h.resolve(token).Has(models.RoleTreasurer) {
			t.Fatal("the appointment is not seen")
		}
		id := h.term("maria", models.RoleTreasurer)
		for range 2 {
			if err := h.EndTerm(t.Context(), admin, id); err != nil {
				t.Error(err)
			}
		}
		if h.resolve(token).Has(models.RoleTreasurer) {
			t.Error("still treasurer")
		}
		if n := h.count("audit_lines", "act = 'role.ended'"); n != 1 {
			t.Errorf("%d audit lines", n)
		}
		wantFault(t, "no such term", h.EndTerm(t.Context(), admin, 4711), fault.KindNotFound, "identity.no_term")
	})
}

// A term whose last day has passed is over by itself: it stands among the past ones, and nobody ends it early afterwards.
func TestHolders_TermWhoseLastDayHasPassedIsOver(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		admin := h.enter("admin")
		a := appointment("maria", models.RoleAdministrator)
		a.EndsOn = day(2026, 3, 3)
		h.appoint(admin, a)
		for _, c := range []struct {
			at   time.Time
			past bool
		}{
			{time.Date(2026, 3, 3, 22, 59, 59, 0, time.UTC), false}, // the last second of the last day in Madrid
			{time.Date(2026, 3, 3, 23, 0, 0, 0, time.UTC), true},
		} {
			h.clock.Move(c.at)
			all, err := h.Holders(t.Context(), admin)
			if err != nil || len(all) != 2 || all[0].Past || all[1].Past != c.past {
				t.Fatalf("%s: %+v %v", c.at, all, err)
			}
			if c.past && all[1].Handle != "maria" {
				t.Errorf("a term that is over stands before one that runs: %+v", all)
			}
		}
		if err := h.EndTerm(t.Context(), admin, h.term("maria", models.RoleAdministrator)); err != nil {
			t.Error(err)
		}
		if n := h.count("role_terms", "ended_at IS NOT NULL") + h.count("audit_lines", "act = 'role.ended'"); n != 0 {
			t.Error("a term that was over was ended early")
		}
	})
}

func TestEndTerm_OneAdministratorRemains(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		admin := h.enter("admin")
		own := h.term("admin", models.RoleAdministrator)
		wantFault(t, "the only one", h.EndTerm(t.Context(), admin, own), fault.KindConflict, "identity.last_administrator")
		for name, a := range map[string]Appointment{
			"one to come": {Handle: "maria", Role: models.RoleAdministrator, StartsOn: day(2026, 3, 3), Reason: "x"},
			"one of past": {Handle: "maria", Role: models.RoleAdministrator, StartsOn: day(2026, 2, 1), EndsOn: day(2026, 3, 1), Reason: "x"},
		} {
			h.appoint(admin, a)
			wantFault(t, name, h.EndTerm(t.Context(), admin, own), fault.KindConflict, "identity.last_administrator")
		}
		h.signUp("off")
		h.appoint(admin, appointment("off", models.RoleAdministrator))
		h.exec("UPDATE accounts SET disabled_at = ? WHERE handle = 'off'", noon)
		wantFault(t, "one who cannot sign in", h.EndTerm(t.Context(), admin, own), fault.KindConflict, "identity.last_administrator")
		h.appoint(admin, appointment("maria", models.RoleAdministrator))
		if err := h.EndTerm(t.Context(), admin, own); err != nil {
			t.Errorf("with another: %v", err)
		}
	})
}

func TestEndTerm_TwoAdministratorsWhoEndEachOtherLeaveOne(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		admin := h.enter("admin")
		for range 6 {
			h.appoint(admin, appointment("maria", models.RoleAdministrator))
			maria := h.enter("maria")
			terms := []models.RoleTermID{h.term("admin", models.RoleAdministrator), h.running(maria.Account)}
			errs := parallel(2, func(i int) error { return h.EndTerm(t.Context(), []Actor{maria, admin}[i], terms[i]) })
			if n := countNil(t, errs, "identity.last_administrator"); n != 1 {
				t.Fatalf("%d of two succeeded", n)
			}
			if n := h.count("role_terms", "role = 'administrator' AND ended_at IS NULL"); n != 1 {
				t.Fatalf("%d administrators remain", n)
			}
			h.exec("UPDATE role_terms SET ended_at = NULL, ended_by = NULL WHERE id = ?", terms[0])
			h.exec("UPDATE role_terms SET ended_at = ? WHERE id = ?", noon, terms[1])
			h.Forget()
		}
	})
}

// running is an account's running administrator term.
func (h *house) running(account models.AccountID) (id models.RoleTermID) {
	h.t.Helper()
	err := h.d.Read(h.t.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.RoleTerm{}).Select("id").Where("account_id = ? AND role = 'administrator' AND ended_at IS NULL", account).Scan(&id).Error
	})
	if err != nil || id == 0 {
		h.t.Fatalf("%d %v", id, err)
	}
	return id
}
