package fees

import (
	"time"

	"socia/app/fees"
	"socia/core/arrears"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// NewCase puts a case into words. Frame and forms are the handler's.
func NewCase(t *i18n.Texts, c fees.Case) CasePage {
	return CasePage{
		Title: t.T("fees.case.title", "Name", c.Member.Name), Steps: caseSteps(t, c), Kind: caseKind(c),
		Word: caseWord(t, c) + ".", Text: CaseText(t, c),
		Rule:    ui.Rule{Title: t.T("fees.case.rule"), Rule: vote(t, c.Rules).Rule, Article: c.Rules.Article + "; " + c.Rules.HearingArticle, ArticleHref: "/statutes", Note: t.T("fees.vote.never_lost")},
		Charges: Charges(t, c.Currency, c.Charges), Story: story(t, c),
	}
}

// caseSteps are the stages that a case may pass; a case that ends early leaves the rest undone.
func caseSteps(t *i18n.Texts, c fees.Case) []ui.Step {
	short := func(at *time.Time) string {
		if at == nil {
			return ""
		}
		return t.ShortTime(*at, c.Location)
	}
	closed, hearing := c.State.Closed(), ""
	if !c.HearingUntil.IsZero() {
		hearing = t.T("fees.case.until", "Day", t.ShortDate(c.HearingUntil))
	}
	steps := []ui.Step{
		{Label: t.T("fees.case.step.opened"), When: t.ShortDate(c.OpenedOn), Done: true},
		{Label: t.T("fees.case.step.hearing"), When: hearing, Done: c.State != arrears.StateHearing && !closed || c.DecidedAt != nil, Current: c.State == arrears.StateHearing},
		{Label: t.T("fees.case.step.decision"), When: short(c.DecidedAt), Done: c.DecidedAt != nil, Current: c.State == arrears.StateToDecide},
	}
	if c.Decision == models.Suspend {
		steps = append(steps, ui.Step{Label: t.T("fees.case.step.appeal"), When: short(c.AppealedAt), Done: c.AppealedAt != nil, Current: c.State == arrears.StateSuspended || c.State == arrears.StateUnderAppeal})
	}
	return append(steps, ui.Step{Label: t.T("fees.case.step.end"), When: short(c.ClosedAt), Done: closed})
}

// story tells the dated acts of a case, the first one first.
func story(t *i18n.Texts, c fees.Case) []ui.Event {
	events := []ui.Event{opened(t, c)}
	add := func(at *time.Time, kind ui.Kind, title, text string) {
		if at != nil {
			events = append(events, ui.Event{When: t.Time(*at, c.Location), Title: title, Text: text, Kind: kind})
		}
	}
	handed := func(kind models.DeliveryKind, text string) bool {
		d, ok := delivery(c, kind)
		if ok {
			events = append(events, ui.Event{When: t.Date(d.OnDay), Title: t.T("fees.case.story.delivered."+string(kind), "How", d.How), Text: text})
		}
		return ok
	}
	handed(models.DeliveredOpening, t.T("fees.case.story.opened_text", "Day", c.HearingUntil))
	if !handed(models.DeliveredStatement, c.Statement) {
		add(c.StatementAt, ui.Plain, t.T("fees.case.story.statement"), c.Statement)
	}
	if c.DecidedAt != nil {
		kind := ui.No
		if c.Decision == models.Dismiss {
			kind = ui.Yes
		}
		add(c.DecidedAt, kind, t.T("fees.case.story.decision."+string(c.Decision)), c.DecisionReason)
	}
	handed(models.DeliveredDecision, "")
	if !handed(models.DeliveredAppeal, c.Appeal) {
		add(c.AppealedAt, ui.Plain, t.T("fees.case.story.appeal"), c.Appeal)
	}
	if c.AppealDecidedAt != nil {
		kind := ui.No
		if c.Dated.AppealAnswer == arrears.AnswerUphold {
			kind = ui.Yes
		}
		add(c.AppealDecidedAt, kind, t.T("fees.case.story.outcome."+c.AppealOutcome), c.AppealReason)
	}
	if c.State == arrears.StatePaid || c.State == arrears.StateUpheldQuiet {
		add(c.ClosedAt, ui.Yes, t.T("fees.case.story.closed."+string(c.State)), "")
	}
	return events
}

// opened is how a case began, and whether its member was told at once.
func opened(t *i18n.Texts, c fees.Case) ui.Event {
	e := ui.Event{When: t.Time(c.OpenedAt, c.Location), Title: t.T("fees.case.story.opened"), Text: t.T("fees.case.story.opened_text", "Day", c.HearingUntil)}
	if _, later := delivery(c, models.DeliveredOpening); later || c.HearingUntil.IsZero() {
		e.Title, e.Text = t.T("fees.case.story.opened_untold"), ""
	}
	return e
}

// delivery is what was handed over outside the program, if it was.
func delivery(c fees.Case, kind models.DeliveryKind) (models.ArrearsCaseDelivery, bool) {
	for _, d := range c.Deliveries {
		if d.Kind == kind && d.How != "" {
			return d, true
		}
	}
	return models.ArrearsCaseDelivery{}, false
}
