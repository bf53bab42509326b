package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/core/dues"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"

	pages "socia/views/fees"
)

type priceForm struct {
	ValidFrom  string `form:"valid_from"`
	Min        string `form:"min"`
	Suggested  string `form:"suggested"`
	Max        string `form:"max"`
	Resolution string `form:"resolution"`
	Once       string `form:"once"`
}

// read gives the price as the app takes it. An empty maximum is none.
func (f priceForm) read() (fees.PriceForm, error) {
	day, wrongDay := web.Day("valid_from", f.ValidFrom)
	least, wrongMin := web.Cents("min", f.Min)
	suggested, wrongSuggested := web.Cents("suggested", f.Suggested)
	var most int64
	var wrongMax *fault.Fault
	if f.Max != "" {
		most, wrongMax = web.Cents("max", f.Max)
	}
	return fees.PriceForm{ValidFrom: day, MinCents: least, SuggestedCents: suggested, MaxCents: most, Resolution: f.Resolution}, fault.All(wrongDay, required("valid_from", f.ValidFrom), wrongMin, wrongSuggested, wrongMax, required("resolution", f.Resolution))
}

// required says that a field was left empty, before the app is asked: what cannot be read hides what it would say.
func required(field, typed string) *fault.Fault {
	if typed != "" {
		return nil
	}
	return fault.Invalid(field, "ui.error.required")
}

type planForm struct {
	Class   int64  `form:"class"`
	ForKind string `form:"for_kind"`
	Name    string `form:"name" validate:"max=120"`
	Every   string `form:"every"`
	VAT     string `form:"vat_treatment"`
	DueDays string `form:"due_days"`
	// The first price.
	ValidFrom  string `form:"valid_from"`
	Min        string `form:"min"`
	Suggested  string `form:"suggested"`
	Max        string `form:"max"`
	Resolution string `form:"resolution"`
	Once       string `form:"once"`
}

func (f planForm) price() priceForm {
	return priceForm{ValidFrom: f.ValidFrom, Min: f.Min, Suggested: f.Suggested, Max: f.Max, Resolution: f.Resolution}
}

func (f planForm) read() (fees.PlanForm, error) {
	price, err := f.price().read()
	days, wrong := strconv.ParseInt(f.DueDays, 10, 64)
	var wrongDays *fault.Fault
	if wrong != nil {
		wrongDays = fault.Invalid("due_days", "ui.error.number")
	}
	faults := []*fault.Fault{required("name", f.Name), wrongDays}
	if f.Class == 0 {
		faults = append(faults, fault.Invalid("class", "ui.error.choose"))
	}
	if all, ok := fault.As(err); ok {
		faults = append(faults, all)
	}
	return fees.PlanForm{ClassID: models.MemberClassID(f.Class), ForKind: models.MemberKind(f.ForKind), Name: f.Name, Every: f.Every, VATTreatment: f.VAT, DueDays: days, Price: price}, fault.All(faults...)
}

// ListPlans is what each class may pay.
func (h *Handlers) ListPlans(c *fiber.Ctx) error {
	by, t := web.Actor(c), h.T(c)
	plans, err := h.Fees.Plans(c.UserContext(), by)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	title := t.T("fees.plans.title")
	p := pages.ListPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", title, "")...), Title: title, Lead: t.T("fees.plans.lead"), Tabs: feeTabs(c, t, 0),
		Tables: []ui.Table{pages.Plans(t, coop.Currency, plans)},
	}
	if by.Has(models.RoleTreasurer) {
		p.Actions = []ui.Action{{Label: t.T("fees.do.new_plan"), Href: "/fees/plans/new", Kind: ui.Quiet}}
	}
	return h.Page(c, pages.List(p))
}

// ShowPlan is one plan with its prices.
func (h *Handlers) ShowPlan(c *fiber.Ctx) error {
	id, err := web.ID[models.FeePlanID](c, "id")
	if err != nil {
		return err
	}
	page, err := h.planPage(c, id, priceForm{}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Plan(page))
}

