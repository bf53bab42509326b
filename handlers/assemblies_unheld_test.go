package handlers_test

import (
	"strings"
	"testing"
	"time"

	"socia/app/identity"
	"socia/core/rules"
	"socia/platform/db"
)

// convene makes an assembly of one point on 10 December 2026, and gives its address.
func (g guest) convene() string {
	g.Helper()
	here, _, _ := strings.Cut(g.do("/assemblies", "title", "Assemblea de desembre", "kind", "ordinary", "place", "Ateneu", "online_url", "",
		"first_call", "2026-12-10T18:00", "second_call", "2026-12-10T18:30"), "?")
	g.do(here+"/items", "title", "Pressupost de 2027", "body", "S’aprova.", "decision", "ordinary")
	g.do(here + "/notice")
	return here
}

func TestAssembly_CalledOffOrNotHeld_SaysWhyOnItsPages(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			h := openMeeting(t, flavor)
			jordi, marta := h.as("jordi"), h.as("marta")
			off, unheld := jordi.convene(), jordi.convene()
			if status, _, _ := marta.post(off+"/cancellation", "reason", "x"); status != 403 {
				t.Errorf("a member calls an assembly off: %d", status)
			}
			jordi.shows(off, "Desconvoca l’assemblea")
			jordi.shows(off+"/cancellation", "Desconvoca l’assemblea", "No es pot desfer")
			jordi.fails(422, "Cal omplir aquest camp", off+"/cancellation", "reason", " ")
			jordi.do(off+"/cancellation", "reason", "S’ha inundat l’Ateneu.", "once", "off")
			marta.shows(off, "Desconvocada", "S’ha inundat l’Ateneu.", "no hi ha acta")
			marta.shows("/inbox", "S’ha desconvocat l’assemblea")
			marta.shows("/assemblies", "Desconvocada")

			h.Clock.Move(time.Date(2026, 12, 10, 17, 0, 0, 0, time.UTC))
			jordi, marta = h.as("jordi"), h.as("marta")
			jordi.fails(409, "fins a l’hora de la segona", unheld+"/cancellation", "reason", "x")
			h.Clock.Move(time.Date(2026, 12, 10, 17, 30, 0, 0, time.UTC))
			jordi.shows(unheld+"/cancellation", "Fes constar que no s’ha fet")
			jordi.do(unheld+"/cancellation", "reason", "No va venir ningú.")
			marta.shows(unheld, "No es va fer", "No va venir ningú.")
		})
	}
}

// Where the statutes want members to come nobody is offered to attend remotely: not at the desk, not on the page.
func TestAssembly_WithoutRemoteAttendance_OffersNone(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	h.ok(h.DB.Write(t.Context(), func(tx *db.Tx) error {
		r, err := identity.StatutesTx(tx)
		if err != nil {
			return err
		}
		r.ID, r.Version, r.Body.Remote = 0, r.Version+1, rules.Remote{Article: "Estatuts, art. 24", GuaranteeArticle: "Estatuts, art. 24"}
		return tx.DB.Create(&r).Error
	}))
	jordi := h.as("jordi")
	here := jordi.convene()
	h.Clock.Move(time.Date(2026, 12, 10, 17, 10, 0, 0, time.UTC))
	jordi, aina := h.as("jordi"), h.as("aina")
	for _, page := range []string{jordi.shows(here+"/desk", "En persona"), jordi.shows(here+"/desk?q=a", "Qui és?"), aina.shows(here, "Hi tens vot")} {
		if strings.Contains(page, `value="remote"`) {
			t.Error("a page offers to attend remotely")
		}
	}
	aina.fails(409, "Els estatuts no deixen assistir a les assemblees en remot (Estatuts, art. 24).", here+"/arrivals", "member", h.idOf(h.number("aina")), "mode", "remote")
}
