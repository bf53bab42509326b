package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"

	pages "socia/views/fees"
)

// caseParts are the steps that the reader may take in a case today, each with its form.
func (h *Handlers) caseParts(c *fiber.Ctx, v fees.Case, form caseForm, e web.Errors) (parts []pages.FormPart) {
	by, t := web.Actor(c), h.T(c)
	own := isOwn(by, v.Member)
	officer := !own && by.Has(models.RoleTreasurer, models.RoleFacilitator)
	attrs := ui.FormAttrs{CSRF: h.CSRF(c), Once: onceOf(form.Once)}
	base := pathID("/fees/cases/", v.ID, "")
	of := func(step string) web.Errors { // what was wrong with a form is said in that form only
		if c.Path() == base+step {
			return e
		}
		return nil
	}
	if own && v.MayState {
		parts = append(parts, statementPart(t, attrs, base, form, of("/statement")))
	}
	if officer && v.Notify != "" {
		parts = append(parts, notificationPart(t, attrs, base, v, form, of("/notification")))
	}
	if officer && v.MayDecide {
		parts = append(parts, decisionPart(t, attrs, base, form, of("/decision")))
	}
	if own && v.MayAppeal {
		parts = append(parts, appealPart(t, attrs, base, form, of("/appeal")))
	}
	if officer && v.MayAnswerAppeal && (v.DecidedBy == nil || *v.DecidedBy != by.Account) {
		parts = append(parts, answerPart(t, attrs, base, form, of("/appeal-answer")))
	}
	if officer && v.MayState {
		parts = append(parts, receivedPart(t, attrs, base, v, "statement", form.Statement, form, of("/received-statement")))
	}
	if officer && v.MayReceiveAppeal {
		parts = append(parts, receivedPart(t, attrs, base, v, "appeal", form.Appeal, form, of("/received-appeal")))
	}
	return parts
}

// notificationPart records that the member was told what no inbox could tell them.
func notificationPart(t *i18n.Texts, attrs ui.FormAttrs, base string, v fees.Case, form caseForm, e web.Errors) pages.FormPart {
	p := casePart("notification", t.T("fees.case.notification"), t.T("fees.case.notification_lead."+string(v.Notify)), base+"/notification", t.T("fees.case.notification_do"), attrs, e,
		deliveryAsks(t, v, "told", form.ToldOn, form.ToldHow, e)...)
	p.Hidden = []ui.Pair{{Term: "of", Text: string(v.Notify)}}
	return p
}

// receivedPart records what the member wrote on paper: field is "statement" or "appeal".
func receivedPart(t *i18n.Texts, attrs ui.FormAttrs, base string, v fees.Case, field, text string, form caseForm, e web.Errors) pages.FormPart {
	asks := append(deliveryAsks(t, v, "received", form.ReceivedOn, form.ReceivedHow, e), pages.Ask{Kind: pages.AskLong, Field: ui.Field{
		Name: field, Label: t.T("fees.case.received_label"), Hint: t.T("fees.case.received_hint"), Value: text, Required: true, Error: e[field],
	}})
	return casePart("received-"+field, t.T("fees.case.received."+field), t.T("fees.case.received_lead"), base+"/received-"+field, t.T("fees.case.received_do"), attrs, e, asks...)
}

// deliveryAsks ask on which day something was handed over and how; what is "told" or "received".
func deliveryAsks(t *i18n.Texts, v fees.Case, what, on, how string, e web.Errors) []pages.Ask {
	day, way := what+"_on", what+"_how"
	return []pages.Ask{
		{Kind: pages.AskDay, Field: ui.Field{Name: day, Label: t.T("fees.case." + day), Value: on, Max: v.Today.String(), Required: true, Error: e[day]}},
		{Kind: pages.AskText, Field: ui.Field{Name: way, Label: t.T("fees.case." + way), Hint: t.T("fees.case." + way + "_hint"), Value: how, Required: true, Autocomplete: "off", Error: e[way]}},
	}
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