// CreatePrice sets a new price.
func (h *Handlers) CreatePrice(c *fiber.Ctx) error {
	id, err := web.ID[models.FeePlanID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[priceForm](c)
	price, wrong := form.read()
	err = fault.Join(err, wrong)
	if err == nil {
		_, err = h.Fees.SetPrice(c.UserContext(), web.Actor(c), id, price, form.Once)
	}
	if err == nil {
		return h.See(c, pathID("/fees/plans/", id, ""), "fees.done.price_set")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	page, err := h.planPage(c, id, form, e)
	if err != nil {
		return err
	}
	return h.PageStatus(c, status, pages.Plan(page))
}

// ReviewArchive says what closing a plan means, before it is done.
func (h *Handlers) ReviewArchive(c *fiber.Ctx) error {
	id, err := web.ID[models.FeePlanID](c, "id")
	if err != nil {
		return err
	}
	plan, err := h.Fees.Plan(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if plan.Plan.ArchivedAt != nil {
		return fault.Conflict("fees.plan_archived")
	}
	t, back := h.T(c), pathID("/fees/plans/", id, "")
	title := t.T("fees.plan.archive")
	return h.Page(c, pages.Review(pages.ReviewPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", t.T("fees.plans.title"), "/fees/plans", plan.Plan.Name, back, title, "")...), Title: title,
		Review: ui.Review{Final: true, Rows: []ui.Pair{
			{Term: t.T("fees.word.plan"), Text: plan.Plan.Name}, {Term: t.T("fees.word.class"), Text: plan.Class.Name(t.Lang())}, {Term: t.T("fees.plan.archive_means"), Text: t.T("fees.plan.archive_text")},
		}},
		Form:   ui.FormAttrs{Action: back + "/archive", CSRF: h.CSRF(c)},
		Submit: ui.Action{Label: t.T("fees.plan.archive"), Kind: ui.Danger}, Back: ui.Action{Label: t.T("ui.word.back"), Href: back, Kind: ui.Linky},
	}))
}

// ArchivePlan closes a plan to new subscriptions.
func (h *Handlers) ArchivePlan(c *fiber.Ctx) error {
	id, err := web.ID[models.FeePlanID](c, "id")
	if err != nil {
		return err
	}
	if err := h.Fees.ArchivePlan(c.UserContext(), web.Actor(c), id); err != nil {
		return err
	}
	return h.See(c, pathID("/fees/plans/", id, ""), "fees.done.plan_archived")
}

func (h *Handlers) planPage(c *fiber.Ctx, id models.FeePlanID, form priceForm, e web.Errors) (pages.PlanPage, error) {
	by, t := web.Actor(c), h.T(c)
	plan, err := h.Fees.Plan(c.UserContext(), by, id)
	if err != nil {
		return pages.PlanPage{}, err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return pages.PlanPage{}, err
	}
	p := pages.PlanPage{
		Frame: h.Frame(c, plan.Plan.Name, crumbs(t.T("ui.nav.fees"), "/fees", t.T("fees.plans.title"), "/fees/plans", plan.Plan.Name, "")...), Title: plan.Plan.Name, Prices: pages.Prices(t, coop.Currency, plan),
		Facts: []ui.Pair{
			{Term: t.T("fees.word.class"), Text: plan.Class.Name(t.Lang())}, {Term: t.T("fees.plan.for"), Text: t.T(forKindKey(plan.Plan.ForKind))},
			{Term: t.T("fees.word.every"), Text: t.T("fees.every." + plan.Plan.Every)},
			{Term: t.T("fees.plan.due"), Text: t.N("fees.plan.due_days", int(plan.Plan.DueDays))}, {Term: t.T("fees.plan.vat"), Text: t.T("fees.vat." + plan.Plan.VATTreatment)},
		},
	}
	if plan.Plan.ArchivedAt != nil {
		p.Lead = t.T("fees.plan.archived_lead")
		return p, nil
	}
	if by.Has(models.RoleTreasurer) {
		asks := priceAsks(t, form, e)
		p.Price = &pages.FormPart{
			ID: "price", Title: t.T("fees.price.title"), Lead: t.T("fees.price.lead"), Asks: asks, Errors: e.Of(pages.Fields(asks)...),
			Form: ui.FormAttrs{Action: pathID("/fees/plans/", id, "/prices"), CSRF: h.CSRF(c), Once: onceOf(form.Once), Label: t.T("fees.price.title")}, Submit: ui.Action{Label: t.T("fees.price.do")},
		}
		p.Archive = &ui.Action{Label: t.T("fees.plan.archive_do"), Href: pathID("/fees/plans/", id, "/archive"), Kind: ui.Quiet}
	}
	return p, nil
}

func priceAsks(t *i18n.Texts, form priceForm, e web.Errors) []pages.Ask {
	return []pages.Ask{
		{Kind: pages.AskDay, Field: ui.Field{Name: "valid_from", Label: t.T("fees.word.valid_from"), Hint: t.T("fees.price.valid_from_hint"), Value: form.ValidFrom, Required: true, Error: e["valid_from"]}},
		{Kind: pages.AskMoney, Field: ui.Field{Name: "min", Label: t.T("fees.word.min"), Value: form.Min, Required: true, Error: e["min"]}},
		{Kind: pages.AskMoney, Field: ui.Field{Name: "suggested", Label: t.T("fees.word.suggested"), Hint: t.T("fees.price.suggested_hint"), Value: form.Suggested, Required: true, Error: e["suggested"]}},
		{Kind: pages.AskMoney, Field: ui.Field{Name: "max", Label: t.T("fees.word.max"), Hint: t.T("fees.price.max_hint"), Value: form.Max, Error: e["max"]}},
		{Kind: pages.AskText, Field: ui.Field{Name: "resolution", Label: t.T("fees.word.resolution"), Hint: t.T("fees.price.resolution_hint"), Value: form.Resolution, Required: true, Error: e["resolution"]}},
	}
}

// NewPlan asks for a plan and its first price.
func (h *Handlers) NewPlan(c *fiber.Ctx) error {
	page, err := h.newPlanPage(c, planForm{Every: string(dues.Month), VAT: fees.VATOutside, DueDays: "15"}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Form(page))
}

// CreatePlan makes a plan.
func (h *Handlers) CreatePlan(c *fiber.Ctx) error {
	form, err := web.Decode[planForm](c)
	plan, wrong := form.read()
	err = fault.Join(err, wrong)
	if err == nil {
		var id models.FeePlanID
		if id, err = h.Fees.CreatePlan(c.UserContext(), web.Actor(c), plan, form.Once); err == nil {
			return h.See(c, pathID("/fees/plans/", id, ""), "fees.done.plan_created")
		}
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	page, err := h.newPlanPage(c, form, e)
	if err != nil {
		return err
	}
	return h.PageStatus(c, status, pages.Form(page))
}

func (h *Handlers) newPlanPage(c *fiber.Ctx, form planForm, e web.Errors) (pages.FormPage, error) {
	t := h.T(c)
	classes, err := h.Members.Classes(c.UserContext())
	if err != nil {
		return pages.FormPage{}, err
	}
	title := t.T("fees.do.new_plan")
	p := pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", t.T("fees.plans.title"), "/fees/plans", title, "")...), Title: title, Lead: t.T("fees.plan.new_lead"),
		Form: ui.FormAttrs{Action: "/fees/plans", CSRF: h.CSRF(c), Once: onceOf(form.Once)}, Asks: append(planAsks(t, form, e, classes), priceAsks(t, form.price(), e)...),
		Submit: ui.Action{Label: t.T("fees.plan.new_do")}, Back: ui.Action{Label: t.T("ui.word.cancel"), Href: "/fees/plans", Kind: ui.Linky},
	}
	p.Errors = e.Of(pages.Fields(p.Asks)...)
	return p, nil
}

func planAsks(t *i18n.Texts, form planForm, e web.Errors, classes []models.MemberClass) []pages.Ask {
	class := ui.Field{Name: "class", Label: t.T("fees.word.class"), Value: strconv.FormatInt(form.Class, 10), Required: true, Error: e["class"]}
	for _, m := range classes {
		class.Options = append(class.Options, ui.Option{Value: strconv.FormatInt(int64(m.ID), 10), Label: m.Name(t.Lang())})
	}
	kind := ui.Field{Name: "for_kind", Label: t.T("fees.plan.for"), Value: form.ForKind, Required: true, Error: e["for_kind"]}
	for _, k := range []models.MemberKind{"", models.Person, models.Organisation} {
		kind.Options = append(kind.Options, ui.Option{Value: string(k), Label: t.T(forKindKey(k))})
	}
	every := ui.Field{Name: "every", Label: t.T("fees.word.every"), Value: form.Every, Required: true, Error: e["every"]}
	for _, i := range []dues.Interval{dues.Month, dues.Quarter, dues.Year} {
		every.Options = append(every.Options, ui.Option{Value: string(i), Label: t.T("fees.every." + string(i))})
	}
	vat := ui.Field{Name: "vat_treatment", Label: t.T("fees.plan.vat"), Hint: t.T("fees.plan.vat_hint"), Value: form.VAT, Required: true, Error: e["vat_treatment"]}
	for _, v := range fees.VATTreatments {
		vat.Options = append(vat.Options, ui.Option{Value: v, Label: t.T("fees.vat." + v)})
	}
	return []pages.Ask{
		{Kind: pages.AskText, Field: ui.Field{Name: "name", Label: t.T("ui.word.name"), Hint: t.T("fees.plan.name_hint"), Value: form.Name, Required: true, MaxLength: 120, Error: e["name"]}},
		{Kind: pages.AskOneOf, Field: class}, {Kind: pages.AskOneOf, Field: kind}, {Kind: pages.AskOneOf, Field: every}, {Kind: pages.AskOneOf, Field: vat},
		{Kind: pages.AskText, Field: ui.Field{Name: "due_days", Label: t.T("fees.plan.due"), Hint: t.T("fees.plan.due_hint"), Value: form.DueDays, Inputmode: "numeric", Width: ui.Digits, Required: true, Error: e["due_days"]}},
	}
}

// forKindKey names whom a plan is for.
func forKindKey(k models.MemberKind) string {
	switch k {
	case models.Person:
		return "fees.plan.for.person"
	case models.Organisation:
		return "fees.plan.for.organisation"
	}
	return "fees.plan.for.any"
}
