package handlers

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/assemblies"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/platform/markdown"
	pages "socia/views/assemblies"
	"socia/views/ui"
)

// ShowAssembly is an assembly: when and where, how the reader stands, the agenda, the votes, and what facilitators can do.
func (h *Handlers) ShowAssembly(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	return h.assemblyPage(c, id, fiber.StatusOK, nil)
}

// assemblyAct answers an act on an assembly: back to its page, or the page with what is wrong.
func (h *Handlers) assemblyAct(c *fiber.Ctx, id models.AssemblyID, err error, fragment, done string) error {
	if err == nil {
		if done != "" {
			fragment = "" // the sentence stands at the top
		}
		return h.See(c, pathID("/assemblies/", id, fragment), done)
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.assemblyPage(c, id, status, e)
}

func (h *Handlers) assemblyPage(c *fiber.Ctx, id models.AssemblyID, status int, e web.Errors) error {
	v, err := h.Assemblies.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	b := sheetBuilder{h: h, c: c, t: h.T(c), v: v, loc: v.Coop.Location(), here: pathID("/assemblies/", id, ""), leads: web.IsOfficer(c, models.RoleFacilitator), e: e}
	page := b.page()
	page.Errors = b.errors()
	return h.PageStatus(c, status, pages.Show(page))
}

// sheetBuilder makes the page of an assembly out of what app has read.
type sheetBuilder struct {
	h     *Handlers
	c     *fiber.Ctx
	t     *i18n.Texts
	v     assemblies.Sheet
	loc   *time.Location
	here  string
	leads bool
	e     web.Errors // of the act before
}

// mendKey keeps where what stopped an act is mended.
const mendKey = "mend"

// errors are those of the act before: of the field that was filled in, where there was one.
func (b sheetBuilder) errors() []ui.FieldError {
	switch form := b.c.Locals(typedKey).(type) {
	case pollForm:
		return b.e.Of(b.closeField(models.AgendaItemID(form.Item)))
	case minutesForm:
		return b.e.Of(b.languageField())
	}
	all := b.e.Of()
	if href, ok := b.c.Locals(mendKey).(string); ok && len(all) == 1 {
		all[0].Href = href
	}
	return all
}

// closeField asks for how many minutes a vote on a point stays open.
func (b sheetBuilder) closeField(item models.AgendaItemID) ui.Field {
	t := b.t
	f := ui.Field{Name: "minutes", Anchor: "minutes-" + pathID("", item, ""), Label: t.T("assemblies.point.minutes"), Hint: t.T("assemblies.point.minutes_hint"), Type: "number", Min: "1", Max: strconv.Itoa(pollMinutesMost), Width: ui.Digits}
	if form, ok := b.c.Locals(typedKey).(pollForm); ok && models.AgendaItemID(form.Item) == item {
		f.Value, f.Error = form.Minutes, b.e["minutes"]
	}
	return f
}

func (b sheetBuilder) page() pages.ShowPage {
	t, a := b.t, b.v.Assembly
	p := pages.ShowPage{
		Frame: b.h.Frame(b.c, a.Title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", a.Title, "")...),
		Title: a.Title, Facts: factRows(t, a, b.v.Coop), NoPoints: t.T("assemblies.point.none"), Voting: b.voting(), Minutes: b.minutes(),
	}
	p.State, p.StateWord = stateOf(t, b.v.Now)
	for _, x := range []struct {
		key string
		at  *time.Time
	}{{"assemblies.fact.convened", a.ConvenedAt}, {"assemblies.fact.opened", a.OpenedAt}, {"assemblies.fact.closed", a.ClosedAt}} {
		if x.at != nil {
			p.Facts = append(p.Facts, ui.Pair{Term: t.T(x.key), Text: t.Time(*x.at, b.loc)})
		}
	}
	if a.Unheld() {
		p.StateWord = t.T("assemblies.state." + string(b.v.End))
		p.Facts = append(p.Facts, ui.Pair{Term: t.T("assemblies.fact.not_held"), Text: a.NotHeldReason})
	}
	for i, point := range b.v.Points {
		p.Points = append(p.Points, b.point(i+1, point))
	}
	if b.leads {
		p.Manage = b.manage()
	}
	if b.v.Now == models.AssemblyDraft {
		p.Add = []ui.Action{{Label: t.T("assemblies.item.new"), Href: b.here + "/items/new", Kind: ui.Quiet}, {Label: t.T("assemblies.item.from_proposal"), Href: b.here + "/items/new?from=proposal", Kind: ui.Quiet}}
		return p
	}
	p.Links = []ui.Link{{Label: t.T("assemblies.link.roll"), Href: b.here + "/roll"}}
	p.Officers = b.officers()
	for _, m := range b.v.Mine {
		p.Mine = append(p.Mine, b.mine(m))
	}
	if b.v.Now != models.AssemblyClosed {
		q := quorumBox(t, b.v.Quorum, b.v.Classes, a.OpenCall)
		q.Refresh, q.Source = b.here+"#quorum", quorumSource(t, a.ID, "page")
		p.Quorum = &q
	}
	return p
}

// voting are the votes that are open now, for everybody who is there.
func (b sheetBuilder) voting() []ui.TodoItem {
	var all []ui.TodoItem
	for _, p := range b.v.Points {
		if poll, ok := p.Open(); ok {
			all = append(all, ui.TodoItem{Text: p.Title, Urgent: true, Action: ui.Action{Label: b.t.T("ui.word.vote"), Label2: p.Title, Href: pathID("/polls/", poll.ID, "")}})
		}
	}
	return all
}

func (b sheetBuilder) form(path string) ui.FormAttrs {
	return ui.FormAttrs{Action: b.here + path, CSRF: b.h.CSRF(b.c), Once: web.NewOnce()}
}

// press is a button in a form of its own; hidden are names and values.
func (b sheetBuilder) press(path string, a ui.Action, hidden ...string) pages.Press {
	return pages.Press{Form: b.form(path), Action: a, Hidden: hiddenPairs(hidden)}
}

func hiddenPairs(namesAndValues []string) []ui.Pair {
	var all []ui.Pair
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		all = append(all, ui.Pair{Term: namesAndValues[i], Text: namesAndValues[i+1]})
	}
	return all
}

func (b sheetBuilder) manage() *pages.ManageBox {
	t := b.t
	link := func(key, path string, kind ui.ButtonKind) ui.Action {
		return ui.Action{Label: t.T(key), Href: b.here + path, Kind: kind}
	}
	switch b.v.Now {
	case models.AssemblyDraft:
		return &pages.ManageBox{Note: t.T("assemblies.manage.draft_note"), Links: []ui.Action{link("assemblies.manage.review", "/notice", ui.Main), link("assemblies.manage.edit", "/edit", ui.Quiet)}}
	case models.AssemblyConvened:
		box := &pages.ManageBox{
			Links: []ui.Action{link("assemblies.manage.desk", "/desk", ui.Main), link("assemblies.manage.proxies", "/proxies", ui.Quiet), link("assemblies.manage.officers", "/officers", ui.Quiet)},
			Presses: []pages.Press{
				b.press("/opening", ui.Action{Label: t.T("assemblies.manage.open_first"), Kind: ui.Quiet}, "call", "1"),
				b.press("/opening", ui.Action{Label: t.T("assemblies.manage.open_second"), Kind: ui.Quiet}, "call", "2"),
			},
		}
		if b.v.End != "" {
			box.Links = append(box.Links, link("assemblies."+string(b.v.End)+".title", "/cancellation", ui.Quiet))
		}
		return box
	case models.AssemblyOpen:
		return &pages.ManageBox{
			Links: []ui.Action{
				link("assemblies.manage.desk", "/desk", ui.Main), link("assemblies.manage.proxies", "/proxies", ui.Quiet),
				link("assemblies.manage.officers", "/officers", ui.Quiet), link("assemblies.manage.close", "/closing", ui.Quiet),
			},
		}
	case models.AssemblyClosed:
	}
	return nil
}

func (b sheetBuilder) officers() []ui.Pair {
	o := b.v.Officers
	var rows []ui.Pair
	add := func(key string, id models.MemberID) {
		if m, ok := b.v.Named[id]; ok {
			rows = append(rows, ui.Pair{Term: b.t.T(key), Text: m.Name})
		}
	}
	add("assemblies.officer.chair", o.Chair)
	add("assemblies.officer.secretary", o.Secretary)
	for _, id := range o.Tellers {
		add("assemblies.officer.teller", id)
	}
	return rows
}

// mine says how one of the reader's members stands, and what they can do.
func (b sheetBuilder) mine(m assemblies.Mine) pages.MineCard {
	t := b.t
	card := pages.MineCard{Kind: ui.Wait, Vote: t.T("assemblies.mine.not_on_roll"), WhyHref: "/standing"}
	if len(b.v.Mine) > 1 {
		card.Name = m.Member.Name
	}
	switch {
	case m.OnRoll && m.Line.Eligible:
		card.Kind, card.Vote, card.WhyHref = ui.Yes, t.T("assemblies.mine.may_vote"), ""
	case m.OnRoll:
		card.Vote = t.T("assemblies.mine.may_not_vote")
	}
	if m.Here != nil {
		card.Rows = append(card.Rows, ui.Pair{Term: t.T("assemblies.mine.attendance"), Text: t.T("assemblies.here."+string(m.Here.Mode), "Time", t.Clock(m.Here.ArrivedAt, b.loc))})
	}
	if m.Gave != nil {
		card.Rows = append(card.Rows, ui.Pair{Term: t.T("assemblies.mine.gave"), Text: m.Gave.Holder.Name})
	}
	for _, held := range m.Holds {
		card.Rows = append(card.Rows, ui.Pair{Term: t.T("assemblies.mine.holds"), Text: held.Giver.Name})
	}
	if b.v.Now != models.AssemblyClosed {
		b.mineActs(&card, m)
	}
	return card
}

func (b sheetBuilder) mineActs(card *pages.MineCard, m assemblies.Mine) {
	t, member := b.t, pathID("", m.Member.ID, "")
	switch {
	case m.Here != nil && m.Here.Mode == models.Remote:
		x := b.press("/departures", ui.Action{Label: t.T("assemblies.mine.leave"), Kind: ui.Quiet}, "member", member)
		card.Leave = &x
	case m.Here == nil && b.v.SelfCheckIn:
		x := b.press("/arrivals", ui.Action{Label: t.T("assemblies.mine.arrive")}, "member", member, "mode", string(models.Remote))
		card.Arrive = &x
		if m.Gave != nil {
			card.Later = t.T("assemblies.mine.arriving_revokes")
		}
	case m.Here == nil && b.v.Assembly.OnlineURL != "":
		card.Later = t.T("assemblies.mine.later")
	}
	for _, held := range m.Holds {
		card.Refuse = append(card.Refuse, b.press("/proxies/"+pathID("", held.ID, "/revocation"), ui.Action{Label: t.T("assemblies.mine.refuse"), Label2: held.Giver.Name, Kind: ui.Linky}))
	}
	switch {
	case m.Gave != nil:
		x := b.press("/proxies/"+pathID("", m.Gave.ID, "/revocation"), ui.Action{Label: t.T("assemblies.mine.revoke"), Kind: ui.Quiet})
		card.Revoke = &x
	case m.Here == nil && m.Line.Eligible && len(m.Holds) == 0 && b.v.Now == models.AssemblyConvened && b.v.Statutes.Proxies.Allowed:
		card.Give = &ui.Action{Label: t.T("assemblies.mine.give"), Href: b.here + "/proxy?giver=" + member, Kind: ui.Quiet}
	}
}

// point is one point of the agenda with its votes and what facilitators can do with it now.
func (b sheetBuilder) point(n int, p assemblies.Point) pages.PointCard {
	t := b.t
	card := pages.PointCard{Heading: fmt.Sprintf("%d. %s", n, p.Title), Decision: decisionWord(t, p.Decision), Body: ui.SafeHTML(markdown.HTML(p.Body))}
	if p.ProposalID != nil {
		card.Proposal = &ui.Link{Label: t.T("assemblies.point.proposal"), Href: pathID("/proposals/", *p.ProposalID, "")}
	}
	for _, poll := range p.Polls {
		if poll.Void != nil {
			card.Results = append(card.Results, pages.PointResult{Kind: ui.No, Word: t.T("polls.state.void"), Href: pathID("/polls/", poll.ID, "")})
			continue
		}
		if poll.Result != nil {
			kind := ui.No
			if poll.Result.Approved {
				kind = ui.Yes
			}
			card.Results = append(card.Results, pages.PointResult{Kind: kind, Word: t.T("assemblies.outcome." + string(poll.Result.Outcome)), Href: pathID("/polls/", poll.ID, "")})
		}
		if poll.Count != nil {
			outcome := methodOutcome(t, poll.Method, poll.Outcome())
			card.Results = append(card.Results, pages.PointResult{Kind: outcome.Badge, Word: outcome.Text, Href: pathID("/polls/", poll.ID, "")})
		}
	}
	if b.leads {
		b.pointActs(&card, p)
	}
	return card
}

func (b sheetBuilder) pointActs(card *pages.PointCard, p assemblies.Point) {
	t, item := b.t, pathID("/items/", p.ID, "")
	switch b.v.Now {
	case models.AssemblyDraft:
		word := func(key string) ui.Action { return ui.Action{Label: t.T(key), Label2: p.Title, Kind: ui.Linky} }
		card.Presses = []pages.Press{
			b.press(item+"/position", word("assemblies.point.up"), "way", "up"), b.press(item+"/position", word("assemblies.point.down"), "way", "down"),
			b.press(item+"/removal", word("ui.word.remove")),
		}
		if p.ProposalID == nil {
			edit := word("ui.word.edit")
			edit.Href = b.here + item
			card.Links = []ui.Action{edit}
		}
	case models.AssemblyOpen:
		if poll, open := p.Open(); open {
			card.Links = []ui.Action{
				{Label: t.T("assemblies.point.close_poll"), Label2: p.Title, Href: b.here + pathID("/polls/", poll.ID, "/closing")},
				{Label: t.T("assemblies.point.watch"), Label2: p.Title, Href: pathID("/polls/", poll.ID, ""), Kind: ui.Quiet},
			}
			break
		}
		if p.MayVoteOtherwise() {
			card.Links = append(card.Links, ui.Action{Label: t.T("assemblies.point.other_way"), Label2: p.Title, Href: "/polls/new?item=" + pathID("", p.ID, ""), Kind: ui.Linky})
		}
		if p.MayVote() {
			card.Poll = &pages.PollForm{
				Form: b.form("/polls"), Item: pathID("", p.ID, ""), Label: ui.Action{Label: t.T("assemblies.point.open_poll"), Label2: p.Title},
				Close: b.closeField(p.ID),
			}
		}
	case models.AssemblyConvened, models.AssemblyClosed:
	}
}

// minutes says how far the minutes have come, to those who may know.
func (b sheetBuilder) minutes() *pages.MinutesBox {
	t, by := b.t, web.Actor(b.c)
	if b.v.Now != models.AssemblyClosed {
		return nil
	}
	if !b.v.WantsMinutes() {
		return &pages.MinutesBox{Text: t.T("minutes.nobody_to_approve")}
	}
	due := t.T("minutes.due", "Day", b.v.MinutesDueOn, "Article", b.v.Statutes.Minutes.Article)
	switch {
	case b.v.MinutesState == "final":
		return &pages.MinutesBox{Text: t.T("minutes.box.final"), Href: b.here + "/minutes", Label: t.T("minutes.box.read")}
	case b.v.MinutesState == "draft" && b.v.MayReadDraft(by):
		return &pages.MinutesBox{Text: t.T("minutes.box.draft") + " " + due, Href: b.here + "/minutes", Label: t.T("minutes.box.open")}
	case b.v.MinutesState == "" && b.v.MayWriteMinutes(by):
		form := b.form("/minutes")
		form.Label = t.T("minutes.draft_do")
		return &pages.MinutesBox{Text: t.T("minutes.box.none") + " " + due, Draft: &form, Choice: b.languageField()}
	}
	return &pages.MinutesBox{Text: t.T("minutes.box.waiting") + " " + due}
}

func (b sheetBuilder) languageField() ui.Field {
	f := ui.Field{Name: "language", Label: b.t.T("minutes.field.language"), Value: b.v.Coop.Language, Error: b.e["language"], Required: true, Width: ui.Half}
	if form, ok := b.c.Locals(typedKey).(minutesForm); ok {
		f.Value = form.Language
	}
	for _, lang := range i18n.Languages() {
		f.Options = append(f.Options, ui.Option{Value: lang, Label: i18n.NameOf(lang)})
	}
	return f
}
