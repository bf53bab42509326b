package handlers

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/members"
	"socia/core/civil"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/members"
	"socia/views/ui"
)

// ListMembers is the directory.
func (h *Handlers) ListMembers(c *fiber.Ctx) error {
	f, cursor := directoryFilter(c)
	listing, err := h.Members.Directory(c.UserContext(), web.Actor(c), f, cursor)
	if err != nil {
		return err
	}
	classes, err := h.Members.Classes(c.UserContext())
	if err != nil {
		return err
	}
	collectives, err := h.Members.Collectives(c.UserContext())
	if err != nil {
		return err
	}
	t := h.T(c)
	page := pages.DirectoryPage{
		Frame: h.Frame(c, t.T("members.directory.title")), Tabs: peopleTabs(c, t, "/members"),
		Filter: directoryBar(t, f, listing.Numbers, classes, collectives), Table: directoryTable(t, f, listing),
		Lead: t.N("members.directory.total", int(listing.Total)),
	}
	page.Frame.Wide = listing.Numbers
	if cursor != 0 {
		page.Pager.PreviousHref = directoryHref(f, 0)
	}
	if listing.Next != 0 {
		page.Pager.NextHref = directoryHref(f, listing.Next)
	}
	if web.Actor(c).Has(models.RoleAdministrator) {
		page.Import = "/members/import"
	}
	return h.Page(c, pages.Directory(page))
}

// directoryFilter reads the filter from the address. What makes no sense there filters nothing.
func directoryFilter(c *fiber.Ctx) (f members.Filter, cursor models.MemberID) {
	number := func(name string) int64 {
		n, err := strconv.ParseInt(c.Query(name), 10, 64)
		if err != nil || n < 0 {
			return 0
		}
		return n
	}
	f = members.Filter{Class: models.MemberClassID(number("class")), Collective: models.CollectiveID(number("collective")), Search: web.CleanLine(c.Query("q")), Left: c.Query("left") == "1", Sort: members.ByName}
	switch kind := models.MemberKind(c.Query("kind")); kind {
	case models.Person, models.Organisation:
		f.Kind = kind
	}
	if c.Query("sort") == string(members.ByNumber) {
		f.Sort = members.ByNumber
	}
	return f, models.MemberID(number("after"))
}

// directoryHref is the directory's address with a filter, from the line after a member.
func directoryHref(f members.Filter, after models.MemberID) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("class", idText(f.Class))
	set("collective", idText(f.Collective))
	set("kind", string(f.Kind))
	set("q", f.Search)
	set("after", idText(after))
	if f.Left {
		q.Set("left", "1")
	}
	if f.Sort == members.ByNumber {
		q.Set("sort", string(f.Sort))
	}
	if len(q) == 0 {
		return "/members"
	}
	return "/members?" + q.Encode()
}

func directoryBar(t *i18n.Texts, f members.Filter, officer bool, classes []models.MemberClass, collectives []members.CollectiveLine) ui.Filter {
	all := func(key string) []ui.Option { return []ui.Option{{Value: "", Label: t.T(key)}} }
	search := ui.Field{Name: "q", Type: "search", Label: t.T("members.directory.search"), Value: f.Search}
	if officer {
		search.Label = t.T("members.directory.search_number")
	}
	class := ui.Field{Name: "class", Label: t.T("members.field.class"), Value: idText(f.Class), Options: append(all("members.directory.every_class"), classOptions(t, classes)...)}
	collective := ui.Field{Name: "collective", Label: t.T("members.field.collective"), Value: idText(f.Collective), Options: all("members.directory.every_collective")}
	for _, line := range collectives {
		collective.Options = append(collective.Options, ui.Option{Value: idText(line.ID), Label: line.Name})
	}
	kind := ui.Field{Name: "kind", Label: t.T("members.field.kind"), Value: string(f.Kind), Options: append(all("members.directory.every_kind"), kindOptions(t)...)}
	bar := ui.Filter{Action: "/members", Fields: []ui.Field{search, class, collective, kind}}
	if officer {
		left := ui.Field{Name: "left", Label: t.T("ui.word.state"), Options: []ui.Option{{Value: "", Label: t.T("members.directory.today")}, {Value: "1", Label: t.T("members.directory.left")}}}
		if f.Left {
			left.Value = "1"
		}
		bar.Fields = append(bar.Fields, left)
	}
	if f.Sort == members.ByNumber {
		bar.Hidden = []ui.Pair{{Term: "sort", Text: string(f.Sort)}}
	}
	bare := members.Filter{Sort: f.Sort}
	if f != bare {
		bar.ClearHref = directoryHref(bare, 0)
	}
	return bar
}

