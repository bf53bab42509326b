package identity

import (
	"fmt"
	"testing"

	"socia/core/fault"
	"socia/models"
)

func TestDisable_SignsOutEverywhereUntilItIsEnabledAgain(t *testing.T) {
	eachHouse(t, func(h *house) {
		maria := h.signUp("maria")
		admin, here, there := h.enter("admin"), h.signIn("maria"), h.signIn("maria")
		h.resolve(here) // and so it is remembered for a moment
		for range 2 {
			if err := h.Disable(t.Context(), admin, maria, "Compte compromès"); err != nil {
				t.Fatal(err)
			}
		}
		if h.resolve(here).SignedIn() || h.resolve(there).SignedIn() {
			t.Error("still signed in")
		}
		_, err := h.SignIn(t.Context(), "maria", secret, "10.0.0.1", "")
		wantFault(t, "sign in", err, fault.KindInvalid, "identity.sign_in_wrong")
		wantFault(t, "an office", h.appointed(admin, appointment("maria", models.RoleTreasurer), ""), fault.KindInvalid, "identity.account_disabled")
		for range 2 {
			if err := h.Enable(t.Context(), admin, maria, "Era un error"); err != nil {
				t.Fatal(err)
			}
		}
		if h.resolve(here).SignedIn() {
			t.Error("an ended session came back")
		}
		if a := h.enter("maria"); a.Account != maria {
			t.Errorf("%+v", a)
		}
		f, err := h.AccountFile(t.Context(), admin, maria)
		if err != nil || f.DisabledAt != nil || len(f.Acts) != 2 || f.Acts[0].Act != models.AccountEnabled || f.Acts[1].Reason != "Compte compromès" || f.Acts[1].Handle != "admin" {
			t.Errorf("%+v %v", f, err)
		}
		if n := h.count("audit_lines", "act IN ('account.disabled', 'account.enabled') AND account_id = ? AND subject_id = ?", admin.Account, maria); n != 2 {
			t.Errorf("%d audit lines", n)
		}
		if n := h.count("inbox_notices", "account_id = ? AND kind = 'identity.notice.account_enabled'", maria); n != 1 {
			t.Errorf("%d notices", n)
		}
	})
}

func TestDisable_IsForAdministratorsWithAReasonAndNeverOneself(t *testing.T) {
	eachHouse(t, func(h *house) {
		maria := h.signUp("maria")
		admin := h.enter("admin")
		for _, by := range []Actor{{}, h.enter("maria")} {
			wantFault(t, "disable", h.Disable(t.Context(), by, admin.Account, "x"), fault.KindForbidden, "identity.role_needed")
			wantFault(t, "enable", h.Enable(t.Context(), by, admin.Account, "x"), fault.KindForbidden, "identity.role_needed")
			_, err := h.Accounts(t.Context(), by, "", "")
			wantFault(t, "list", err, fault.KindForbidden, "identity.role_needed")
			_, err = h.AccountFile(t.Context(), by, maria)
			wantFault(t, "read", err, fault.KindForbidden, "identity.role_needed")
		}
		wantFault(t, "no reason", h.Disable(t.Context(), admin, maria, " \n"), fault.KindInvalid, "ui.error.required")
		wantFault(t, "oneself", h.Disable(t.Context(), admin, admin.Account, "x"), fault.KindConflict, "identity.own_account")
		wantFault(t, "nobody", h.Disable(t.Context(), admin, 4711, "x"), fault.KindNotFound, "identity.no_account")
		_, err := h.AccountFile(t.Context(), admin, 4711)
		wantFault(t, "nobody's file", err, fault.KindNotFound, "identity.no_account")
		if n := h.count("accounts", "disabled_at IS NOT NULL"); n != 0 {
			t.Errorf("%d accounts are disabled", n)
		}
	})
}

func TestDisable_OneAdministratorRemains(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		admin := h.enter("admin")
		h.appoint(admin, appointment("maria", models.RoleAdministrator))
		maria := h.enter("maria")
		h.exec("UPDATE role_terms SET ended_at = ? WHERE id = ?", noon, h.term("maria", models.RoleAdministrator))
		wantFault(t, "whose own term ended a moment ago", h.Disable(t.Context(), maria, admin.Account, "x"), fault.KindConflict, "identity.last_administrator")
		if n := h.count("accounts", "disabled_at IS NOT NULL"); n != 0 {
			t.Errorf("%d accounts are disabled", n)
		}
	})
}

func TestDisable_TwoAdministratorsWhoDisableEachOtherLeaveOne(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		admin := h.enter("admin")
		h.appoint(admin, appointment("maria", models.RoleAdministrator))
		maria := h.enter("maria")
		for range 6 {
			errs := parallel(2, func(i int) error {
				return h.Disable(t.Context(), []Actor{maria, admin}[i], []Actor{admin, maria}[i].Account, "x")
			})
			if n := countNil(t, errs, "identity.last_administrator"); n != 1 {
				t.Fatalf("%d of two succeeded", n)
			}
			h.exec("UPDATE accounts SET disabled_at = NULL")
		}
	})
}

func TestAccounts_AreFoundByAPartOfTheHandlePageByPage(t *testing.T) {
	eachHouse(t, func(h *house) {
		admin := h.enter("admin")
		for n := range accountsPage + 5 {
			h.exec("INSERT INTO accounts (handle, passphrase_hash, language, created_at) VALUES (?, '', 'ca', ?)", fmt.Sprintf("gent_%03d", n), noon)
		}
		h.exec("INSERT INTO accounts (handle, passphrase_hash, language, created_at) VALUES ('gentil', '', 'ca', ?)", noon)
		seen, after := map[string]bool{}, ""
		for page := range 2 {
			got, err := h.Accounts(t.Context(), admin, " GENT_", after)
			if err != nil || got.Total != accountsPage+5 || (got.Next == "") != (page == 1) {
				t.Fatalf("page %d: %d of %d, next %q, %v", page, len(got.Accounts), got.Total, got.Next, err)
			}
			for _, a := range got.Accounts {
				seen[a.Handle] = true
			}
			after = got.Next
		}
		if len(seen) != accountsPage+5 || seen["gentil"] {
			t.Errorf("%d accounts on two pages", len(seen))
		}
		for _, hostile := range []string{"%", "'; --", "!"} {
			if got, err := h.Accounts(t.Context(), admin, hostile, hostile); err != nil || got.Total != 0 {
				t.Errorf("%q: %d, %v", hostile, got.Total, err)
			}
		}
	})
}
