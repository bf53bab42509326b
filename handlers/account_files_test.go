package handlers_test

import (
	"fmt"
	"strings"
	"testing"

	"socia/app/identity"
	"socia/core/civil"
	"socia/models"
)

func TestAccounts_AnAdministratorFindsOneDisablesItAndEnablesItAgain(t *testing.T) {
	p := openPeople(t)
	p.get("pau", "/admin/accounts").check(t, 403)
	p.get("admin", "/admin/accounts").check(t, 200, "5 comptes", "estranya", "otger")
	p.get("admin", "/admin/accounts?q=ESTR").check(t, 200, "1 compte", "estranya")
	p.get("admin", "/admin/accounts?q=ESTR").lacks(t, "otger")
	p.get("admin", "/admin/accounts?q=%27%3B--&after=%27").check(t, 200, "No hi ha cap compte així")
	pau := fmt.Sprintf("/admin/accounts/%d", p.actor("pau").Account)
	p.get("admin", fmt.Sprintf("/members/%d", p.pau)).check(t, 200, "Mira el compte", pau)
	p.get("admin", pau).check(t, 200, "El compte de pau", "Pau Roca", "Actiu", "Desactiva el compte")
	p.post("admin", pau+"/disabling", "reason", " ").check(t, 422, "Cal omplir aquest camp")
	p.post("admin", pau+"/disabling", "reason", "Telèfon perdut <b>").check(t, 303)
	if to := p.get("pau", "/account").location; to != "/sign-in?next=%2Faccount" {
		t.Errorf("whoever is disabled is sent to %q", to)
	}
	p.get("admin", pau).check(t, 200, "Desactivat", "Telèfon perdut <b>", "Torna a activar el compte")
	p.get("admin", "/admin/accounts").check(t, 200, "Desactivat")
	p.get("admin", fmt.Sprintf("/members/%d", p.pau)).check(t, 200, "Pau Roca")
	p.post("admin", pau+"/enabling", "reason", "Ja té el telèfon").check(t, 303)
	p.get("admin", pau).check(t, 200, "Actiu", "Tornat a activar", "Telèfon perdut <b>")
	p.get("admin", "/admin/accounts/4711").check(t, 404)
	p.get("admin", "/admin/roles").check(t, 200, fmt.Sprintf("/admin/accounts/%d", p.actor("vera").Account))
	own := fmt.Sprintf("/admin/accounts/%d", p.actor("admin").Account)
	p.get("admin", own).check(t, 200, "Aquest és el teu compte")
	p.get("admin", own).lacks(t, "Desactiva el compte")
	p.post("admin", own+"/disabling", "reason", "x").check(t, 409)
}

func TestRoles_TermWhoseLastDayHasPassedIsShownAsEnded(t *testing.T) {
	p := openPeople(t)
	for handle, last := range map[string]civil.Date{"pau": civil.New(2026, 11, 22), "estranya": civil.New(2026, 11, 23)} {
		_, err := p.who.Appoint(t.Context(), p.actor("admin"), identity.Appointment{Handle: handle, Role: models.RoleAuditor, StartsOn: civil.New(2026, 11, 1), EndsOn: last, Reason: "Acord"}, "")
		p.must(err)
	}
	body := p.get("admin", "/admin/roles").body
	if strings.Contains(body, "–\u00a0–") || strings.Contains(body, "– –") || !strings.Contains(body, "des de") {
		t.Error("a term without an end does not say since when it runs")
	}
	for handle, ended := range map[string]bool{"pau": true, "estranya": false} {
		_, row, _ := strings.Cut(body, ">"+handle+"<")
		row, _, _ = strings.Cut(row, "</tr>")
		if strings.Contains(row, "Acabat") != ended || strings.Contains(row, "/end\"") == ended {
			t.Errorf("%s: %s", handle, row)
		}
	}
}