func directoryTable(t *i18n.Texts, f members.Filter, l members.Listing) ui.Table {
	byName, byNumber := f, f
	byName.Sort, byNumber.Sort = members.ByName, members.ByNumber
	name := ui.Column{Label: t.T("ui.word.name")}
	number := ui.Column{Label: t.T("members.field.number"), Num: true, SortHref: directoryHref(byNumber, 0)}
	if l.Numbers {
		name.SortHref = directoryHref(byName, 0)
	}
	if f.Sort == members.ByNumber && l.Numbers {
		number.Sorted = "asc"
	} else {
		name.Sorted = "asc"
	}
	table := ui.Table{
		Caption: t.T("members.directory.title"), HideCaption: true, Columns: []ui.Column{name, {Label: t.T("members.field.class")}, {Label: t.T("members.field.collective")}},
		Empty: &ui.Empty{Title: t.T("members.directory.none"), Text: t.T("members.directory.none_text")},
	}
	if l.Numbers {
		table.Columns = append(table.Columns, number, ui.Column{Label: t.T("members.field.joined_on")})
	}
	if l.Numbers && f.Left {
		table.Columns = append(table.Columns, ui.Column{Label: t.T("members.field.left_on")})
	}
	for _, e := range l.Entries {
		table.Rows = append(table.Rows, directoryRow(t, e, l.Numbers, f.Left))
	}
	return table
}

func directoryRow(t *i18n.Texts, e members.Entry, numbers, left bool) []ui.Cell {
	name := ui.LinkCell(e.Name, pathID("/members/", e.ID, ""))
	if e.Kind == models.Organisation {
		name.Note = t.T("members.kind.organisation")
	}
	row := []ui.Cell{name, ui.Text(e.Class.Name(t.Lang())), ui.Text(orDash(e.Collective))}
	if numbers {
		row = append(row, ui.Text(strconv.FormatInt(e.Number, 10)), ui.Text(t.ShortDate(e.JoinedOn)))
	}
	if numbers && left {
		row = append(row, ui.Text(t.ShortDate(e.LeftOn)))
	}
	return row
}

// ShowMember is one member's page, as much of it as the reader may see.
func (h *Handlers) ShowMember(c *fiber.Ctx) error {
	p, err := h.profile(c)
	if err != nil {
		return err
	}
	today, err := h.today(c)
	if err != nil {
		return err
	}
	t, at := h.T(c), pathID("/members/", p.ID, "")
	administers := web.Actor(c).Has(models.RoleAdministrator)
	page := pages.MemberPage{
		Frame: h.Frame(c, p.Name, crumbs(t.T("members.directory.title"), "/members", p.Name, "")...), Name: p.Name, Own: p.Own, Rows: memberRows(t, p),
	}
	if p.Own {
		page.Lead = t.T("members.member.own")
	}
	switch {
	case !p.LeftOn.IsZero() && p.LeftOn.Before(today):
		page.Notice = t.T("members.member.left", "Day", p.LeftOn)
	case !p.LeftOn.IsZero():
		page.Notice = t.T("members.member.leaves", "Day", p.LeftOn)
	case p.Own || administers:
		page.Leave = at + "/departure"
	}
	if p.MayStay {
		page.Stay = &ui.FormAttrs{Action: at + "/departure/withdrawal", CSRF: h.CSRF(c), Label: t.T("members.leave.withdraw")}
	}
	if p.Own || administers {
		page.Links = append(page.Links, ui.Action{Label: t.T("members.member.edit"), Href: at + "/edit"})
	}
	if administers && (p.MostVotes > 1 || p.GivenVotes > 1) {
		page.Links = append(page.Links, ui.Action{Label: t.T("members.votes.title"), Href: at + "/votes", Kind: ui.Quiet})
	}
	if administers && p.Handle == "" {
		page.Links = append(page.Links, ui.Action{Label: t.T("members.account.link"), Href: at + "/account", Kind: ui.Quiet})
	}
	if administers && p.Handle != "" {
		page.Links = append(page.Links, ui.Action{Label: t.T("members.account.see"), Href: pathID("/admin/accounts/", p.Account, ""), Kind: ui.Quiet})
		page.Unlink = at + "/account/unlinking"
	}
	return h.Page(c, pages.Member(page))
}

