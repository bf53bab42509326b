package fees

import (
	"strconv"

	"socia/app/fees"
	"socia/app/ledger"
	"socia/core/arrears"
	"socia/core/dues"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

func memberHref(m models.MemberID) string { return "/fees/members/" + id(m) }

func caseHref(c models.ArrearsCaseID) string { return "/fees/cases/" + id(c) }

func paymentHref(p models.PaymentID) string { return "/payments/" + id(p) }

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// Named is a member's name with the number that tells namesakes apart.
func Named(t *i18n.Texts, m models.Member) string {
	return t.T("fees.member.named", "Name", m.Name, "Number", m.Number)
}

// Debtors is the table of who owes, with the sum of the whole list in its foot.
func Debtors(t *i18n.Texts, page fees.DebtorPage) ui.Table {
	classes := map[models.MemberClassID]string{}
	for _, c := range page.Classes {
		classes[c.ID] = c.Name(t.Lang())
	}
	table := ui.Table{
		Caption: t.T("fees.overview.list"),
		Columns: []ui.Column{{Label: t.T("fees.word.member")}, {Label: t.T("fees.word.class")}, {Label: t.T("fees.word.charges"), Num: true}, {Label: t.T("fees.word.owes"), Num: true}, {Label: t.T("fees.word.oldest_due")}, {Label: t.T("ui.word.state")}},
		Empty:   &ui.Empty{Title: t.T("fees.overview.nobody"), Text: t.T("fees.overview.nobody_text")},
	}
	for _, d := range page.Rows {
		state := ui.BadgeCell(DebtorState(t, d.State))
		if d.CaseID != 0 {
			state.Note = t.T("fees.overview.with_case")
		}
		table.Rows = append(table.Rows, []ui.Cell{
			{Text: d.Name, Href: memberHref(d.MemberID), Note: t.T("fees.member.number", "Number", d.Number)}, ui.Text(classes[d.ClassID]), ui.Text(t.Number(d.Charges)),
			ui.Text(t.Money(d.OwedCents, page.Currency)), ui.Text(t.ShortDate(d.OldestDueOn)), state,
		})
	}
	if len(table.Rows) > 0 {
		table.Foot = []ui.Cell{ui.Text(t.N("fees.overview.all", int(page.Members))), {}, {}, ui.Text(t.Money(page.Cents, page.Currency)), {}, {}}
	}
	return table
}

// DebtorState says how late somebody is.
func DebtorState(t *i18n.Texts, s dues.State) (ui.Kind, string) {
	switch s {
	case dues.Overdue:
		return ui.No, t.T("fees.charge.overdue")
	case dues.InGrace:
		return ui.Wait, t.T("fees.charge.in_grace")
	case dues.Current:
	}
	return ui.Plain, t.T("fees.charge.open")
}

// Totals are the figures above the treasurer's overview.
func Totals(t *i18n.Texts, f fees.Totals) []ui.Stat {
	return []ui.Stat{
		{Label: t.T("fees.stat.late"), Value: t.Money(f.LateCents, f.Currency), Note: t.N("fees.stat.members", int(f.LateMembers))},
		{Label: t.T("fees.stat.open"), Value: t.Money(f.OpenCents, f.Currency)},
		{Label: t.T("fees.stat.received", "Month", t.MonthYear(f.Today.Year, f.Today.Month)), Value: t.Money(f.ReceivedCents, f.Currency), Href: "/payments"},
		{Label: t.T("fees.stat.advances"), Value: t.Money(f.AdvanceCents, f.Currency)},
		{Label: t.T("fees.stat.unsubscribed"), Value: t.Number(f.Unsubscribed), Href: "/fees/unsubscribed"},
	}
}

// Unsubscribed is the table of who has not chosen a fee.
func Unsubscribed(t *i18n.Texts, members []models.Member) ui.Table {
	table := ui.Table{
		Caption: t.T("fees.stat.unsubscribed"), HideCaption: true, Columns: []ui.Column{{Label: t.T("fees.word.member")}, {Label: t.T("fees.unsubscribed.joined")}},
		Empty: &ui.Empty{Title: t.T("fees.overview.nobody"), Text: t.T("fees.unsubscribed.nobody")},
	}
	for _, m := range members {
		table.Rows = append(table.Rows, []ui.Cell{{Text: m.Name, Href: memberHref(m.ID), Note: t.T("fees.member.number", "Number", m.Number)}, ui.Text(t.ShortDate(m.JoinedOn))})
	}
	return table
}

// Payments is the table of payments, the one recorded last first.
func Payments(t *i18n.Texts, page fees.PaymentPage) ui.Table {
	table := ui.Table{
		Caption: t.T("fees.payments.title"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("fees.word.payment")}, {Label: t.T("fees.word.member")}, {Label: t.T("fees.word.received_on")}, {Label: t.T("fees.word.method")}, {Label: t.T("ui.word.amount"), Num: true}, {Label: t.T("ui.word.state")}},
		Empty:   &ui.Empty{Title: t.T("fees.payments.none")},
	}
	for _, p := range page.Rows {
		table.Rows = append(table.Rows, []ui.Cell{
			ui.LinkCell(id(p.ID), paymentHref(p.ID)), ui.LinkCell(Named(t, p.Member), memberHref(p.MemberID)), ui.Text(t.ShortDate(p.ReceivedOn)),
			{Text: Method(t, p.Method), Note: p.Reference}, ui.Text(t.Money(p.AmountCents, page.Currency)), paymentState(t, p.PaymentLine),
		})
	}
	return table
}

