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
	"socia/core/money"
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

type choiceForm struct {
	Plan     int64  `form:"plan"`
	Amount   string `form:"amount"`
	StartsOn string `form:"starts_on"`
	Once     string `form:"once"`

	Confirmed string `form:"confirmed"`
}

// read gives the choice as the app takes it. Without an amount it is what the plan suggests.
func (f choiceForm) read(id models.MemberID) (fees.Choice, error) {
	var amount int64
	var wrongAmount, wrongPlan *fault.Fault
	if f.Amount != "" {
		amount, wrongAmount = web.Cents("amount", f.Amount)
	}
	if f.Plan == 0 {
		wrongPlan = fault.Invalid("plan", "ui.error.required")
	}
	starts, wrongStart := web.Day("starts_on", f.StartsOn)
	return fees.Choice{Member: id, Plan: models.FeePlanID(f.Plan), AmountCents: amount, Suggested: f.Amount == "", StartsOn: starts}, fault.All(wrongPlan, wrongAmount, wrongStart)
}

// NewSubscription asks a member what they will pay.
func (h *Handlers) NewSubscription(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	page, err := h.subscriptionPage(c, id, choiceForm{}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Form(page))
}

// CreateSubscription takes a member's choice: first it shows what was chosen and what it charges, and once that is
// confirmed it does it.
func (h *Handlers) CreateSubscription(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[choiceForm](c)
	choice, wrong := form.read(id)
	if err == nil {
		err = wrong
	}
	switch {
	case err == nil && form.Confirmed == "":
		var agreed fees.Agreed
		if agreed, err = h.Fees.PreviewChoice(c.UserContext(), web.Actor(c), choice); err == nil {
			return h.reviewSubscription(c, id, form, agreed)
		}
	case err == nil:
		if _, err = h.Fees.Subscribe(c.UserContext(), web.Actor(c), choice, form.Once); err == nil {
			return h.See(c, pathID("/fees/members/", id, ""), "fees.done.subscribed")
		}
	}
	if wrong != nil { // what was typed is shown again to those only who may choose
		if denied := web.Actor(c).RequireActsFor(id, models.RoleTreasurer); denied != nil {
			return denied
		}
	}
	e, status, ok := h.FormErrors(c, h.priced(c, err))
	if !ok {
		return err
	}
	page, err := h.subscriptionPage(c, id, form, e)
	if err != nil {
		return err
	}
	return h.PageStatus(c, status, pages.Form(page))
}

// priced gives the amounts that a fault names the cooperative's currency.
func (h *Handlers) priced(c *fiber.Ctx, err error) error {
	f, is := fault.As(err)
	if !is {
		return err
	}
	coop, failed := h.coop(c.UserContext())
	if failed != nil {
		return failed
	}
	t := h.T(c)
	for _, d := range f.Details() {
		for name, value := range d.Args {
			if amount, is := value.(money.Cents); is {
				d.Args[name] = t.Money(int64(amount), coop.Currency)
			}
		}
	}
	return err
}

// reviewSubscription says in words what was chosen, and what is charged for it at once.
func (h *Handlers) reviewSubscription(c *fiber.Ctx, id models.MemberID, form choiceForm, agreed fees.Agreed) error {
	t := h.T(c)
	a, err := h.Fees.MemberFees(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	back, title := pathID("/fees/members/", id, ""), t.T("fees.subscription.review")
	now := t.T("fees.subscription.charged_later", "Day", t.Date(agreed.StartsOn))
	if agreed.BegunBy > 0 {
		now = t.N("fees.subscription.charged_now", agreed.BegunBy)
	}
	return h.Page(c, pages.Review(pages.ReviewPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", a.Member.Name, back, title, "")...), Title: title,
		Review: ui.Review{Rows: []ui.Pair{
			{Term: t.T("fees.word.member"), Text: pages.Named(t, a.Member)}, {Term: t.T("fees.word.plan"), Text: agreed.Plan.Plan.Name},
			{Term: t.T("fees.word.pays"), Text: t.T("fees.per."+agreed.Plan.Plan.Every, "Amount", t.Money(agreed.AmountCents, a.Currency))},
			{Term: t.T("fees.subscription.starts_on"), Text: t.Date(agreed.StartsOn)}, {Term: t.T("fees.subscription.charged"), Text: now},
		}},
		Form: ui.FormAttrs{Action: back + "/subscription", CSRF: h.CSRF(c), Once: onceOf(form.Once)},
		Hidden: []ui.Pair{
			{Term: "plan", Text: strconv.FormatInt(form.Plan, 10)}, {Term: "amount", Text: t.AmountInput(agreed.AmountCents)}, {Term: "starts_on", Text: form.StartsOn}, {Term: "confirmed", Text: "1"},
		},
		Submit: ui.Action{Label: t.T("fees.subscription.do")}, Back: ui.Action{Label: t.T("ui.word.back"), Href: back + "/subscription", Kind: ui.Linky},
	}))
}

