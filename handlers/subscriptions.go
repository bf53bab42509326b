package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/core/fault"
	"socia/core/money"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"

	pages "socia/views/fees"
)

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
