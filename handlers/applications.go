package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/app/identity"
	"socia/app/members"
	"socia/core/civil"
	"socia/core/rules"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	feepages "socia/views/fees"
	pages "socia/views/members"
	"socia/views/ui"
)

type applyForm struct {
	Kind           string `form:"kind"`
	Name           string `form:"name"`
	Representative string `form:"representative"`
	Class          int64  `form:"class"`
	Collective     int64  `form:"collective"`
	Motivation     string `form:"motivation"`
	Once           string `form:"once"`
}

// NewApplication is the form by which an account asks for membership; whoever waits for an answer sees that instead.
func (h *Handlers) NewApplication(c *fiber.Ctx) error {
	own, err := h.Members.OwnApplications(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	if len(own) > 0 && own[0].Outcome == models.ApplicationWaiting {
		return h.See(c, pathID("/applications/", own[0].ID, ""), "")
	}
	page, err := h.applyPage(c, applyForm{Kind: string(kindFor(web.Actor(c)))}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.OneForm(page))
}

// kindFor is the kind of member that an account most likely asks to become: whoever is a person already asks for an organisation.
func kindFor(by identity.Actor) models.MemberKind {
	if m, ok := by.Member(); ok && m.Kind == models.Person {
		return models.Organisation
	}
	return models.Person
}

// CreateApplication asks for membership.
func (h *Handlers) CreateApplication(c *fiber.Ctx) error {
	form, err := web.Decode[applyForm](c)
	id := models.ApplicationID(0)
	if err == nil {
		id, err = h.Members.Apply(c.UserContext(), web.Actor(c), members.ApplicationForm{
			Kind: models.MemberKind(form.Kind), Name: form.Name, Representative: form.Representative,
			ClassID: models.MemberClassID(form.Class), CollectiveID: models.CollectiveID(form.Collective), Motivation: form.Motivation,
		}, form.Once)
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		page, err := h.applyPage(c, form, e)
		if err != nil {
			return err
		}
		return h.PageStatus(c, status, pages.OneForm(page))
	}
	return h.See(c, pathID("/applications/", id, ""), "members.done.applied")
}

func (h *Handlers) applyPage(c *fiber.Ctx, form applyForm, e web.Errors) (page pages.FormPage, err error) {
	t := h.T(c)
	classes, err := h.Members.Classes(c.UserContext())
	if err != nil {
		return page, err
	}
	collectives, err := h.Members.Collectives(c.UserContext())
	if err != nil {
		return page, err
	}
	statutes, err := h.Identity.Statutes(c.UserContext())
	if err != nil {
		return page, err
	}
	plans, err := h.Fees.Plans(c.UserContext(), web.Actor(c))
	if err != nil {
		return page, err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return page, err
	}
	fields := applyFields(t, form, e, withPrices(t, classes, plans, coop.Currency), collectives)
	return pages.FormPage{
		Frame: h.Frame(c, t.T("members.apply.title")), Lead: t.T("members.apply.lead"), Notes: []string{t.T("members.apply.means"), admissionRule(t, statutes.Body.Admission) + " (" + statutes.Body.Admission.Article + ")"},
		Errors: e.Of(fields...), Fields: fields, Form: ui.FormAttrs{Action: "/apply", CSRF: h.CSRF(c), Once: keepOnce(form.Once)}, Submit: t.T("members.apply.do"), CancelURL: "/account",
	}, nil
}

func applyFields(t *i18n.Texts, form applyForm, e web.Errors, classes []ui.Option, collectives []members.CollectiveLine) []ui.Field {
	why := func(what string) *ui.Why {
		return &ui.Why{Reason: t.T("members.why." + what), SeenBy: t.T("members.why." + what + "_seen"), Kept: t.T("members.why.kept")}
	}
	kind := ui.Field{Name: "kind", Label: t.T("members.field.kind"), Value: form.Kind, Error: e["kind"], Type: "radios", Required: true, Options: kindOptions(t)}
	class := ui.Field{Name: "class", Label: t.T("members.field.class"), Hint: t.T("members.field.class_hint"), Value: idText(form.Class), Error: e["class"], Type: "radios", Required: true, Options: classes, Why: why("class")}
	collective := ui.Field{Name: "collective", Label: t.T("members.field.collective"), Hint: t.T("members.field.collective_hint"), Value: idText(form.Collective), Error: e["collective"], Required: true, Width: ui.Half, Why: why("collective")}
	for _, line := range collectives {
		if line.ClosedAt == nil {
			collective.Options = append(collective.Options, ui.Option{Value: idText(line.ID), Label: line.Name})
		}
	}
	return []ui.Field{
		kind,
		{Name: "name", Label: t.T("members.field.name"), Hint: t.T("members.field.name_hint"), Value: form.Name, Error: e["name"], Required: true, MaxLength: members.MaxName, Autocomplete: "off", Why: why("name")},
		{Name: "representative", Label: t.T("members.field.representative"), Hint: t.T("members.field.representative_hint"), Value: form.Representative, Error: e["representative"], MaxLength: members.MaxName, Autocomplete: "off", Why: why("representative")},
		class, collective,
		{Name: "motivation", Label: t.T("members.field.motivation"), Hint: t.T("members.field.motivation_hint"), Value: form.Motivation, Error: e["motivation"], Rows: 5, MaxLength: members.MaxText, Why: why("motivation")},
	}
}

func kindOptions(t *i18n.Texts) []ui.Option {
	return []ui.Option{{Value: string(models.Person), Label: t.T("members.kind.person")}, {Value: string(models.Organisation), Label: t.T("members.kind.organisation")}}
}

func classOptions(t *i18n.Texts, classes []models.MemberClass) []ui.Option {
	options := make([]ui.Option, len(classes))
	for i, class := range classes {
		options[i] = ui.Option{Value: idText(class.ID), Label: class.Name(t.Lang())}
	}
	return options
}

// withPrices says beside each class what its plans cost today.
func withPrices(t *i18n.Texts, classes []models.MemberClass, plans []fees.PlanPrices, currency string) []ui.Option {
	options := classOptions(t, classes)
	for i, class := range classes {
		var costs []string
		for _, p := range plans {
			price, set := p.Current()
			if !set || p.Plan.ArchivedAt != nil || p.Plan.ClassID != class.ID {
				continue
			}
			cost := t.T("members.apply.plan", "Plan", p.Plan.Name, "Every", strings.ToLower(t.T("fees.every."+p.Plan.Every)), "Range", feepages.Range(t, currency, price))
			if price.MinCents != price.MaxCents {
				cost += " " + t.T("members.apply.suggested", "Amount", t.Money(price.SuggestedCents, currency))
			}
			costs = append(costs, cost)
		}
		options[i].Hint = strings.Join(costs, "; ")
	}
	return options
}

// admissionRule says what the statutes promise to those who apply.
func admissionRule(t *i18n.Texts, rule rules.Admission) string {
	if rule.SilenceAdmits {
		return t.N("members.rule.silence_admits", rule.Months)
	}
	return t.N("members.rule.answer", rule.Months)
}

// ListApplications shows what waits for the collectives that the reader validates for.
func (h *Handlers) ListApplications(c *fiber.Ctx) error {
	t := h.T(c)
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	waiting, err := h.Members.Waiting(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	table := ui.Table{
		Caption: t.T("members.applications.title"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("ui.word.name")}, {Label: t.T("members.field.class")}, {Label: t.T("members.field.collective")}, {Label: t.T("members.applications.since")}, {Label: t.T("members.applications.until")}},
		Empty:   &ui.Empty{Title: t.T("members.applications.none"), Text: t.T("members.applications.none_text")},
	}
	for _, r := range waiting {
		table.Rows = append(table.Rows, []ui.Cell{
			{Text: r.Name, Href: pathID("/applications/", r.ID, ""), Note: t.T("members.kind." + string(r.Kind))}, ui.Text(r.Class.Name(t.Lang())), ui.Text(r.Collective),
			ui.Text(t.ShortDate(civil.Of(r.AppliedAt, coop.Location()))), ui.Text(t.ShortDate(r.Deadline)),
		})
	}
	return h.Page(c, pages.Applications(pages.ApplicationsPage{Frame: h.Frame(c, t.T("members.applications.title")), Tabs: peopleTabs(c, t, "/applications"), Table: table}))
}

// ShowApplication is one application, for its applicant and for those who decide it.
func (h *Handlers) ShowApplication(c *fiber.Ctx) error {
	return h.application(c, fiber.StatusOK, nil)
}

// AdmitApplicant makes an applicant a member.
func (h *Handlers) AdmitApplicant(c *fiber.Ctx) error {
	id, err := web.ID[models.ApplicationID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[onceForm](c)
	if err == nil {
		_, err = h.Members.Admit(c.UserContext(), web.Actor(c), id, form.Once)
	}
	if err != nil {
		return h.applicationAgain(c, err)
	}
	return h.See(c, pathID("/applications/", id, ""), "members.done.admitted")
}

// WithdrawApplication takes the reader's own application back.
func (h *Handlers) WithdrawApplication(c *fiber.Ctx) error {
	id, err := web.ID[models.ApplicationID](c, "id")
	if err != nil {
		return err
	}
	if err := h.Members.WithdrawApplication(c.UserContext(), web.Actor(c), id); err != nil {
		return h.applicationAgain(c, err)
	}
	return h.See(c, pathID("/applications/", id, ""), "members.done.withdrawn")
}

type refusalForm struct {
	Reason string `form:"reason"`
	Once   string `form:"once"`
}

// NewRefusal asks for the reason of a refusal.
func (h *Handlers) NewRefusal(c *fiber.Ctx) error {
	return h.refusal(c, fiber.StatusOK, refusalForm{}, nil)
}

// RefuseApplicant turns an application down.
func (h *Handlers) RefuseApplicant(c *fiber.Ctx) error {
	id, err := web.ID[models.ApplicationID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[refusalForm](c)
	if err == nil {
		err = h.Members.Refuse(c.UserContext(), web.Actor(c), id, form.Reason, form.Once)
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.refusal(c, status, form, e)
	}
	return h.See(c, pathID("/applications/", id, ""), "members.done.refused")
}

func (h *Handlers) refusal(c *fiber.Ctx, status int, form refusalForm, e web.Errors) error {
	id, err := web.ID[models.ApplicationID](c, "id")
	if err != nil {
		return err
	}
	r, err := h.Members.Application(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	t := h.T(c)
	title := t.T("members.refusal.title")
	fields := []ui.Field{{Name: "reason", Label: t.T("ui.word.reason"), Hint: t.T("members.refusal.reason_hint"), Value: form.Reason, Error: e["reason"], Required: true, Rows: 5, MaxLength: members.MaxText}}
	return h.PageStatus(c, status, pages.OneForm(pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("members.applications.tab"), "/applications", r.Name, pathID("/applications/", id, ""), t.T("members.application.refuse"), "")...),
		Lead:  t.T("members.refusal.lead", "Name", r.Name), Errors: e.Of(fields...), Fields: fields, Kind: ui.Danger, Submit: t.T("members.refusal.do"),
		Form: ui.FormAttrs{Action: pathID("/applications/", id, "/refusal"), CSRF: h.CSRF(c), Once: keepOnce(form.Once)}, CancelURL: pathID("/applications/", id, ""),
	}))
}

// applicationAgain shows the application with what was wrong with an act on it.
func (h *Handlers) applicationAgain(c *fiber.Ctx, err error) error {
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.application(c, status, e)
}

func (h *Handlers) application(c *fiber.Ctx, status int, e web.Errors) error {
	id, err := web.ID[models.ApplicationID](c, "id")
	if err != nil {
		return err
	}
	r, err := h.Members.Application(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	return h.PageStatus(c, status, pages.Application(h.applicationPage(c, r, coop, e)))
}

func (h *Handlers) applicationPage(c *fiber.Ctx, r members.Request, coop models.Cooperative, e web.Errors) pages.ApplicationPage {
	t, by := h.T(c), web.Actor(c)
	own := r.AccountID == by.Account
	title := t.T("members.application.title", "Name", r.Name)
	way := crumbs(t.T("members.applications.tab"), "/applications", r.Name, "")
	if own {
		title, way = t.T("members.application.own"), nil
	}
	page := pages.ApplicationPage{
		Frame: h.Frame(c, title, way...), Title: title, Errors: e.Of(), Word: t.T("members.outcome." + string(r.Outcome)), State: outcomeKind(r.Outcome),
		Steps: applicationSteps(t, r, coop), Rows: applicationRows(t, r), Text: paragraphs(r.Motivation),
	}
	at := pathID("/applications/", r.ID, "")
	switch r.Outcome {
	case models.ApplicationWaiting:
		page.Lead = t.T("members.application.lead_until", "Day", r.Deadline)
		page.Rule = &ui.Rule{Title: t.T("members.rule.title"), Rule: admissionRule(t, rules.Admission{Months: monthsOf(r, coop), SilenceAdmits: r.SilenceAdmits}), Article: r.Article}
		if own {
			page.Withdraw = &ui.FormAttrs{Action: at + "/withdrawal", CSRF: h.CSRF(c), Label: t.T("members.application.withdraw")}
		} else if by.Validates(r.CollectiveID) {
			page.Admit = &ui.FormAttrs{Action: at + "/admission", CSRF: h.CSRF(c), Once: web.NewOnce(), Label: t.T("members.application.admit")}
			page.Refusal, page.Effects = at+"/refusal", admissionEffects(t, r)
		}
	case models.ApplicationAdmitted:
		if r.MemberID != nil {
			page.Member = pathID("/members/", *r.MemberID, "")
		}
	case models.ApplicationRefused:
		page.Reason = paragraphs(r.Reason)
		page.Again = againHref(own)
	case models.ApplicationWithdrawn:
		page.Again = againHref(own)
	}
	return page
}

func againHref(own bool) string {
	if own {
		return "/apply"
	}
	return ""
}

// monthsOf is how many months the deadline is after the application.
func monthsOf(r members.Request, coop models.Cooperative) int {
	from := civil.Of(r.AppliedAt, coop.Location())
	return (r.Deadline.Year-from.Year)*12 + int(r.Deadline.Month) - int(from.Month)
}

func outcomeKind(o models.ApplicationOutcome) ui.Kind {
	switch o {
	case models.ApplicationWaiting:
		return ui.Wait
	case models.ApplicationAdmitted:
		return ui.Yes
	case models.ApplicationRefused:
		return ui.No
	case models.ApplicationWithdrawn:
	}
	return ui.Plain
}

func applicationSteps(t *i18n.Texts, r members.Request, coop models.Cooperative) []ui.Step {
	steps := []ui.Step{
		{Label: t.T("members.step.sent"), When: t.ShortTime(r.AppliedAt, coop.Location()), Done: true},
		{Label: t.T("members.step.validation", "Collective", r.Collective), Done: r.DecidedAt != nil, Current: r.DecidedAt == nil},
		{Label: t.T("members.step.answer"), When: t.T("members.step.until", "Day", t.ShortDate(r.Deadline))},
	}
	if r.DecidedAt != nil {
		steps[2] = ui.Step{Label: t.T("members.outcome." + string(r.Outcome)), When: t.ShortTime(*r.DecidedAt, coop.Location()), Done: true}
	}
	return steps
}

func applicationRows(t *i18n.Texts, r members.Request) []ui.Pair {
	rows := []ui.Pair{{Term: t.T("ui.word.name"), Text: r.Name}, {Term: t.T("members.field.kind"), Text: t.T("members.kind." + string(r.Kind))}}
	if r.Representative != "" {
		rows = append(rows, ui.Pair{Term: t.T("members.field.representative"), Text: r.Representative})
	}
	rows = append(rows, ui.Pair{Term: t.T("members.field.class"), Text: r.Class.Name(t.Lang())}, ui.Pair{Term: t.T("members.field.collective"), Text: r.Collective},
		ui.Pair{Term: t.T("members.field.account"), Text: r.Handle})
	if r.Number != 0 {
		rows = append(rows, ui.Pair{Term: t.T("members.field.number"), Text: t.Number(r.Number)})
	}
	return rows
}

// admissionEffects says in words what admitting does.
func admissionEffects(t *i18n.Texts, r members.Request) []ui.Pair {
	return []ui.Pair{
		{Term: t.T("members.effect.member"), Text: t.T("members.effect.member_text", "Name", r.Name, "Class", r.Class.Name(t.Lang()), "Collective", r.Collective)},
		{Term: t.T("members.effect.account"), Text: t.T("members.effect.account_text", "Handle", r.Handle)},
		{Term: t.T("members.effect.told"), Text: t.T("members.effect.told_text")},
	}
}

// paragraphs splits a plain text where its writer left a line.
func paragraphs(text string) (all []string) {
	for _, p := range strings.Split(text, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}