func (h *Handlers) subscriptionPage(c *fiber.Ctx, id models.MemberID, form choiceForm, e web.Errors) (pages.FormPage, error) {
	by, t := web.Actor(c), h.T(c)
	a, err := h.Fees.MemberFees(c.UserContext(), by, id)
	if err != nil {
		return pages.FormPage{}, err
	}
	if err := by.RequireActsFor(id, models.RoleTreasurer); err != nil {
		return pages.FormPage{}, err
	}
	back := pathID("/fees/members/", id, "")
	title := t.T("fees.subscription.title")
	p := pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", a.Member.Name, back, title, "")...), Title: title,
		Lead: t.T("fees.subscription.lead_first"), Asks: subscriptionAsks(t, a, form, e, by.Has(models.RoleTreasurer)),
		Form: ui.FormAttrs{Action: back + "/subscription", CSRF: h.CSRF(c), Once: onceOf(form.Once)}, Submit: ui.Action{Label: t.T("ui.word.continue")},
		Back: ui.Action{Label: t.T("ui.word.cancel"), Href: back, Kind: ui.Linky},
	}
	if s := a.Subscription; s != nil {
		begins := s.NextPeriodOn
		if a.Next != nil {
			begins = a.Next.StartsOn
		}
		p.Lead = t.T("fees.subscription.lead_change", "Day", begins)
	}
	if len(a.Offers) == 0 {
		p.Notices = []pages.Notice{{Kind: ui.Wait, Title: t.T("fees.plans.none"), Text: t.T("fees.subscription.no_offer")}}
	}
	p.Errors = e.Of(pages.Fields(p.Asks)...)
	return p, nil
}

func subscriptionAsks(t *i18n.Texts, a fees.Account, form choiceForm, e web.Errors, treasurer bool) []pages.Ask {
	plan := ui.Field{Name: "plan", Label: t.T("fees.word.plan"), Required: true, Error: e["plan"]}
	chosen := form.Plan
	for _, o := range a.Offers {
		price, ok := o.On(a.Today)
		option := ui.Option{Value: strconv.FormatInt(int64(o.Plan.ID), 10), Label: o.Plan.Name + " · " + t.T("fees.every."+o.Plan.Every)}
		if ok {
			option.Hint = t.T("fees.subscription.offer", "Range", pages.Range(t, a.Currency, price), "Suggested", t.Money(price.SuggestedCents, a.Currency))
		}
		plan.Options = append(plan.Options, option)
		if only := len(a.Offers) == 1; chosen == 0 && (only || a.Subscription != nil && a.Subscription.PlanID == o.Plan.ID) {
			chosen = int64(o.Plan.ID)
		}
	}
	if chosen != 0 {
		plan.Value = strconv.FormatInt(chosen, 10)
	}
	asks := []pages.Ask{
		{Kind: pages.AskOneOf, Field: plan},
		{Kind: pages.AskMoney, Field: ui.Field{Name: "amount", Label: t.T("fees.subscription.amount"), Hint: t.T("fees.subscription.amount_hint"), Value: form.Amount, Error: e["amount"]}},
	}
	if treasurer && a.Subscription == nil {
		asks = append(asks, pages.Ask{Kind: pages.AskDay, Field: ui.Field{Name: "starts_on", Label: t.T("fees.subscription.starts_on"), Hint: t.T("fees.subscription.starts_on_hint"), Value: form.StartsOn, Error: e["starts_on"]}})
	}
	return asks
}

