package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/core/rules"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"

	pages "socia/views/fees"
)

// ListCases is the arrears cases: those that are open and those closed last.
func (h *Handlers) ListCases(c *fiber.Ctx) error {
	t := h.T(c)
	open, closed, err := h.Fees.Cases(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	title := t.T("fees.cases.title")
	p := pages.ListPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", title, "")...), Title: title, Lead: t.T("fees.cases.lead"), Tabs: feeTabs(c, t, 0),
		Tables: []ui.Table{pages.Cases(t, t.T("fees.cases.open"), open, &ui.Empty{Title: t.T("fees.cases.none"), Text: t.T("fees.cases.none_text")})},
	}
	if len(closed) > 0 {
		p.Tables = append(p.Tables, pages.Cases(t, t.T("fees.cases.closed"), closed, nil))
	}
	return h.Page(c, pages.List(p))
}

// NewCase says what opening a case means, before it is opened.
func (h *Handlers) NewCase(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	page, err := h.newCasePage(c, id, "", nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Form(page))
}

// CreateCase opens a case.
func (h *Handlers) CreateCase(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[onceForm](c)
	if err == nil {
		var opened models.ArrearsCaseID
		if opened, err = h.Fees.OpenCase(c.UserContext(), web.Actor(c), id, form.Once); err == nil {
			return h.See(c, pathID("/fees/cases/", opened, ""), "fees.done.case_opened")
		}
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	page, err := h.newCasePage(c, id, form.Once, e)
	if err != nil {
		return err
	}
	return h.PageStatus(c, status, pages.Form(page))
}

func (h *Handlers) newCasePage(c *fiber.Ctx, id models.MemberID, once string, e web.Errors) (pages.FormPage, error) {
	t := h.T(c)
	a, err := h.Fees.MemberFees(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return pages.FormPage{}, err
	}
	back, title := pathID("/fees/members/", id, ""), t.T("fees.do.open_case")
	p := pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", a.Member.Name, back, title, "")...), Title: title, Lead: t.T("fees.case.new_lead"), Errors: e.Of(),
		Facts: []ui.Pair{
			{Term: t.T("fees.word.member"), Text: pages.Named(t, a.Member)}, {Term: t.T("fees.stat.late"), Text: t.Money(a.OverdueCents, a.Currency)},
			{Term: t.T("fees.case.hearing_until"), Text: t.Date(a.Today.AddDays(a.Rules.HearingDays))},
		},
		Form:   ui.FormAttrs{Action: back + "/case", CSRF: h.CSRF(c), Once: onceOf(once)},
		Submit: ui.Action{Label: t.T("fees.case.new_do")}, Back: ui.Action{Label: t.T("ui.word.cancel"), Href: back, Kind: ui.Linky}, After: t.T("fees.case.new_after", "Article", a.Rules.HearingArticle),
	}
	if a.Rules.Policy != rules.PolicyCase {
		p.Notices = []pages.Notice{{Kind: ui.Wait, Title: t.T("fees.case.not_here"), Text: t.T("fees.statutes_without_cases")}}
	}
	return p, nil
}

// ShowCase is one case: where it stands, its story, and the step that the reader may take.
func (h *Handlers) ShowCase(c *fiber.Ctx) error {
	id, err := web.ID[models.ArrearsCaseID](c, "id")
	if err != nil {
		return err
	}
	page, err := h.casePage(c, id, caseForm{}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Case(page))
}

// caseForm has the answers of every step; each form sends its own.
type caseForm struct {
	Statement string `form:"statement"`
	Decision  string `form:"decision"`
	Appeal    string `form:"appeal"`
	Outcome   string `form:"outcome"`
	Reason    string `form:"reason"`
	Once      string `form:"once"`
}

// StateCase takes the member's statement.
func (h *Handlers) StateCase(c *fiber.Ctx) error {
	return h.caseStep(c, "fees.done.case_stated", func(id models.ArrearsCaseID, f caseForm) error {
		return h.Fees.State(c.UserContext(), web.Actor(c), id, f.Statement, f.Once)
	})
}

// DecideCase takes the decision.
func (h *Handlers) DecideCase(c *fiber.Ctx) error {
	return h.caseStep(c, "fees.done.case_decided", func(id models.ArrearsCaseID, f caseForm) error {
		return h.Fees.Decide(c.UserContext(), web.Actor(c), id, models.ArrearsDecision(f.Decision), f.Reason, f.Once)
	})
}

// AppealCase takes the member's appeal.
func (h *Handlers) AppealCase(c *fiber.Ctx) error {
	return h.caseStep(c, "fees.done.case_appealed", func(id models.ArrearsCaseID, f caseForm) error {
		return h.Fees.Appeal(c.UserContext(), web.Actor(c), id, f.Appeal, f.Once)
	})
}

// AnswerAppeal takes the answer to an appeal.
func (h *Handlers) AnswerAppeal(c *fiber.Ctx) error {
	return h.caseStep(c, "fees.done.appeal_answered", func(id models.ArrearsCaseID, f caseForm) error {
		return h.Fees.AnswerAppeal(c.UserContext(), web.Actor(c), id, fees.Outcome(f.Outcome), f.Reason, f.Once)
	})
}