func (h *Handlers) profile(c *fiber.Ctx) (members.Profile, error) {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return members.Profile{}, err
	}
	return h.Members.Member(c.UserContext(), web.Actor(c), id)
}

// today is the cooperative's civil day.
func (h *Handlers) today(c *fiber.Ctx) (civil.Date, error) {
	return h.Members.Today(c.UserContext())
}

func memberRows(t *i18n.Texts, p members.Profile) []ui.Pair {
	var rows []ui.Pair
	add := func(key, text string) { rows = append(rows, ui.Pair{Term: t.T(key), Text: text}) }
	if p.Sight >= members.SightDays {
		add("members.field.number", strconv.FormatInt(p.Number, 10))
	}
	add("members.field.kind", t.T("members.kind."+string(p.Kind)))
	if p.Representative != "" {
		add("members.field.representative", p.Representative)
	}
	add("members.field.class", p.Class.Name(t.Lang()))
	if p.Votes > 1 {
		add("members.field.votes", strconv.FormatInt(p.Votes, 10))
	}
	collective := ui.Pair{Term: t.T("members.field.collective"), Text: orDash(p.Collective)}
	rows = append(rows, collective)
	if p.Sight >= members.SightDays {
		add("members.field.joined_on", t.Date(p.JoinedOn))
	}
	if p.Sight >= members.SightDays && !p.LeftOn.IsZero() {
		add("members.field.left_on", t.Date(p.LeftOn))
	}
	if p.Sight == members.SightWhole {
		email := orDash(p.Email)
		if p.EmailUnread {
			email = t.T("members.email_unread")
		}
		add("ui.word.email", email)
		add("members.field.language", i18n.NameOf(p.Language))
		add("members.field.account", orDash(p.Handle))
	}
	return rows
}

type detailsForm struct {
	Name           string `form:"name"`
	Representative string `form:"representative"`
	Email          string `form:"email"`
	Language       string `form:"language"`
}

// EditMember is the form for a member's own details.
func (h *Handlers) EditMember(c *fiber.Ctx) error {
	p, err := h.profile(c)
	if err != nil {
		return err
	}
	if err := web.Actor(c).RequireActsFor(p.ID, models.RoleAdministrator); err != nil {
		return err
	}
	return h.Page(c, pages.OneForm(h.detailsPage(c, p, detailsForm{Name: p.Name, Representative: p.Representative, Email: p.Email, Language: p.Language}, nil)))
}

// ChangeMember changes a member's own details.
func (h *Handlers) ChangeMember(c *fiber.Ctx) error {
	p, err := h.profile(c)
	if err != nil {
		return err
	}
	form, err := web.Decode[detailsForm](c)
	if err == nil {
		err = h.Members.ChangeDetails(c.UserContext(), web.Actor(c), p.ID, members.Details(form))
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.PageStatus(c, status, pages.OneForm(h.detailsPage(c, p, form, e)))
	}
	return h.See(c, pathID("/members/", p.ID, ""), "members.done.changed")
}

