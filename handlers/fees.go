package handlers

import (
	"bytes"
	"encoding/csv"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/app/identity"
	"socia/core/dues"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"

	pages "socia/views/fees"
)

// rowsShown is how many rows a page of a list has.
const rowsShown = 50

// feeReaders may see everybody's fees; deciders see the arrears cases too.
var (
	feeReaders = []models.Role{models.RoleTreasurer, models.RoleAuditor, models.RoleAdministrator}
	caseSeers  = append([]models.Role{models.RoleFacilitator}, feeReaders...)
)

// ShowFees is a member's own fees; officers without membership see the overview.
func (h *Handlers) ShowFees(c *fiber.Ctx) error {
	by := web.Actor(c)
	m, ok := by.Member()
	switch {
	case ok:
		return h.memberFees(c, m.ID)
	case by.Has(feeReaders...):
		return h.See(c, "/fees/overview", "")
	case by.Has(caseSeers...):
		return h.See(c, "/fees/cases", "")
	}
	own, err := h.Rolls.Own(c.UserContext(), by) // also who is no member any more, and may owe something
	if err != nil {
		return err
	}
	if len(own) > 0 {
		return h.memberFees(c, own[0].ID)
	}
	return fault.Forbidden("identity.membership_needed")
}

// isOwn says whether a member is the reader, or one they represent, whether or not the membership is in force.
func isOwn(by identity.Actor, m models.Member) bool {
	return by.ActsFor(m.ID) || (m.AccountID != nil && *m.AccountID == by.Account)
}

// ShowMemberFees is the fees of one member.
func (h *Handlers) ShowMemberFees(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	return h.memberFees(c, id)
}

func (h *Handlers) memberFees(c *fiber.Ctx, id models.MemberID) error {
	by, t := web.Actor(c), h.T(c)
	a, err := h.Fees.MemberFees(c.UserContext(), by, id)
	if err != nil {
		return err
	}
	p := pages.NewMember(t, a, pages.Reader{Own: isOwn(by, a.Member), Treasurer: by.Has(models.RoleTreasurer)})
	p.Tabs = feeTabs(c, t, id)
	if isOwn(by, a.Member) && len(by.Members) < 2 {
		p.Frame = h.Frame(c, p.Title)
		return h.Page(c, pages.Member(p))
	}
	if p.Lead == "" {
		p.Lead = a.Member.Name
	}
	p.Frame = h.Frame(c, p.Title, crumbs(t.T("ui.nav.fees"), "/fees", a.Member.Name, "")...)
	return h.Page(c, pages.Member(p))
}

// feeTabs lead to one's own fees, those of the organisations one acts for, and what the treasury sees.
func feeTabs(c *fiber.Ctx, t *i18n.Texts, shown models.MemberID) []ui.Tab {
	by := web.Actor(c)
	var tabs []ui.Tab
	for i, m := range by.Members {
		label, href := m.Name, pathID("/fees/members/", m.ID, "")
		if i == 0 && len(by.Members) == 1 {
			label, href = t.T("fees.tab.own"), "/fees"
		}
		tabs = append(tabs, ui.Tab{Label: label, Href: href, Current: m.ID == shown})
	}
	add := func(key, href string) {
		tabs = append(tabs, ui.Tab{Label: t.T(key), Href: href, Current: c.Path() == href})
	}
	if by.Has(feeReaders...) {
		add("fees.tab.overview", "/fees/overview")
		add("fees.tab.payments", "/payments")
	}
	if len(tabs) > 0 || by.Has(caseSeers...) {
		add("fees.tab.plans", "/fees/plans")
	}
	if by.Has(feeReaders...) {
		add("fees.tab.waivers", "/fees/waivers")
	}
	if by.Has(caseSeers...) {
		add("fees.tab.cases", "/fees/cases")
	}
	if by.Has(models.RoleTreasurer, models.RoleAdministrator) {
		add("fees.tab.account", "/fees/account")
	}
	return tabs
}

// ListDebtors is the treasurer's overview: who owes, and how much.
func (h *Handlers) ListDebtors(c *fiber.Ctx) error {
	filter, after, err := debtorFilter(c)
	if err != nil {
		return err
	}
	by, t := web.Actor(c), h.T(c)
	totals, err := h.Fees.Totals(c.UserContext(), by)
	if err != nil {
		return err
	}
	list, err := h.Fees.Overdue(c.UserContext(), by, filter, after, rowsShown)
	if err != nil {
		return err
	}
	frame := h.Frame(c, t.T("fees.overview.title"), crumbs(t.T("ui.nav.fees"), "/fees", t.T("fees.overview.title"), "")...)
	frame.Wide = true
	p := pages.ListPage{
		Frame: frame, Title: t.T("fees.overview.title"), Lead: t.T("fees.overview.lead"), Tabs: feeTabs(c, t, 0), Stats: pages.Totals(t, totals),
		Filter: debtorBar(t, filter, list.Classes), Tables: []ui.Table{pages.Debtors(t, list)}, Pager: debtorPager(filter, list.Next),
		Exports: []ui.Link{{Label: "CSV", Href: "/fees/overview.csv?" + debtorQuery(filter).Encode()}},
	}
	if !after.IsZero() {
		p.Top = "/fees/overview?" + debtorQuery(filter).Encode()
	}
	if by.Has(models.RoleTreasurer) {
		p.Actions = []ui.Action{{Label: t.T("fees.do.record_payment"), Href: "/payments/new"}}
	}
	return h.Page(c, pages.List(p))
}

