package handlers

import (
	"net/http"
	"strings"
	"testing"

	"socia/seeds"
	"socia/seeds/seedtest"
)

func TestFees_TheAccountToPayTo_IsSetByTheTreasuryAndShownToWhoOwes(t *testing.T) {
	seedtest.Each(t, func(t *testing.T, s seeds.Services) {
		h := openTreasury(t, s)
		nuria, debtor := h.signedIn("nuria"), h.signedIn("oriol")
		page := debtor.page("/fees")
		for _, want := range []string{"ES78 9999 0001 4101 2345 6789", "Núvol Comú, SCCL", "Membre 24, 4 quotes"} {
			if !strings.Contains(page, want) {
				t.Errorf("the debtor's page lacks %q", want)
			}
		}
		if status, _, _ := debtor.ask("GET", "/fees/account", nil); status != http.StatusForbidden {
			t.Errorf("a member is answered %d", status)
		}
		form := nuria.page("/fees/account")
		status, _, body := nuria.send(form, "/fees/account", map[string]string{"iban": "ES79 9999 0001 4101 2345 6789", "holder": "Núvol"})
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, "no quadren") || !strings.Contains(body, "ES79 9999") {
			t.Errorf("wrong check digits answer %d", status)
		}
		if status, _, body = nuria.send(form, "/fees/account", map[string]string{"iban": "gb82west12345698765432", "holder": "Núvol"}); status != http.StatusSeeOther {
			t.Fatalf("a right account answers %d: %s", status, body)
		}
		if page = debtor.page("/fees"); !strings.Contains(page, "GB82 WEST 1234 5698 7654 32") {
			t.Error("the new account is not shown")
		}
		nuria.send(form, "/fees/account", map[string]string{"iban": "", "holder": ""})
		if page = debtor.page("/fees"); !strings.Contains(page, "Pregunta a la tresoreria a quin compte") {
			t.Error("without an account the page does not say whom to ask")
		}
		h.done()
	})
}