func (h *Handlers) detailsPage(c *fiber.Ctx, p members.Profile, form detailsForm, e web.Errors) pages.FormPage {
	t, at := h.T(c), pathID("/members/", p.ID, "")
	fields := []ui.Field{{Name: "name", Label: t.T("members.field.name"), Hint: t.T("members.field.name_hint"), Value: form.Name, Error: e["name"], Required: true, MaxLength: members.MaxName, Autocomplete: "off"}}
	if p.Kind == models.Organisation {
		fields = append(fields, ui.Field{Name: "representative", Label: t.T("members.field.representative"), Value: form.Representative, Error: e["representative"], Required: true, MaxLength: members.MaxName, Autocomplete: "off"})
	}
	language := languageField(t, form.Language)
	language.Label, language.Error = t.T("members.field.language"), e["language"]
	fields = append(fields, ui.Field{
		Name: "email", Label: t.T("ui.word.email"), Type: "email", Value: form.Email, Error: e["email"], MaxLength: 254, Autocomplete: "email",
		Why: &ui.Why{Reason: t.T("members.why.email"), SeenBy: t.T("members.why.email_seen"), Kept: t.T("members.why.email_kept")},
	}, language)
	if p.EmailUnread {
		fields[len(fields)-2].Hint = t.T("members.email_unread")
	}
	title := t.T("members.member.edit")
	return pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("members.directory.title"), "/members", p.Name, at, title, "")...), Lead: t.T("members.member.edit_lead"),
		Errors: e.Of(fields...), Fields: fields, Form: ui.FormAttrs{Action: at, CSRF: h.CSRF(c)}, Submit: t.T("ui.word.save"), CancelURL: at,
	}
}

type linkForm struct {
	Handle string `form:"handle"`
	Once   string `form:"once"`
}

// NewLink is the form that links an account to a member.
func (h *Handlers) NewLink(c *fiber.Ctx) error {
	p, err := h.profile(c)
	if err != nil {
		return err
	}
	return h.Page(c, pages.OneForm(h.linkPage(c, p, linkForm{}, nil)))
}

// LinkAccount lets an account act for a member.
func (h *Handlers) LinkAccount(c *fiber.Ctx) error {
	p, err := h.profile(c)
	if err != nil {
		return err
	}
	form, err := web.Decode[linkForm](c)
	if err == nil {
		err = h.Members.LinkAccount(c.UserContext(), web.Actor(c), p.ID, form.Handle, form.Once)
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.PageStatus(c, status, pages.OneForm(h.linkPage(c, p, form, e)))
	}
	return h.See(c, pathID("/members/", p.ID, ""), "members.done.linked")
}

// AskUnlink says what unlinking does, before it is done.
func (h *Handlers) AskUnlink(c *fiber.Ctx) error {
	p, err := h.profile(c)
	if err != nil {
		return err
	}
	t, at := h.T(c), pathID("/members/", p.ID, "")
	if p.Handle == "" {
		return h.See(c, at, "")
	}
	title := t.T("members.account.unlink")
	return h.Page(c, pages.Review(pages.ReviewPage{
		Frame: h.Frame(c, title, crumbs(t.T("members.directory.title"), "/members", p.Name, at, title, "")...), Lead: t.T("members.account.unlink_text"),
		Review: ui.Review{Rows: []ui.Pair{
			{Term: t.T("fees.word.member"), Text: p.Name}, {Term: t.T("members.field.account"), Text: p.Handle},
			{Term: t.T("members.effect.told"), Text: t.T("members.account.unlink_told")}, {Term: t.T("members.leave.undo"), Text: t.T("members.account.unlink_undo")},
		}},
		Form: ui.FormAttrs{Action: at + "/account/unlinking", CSRF: h.CSRF(c)}, Submit: title, Back: at,
	}))
}

// UnlinkAccount takes a member's account away.
func (h *Handlers) UnlinkAccount(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	if err := h.Members.UnlinkAccount(c.UserContext(), web.Actor(c), id); err != nil {
		return err
	}
	return h.See(c, pathID("/members/", id, ""), "members.done.unlinked")
}

func (h *Handlers) linkPage(c *fiber.Ctx, p members.Profile, form linkForm, e web.Errors) pages.FormPage {
	t, at := h.T(c), pathID("/members/", p.ID, "")
	fields := []ui.Field{{Name: "handle", Label: t.T("members.account.handle"), Hint: t.T("members.account.handle_hint"), Value: form.Handle, Error: e["handle"], Required: true, Width: ui.Half, MaxLength: 64, Autocomplete: "off"}}
	title := t.T("members.account.link")
	return pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("members.directory.title"), "/members", p.Name, at, title, "")...),
		Lead:  t.T("members.account.lead", "Name", p.Name), Errors: e.Of(fields...), Fields: fields,
		Form: ui.FormAttrs{Action: at + "/account", CSRF: h.CSRF(c), Once: keepOnce(form.Once)}, Submit: t.T("members.account.do"), CancelURL: at,
	}
}
