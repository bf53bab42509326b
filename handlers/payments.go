package handlers

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/core/civil"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"

	pages "socia/views/fees"
)

type paymentForm struct {
	Member     int64  `form:"member"`
	Amount     string `form:"amount"`
	Method     string `form:"method"`
	ReceivedOn string `form:"received_on"`
	Reference  string `form:"reference"`
	Once       string `form:"once"`
	Rested     string `form:"rested"` // the review found the vote at rest: the answer says whether it is back
}

// read gives the form as the app takes it, or the faults of what was typed.
func (f paymentForm) read() (fees.PaymentForm, error) {
	amount, wrongAmount := web.Cents("amount", f.Amount)
	day, wrongDay := web.Day("received_on", f.ReceivedOn)
	return fees.PaymentForm{
		Member: models.MemberID(f.Member), AmountCents: amount, Method: models.PaymentMethod(f.Method), ReceivedOn: day, Reference: f.Reference,
	}, fault.All(wrongAmount, wrongDay)
}

// query carries what was typed back from the review to the form.
func (f paymentForm) query() url.Values {
	return url.Values{"member": {strconv.FormatInt(f.Member, 10)}, "amount": {f.Amount}, "method": {f.Method}, "received_on": {f.ReceivedOn}, "reference": {f.Reference}}
}

// ListPayments is what came in, the last first.
func (h *Handlers) ListPayments(c *fiber.Ctx) error {
	by, t := web.Actor(c), h.T(c)
	before, err := strconv.ParseInt(c.Query("before", "0"), 10, 64)
	if err != nil || before < 0 {
		return fault.Invalid("before", "fees.page_unknown")
	}
	list, err := h.Fees.Payments(c.UserContext(), by, models.PaymentID(before), rowsShown)
	if err != nil {
		return err
	}
	title := t.T("fees.payments.title")
	p := pages.ListPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", title, "")...), Title: title, Lead: t.T("fees.payments.lead"), Tabs: feeTabs(c, t, 0), Tables: []ui.Table{pages.Payments(t, list)},
	}
	p.Frame.Wide = true
	if before > 0 {
		p.Top = "/payments"
	}
	if list.Next > 0 {
		p.Pager.NextHref = pathID("/payments?before=", list.Next, "")
	}
	if by.Has(models.RoleTreasurer) {
		p.Actions = []ui.Action{{Label: t.T("fees.do.record_payment"), Href: "/payments/new"}}
	}
	return h.Page(c, pages.List(p))
}

// NewPayment finds the member a payment is for, then asks for the rest.
func (h *Handlers) NewPayment(c *fiber.Ctx) error {
	member, err := strconv.ParseInt(c.Query("member", "0"), 10, 64)
	if err != nil {
		return fault.NotFound("fees.no_such_member")
	}
	if member > 0 {
		page, err := h.paymentPage(c, paymentForm{
			Member: member, Amount: c.Query("amount"), Method: c.Query("method"), ReceivedOn: c.Query("received_on"), Reference: c.Query("reference"),
		}, nil)
		if err != nil {
			return err
		}
		return h.Page(c, pages.Form(page))
	}
	return h.findMember(c)
}

func (h *Handlers) findMember(c *fiber.Ctx) error {
	t, search := h.T(c), c.Query("q")
	title := t.T("fees.do.record_payment")
	p := pages.FindPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", t.T("fees.payments.title"), "/payments", title, "")...), Title: title, Lead: t.T("fees.record.find"),
		Filter: ui.Filter{Action: "/payments/new", Fields: []ui.Field{{Name: "q", Label: t.T("fees.filter.member"), Value: search, Type: "search"}}},
	}
	if search != "" {
		found, err := h.Fees.FindMembers(c.UserContext(), web.Actor(c), search)
		if err != nil {
			return err
		}
		p.Found = &ui.Table{Caption: t.T("fees.record.found"), Columns: []ui.Column{{Label: t.T("fees.word.member")}, {Label: t.T("fees.word.number"), Num: true}}, Empty: &ui.Empty{Title: t.T("fees.record.nobody"), Text: t.T("fees.record.nobody_text")}}
		for _, m := range found {
			p.Found.Rows = append(p.Found.Rows, []ui.Cell{ui.LinkCell(m.Name, pathID("/payments/new?member=", m.ID, "")), ui.Text(strconv.FormatInt(m.Number, 10))})
		}
	}
	return h.Page(c, pages.Find(p))
}

