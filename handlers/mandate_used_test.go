package handlers_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"socia/models"
	"socia/platform/db"
)

var (
	pointOf = regexp.MustCompile(`name="item" value="([0-9]+)"`)
	voteOn  = regexp.MustCompile(`href="/polls/([0-9]+)"`)
	proxyOf = regexp.MustCompile(`/assemblies/[0-9]+/proxies/[0-9]+/revocation`)
)

// TestRevokeProxy_AfterItWasUsed_BothReadThatTheVoteStands: who gave the mandate and who held it, in each language; the paper is
// the holder's no more, and a form of before changes nothing.
func TestRevokeProxy_AfterItWasUsed_BothReadThatTheVoteStands(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			h := openMeeting(t, flavor)
			here, marta := h.as("jordi").convene(), h.idOf(h.number("marta"))
			h.as("marta").do(here+"/proxy", "giver_id", marta, "holder", h.number("nuria"))
			h.Clock.Move(time.Date(2026, 12, 10, 17, 30, 0, 0, time.UTC))
			jordi := h.as("jordi")
			for _, handle := range []string{"jordi", "nuria", "aina"} {
				jordi.do(here+"/arrivals", "who", h.number(handle), "mode", "in_person", "desk", "1")
			}
			jordi.do(here+"/opening", "call", "2")
			jordi.do(here+"/polls", "item", pointOf.FindStringSubmatch(jordi.see(here))[1], "minutes", "20")
			poll := voteOn.FindStringSubmatch(jordi.see(here))[0]
			page := strings.Trim(poll, `href="`)
			nuria, giver := h.as("nuria"), h.as("marta")
			nuria.do(page+"/votes", "choice-"+marta, "for")
			giver.shows(page, "El teu vot el porta", here+"#mine")
			giver.do(proxyOf.FindString(giver.see(here)))
			for lang, says := range map[string][3]string{
				"ca": {"ha votat per tu, i aquest vot val", "El vot que has emès per", "ningú no el pot canviar"}, "es": {"ha votado por ti, y ese voto vale", "El voto que has emitido por", "nadie lo puede cambiar"},
				"en": {"has voted for you, and that vote stands", "The vote that you cast for", "nobody can change it"},
			} {
				giver.shows(page+"?lang="+lang, says[0], says[2])
				nuria.shows(page+"?lang="+lang, says[1], says[2])
			}
			if body := nuria.see(page); strings.Contains(body, "choice-"+marta) || !strings.Contains(body, "choice-"+h.idOf(h.number("nuria"))) {
				t.Error("the holder has the paper of the mandate still, or not their own")
			}
			if body := giver.see(page); strings.Contains(body, "choice-") || strings.Contains(body, here+"#mine") {
				t.Error("the giver has a paper, or is sent to a proxy that is over")
			}
			if status, body, _ := nuria.post(page+"/votes", "choice-"+marta, "against"); status != http.StatusForbidden || !strings.Contains(body, "ja no el pots emetre ni canviar") {
				t.Errorf("a form of before answers %d", status)
			}
			var v models.Vote
			h.ok(h.DB.Read(h.Context(), func(tx *db.Tx) error {
				return tx.DB.Where("member_id = ? AND poll_id = ?", marta, strings.TrimPrefix(page, "/polls/")).Take(&v).Error
			}))
			if v.Choice != models.For {
				t.Errorf("the vote says %s", v.Choice)
			}
		})
	}
}
