package handlers

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/core/fault"
	"socia/core/rules"
	"socia/handlers/web"
	"socia/models"
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
		},
		Form:   ui.FormAttrs{Action: back + "/case", CSRF: h.CSRF(c), Once: onceOf(once)},
		Submit: ui.Action{Label: t.T("fees.case.new_do")}, Back: ui.Action{Label: t.T("ui.word.cancel"), Href: back, Kind: ui.Linky}, After: t.T("fees.case.new_after", "Article", a.Rules.HearingArticle),
	}
	if a.Member.AccountID != nil { // else it depends on when the member is told
		p.Facts = append(p.Facts, ui.Pair{Term: t.T("fees.case.hearing_until"), Text: t.Date(a.Today.AddDays(a.Rules.HearingDays))})
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

	Of          string `form:"of"`
	ToldOn      string `form:"told_on"`
	ToldHow     string `form:"told_how"`
	ReceivedOn  string `form:"received_on"`
	ReceivedHow string `form:"received_how"`
}

// received is what the form says of a paper that came, or the fault of its day.
func (f caseForm) received() (fees.Delivery, error) {
	day, wrong := web.Day("received_on", f.ReceivedOn)
	return fees.Delivery{On: day, How: f.ReceivedHow}, fault.All(wrong)
}

// NotifyCase records that a member without an account was told.
func (h *Handlers) NotifyCase(c *fiber.Ctx) error {
	return h.caseStep(c, "fees.done.case_notified", func(id models.ArrearsCaseID, f caseForm) error {
		day, wrong := web.Day("told_on", f.ToldOn)
		if wrong != nil {
			return wrong
		}
		return h.Fees.RecordNotification(c.UserContext(), web.Actor(c), id, models.DeliveryKind(f.Of), fees.Delivery{On: day, How: f.ToldHow}, f.Once)
	})
}

// ReceiveStatement records a statement that came on paper.
func (h *Handlers) ReceiveStatement(c *fiber.Ctx) error {
	return h.caseStep(c, "fees.done.case_recorded", func(id models.ArrearsCaseID, f caseForm) error {
		d, err := f.received()
		if err != nil {
			return err
		}
		return h.Fees.ReceiveStatement(c.UserContext(), web.Actor(c), id, f.Statement, d, f.Once)
	})
}

// ReceiveAppeal records an appeal that came on paper.
func (h *Handlers) ReceiveAppeal(c *fiber.Ctx) error {
	return h.caseStep(c, "fees.done.case_recorded", func(id models.ArrearsCaseID, f caseForm) error {
		d, err := f.received()
		if err != nil {
			return err
		}
		return h.Fees.ReceiveAppeal(c.UserContext(), web.Actor(c), id, f.Appeal, d, f.Once)
	})
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
	if !slices.ContainsFunc(page.Parts, func(p pages.FormPart) bool { return p.Form.Action == c.Path() }) { // the step is over: no form to say it in
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
	p.Parts = h.caseParts(c, v, form, e)
	return p, nil
}