// ReviewPayment says what a payment will settle, before anything is booked.
func (h *Handlers) ReviewPayment(c *fiber.Ctx) error {
	form, err := web.Decode[paymentForm](c)
	if err != nil {
		return h.paymentAgain(c, form, err)
	}
	asked, err := form.read()
	if err != nil {
		return h.paymentAgain(c, form, err)
	}
	preview, err := h.Fees.PreviewPayment(c.UserContext(), web.Actor(c), asked)
	if err != nil {
		return h.paymentAgain(c, form, err)
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	before, err := h.Fees.MemberFees(c.UserContext(), web.Actor(c), asked.Member)
	if err != nil {
		return err
	}
	if form.Rested = ""; before.VoteRests() {
		form.Rested = "1"
	}
	return h.Page(c, pages.Review(h.paymentReview(c, form, preview, coop.Currency)))
}

func (h *Handlers) paymentReview(c *fiber.Ctx, form paymentForm, v fees.Preview, currency string) pages.ReviewPage {
	t := h.T(c)
	title := t.T("fees.review.title")
	p := pages.ReviewPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", t.T("fees.payments.title"), "/payments", title, "")...), Title: title,
		Review: ui.Review{Title: t.T("fees.review.what"), Rows: []ui.Pair{
			{Term: t.T("fees.word.member"), Text: pages.Named(t, v.Member)}, {Term: t.T("ui.word.amount"), Text: t.Money(v.Payment.AmountCents, currency)},
			{Term: t.T("fees.word.method"), Text: pages.Method(t, v.Payment.Method)}, {Term: t.T("fees.word.received_on"), Text: t.Date(v.Payment.ReceivedOn)}, {Term: t.T("fees.word.reference"), Text: orDash(v.Payment.Reference)},
		}},
		Tables: []ui.Table{pages.Settles(t, currency, v.Receipt)},
		Form:   ui.FormAttrs{Action: "/payments", CSRF: h.CSRF(c), Once: onceOf(form.Once)},
		Hidden: []ui.Pair{
			{Term: "member", Text: strconv.FormatInt(form.Member, 10)}, {Term: "amount", Text: form.Amount}, {Term: "method", Text: form.Method},
			{Term: "received_on", Text: form.ReceivedOn}, {Term: "reference", Text: form.Reference}, {Term: "rested", Text: form.Rested},
		},
		Submit: ui.Action{Label: t.T("fees.review.do")}, Back: ui.Action{Label: t.T("ui.word.back"), Href: "/payments/new?" + form.query().Encode(), Kind: ui.Linky},
	}
	p.Tables[0].HideCaption = false
	for _, same := range v.Alike {
		p.Notices = append(p.Notices, pages.Notice{
			Kind: ui.Wait, Title: t.T("fees.review.alike"), Text: t.T("fees.review.alike_text", "Number", same.ID),
			Action: &ui.Action{Label: t.T("fees.review.alike_see"), Href: pathID("/payments/", same.ID, ""), Kind: ui.Linky},
		})
	}
	return p
}

// CreatePayment books a payment.
func (h *Handlers) CreatePayment(c *fiber.Ctx) error {
	form, err := web.Decode[paymentForm](c)
	if err != nil {
		return h.paymentAgain(c, form, err)
	}
	asked, err := form.read()
	if err != nil {
		return h.paymentAgain(c, form, err)
	}
	id, err := h.Fees.RecordPayment(c.UserContext(), web.Actor(c), asked, form.Once)
	if err != nil {
		return h.paymentAgain(c, form, err)
	}
	after, err := h.Fees.MemberFees(c.UserContext(), web.Actor(c), asked.Member)
	if err != nil {
		return err
	}
	done := "fees.done.payment_recorded"
	switch {
	case after.VoteRests():
		done = "fees.done.payment_vote_rests"
	case form.Rested != "":
		done = "fees.done.payment_vote_back"
	}
	return h.See(c, pathID("/payments/", id, ""), done)
}

func (h *Handlers) paymentAgain(c *fiber.Ctx, form paymentForm, err error) error {
	e, status, ok := h.FormErrors(c, h.priced(c, err))
	if !ok {
		return err
	}
	page, err := h.paymentPage(c, form, e)
	if err != nil {
		return err
	}
	return h.PageStatus(c, status, pages.Form(page))
}