// ListUnsubscribed is who has not chosen a fee though there is one for them.
func (h *Handlers) ListUnsubscribed(c *fiber.Ctx) error {
	t := h.T(c)
	after, err := strconv.ParseInt(c.Query("after", "0"), 10, 64)
	if err != nil || after < 0 {
		return fault.Invalid("after", "fees.page_unknown")
	}
	found, err := h.Fees.Unsubscribed(c.UserContext(), web.Actor(c), after, rowsShown+1)
	if err != nil {
		return err
	}
	title := t.T("fees.stat.unsubscribed")
	p := pages.ListPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", t.T("fees.overview.title"), "/fees/overview", title, "")...), Title: title, Lead: t.T("fees.unsubscribed.lead"), Tabs: feeTabs(c, t, 0),
	}
	if len(found) > rowsShown {
		found = found[:rowsShown]
		p.Pager.NextHref = pathID("/fees/unsubscribed?after=", found[rowsShown-1].Number, "")
	}
	if after > 0 {
		p.Top = "/fees/unsubscribed"
	}
	p.Tables = []ui.Table{pages.Unsubscribed(t, found)}
	return h.Page(c, pages.List(p))
}

// ExportDebtors is the same list as a file, whole.
func (h *Handlers) ExportDebtors(c *fiber.Ctx) error {
	filter, _, err := debtorFilter(c)
	if err != nil {
		return err
	}
	t := h.T(c)
	var header []string
	for _, column := range fees.DebtorColumns() {
		header = append(header, t.T("fees.column."+column))
	}
	var out bytes.Buffer
	if err := h.Fees.ExportOverdue(c.UserContext(), web.Actor(c), filter, &out, header); err != nil {
		return err
	}
	body, err := debtorWords(t, out.Bytes())
	if err != nil {
		return err
	}
	return download(c, "text/csv; charset=utf-8", t.T("fees.overview.file")+".csv", body)
}

// debtorWords says the states in the last column of a list of debtors as its page does.
func debtorWords(t *i18n.Texts, list []byte) ([]byte, error) {
	rows, err := csv.NewReader(bytes.NewReader(list)).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range rows[1:] {
		state := &row[len(row)-1]
		_, *state = pages.DebtorState(t, dues.State(*state))
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	err = w.WriteAll(rows)
	return out.Bytes(), err
}

func download(c *fiber.Ctx, kind, name string, body []byte) error {
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Send(body)
}

func debtorFilter(c *fiber.Ctx) (f fees.Filter, after fees.Cursor, err error) {
	if f.Who, err = fees.ParseDebtors(c.Query("who")); err != nil {
		return f, after, err
	}
	class, err := strconv.ParseInt(c.Query("class", "0"), 10, 64)
	if err != nil {
		return f, after, fault.Invalid("class", "fees.no_such_class")
	}
	f.ClassID, f.Search = models.MemberClassID(class), c.Query("q")
	after, err = fees.ParseCursor(c.Query("after"))
	return f, after, err
}

func debtorQuery(f fees.Filter) url.Values {
	q := url.Values{}
	if f.Who != fees.DebtorsLate {
		q.Set("who", string(f.Who))
	}
	if f.ClassID != 0 {
		q.Set("class", strconv.FormatInt(int64(f.ClassID), 10))
	}
	if f.Search != "" {
		q.Set("q", f.Search)
	}
	return q
}

func debtorBar(t *i18n.Texts, f fees.Filter, classes []models.MemberClass) *ui.Filter {
	who := ui.Field{Name: "who", Label: t.T("fees.filter.who"), Value: string(f.Who)}
	for _, w := range []fees.Debtors{fees.DebtorsLate, fees.DebtorsOverdue, fees.DebtorsAll} {
		who.Options = append(who.Options, ui.Option{Value: string(w), Label: t.T("fees.filter.who." + string(w))})
	}
	class := ui.Field{Name: "class", Label: t.T("fees.word.class"), Value: strconv.FormatInt(int64(f.ClassID), 10), Options: []ui.Option{{Value: "0", Label: t.T("fees.filter.every_class")}}}
	for _, m := range classes {
		class.Options = append(class.Options, ui.Option{Value: strconv.FormatInt(int64(m.ID), 10), Label: m.Name(t.Lang())})
	}
	bar := ui.Filter{Action: "/fees/overview", Fields: []ui.Field{who, class, {Name: "q", Label: t.T("fees.filter.member"), Value: f.Search, Type: "search"}}}
	if len(debtorQuery(f)) > 0 {
		bar.ClearHref = "/fees/overview"
	}
	return &bar
}

func debtorPager(f fees.Filter, next fees.Cursor) (p ui.Pager) {
	if !next.IsZero() {
		q := debtorQuery(f)
		q.Set("after", next.String())
		p.NextHref = "/fees/overview?" + q.Encode()
	}
	return p
}