// Settles is the table of what a payment settles, and what is left as an advance.
func Settles(t *i18n.Texts, currency string, r fees.Receipt) ui.Table {
	table := ui.Table{
		Caption: t.T("fees.payment.settles"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("fees.word.charge")}, {Label: t.T("ui.word.amount"), Num: true}, {Label: t.T("fees.word.then")}},
		Empty:   &ui.Empty{Title: t.T("fees.payment.settles_nothing")},
	}
	for _, s := range r.Settles {
		then := ui.BadgeCell(ui.Yes, t.T("fees.charge.paid"))
		if s.LacksCents > 0 {
			then = ui.BadgeCell(ui.Wait, t.T("fees.charge.lacks", "Amount", t.Money(s.LacksCents, currency)))
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(Period(t, s.Charge)), ui.Text(t.Money(s.AmountCents, currency)), then})
	}
	if r.AdvanceCents > 0 {
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(t.T("fees.payment.advance")), ui.Text(t.Money(r.AdvanceCents, currency)), ui.Text(t.T("fees.payment.advance_then"))})
	}
	return table
}

// Entries is the table of the journal's lines.
func Entries(t *i18n.Texts, lines []ledger.Line) ui.Table {
	table := ui.Table{
		Caption: t.T("fees.payment.entries"), HideCaption: true, Keep: true, NoRowHead: true,
		Columns: []ui.Column{{Label: t.T("fees.word.entry")}, {Label: t.T("fees.word.account")}, {Label: t.T("fees.word.debit"), Num: true}, {Label: t.T("fees.word.credit"), Num: true}},
	}
	for _, l := range lines {
		for i, p := range l.Postings {
			entry := ui.Cell{}
			if i == 0 {
				entry = ui.Cell{Text: t.T("fees.entry.name", "Number", l.Entry.Number), Note: t.ShortDate(l.Entry.BookedOn)}
			}
			debit, credit := sides(t, p.AmountCents)
			table.Rows = append(table.Rows, []ui.Cell{entry, ui.Text(p.Account.Code + " " + p.Account.Name(t.Lang())), debit, credit})
		}
	}
	return table
}

func sides(t *i18n.Texts, cents int64) (debit, credit ui.Cell) {
	if cents > 0 {
		return ui.Text(t.Amount(cents)), ui.Cell{}
	}
	return ui.Cell{}, ui.Text(t.Amount(-cents))
}

// Plans is the table of plans with the price in force.
func Plans(t *i18n.Texts, currency string, plans []fees.PlanPrices) ui.Table {
	table := ui.Table{
		Caption: t.T("fees.plans.title"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("fees.word.plan")}, {Label: t.T("fees.word.class")}, {Label: t.T("fees.word.every")}, {Label: t.T("fees.word.suggested"), Num: true}, {Label: t.T("fees.word.range")}, {Label: t.T("ui.word.state")}},
		Empty:   &ui.Empty{Title: t.T("fees.plans.none"), Text: t.T("fees.plans.none_text")},
	}
	for _, p := range plans {
		state := ui.BadgeCell(ui.Yes, t.T("fees.plan.in_use"))
		if p.Plan.ArchivedAt != nil {
			state = ui.BadgeCell(ui.Plain, t.T("fees.plan.archived"))
		}
		suggested, span := "–", "–"
		if price, ok := p.Current(); ok {
			suggested, span = t.Money(price.SuggestedCents, currency), Range(t, currency, price)
		}
		table.Rows = append(table.Rows, []ui.Cell{
			ui.LinkCell(p.Plan.Name, "/fees/plans/"+id(p.Plan.ID)), ui.Text(p.Class.Name(t.Lang())), ui.Text(t.T("fees.every." + p.Plan.Every)), ui.Text(suggested), ui.Text(span), state,
		})
	}
	return table
}