// onceOf keeps the token of a form that is shown again, and makes one for a new form.
func onceOf(token string) string {
	if token == "" {
		return web.NewOnce()
	}
	return token
}

// ListWaivers is who is freed from fees, why and until when.
func (h *Handlers) ListWaivers(c *fiber.Ctx) error {
	t := h.T(c)
	lines, err := h.Fees.Waivers(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	title := t.T("fees.waivers.title")
	return h.Page(c, pages.List(pages.ListPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", title, "")...), Title: title, Lead: t.T("fees.waivers.lead"), Tabs: feeTabs(c, t, 0), Tables: []ui.Table{pages.Waivers(t, lines)},
	}))
}

type waiverForm struct {
	FromOn  string `form:"from_on"`
	UntilOn string `form:"until_on"`
	Reason  string `form:"reason"`
	Once    string `form:"once"`
}

// NewWaiver asks from when until when, and why.
func (h *Handlers) NewWaiver(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	page, err := h.waiverPage(c, id, waiverForm{}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Form(page))
}

// CreateWaiver frees a member from fees.
func (h *Handlers) CreateWaiver(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[waiverForm](c)
	from, wrongFrom := web.Day("from_on", form.FromOn)
	until, wrongUntil := web.Day("until_on", form.UntilOn)
	if err == nil {
		err = fault.All(wrongFrom, wrongUntil)
	}
	if err == nil {
		_, err = h.Fees.Waive(c.UserContext(), web.Actor(c), fees.WaiverForm{Member: id, FromOn: from, UntilOn: until, Reason: form.Reason}, form.Once)
	}
	if err == nil {
		return h.See(c, pathID("/fees/members/", id, ""), "fees.done.waived")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	page, err := h.waiverPage(c, id, form, e)
	if err != nil {
		return err
	}
	return h.PageStatus(c, status, pages.Form(page))
}

func (h *Handlers) waiverPage(c *fiber.Ctx, id models.MemberID, form waiverForm, e web.Errors) (pages.FormPage, error) {
	t := h.T(c)
	a, err := h.Fees.MemberFees(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return pages.FormPage{}, err
	}
	back := pathID("/fees/members/", id, "")
	title := t.T("fees.waiver.title", "Name", a.Member.Name)
	p := pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", a.Member.Name, back, t.T("fees.do.waive"), "")...), Title: title, Lead: t.T("fees.waiver.lead"),
		Form: ui.FormAttrs{Action: back + "/waiver", CSRF: h.CSRF(c), Once: onceOf(form.Once)}, Submit: ui.Action{Label: t.T("fees.waiver.do")},
		Back: ui.Action{Label: t.T("ui.word.cancel"), Href: back, Kind: ui.Linky}, After: t.T("fees.waiver.after"),
		Asks: []pages.Ask{
			{Kind: pages.AskDay, Field: ui.Field{Name: "from_on", Label: t.T("fees.waiver.from"), Hint: t.T("fees.waiver.from_hint"), Value: form.FromOn, Required: true, Error: e["from_on"]}},
			{Kind: pages.AskDay, Field: ui.Field{Name: "until_on", Label: t.T("fees.waiver.until"), Hint: t.T("fees.waiver.until_hint"), Value: form.UntilOn, Required: true, Error: e["until_on"]}},
			{Kind: pages.AskLong, Field: ui.Field{
				Name: "reason", Label: t.T("ui.word.reason"), Value: form.Reason, Required: true, Error: e["reason"], Rows: 3,
				Why: &ui.Why{Reason: t.T("fees.waiver.why"), SeenBy: t.T("fees.waiver.seen"), Kept: t.T("fees.waiver.kept")},
			}},
		},
	}
	p.Errors = e.Of(pages.Fields(p.Asks)...)
	return p, nil
}
