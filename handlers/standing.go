package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/app/rolls"
	"socia/core/civil"
	"socia/core/rules"
	"socia/core/standing"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/rolls"
	"socia/views/ui"
)

// ShowStanding says whether a member may vote, and if not, why and what to do. Without ?member= it is the member
// that the reader is first of all.
func (h *Handlers) ShowStanding(c *fiber.Ctx) error {
	t, by := h.T(c), web.Actor(c)
	own, err := h.Rolls.Own(c.UserContext(), by)
	if err != nil {
		return err
	}
	id := standingOf(c, by, own)
	if id == 0 {
		return h.Page(c, pages.Nobody(pages.NobodyPage{Frame: h.Frame(c, t.T("rolls.standing.title"))}))
	}
	a, err := h.Rolls.Standing(c.UserContext(), by, id)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	return h.Page(c, pages.Standing(h.standingPage(c, a, own, coop)))
}

// standingOf is the member asked for, or the first of the reader's own; 0 for an account without any.
func standingOf(c *fiber.Ctx, by identity.Actor, own []models.Member) models.MemberID {
	if n, err := strconv.ParseInt(c.Query("member"), 10, 64); err == nil {
		return models.MemberID(n)
	}
	if m, ok := by.Member(); ok {
		return m.ID
	}
	if len(own) > 0 {
		return own[0].ID
	}
	return 0
}

func (h *Handlers) standingPage(c *fiber.Ctx, a rolls.Answer, members []models.Member, coop models.Cooperative) pages.StandingPage {
	t, loc := h.T(c), coop.Location()
	own := slices.ContainsFunc(members, func(m models.Member) bool { return m.ID == a.Member.ID })
	p := pages.StandingPage{Kind: ui.Yes, Word: t.T("rolls.verdict.may"), Text: t.T("rolls.verdict.may_text", "Day", t.LongDate(a.Member.JoinedOn)),
		Frame: h.Frame(c, t.T("rolls.standing.title"), crumbs(t.T("ui.nav.decide"), "/decide", t.T("rolls.standing.title"), "")...),
		Fee:   feeNote(t, a), Charges: chargeTable(t, a, coop.Currency), Rule: arrearsRule(t, a.Statutes.Arrears)}
	if !own || len(members) > 1 {
		p.Frame.Title = t.T("rolls.standing.title_of", "Member", a.Member.Name)
	}
	if !a.Verdict.MayVote {
		p.Kind, p.Word, p.Text = ui.Wait, t.T("rolls.verdict.may_not"), t.N("rolls.verdict.may_not_text", len(a.Verdict.Reasons))
	}
	switch {
	case own:
	case a.Verdict.MayVote:
		p.Word = t.T("rolls.verdict.other_may")
	default:
		p.Word = t.T("rolls.verdict.other_may_not")
	}
	p.Leaving = leavingNote(t, a, own, civil.Of(a.At, loc))
	for _, m := range members {
		if !own {
			break
		}
		p.Tabs = append(p.Tabs, ui.Tab{Label: m.Name, Href: pathID("/standing?member=", m.ID, ""), Current: m.ID == a.Member.ID})
	}
	for _, r := range a.Verdict.Reasons {
		reason := reasonOf(t, r)
		if p.Leaving != nil && r.Until.After(a.Member.LeftOn) {
			reason.Do = t.T("rolls.leaving.before", "Day", t.Date(r.Until))
		}
		if own {
			reason.Acts = actsAgainst(t, r.Code, a.Case)
		}
		p.Reasons = append(p.Reasons, reason)
	}
	for _, place := range a.Places {
		p.Places = append(p.Places, placeOf(t, place, loc))
	}
	return p
}

// leavingNote says that the membership ends on a day that has not passed.
func leavingNote(t *i18n.Texts, a rolls.Answer, own bool, today civil.Date) *pages.Note {
	last := a.Member.LeftOn
	if last.IsZero() || last.Before(today) {
		return nil
	}
	note := pages.Note{Kind: ui.Wait, Title: t.T("rolls.leaving.title", "Day", t.LongDate(last)), Text: t.T("rolls.leaving.text")}
	if own {
		note.Label, note.Href = t.T("rolls.leaving.see"), pathID("/members/", a.Member.ID, "")
	}
	return &note
}

// reasonOf says a reason in words: what it is, since when, what to do, and the article it rests on.
func reasonOf(t *i18n.Texts, r standing.Reason) pages.Reason {
	key := "rolls.reason." + string(r.Code)
	out := pages.Reason{Title: t.T(key + ".title"), Article: r.Article,
		Text: t.T(key+".text", "Days", daysOf(r), "Count", len(r.ChargeIDs)), Do: t.T(key+".do", "Day", t.Date(r.Until))}
	if !r.Since.IsZero() {
		out.Since = t.T("rolls.reason.since", "Day", t.LongDate(r.Since))
	}
	return out
}

