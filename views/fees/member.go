package fees

import (
	"socia/app/fees"
	"socia/core/arrears"
	"socia/core/dues"
	"socia/core/iban"
	"socia/core/rules"
	"socia/core/standing"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// Reader is who looks at a member's page: the member (or who represents it), and whether they are the treasurer.
type Reader struct{ Own, Treasurer bool }

// NewMember puts a member's account into words. Frame and tabs are the handler's.
func NewMember(t *i18n.Texts, a fees.Account, r Reader) MemberPage {
	p := MemberPage{
		Title: t.T("fees.member.title_own"), Stats: stats(t, a), Notices: memberNotices(t, a, r), Vote: vote(t, a.Rules),
		Charges: Charges(t, a.Currency, a.Charges), Payments: payments(t, a),
	}
	if !r.Own {
		p.Title = t.T("fees.member.title", "Name", a.Member.Name)
		p.Lead = t.T("fees.member.number", "Number", t.Number(a.Member.Number)) + " · " + a.Class.Name(t.Lang())
	}
	p.Kind, p.Word, p.Text = verdict(t, a)
	if a.OwedCents > 0 && r.Own {
		p.How, p.Pay = howToPay(t, a)
	}
	p.Plan = plan(t, a)
	p.Actions = memberActions(t, a, r)
	if r.Treasurer {
		p.Officer = officerActions(t, a, r)
	}
	if len(a.Waivers) > 0 {
		table := waivers(t, a)
		p.Waivers = &table
	}
	return p
}

// howToPay says where to send what is owed, with what to copy into the bank's form.
func howToPay(t *i18n.Texts, a fees.Account) (how string, copied []ui.Pair) {
	if a.Bank.IBAN == "" {
		return t.T("fees.member.how_no_account"), nil
	}
	return t.T("fees.member.how"), []ui.Pair{
		{Term: t.T("fees.bank.iban"), Body: toCopy(iban.Grouped(a.Bank.IBAN))}, {Term: t.T("fees.bank.holder"), Body: toCopy(a.Bank.Holder)},
		{Term: t.T("ui.word.amount"), Body: toCopy(t.Money(a.OwedCents, a.Currency))}, {Term: t.T("fees.pay.reference"), Body: toCopy(payReference(t, a))},
	}
}

// payReference tells the treasury who pays and what for.
func payReference(t *i18n.Texts, a fees.Account) string {
	var open []fees.ChargeLine
	for _, c := range a.Charges {
		if c.OwedCents() > 0 {
			open = append(open, c)
		}
	}
	if len(open) == 1 {
		return t.T("fees.pay.reference_one", "Number", a.Member.Number, "Period", open[0].PeriodStart.String())
	}
	return t.T("fees.pay.reference_several", "Number", a.Member.Number, "Charges", len(open))
}

// verdict says how the member's fees stand, in a word and a sentence.
func verdict(t *i18n.Texts, a fees.Account) (ui.Kind, string, string) {
	owed := t.Money(a.OwedCents, a.Currency)
	switch a.Fee {
	case standing.FeeOverdue:
		return ui.No, t.T("fees.state.overdue"), t.T("fees.verdict.overdue", "Amount", t.Money(a.OverdueCents, a.Currency))
	case standing.FeeInGrace:
		return ui.Wait, t.T("fees.state.in_grace"), t.T("fees.verdict.in_grace", "Amount", t.Money(a.OverdueCents, a.Currency), "Day", graceEnd(a))
	case standing.FeeCurrent:
	}
	switch {
	case a.OwedCents > 0:
		return ui.Wait, t.T("fees.state.open"), t.T("fees.verdict.open", "Amount", owed, "Day", oldestOpen(a).DueOn)
	case a.Subscription == nil:
		return ui.Plain, t.T("fees.state.none"), t.T("fees.verdict.none")
	case !a.Subscription.NextPeriodOn.IsZero():
		return ui.Yes, t.T("fees.state.current"), t.T("fees.verdict.next", "Day", a.Subscription.NextPeriodOn)
	case a.Next != nil:
		return ui.Yes, t.T("fees.state.current"), t.T("fees.verdict.next", "Day", a.Next.StartsOn)
	}
	return ui.Yes, t.T("fees.state.current"), t.T("fees.verdict.nothing")
}

// oldestOpen is the open charge that is due first.
func oldestOpen(a fees.Account) (oldest fees.ChargeLine) {
	for _, c := range a.Charges {
		if c.OwedCents() > 0 && (oldest.ID == 0 || c.DueOn.Before(oldest.DueOn)) {
			oldest = c
		}
	}
	return oldest
}

func graceEnd(a fees.Account) any { return oldestOpen(a).DueOn.AddDays(a.Rules.GraceDays) }

func stats(t *i18n.Texts, a fees.Account) []ui.Stat {
	all := []ui.Stat{{Label: t.T("fees.stat.owed"), Value: t.Money(a.OwedCents, a.Currency)}}
	if a.OverdueCents > 0 {
		all = append(all, ui.Stat{Label: t.T("fees.stat.late"), Value: t.Money(a.OverdueCents, a.Currency)})
	}
	if a.AdvanceCents > 0 {
		all = append(all, ui.Stat{Label: t.T("fees.stat.advance"), Value: t.Money(a.AdvanceCents, a.Currency), Note: t.T("fees.stat.advance_note")})
	}
	return all
}

func memberNotices(t *i18n.Texts, a fees.Account, r Reader) (all []Notice) {
	if a.Case != nil && !a.Case.State.Closed() {
		kind := ui.Wait
		if a.Case.State.Suspends() {
			kind = ui.No
		}
		all = append(all, Notice{
			Kind: kind, Title: t.T("fees.case.state." + string(a.Case.State)), Text: CaseText(t, *a.Case),
			Action: &ui.Action{Label: t.T("fees.case.open_page"), Href: caseHref(a.Case.ID), Kind: ui.Quiet},
		})
	}
	if !r.Own || !a.Member.Active(a.Today) {
		return all
	}
	switch {
	case a.Rules.Policy == rules.PolicyAutomatic && a.Fee == standing.FeeOverdue:
		all = append(all, Notice{Kind: ui.No, Title: t.T("fees.vote.suspended"), Text: t.T("fees.vote.suspended_text")})
	case a.Rules.Policy == rules.PolicyAutomatic && a.Fee == standing.FeeInGrace:
		all = append(all, Notice{Kind: ui.Wait, Title: t.T("fees.vote.at_risk"), Text: t.T("fees.vote.at_risk_text", "Day", graceEnd(a))})
	case a.Rules.Policy == rules.PolicyCase && a.Fee == standing.FeeOverdue && (a.Case == nil || a.Case.State.Closed()):
		all = append(all, Notice{Kind: ui.Wait, Title: t.T("fees.vote.case_possible"), Text: t.T("fees.vote.case_possible_text")})
	}
	return all
}

func plan(t *i18n.Texts, a fees.Account) (rows []ui.Pair) {
	if s := a.Subscription; s != nil {
		rows = append(rows, ui.Pair{Term: t.T("fees.word.plan"), Text: s.Plan.Name},
			ui.Pair{Term: t.T("fees.word.pays"), Text: t.T("fees.per."+s.Plan.Every, "Amount", t.Money(s.ChargedCents, a.Currency))})
		if above := s.ChargedCents - s.Price.SuggestedCents; above > 0 && s.Price.ID != 0 {
			rows = append(rows, ui.Pair{Term: t.T("fees.word.solidarity"), Text: t.T("fees.member.solidarity", "Amount", t.Money(above, a.Currency))})
		}
		if !s.NextPeriodOn.IsZero() {
			rows = append(rows, ui.Pair{Term: t.T("fees.word.next_period"), Text: t.Date(s.NextPeriodOn)})
		}
		rows = append(rows, ui.Pair{Term: t.T("fees.word.resolution"), Text: dash(s.Price.Resolution)})
	}
	if n := a.Next; n != nil {
		rows = append(rows, ui.Pair{Term: t.T("fees.member.from", "Day", n.StartsOn), Text: n.Plan.Name + ", " + t.T("fees.per."+n.Plan.Every, "Amount", t.Money(n.ChargedCents, a.Currency))})
	}
	return rows
}

func memberActions(t *i18n.Texts, a fees.Account, r Reader) []ui.Action {
	if !r.Treasurer && (!r.Own || a.Today.Before(a.Member.JoinedOn)) {
		return nil
	}
	if len(a.Offers) == 0 || (!a.Member.LeftOn.IsZero() && !a.Today.Before(a.Member.LeftOn)) {
		return nil
	}
	action := ui.Action{Label: t.T("fees.member.choose"), Href: memberHref(a.Member.ID) + "/subscription", Kind: ui.Quiet}
	if a.Subscription == nil {
		action.Kind = ui.Main
	} else {
		action.Label = t.T("fees.member.change")
	}
	return []ui.Action{action}
}

func officerActions(t *i18n.Texts, a fees.Account, r Reader) []ui.Action {
	all := []ui.Action{{Label: t.T("fees.do.record_payment"), Href: "/payments/new?member=" + id(a.Member.ID)}}
	if r.Own {
		return all // nobody waives their own fees, or opens their own case
	}
	all = append(all, ui.Action{Label: t.T("fees.do.waive"), Href: memberHref(a.Member.ID) + "/waiver", Kind: ui.Quiet})
	if a.Rules.Policy == rules.PolicyCase && a.Fee == standing.FeeOverdue && (a.Case == nil || a.Case.State.Closed()) {
		all = append(all, ui.Action{Label: t.T("fees.do.open_case"), Href: memberHref(a.Member.ID) + "/case", Kind: ui.Quiet})
	}
	return all
}

// vote says what unpaid fees may do to the vote in this cooperative, with the article.
func vote(t *i18n.Texts, r rules.Arrears) ui.Rule {
	return ui.Rule{
		Title: t.T("fees.vote.title"), Article: r.Article, ArticleHref: "/statutes", Note: t.T("fees.vote.never_lost"),
		Rule: t.T("fees.vote.rule."+string(r.Policy), "Days", t.N("fees.days", r.GraceDays), "Hearing", t.N("fees.days", r.HearingDays), "Appeal", t.N("fees.months", r.AppealMonths)),
	}
}

// ChargeState is a charge's state as a badge.
func ChargeState(t *i18n.Texts, c fees.ChargeLine) (ui.Kind, string) {
	switch {
	case c.WaiverID != nil:
		return ui.Plain, t.T("fees.charge.waived")
	case c.SettledAt != nil:
		return ui.Yes, t.T("fees.charge.paid")
	}
	switch c.State {
	case dues.Overdue:
		return ui.No, t.T("fees.charge.overdue")
	case dues.InGrace:
		return ui.Wait, t.T("fees.charge.in_grace")
	case dues.Current:
	}
	return ui.Plain, t.T("fees.charge.open")
}

// Charges is a table of charges, the newest first.
func Charges(t *i18n.Texts, currency string, lines []fees.ChargeLine) ui.Table {
	table := ui.Table{
		Caption: t.T("fees.member.charges"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("fees.word.period")}, {Label: t.T("fees.word.due")}, {Label: t.T("ui.word.amount"), Num: true}, {Label: t.T("fees.word.lacks"), Num: true}, {Label: t.T("ui.word.state")}},
		Empty:   &ui.Empty{Title: t.T("fees.member.no_charges"), Text: t.T("fees.member.no_charges_text")},
	}
	for _, c := range lines {
		kind, word := ChargeState(t, c)
		amount := ui.Text(t.Money(c.AmountCents, currency))
		if c.SolidarityCents > 0 {
			amount.Note = t.T("fees.charge.solidarity", "Amount", t.Money(c.SolidarityCents, currency))
		}
		lacks := ui.Cell{} // a settled charge lacks nothing; a card on a phone leaves the line out
		if c.OwedCents() > 0 {
			lacks.Text = t.Money(c.OwedCents(), currency)
		}
		if c.SettledAt == nil && c.PaidCents > 0 {
			lacks.Note = t.T("fees.charge.partly", "Amount", t.Money(c.PaidCents, currency))
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(Period(t, c.Charge)), ui.Text(t.ShortDate(c.DueOn)), amount, lacks, ui.BadgeCell(kind, word)})
	}
	return table
}