func (h *Handlers) paymentPage(c *fiber.Ctx, form paymentForm, e web.Errors) (pages.FormPage, error) {
	t := h.T(c)
	a, err := h.Fees.MemberFees(c.UserContext(), web.Actor(c), models.MemberID(form.Member))
	if err != nil {
		return pages.FormPage{}, err
	}
	if e == nil && form.Method == "" { // a new form; one that comes back from its review keeps what was typed
		form.Method, form.ReceivedOn = string(models.Transfer), a.Today.String()
		if a.OwedCents > 0 {
			form.Amount = t.AmountInput(a.OwedCents)
		}
	}
	title := t.T("fees.do.record_payment")
	p := pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", t.T("fees.payments.title"), "/payments", title, "")...), Title: title, Lead: pages.Named(t, a.Member),
		Facts: []ui.Pair{{Term: t.T("fees.stat.owed"), Text: t.Money(a.OwedCents, a.Currency)}, {Term: t.T("fees.stat.advance"), Text: t.Money(a.AdvanceCents, a.Currency)}},
		Form:  ui.FormAttrs{Action: "/payments/review", CSRF: h.CSRF(c), Once: onceOf(form.Once)}, Hidden: []ui.Pair{{Term: "member", Text: strconv.FormatInt(form.Member, 10)}},
		Asks: paymentAsks(t, form, e, a.Today), Submit: ui.Action{Label: t.T("ui.word.continue")},
		Back: ui.Action{Label: t.T("fees.record.other_member"), Href: "/payments/new", Kind: ui.Linky}, After: t.T("fees.record.after"),
	}
	p.Errors = e.Of(pages.Fields(p.Asks)...)
	return p, nil
}

func paymentAsks(t *i18n.Texts, form paymentForm, e web.Errors, today civil.Date) []pages.Ask {
	method := ui.Field{Name: "method", Label: t.T("fees.word.method"), Value: form.Method, Required: true, Error: e["method"]}
	for _, m := range []models.PaymentMethod{models.Transfer, models.Cash} {
		method.Options = append(method.Options, ui.Option{Value: string(m), Label: pages.Method(t, m)})
	}
	return []pages.Ask{
		{Kind: pages.AskMoney, Field: ui.Field{Name: "amount", Label: t.T("ui.word.amount"), Value: form.Amount, Required: true, Error: e["amount"]}},
		{Kind: pages.AskOneOf, Field: method},
		{Kind: pages.AskDay, Field: ui.Field{Name: "received_on", Label: t.T("fees.record.received_on"), Hint: t.T("fees.record.received_on_hint"), Value: form.ReceivedOn, Max: today.String(), Required: true, Error: e["received_on"]}},
		{Kind: pages.AskText, Field: ui.Field{Name: "reference", Label: t.T("fees.word.reference"), Hint: t.T("fees.record.reference_hint"), Value: form.Reference, Autocomplete: "off", Error: e["reference"]}},
	}
}

// ShowPayment is one payment with what it settles.
func (h *Handlers) ShowPayment(c *fiber.Ctx) error {
	id, err := web.ID[models.PaymentID](c, "id")
	if err != nil {
		return err
	}
	d, err := h.Fees.Payment(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	page := h.paymentDetail(c, d, coop)
	a, err := h.Fees.MemberFees(c.UserContext(), web.Actor(c), d.Member.ID)
	if err != nil {
		return err
	}
	if t := h.T(c); a.VoteRests() {
		page.Text += " " + t.T("fees.payment.vote_rests", "Amount", t.Money(a.OverdueCents, a.Currency))
	} else if a.OwedCents > 0 {
		page.Text += " " + t.T("fees.payment.owed", "Amount", t.Money(a.OwedCents, a.Currency))
	}
	return h.Page(c, pages.Payment(page))
}

func (h *Handlers) paymentDetail(c *fiber.Ctx, d fees.PaymentDetail, coop models.Cooperative) pages.PaymentPage {
	by, t := web.Actor(c), h.T(c)
	title := t.T("fees.payment.name", "Number", d.Payment.ID)
	p := pages.PaymentPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", d.Member.Name, pathID("/fees/members/", d.Member.ID, ""), title, "")...), Title: title,
		Kind: ui.Yes, Word: t.T("fees.payment.booked") + ".", Text: t.T("fees.payment.booked_text", "Amount", t.Money(d.Payment.AmountCents, d.Currency)),
		Facts:   paymentFacts(t, d, coop),
		Settles: pages.Settles(t, d.Currency, d.Receipt),
	}
	if d.Reversal != nil {
		p.Kind, p.Word, p.Text = ui.No, t.T("fees.payment.reversed")+".", d.Reversal.Reason
	}
	if by.Has(feeReaders...) {
		entries := pages.Entries(t, d.Entries)
		p.Entries = &entries
	}
	if by.Has(models.RoleTreasurer) {
		p.Actions = append(p.Actions, ui.Action{Label: t.T("fees.do.record_another"), Href: "/payments/new"})
		if d.Reversal == nil {
			p.Actions = append(p.Actions, ui.Action{Label: t.T("fees.do.reverse"), Href: pathID("/payments/", d.Payment.ID, "/reversal"), Kind: ui.Quiet})
		}
	}
	return p
}