func actsAgainst(t *i18n.Texts, code standing.Code, open models.ArrearsCaseID) []ui.Action {
	switch code {
	case standing.CodeArrearsAutomatic:
		return []ui.Action{{Label: t.T("rolls.act.pay"), Href: "/fees"}}
	case standing.CodeSuspendedByCase:
		return []ui.Action{{Label: t.T("rolls.act.pay"), Href: "/fees"}, {Label: t.T("rolls.act.case"), Href: pathID("/fees/cases/", open, ""), Kind: ui.Quiet}}
	case standing.CodeLeft:
		return []ui.Action{{Label: t.T("rolls.act.apply"), Href: "/apply", Kind: ui.Quiet}}
	case standing.CodeNotYetMember, standing.CodeTooNew:
	}
	return nil
}

// daysOf is the number in a reason; a frozen one comes back from JSON as another type.
func daysOf(r standing.Reason) string {
	if days, ok := r.Args["days"]; ok {
		return fmt.Sprint(days)
	}
	return "0"
}

// feeNote says how the member stands with the fees when that does not take the vote.
func feeNote(t *i18n.Texts, a rolls.Answer) *pages.Note {
	if a.Verdict.Fee == standing.FeeCurrent || a.Verdict.Has(standing.CodeArrearsAutomatic) || a.Verdict.Has(standing.CodeSuspendedByCase) {
		return nil
	}
	title := t.N("rolls.fee.late", len(a.Verdict.FeeCharges))
	switch a.Statutes.Arrears.Policy {
	case rules.PolicyAutomatic:
		return &pages.Note{Kind: ui.Wait, Title: title, Text: t.T("rolls.fee.in_grace", "Day", t.Date(a.Verdict.GraceEndsOn))}
	case rules.PolicyCase:
		note := pages.Note{Kind: ui.Wait, Title: title, Text: t.T("rolls.fee.no_case")}
		if a.Case != 0 {
			note.Label, note.Href = t.T("rolls.act.case"), pathID("/fees/cases/", a.Case, "")
		}
		return &note
	case rules.PolicyNever:
	}
	return &pages.Note{Kind: ui.Plain, Title: title, Text: t.T("rolls.fee.never")}
}

func chargeTable(t *i18n.Texts, a rolls.Answer, currency string) ui.Table {
	table := ui.Table{Caption: t.T("rolls.standing.charges"), HideCaption: true, Keep: true, Columns: []ui.Column{
		{Label: t.T("rolls.charge.period")}, {Label: t.T("rolls.charge.due")}, {Label: t.T("ui.word.amount"), Num: true}}}
	for _, c := range a.Owed {
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(t.Span(c.PeriodStart, c.PeriodEnd)), ui.Text(t.ShortDate(c.DueOn)), ui.Text(t.Money(c.OwedCents(), currency))})
	}
	return table
}

func arrearsRule(t *i18n.Texts, a rules.Arrears) ui.Rule {
	r := ui.Rule{Title: t.T("rolls.policy.title"), Rule: t.T("rolls.policy."+string(a.Policy), "Days", a.GraceDays), Article: a.Article}
	if a.Policy != rules.PolicyNever {
		r.Note = t.T("rolls.policy.voice")
	}
	return r
}

// placeOf says where a member stands on a roll.
func placeOf(t *i18n.Texts, p rolls.Place, loc *time.Location) pages.Place {
	out := pages.Place{Title: p.Assembly.Title, When: t.Time(p.Assembly.FirstCallAt, loc), Href: pathID("/assemblies/", p.Assembly.ID, "/roll"), Kind: ui.Yes, Word: t.T("rolls.place.on")}
	frozen := t.LongDate(civil.Of(p.Roll.RecordAt, loc))
	switch {
	case !p.Listed:
		out.Kind, out.Word, out.Text = ui.Plain, t.T("rolls.place.absent"), t.T("rolls.place.absent_text", "Day", frozen)
	case p.Line.Eligible && len(p.Line.Corrections) > 0:
		out.Text = t.T("rolls.place.restored", "Day", t.LongDate(civil.Of(last(p.Line.Corrections).At, loc)))
	case p.Line.Eligible:
		out.Text = t.T("rolls.place.on_text", "Day", frozen)
	default:
		out.Kind, out.Word = ui.Wait, t.T("rolls.place.off")
		out.Text = t.T("rolls.place.off_text", "Day", frozen, "Until", t.Time(p.Roll.CorrectionsUntil, loc))
		out.Reasons = reasonLines(t, p.Line.Reasons)
	}
	if p.Listed && p.Line.Eligible && p.Line.Votes > 1 {
		out.Text += " " + t.T("rolls.place.votes", "Votes", t.Number(p.Line.Votes))
	}
	return out
}

func last(corrections []models.RollCorrection) models.RollCorrection {
	return corrections[len(corrections)-1]
}

// reasonLines gives each reason in one line, with the day and the article.
func reasonLines(t *i18n.Texts, reasons []standing.Reason) []string {
	lines := make([]string, len(reasons))
	for i, r := range reasons {
		lines[i] = t.T("rolls.reason." + string(r.Code) + ".title")
		if !r.Since.IsZero() {
			lines[i] += " " + t.T("rolls.reason.since", "Day", t.LongDate(r.Since))
		}
		if r.Article != "" {
			lines[i] += " (" + r.Article + ")"
		}
	}
	return lines
}