// Period writes the days that a charge covers.
func Period(t *i18n.Texts, c models.Charge) string {
	return t.Span(c.PeriodStart, c.PeriodEnd)
}

func payments(t *i18n.Texts, a fees.Account) ui.Table {
	table := ui.Table{
		Caption: t.T("fees.member.payments"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("fees.word.payment")}, {Label: t.T("fees.word.received_on")}, {Label: t.T("fees.word.method")}, {Label: t.T("ui.word.amount"), Num: true}, {Label: t.T("ui.word.state")}},
		Empty:   &ui.Empty{Title: t.T("fees.member.no_payments")},
	}
	for _, p := range a.Payments {
		table.Rows = append(table.Rows, []ui.Cell{
			ui.LinkCell(t.T("fees.payment.name", "Number", p.ID), paymentHref(p.ID)), ui.Text(t.ShortDate(p.ReceivedOn)), {Text: Method(t, p.Method), Note: p.Reference},
			ui.Text(t.Money(p.AmountCents, a.Currency)), paymentState(t, p),
		})
	}
	return table
}

func paymentState(t *i18n.Texts, p fees.PaymentLine) ui.Cell {
	if p.Reversal != nil {
		return ui.BadgeCell(ui.No, t.T("fees.payment.reversed"))
	}
	return ui.BadgeCell(ui.Yes, t.T("fees.payment.booked"))
}

