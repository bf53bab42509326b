package handlers

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/polls"
	"socia/core/methods"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/polls"
	"socia/views/ui"
)

// The parts of a poll's page that have pages of their own.
const (
	tablePart = "#table"
	namedPart = "#votes"
)

// doneEntered is said where the table enters votes, and not at the top of the page.
const doneEntered = "polls.done.entered"

// fieldGoOn is what the button adds that enters a page of papers and goes on: where the next page begins.
const fieldGoOn = "next"

// searchFrom is how many papers the table has before a search is worth its room.
const searchFrom = 10

// unfolded is how many papers of the table are shown whole.
const unfolded = 3

func pollHref(id models.PollID) string { return pathID("/polls/", id, "") }

// placeHref is a poll's page at a place of its long list.
func placeHref(id models.PollID, at polls.Place, part string) string {
	return pollHref(id) + placeQuery(at) + part
}

func placeQuery(at polls.Place) string {
	q := url.Values{}
	if at.After != 0 {
		q.Set("after", strconv.FormatInt(at.After, 10))
	}
	if at.Who != "" {
		q.Set("who", at.Who)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// listPager leads through a poll's long list, and says which part of it is shown.
func listPager(t *i18n.Texts, v polls.View, at polls.Place, part string) (p ui.Pager) {
	l := v.Listed
	if l.Next != 0 {
		p.NextHref = placeHref(v.Poll.ID, polls.Place{After: l.Next, Who: at.Who}, part)
	}
	if l.Previous != nil {
		p.PreviousHref = placeHref(v.Poll.ID, polls.Place{After: *l.Previous, Who: at.Who}, part)
	}
	if l.First <= l.Last && (p.NextHref != "" || p.PreviousHref != "") {
		p.Summary = t.T("ui.table.part", "First", t.Number(l.First), "Last", t.Number(l.Last), "All", t.Number(l.All))
	}
	return p
}

// tableDesk is where the facilitator enters the votes of people without account; nil where there are none. Its papers are
// drawn with the others.
func (h *Handlers) tableDesk(c *fiber.Ctx, v polls.View) *pages.TableDesk {
	t, at, id := h.T(c), pollPlace(c), v.Poll.ID
	method, _ := methods.ByName(v.Poll.Method)
	if method.Answer == methods.None || !web.IsOfficer(c, models.RoleFacilitator) || v.Listed.All == 0 && at.Who == "" {
		return nil
	}
	d := &pages.TableDesk{
		Title: t.T("polls.table.title"), Text: t.T("polls.table.text"), Pager: listPager(t, v, at, tablePart),
		Form: ui.FormAttrs{Action: pathID("/polls/", id, "/table-votes") + placeQuery(at), CSRF: h.CSRF(c)},
	}
	if v.Poll.Consultation() {
		d.Title, d.Text = t.T("polls.table.title_consultation"), t.T("polls.table.text_consultation")
	}
	d.Form.Label = d.Title
	if v.Listed.Next != 0 {
		d.Next = &ui.Action{Label: t.T("polls.table.do_next"), Name: fieldGoOn, Value: strconv.FormatInt(v.Listed.Next, 10), Kind: ui.Quiet}
	}
	if at.Who != "" || v.Listed.All > searchFrom {
		d.Search = &ui.Filter{Action: pollHref(id) + tablePart, Submit: t.T("polls.table.search_do"), Fields: []ui.Field{{Name: "who", Type: "search", Label: t.T("polls.table.search"), Value: at.Who}}}
	}
	if at.Who != "" && len(v.Table) == 0 {
		d.None = t.T("polls.table.nobody")
	}
	if at.Who != "" {
		d.Search.ClearHref, d.Search.ClearLabel = pollHref(id)+tablePart, t.T("polls.table.search_all")
	}
	if c.Query("done") == doneEntered {
		d.Done = t.T(doneEntered)
	}
	return d
}