// Range says between which amounts a price lets choose.
func Range(t *i18n.Texts, currency string, p models.Price) string {
	switch {
	case p.MaxCents == 0:
		return t.T("fees.range.from", "Min", t.Money(p.MinCents, currency))
	case p.MinCents == p.MaxCents:
		return t.T("fees.range.fixed", "Amount", t.Money(p.MinCents, currency))
	}
	return t.T("fees.range.between", "Min", t.Money(p.MinCents, currency), "Max", t.Money(p.MaxCents, currency))
}

// Prices is the table of a plan's prices, the newest first.
func Prices(t *i18n.Texts, currency string, p fees.PlanPrices) ui.Table {
	table := ui.Table{
		Caption: t.T("fees.plan.prices"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("fees.word.valid_from")}, {Label: t.T("fees.word.min"), Num: true}, {Label: t.T("fees.word.suggested"), Num: true}, {Label: t.T("fees.word.max"), Num: true}, {Label: t.T("fees.word.resolution")}},
	}
	for _, price := range p.Prices {
		most := t.T("fees.range.no_max")
		if price.MaxCents > 0 {
			most = t.Money(price.MaxCents, currency)
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(t.ShortDate(price.ValidFrom)), ui.Text(t.Money(price.MinCents, currency)), ui.Text(t.Money(price.SuggestedCents, currency)), ui.Text(most), ui.Text(price.Resolution)})
	}
	return table
}

// Waivers is the table of everybody's waivers.
func Waivers(t *i18n.Texts, lines []fees.WaiverLine) ui.Table {
	table := ui.Table{
		Caption: t.T("fees.waivers.title"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("fees.word.member")}, {Label: t.T("fees.word.period")}, {Label: t.T("ui.word.reason")}, {Label: t.T("ui.word.state")}},
		Empty:   &ui.Empty{Title: t.T("fees.waivers.none"), Text: t.T("fees.waivers.none_text")},
	}
	for _, w := range lines {
		table.Rows = append(table.Rows, []ui.Cell{ui.LinkCell(Named(t, w.Member), memberHref(w.MemberID)), ui.Text(t.Span(w.FromOn, w.UntilOn)), ui.Text(w.Reason), waiverState(t, w.Runs, w.Coming)})
	}
	return table
}

// Cases is a table of arrears cases; without any it says so when there is something to say.
func Cases(t *i18n.Texts, caption string, cases []fees.Case, empty *ui.Empty) ui.Table {
	table := ui.Table{
		Caption: caption, Empty: empty,
		Columns: []ui.Column{{Label: t.T("fees.word.member")}, {Label: t.T("fees.case.opened_on")}, {Label: t.T("ui.word.state")}, {Label: t.T("fees.case.next")}},
	}
	for _, c := range cases {
		next := "–"
		if c.Deadline != nil {
			next = t.T("fees.case.clock."+string(c.Deadline.Clock), "Day", t.ShortDate(c.Deadline.On))
		} else if c.Notify != "" {
			next = t.T("fees.case.clock.tell")
		} else if c.State == arrears.StateToDecide {
			next = t.T("fees.case.clock.decide")
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.LinkCell(Named(t, c.Member), caseHref(c.ID)), ui.Text(t.ShortDate(c.OpenedOn)), ui.BadgeCell(caseKind(c), caseWord(t, c)), ui.Text(next)})
	}
	return table
}

// caseWord names where a case stands; one whose payment was reversed is closed, and its debt is there again.
func caseWord(t *i18n.Texts, c fees.Case) string {
	if c.OwedAgain {
		return t.T("fees.case.owed_again")
	}
	return t.T("fees.case.state." + string(c.State))
}

func caseKind(c fees.Case) ui.Kind {
	switch {
	case c.State.Suspends():
		return ui.No
	case c.State.Closed() && !c.OwedAgain:
		return ui.Yes
	}
	return ui.Wait
}