// Method names how money came in.
func Method(t *i18n.Texts, m models.PaymentMethod) string { return t.T("fees.method." + string(m)) }

func waivers(t *i18n.Texts, a fees.Account) ui.Table {
	table := ui.Table{
		Caption: t.T("fees.waivers.title"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("fees.word.period")}, {Label: t.T("ui.word.reason")}, {Label: t.T("ui.word.state")}},
	}
	for _, w := range a.Waivers {
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(t.Span(w.FromOn, w.UntilOn)), ui.Text(w.Reason), waiverState(t, w.Covers(a.Today), a.Today.Before(w.FromOn))})
	}
	return table
}

func waiverState(t *i18n.Texts, runs, coming bool) ui.Cell {
	switch {
	case runs:
		return ui.BadgeCell(ui.Yes, t.T("fees.waiver.runs"))
	case coming:
		return ui.BadgeCell(ui.Wait, t.T("fees.waiver.coming"))
	}
	return ui.BadgeCell(ui.Plain, t.T("fees.waiver.ended"))
}

// CaseText says in a sentence what a case's state means and until when something can be done.
func CaseText(t *i18n.Texts, c fees.Case) string {
	var day any = ""
	key := "fees.case.text." + string(c.State)
	switch {
	case c.OwedAgain:
		key, day = "fees.case.text.owed_again", c.Dated.PaidOn
	case c.Deadline != nil:
		day = c.Deadline.On
	case c.Notify != "":
		key += "_untold"
	case c.State == arrears.StateToDecide && c.HearingUntil.IsZero():
		key += "_untold"
	case c.State == arrears.StateToDecide:
		day = c.HearingUntil
	case c.ClosedAt != nil:
		day = c.Dated.ClosedOn(c.Today, c.Rules)
	}
	return t.T(key, "Day", day)
}