func (h *Handlers) caseStep(c *fiber.Ctx, done string, step func(models.ArrearsCaseID, caseForm) error) error {
	id, err := web.ID[models.ArrearsCaseID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[caseForm](c)
	if err == nil {
		err = step(id, form)
	}
	if err == nil {
		return h.See(c, pathID("/fees/cases/", id, ""), done)
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	page, err := h.casePage(c, id, form, e)
	if err != nil {
		return err
	}
	if len(page.Parts) == 0 { // the step is over, so there is no form to say it in
		page.Frame.Flash = &ui.Flash{Kind: ui.No, Text: e[""]}
	}
	return h.PageStatus(c, status, pages.Case(page))
}

func (h *Handlers) casePage(c *fiber.Ctx, id models.ArrearsCaseID, form caseForm, e web.Errors) (pages.CasePage, error) {
	by, t := web.Actor(c), h.T(c)
	v, err := h.Fees.Case(c.UserContext(), by, id)
	if err != nil {
		return pages.CasePage{}, err
	}
	p := pages.NewCase(t, v)
	list := "/fees/cases"
	if !by.Has(caseSeers...) {
		list = pathID("/fees/members/", v.MemberID, "")
	}
	p.Frame = h.Frame(c, p.Title, crumbs(t.T("ui.nav.fees"), "/fees", t.T("fees.cases.title"), list, p.Title, "")...)
	own := by.ActsFor(v.MemberID)
	officer := !own && by.Has(models.RoleTreasurer, models.RoleFacilitator)
	attrs := ui.FormAttrs{CSRF: h.CSRF(c), Once: onceOf(form.Once)}
	base := pathID("/fees/cases/", id, "")
	if own && v.MayState {
		p.Parts = append(p.Parts, statementPart(t, attrs, base, form, e))
	}
	if officer && v.MayDecide {
		p.Parts = append(p.Parts, decisionPart(t, attrs, base, form, e))
	}
	if own && v.MayAppeal {
		p.Parts = append(p.Parts, appealPart(t, attrs, base, form, e))
	}
	if officer && v.MayAnswerAppeal && (v.DecidedBy == nil || *v.DecidedBy != by.Account) {
		p.Parts = append(p.Parts, answerPart(t, attrs, base, form, e))
	}
	return p, nil
}

func casePart(id, title, lead, action, submit string, attrs ui.FormAttrs, e web.Errors, asks ...pages.Ask) pages.FormPart {
	attrs.Action, attrs.Label = action, title
	return pages.FormPart{ID: id, Title: title, Lead: lead, Form: attrs, Asks: asks, Errors: e.Of(pages.Fields(asks)...), Submit: ui.Action{Label: submit}}
}

func statementPart(t *i18n.Texts, attrs ui.FormAttrs, base string, form caseForm, e web.Errors) pages.FormPart {
	return casePart("statement", t.T("fees.case.statement"), t.T("fees.case.statement_lead"), base+"/statement", t.T("fees.case.statement_do"), attrs, e,
		pages.Ask{Kind: pages.AskLong, Field: ui.Field{Name: "statement", Label: t.T("fees.case.statement_label"), Value: form.Statement, Required: true, Error: e["statement"]}})
}

func decisionPart(t *i18n.Texts, attrs ui.FormAttrs, base string, form caseForm, e web.Errors) pages.FormPart {
	decision := ui.Field{Name: "decision", Label: t.T("fees.case.decision"), Value: form.Decision, Required: true, Error: e["decision"], Options: []ui.Option{
		{Value: string(models.Dismiss), Label: t.T("fees.case.dismiss"), Hint: t.T("fees.case.dismiss_hint")},
		{Value: string(models.Suspend), Label: t.T("fees.case.suspend"), Hint: t.T("fees.case.suspend_hint")},
	}}
	return casePart("decision", t.T("fees.case.decide"), t.T("fees.case.decide_lead"), base+"/decision", t.T("fees.case.decide_do"), attrs, e,
		pages.Ask{Kind: pages.AskOneOf, Field: decision}, reasonAsk(t, form, e))
}

func appealPart(t *i18n.Texts, attrs ui.FormAttrs, base string, form caseForm, e web.Errors) pages.FormPart {
	return casePart("appeal", t.T("fees.case.appeal"), t.T("fees.case.appeal_lead"), base+"/appeal", t.T("fees.case.appeal_do"), attrs, e,
		pages.Ask{Kind: pages.AskLong, Field: ui.Field{Name: "appeal", Label: t.T("fees.case.appeal_label"), Value: form.Appeal, Required: true, Error: e["appeal"]}})
}

func answerPart(t *i18n.Texts, attrs ui.FormAttrs, base string, form caseForm, e web.Errors) pages.FormPart {
	outcome := ui.Field{Name: "outcome", Label: t.T("fees.case.answer"), Value: form.Outcome, Required: true, Error: e["outcome"], Options: []ui.Option{
		{Value: string(fees.Upheld), Label: t.T("fees.case.uphold"), Hint: t.T("fees.case.uphold_hint")},
		{Value: string(fees.Rejected), Label: t.T("fees.case.reject"), Hint: t.T("fees.case.reject_hint")},
	}}
	return casePart("answer", t.T("fees.case.answer_title"), t.T("fees.case.answer_lead"), base+"/appeal-answer", t.T("fees.case.answer_do"), attrs, e,
		pages.Ask{Kind: pages.AskOneOf, Field: outcome}, reasonAsk(t, form, e))
}

func reasonAsk(t *i18n.Texts, form caseForm, e web.Errors) pages.Ask {
	return pages.Ask{Kind: pages.AskLong, Field: ui.Field{Name: "reason", Label: t.T("fees.case.reason"), Hint: t.T("fees.case.reason_hint"), Value: form.Reason, Required: true, Rows: 4, Error: e["reason"]}}
}