func paymentFacts(t *i18n.Texts, d fees.PaymentDetail, coop models.Cooperative) []ui.Pair {
	facts := []ui.Pair{
		{Term: t.T("fees.word.member"), Text: pages.Named(t, d.Member)}, {Term: t.T("ui.word.amount"), Text: t.Money(d.Payment.AmountCents, d.Currency)},
		{Term: t.T("fees.word.method"), Text: pages.Method(t, d.Payment.Method)}, {Term: t.T("fees.word.received_on"), Text: t.Date(d.Payment.ReceivedOn)},
		{Term: t.T("fees.word.reference"), Text: orDash(d.Payment.Reference)}, {Term: t.T("fees.payment.recorded_at"), Text: t.Time(d.Payment.CreatedAt, coop.Location())},
	}
	if d.Reversal != nil {
		facts = append(facts, ui.Pair{Term: t.T("fees.payment.reversed_at"), Text: t.Time(d.Reversal.At, coop.Location())})
	}
	return facts
}

type reasonForm struct {
	Reason string `form:"reason"`
	Once   string `form:"once"`
}

// NewReversal says what taking a payment back means, and asks why.
func (h *Handlers) NewReversal(c *fiber.Ctx) error {
	id, err := web.ID[models.PaymentID](c, "id")
	if err != nil {
		return err
	}
	page, err := h.reversalPage(c, id, reasonForm{}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Form(page))
}

// CreateReversal takes a payment back.
func (h *Handlers) CreateReversal(c *fiber.Ctx) error {
	id, err := web.ID[models.PaymentID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[reasonForm](c)
	if err == nil {
		err = h.Fees.ReversePayment(c.UserContext(), web.Actor(c), id, form.Reason, form.Once)
	}
	if err == nil {
		return h.See(c, pathID("/payments/", id, ""), "fees.done.payment_reversed")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	page, err := h.reversalPage(c, id, form, e)
	if err != nil {
		return err
	}
	return h.PageStatus(c, status, pages.Form(page))
}

func (h *Handlers) reversalPage(c *fiber.Ctx, id models.PaymentID, form reasonForm, e web.Errors) (pages.FormPage, error) {
	t := h.T(c)
	d, err := h.Fees.Payment(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return pages.FormPage{}, err
	}
	back, name, title := pathID("/payments/", id, ""), t.T("fees.payment.name", "Number", id), t.T("fees.reversal.title")
	p := pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", name, back, title, "")...), Title: title, Lead: t.T("fees.reversal.lead") + " " + t.T("fees.reversal.vote."+string(d.Policy)),
		Facts:  []ui.Pair{{Term: t.T("fees.word.member"), Text: pages.Named(t, d.Member)}, {Term: t.T("ui.word.amount"), Text: t.Money(d.Payment.AmountCents, d.Currency)}, {Term: t.T("fees.word.received_on"), Text: t.Date(d.Payment.ReceivedOn)}},
		Form:   ui.FormAttrs{Action: back + "/reversal", CSRF: h.CSRF(c), Once: onceOf(form.Once)},
		Asks:   []pages.Ask{{Kind: pages.AskLong, Field: ui.Field{Name: "reason", Label: t.T("ui.word.reason"), Hint: t.T("fees.reversal.reason_hint"), Value: form.Reason, Required: true, Rows: 3, Error: e["reason"]}}},
		Submit: ui.Action{Label: t.T("fees.reversal.do"), Kind: ui.Danger}, Back: ui.Action{Label: t.T("ui.word.cancel"), Href: back, Kind: ui.Linky}, After: t.T("ui.form.final"),
	}
	if d.Ended {
		p.Notices = []pages.Notice{{Kind: ui.Wait, Title: t.T("fees.reversal.case"), Text: t.T("fees.reversal.case_text")}}
	}
	if len(d.Settles) > 0 {
		table := pages.Settles(t, d.Currency, fees.Receipt{Settles: d.Settles})
		table.Caption, table.HideCaption = t.T("fees.reversal.owed_again"), false
		table.Columns, table.Rows = table.Columns[:2], firstTwo(table.Rows)
		p.Tables = []ui.Table{table}
	}
	p.Errors = e.Of(pages.Fields(p.Asks)...)
	return p, nil
}

// firstTwo leaves out what a charge's state is now, where the page says what it will be.
func firstTwo(rows [][]ui.Cell) [][]ui.Cell {
	for i := range rows {
		rows[i] = rows[i][:2]
	}
	return rows
}
