package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// crowded is an open poll in an assembly with sixty papers for the table, and the members whose papers they are.
func (h *meetingHouse) crowded() (page string, members []models.Member) {
	h.Helper()
	var poll models.Poll
	h.ok(h.DB.Write(h.Context(), func(tx *db.Tx) error {
		if err := tx.DB.Order("number").Limit(60).Find(&members).Error; err != nil {
			return err
		}
		assembly, item := models.AssemblyID(1), models.AgendaItemID(1)
		poll = models.Poll{Method: methods.Motion, AssemblyID: &assembly, AgendaItemID: &item, RuleSetID: 1, Question: "?", Decision: "ordinary", RollCounts: map[string]int64{"user": 60}, OpenedAt: tx.Now, OpenedBy: 1}
		if err := tx.DB.Create(&poll).Error; err != nil {
			return err
		}
		electors := make([]models.PollElector, len(members))
		for i, m := range members {
			electors[i] = models.PollElector{PollID: poll.ID, MemberID: m.ID, ClassCode: "user", VoterID: m.ID}
		}
		return tx.DB.Create(&electors).Error
	}))
	return "/polls/" + fmt.Sprint(poll.ID), members
}

var tablePaper = regexp.MustCompile(`name="was-(\d+)"`)

// papersOn are the members whose papers a page has for the table.
func papersOn(body string) (ids []string) {
	for _, m := range tablePaper.FindAllStringSubmatch(body, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// The pages of the table lead to one another, say where they are, and whatever was entered leads back to its page.
func TestTable_APageAtATime_KeepsItsPlace(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	jordi := h.as("jordi")
	page, members := h.crowded()
	second := page + "?after=" + fmt.Sprint(members[24].Number)
	third := page + "?after=" + fmt.Sprint(members[49].Number)
	for _, on := range []struct {
		path          string
		papers        int
		leads, absent []string
	}{
		{page, 25, []string{`rel="next" href="` + second + `#table"`}, []string{`rel="prev"`}},
		{second, 25, []string{`rel="prev" href="` + page + `#table"`, `rel="next" href="` + third + `#table"`, `action="` + strings.Replace(second, "?", "/table-votes?", 1) + `"`}, nil},
		{third, 10, []string{`rel="prev" href="` + second + `#table"`}, []string{`rel="next"`}},
	} {
		body := jordi.shows(on.path, on.leads...)
		if got := len(papersOn(body)); got != on.papers {
			t.Errorf("%s has %d papers, want %d", on.path, got, on.papers)
		}
		for _, text := range on.absent {
			if strings.Contains(body, text) {
				t.Errorf("%s says %q", on.path, text)
			}
		}
	}
	for lang, says := range map[string]string{"ca": "26–50 de 60", "es": "26 a 50 de 60", "en": "26 to 50 of 60"} {
		jordi.shows(second+"&lang="+lang, ">"+says+"<")
	}
	first, refused := fmt.Sprint(members[25].ID), strings.Replace(second, "?", "/table-votes?", 1)
	if to := jordi.do(refused, "choice-"+first, "for", "was-"+first, ""); !strings.HasPrefix(to, second+"&done=") || !strings.HasSuffix(to, "#table") {
		t.Errorf("entering leads to %s", to)
	} else if body := jordi.shows(to, "Els vots han quedat anotats."); strings.Count(body, "Els vots han quedat anotats.") != 1 {
		t.Error("it is told more than once")
	}
	// One button enters the page and goes on; where nobody voted it only turns the page.
	on := fmt.Sprint(members[49].Number)
	jordi.shows(second, `name="next" value="`+on+`"`)
	if to := jordi.do(refused, "choice-"+first, "abstain", "was-"+first, "for", "next", on); !strings.HasPrefix(to, third+"&done=") {
		t.Errorf("entering and going on leads to %s", to)
	}
	jordi.shows(second, `value="abstain" checked`)
	if to := jordi.do(refused, "was-"+first, "abstain", "next", on); to != third+"#table" {
		t.Errorf("a page without votes leads to %s", to)
	}
	if body := jordi.see(third); strings.Contains(body, `name="next"`) {
		t.Error("the last page leads further")
	}
	// What is refused shows the same page with what was typed.
	status, body, _ := jordi.post(refused, "choice-"+first, "against", "was-"+first, "", "choice-"+fmt.Sprint(members[26].ID), "abstain", "was-"+fmt.Sprint(members[26].ID), "")
	ids := papersOn(body)
	if status != http.StatusConflict || !strings.Contains(errorsIn(body), "Mentrestant") || len(ids) != 25 || ids[0] != first || !strings.Contains(body, `value="abstain" checked`) {
		t.Errorf("%d, papers of %v", status, ids)
	}
}

// With their hands full, whoever facilitates types a number or the beginning of a name.
func TestTable_ASearchFindsAPaper_AndKeepsToIt(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	jordi := h.as("jordi")
	page, members := h.crowded()
	m := members[51]
	one := page + "?who=" + fmt.Sprint(m.Number)
	body := jordi.shows(one, `name="who"`, `href="`+page+`#table"`)
	if !strings.Contains(body, "Núm. "+fmt.Sprint(m.Number)+".") {
		t.Error("the paper does not say the number")
	}
	if ids := papersOn(body); len(ids) != 1 || ids[0] != fmt.Sprint(m.ID) {
		t.Errorf("number %d finds %v, want %d", m.Number, ids, m.ID)
	}
	name, _, _ := strings.Cut(m.Name, " ")
	if body := jordi.see(page + "?who=" + url.QueryEscape(strings.ToUpper(name))); !strings.Contains(body, `name="was-`+fmt.Sprint(m.ID)+`"`) {
		t.Errorf("%q does not find %s", name, m.Name)
	}
	id := fmt.Sprint(m.ID)
	if to := jordi.do(strings.Replace(one, "?", "/table-votes?", 1), "choice-"+id, "for", "was-"+id, ""); !strings.HasPrefix(to, one+"&done=") {
		t.Errorf("entering leads to %s", to)
	}
	for lang, says := range map[string]string{"ca": "Aquí no hi ha cap vot per anotar", "es": "Aquí no hay ningún voto por anotar", "en": "There is no vote to enter here"} {
		jordi.shows(page+"?who=ningu-aixi&lang="+lang, says)
	}
	beyond := jordi.shows(page+"?after="+fmt.Sprint(members[59].Number), `rel="prev" href="`+page+`?after=`)
	if strings.Contains(beyond, "Aquí no hi ha cap vot per anotar") {
		t.Error("past the last paper it answers a search that nobody made")
	}
	if body := h.as("marta").see(one); strings.Contains(body, `name="who"`) {
		t.Error("the table is shown to a member")
	}
}

// A long list of named votes is led through fifty at a time.
func TestResult_NamedVotes_AreAPageAtATime(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	page, members := h.crowded()
	h.ok(h.DB.Write(t.Context(), func(tx *db.Tx) error {
		var poll models.Poll
		if err := tx.DB.Last(&poll).Error; err != nil {
			return err
		}
		_, err := polls.CloseTx(t.Context(), tx, identity.Actor{Account: 1, Roles: []models.RoleTerm{{Role: models.RoleFacilitator}}}, poll.ID)
		return err
	}))
	marta := h.as("marta")
	after := page + "?after=" + fmt.Sprint(members[49].Number)
	marta.shows(page, `rel="next" href="`+after+`#votes"`, "1–50 de 60")
	marta.shows(after, `rel="prev" href="`+page+`#votes"`, "51–60 de 60")
}
