package fees

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"socia/app/identity"
	"socia/app/ledger"
	"socia/core/books"
	"socia/core/civil"
	"socia/core/dues"
	"socia/core/fault"
	"socia/core/money"
	"socia/models"
	"socia/platform/db"
)

func cents(n int64) money.Cents { return money.Cents(n) }

// Debtors says whom to list: everybody who owes something, or only who is late.
type Debtors string

// The lists of debtors.
const (
	DebtorsLate    Debtors = "late"    // something is past its due day
	DebtorsOverdue Debtors = "overdue" // something is past the days of grace
	DebtorsAll     Debtors = "all"     // something is open, due or not
)

// ParseDebtors reads a list's name; the empty one is DebtorsLate.
func ParseDebtors(name string) (Debtors, error) {
	switch d := Debtors(name); d {
	case "":
		return DebtorsLate, nil
	case DebtorsLate, DebtorsOverdue, DebtorsAll:
		return d, nil
	}
	return "", fault.Invalid("who", "fees.list_unknown")
}

// Filter narrows the list of who owes. Search finds a member's number, or a part of their name.
type Filter struct {
	Who     Debtors
	ClassID models.MemberClassID // 0: all
	Search  string
}

// Cursor is where a page of debtors ended: they come by the oldest due day, then by member.
type Cursor struct {
	OldestDueOn civil.Date
	Member      models.MemberID
}

// IsZero says whether the list begins at its top.
func (c Cursor) IsZero() bool { return c.Member == 0 }

// String writes a cursor for an address: "2026-01-31.17".
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	return c.OldestDueOn.String() + "." + strconv.FormatInt(int64(c.Member), 10)
}

// ParseCursor reads what String writes: ParseCursor(c.String()) == c.
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	day, member, _ := strings.Cut(text, ".")
	on, err := civil.Parse(day)
	id, err2 := strconv.ParseInt(member, 10, 64)
	if err != nil || err2 != nil || id < 1 {
		return Cursor{}, fault.Invalid("after", "fees.page_unknown")
	}
	return Cursor{OldestDueOn: on, Member: models.MemberID(id)}, nil
}

// Debtor is a member who owes something.
type Debtor struct {
	MemberID    models.MemberID
	Number      int64
	Name        string
	ClassID     models.MemberClassID
	OwedCents   int64
	Charges     int64
	OldestDueOn civil.Date
	State       dues.State           // of the oldest charge, today
	CaseID      models.ArrearsCaseID // the open case, 0 for none
}

// DebtorPage is a part of the list. Next is where the next one begins, zero at the end.
type DebtorPage struct {
	Rows     []Debtor
	Next     Cursor
	Members  int64 // in the whole list
	Cents    int64 // in the whole list
	Classes  []models.MemberClass
	Currency string
}

// Overdue lists who owes, the oldest debt first.
func (s *Service) Overdue(ctx context.Context, by identity.Actor, f Filter, after Cursor, limit int) (page DebtorPage, err error) {
	if err := by.Require(readers...); err != nil {
		return page, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		q, err := debtorsTx(tx, f)
		if err != nil {
			return err
		}
		if page.Rows, err = q.pageTx(tx, after, limit+1); err != nil {
			return err
		}
		if len(page.Rows) > limit {
			page.Rows = page.Rows[:limit]
			last := page.Rows[limit-1]
			page.Next = Cursor{OldestDueOn: last.OldestDueOn, Member: last.MemberID}
		}
		page.Currency = q.currency
		if page.Classes, err = classListTx(tx); err != nil {
			return err
		}
		return q.sumTx(tx, &page)
	})
	return page, err
}

// debtorQuery is the list of debtors as SQL: what it selects from, and its values.
type debtorQuery struct {
	from     string
	values   []any
	today    civil.Date
	grace    int
	currency string
}

func debtorsTx(tx *db.Tx, f Filter) (q debtorQuery, err error) {
	today, coop, err := identity.TodayTx(tx)
	if err != nil {
		return q, err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return q, err
	}
	q = debtorQuery{today: today, grace: statutes.Body.Arrears.GraceDays, currency: coop.Currency}
	due := today
	switch f.Who {
	case DebtorsAll:
		due = civil.New(9999, 12, 31)
	case DebtorsOverdue:
		due = today.AddDays(-q.grace)
	case DebtorsLate, "":
	}
	where := "c.settled_at IS NULL"
	if f.ClassID != 0 {
		where += " AND m.class_id = ?"
		q.values = append(q.values, f.ClassID)
	}
	if search := strings.TrimSpace(f.Search); search != "" {
		condition, value := matches(search)
		where += " AND " + condition
		q.values = append(q.values, value)
	}
	q.from = `
		FROM (SELECT m.id AS member_id, m.number, m.name, m.class_id, COUNT(*) AS charges, MIN(c.due_on) AS oldest_due_on,
		        CAST(SUM(c.amount_cents - COALESCE((SELECT SUM(a.amount_cents) FROM allocations a WHERE a.charge_id = c.id), 0)) AS BIGINT) AS owed_cents
		      FROM charges c JOIN members m ON m.id = c.member_id
		      WHERE ` + where + ` GROUP BY m.id, m.number, m.name, m.class_id HAVING MIN(c.due_on) < ?) debtors`
	q.values = append(q.values, due)
	return q, nil
}

// matches finds a member by number when the search is one, else by a part of the name, whatever its case.
// Both databases fold only what they know, so the name is searched as typed and folded.
func matches(search string) (condition string, value any) {
	if n, err := strconv.ParseInt(search, 10, 64); err == nil {
		return "m.number = ?", n
	}
	escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(search))
	return `LOWER(m.name) LIKE ? ESCAPE '\'`, "%" + escaped + "%"
}

func (q debtorQuery) pageTx(tx *db.Tx, after Cursor, limit int) (rows []Debtor, err error) {
	values := slices.Clone(q.values)
	where := ""
	if !after.IsZero() {
		where = " WHERE oldest_due_on > ? OR (oldest_due_on = ? AND member_id > ?)"
		values = append(values, after.OldestDueOn, after.OldestDueOn, after.Member)
	}
	if err := tx.DB.Raw("SELECT *"+q.from+where+" ORDER BY oldest_due_on, member_id LIMIT ?", append(values, limit)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read who owes: %w", err)
	}
	var open []models.ArrearsCase
	who := ids(rows, func(d Debtor) models.MemberID { return d.MemberID })
	if err := tx.DB.Select("id", "member_id").Where("member_id IN ? AND closed_at IS NULL", who).Find(&open).Error; err != nil {
		return nil, fmt.Errorf("read open cases: %w", err)
	}
	for i := range rows {
		rows[i].State = dues.StateOf(rows[i].OldestDueOn, cents(rows[i].OwedCents), q.grace, q.today)
		for _, c := range open {
			if c.MemberID == rows[i].MemberID {
				rows[i].CaseID = c.ID
			}
		}
	}
	return rows, nil
}

func (q debtorQuery) sumTx(tx *db.Tx, page *DebtorPage) error {
	var sum struct{ Members, Cents int64 }
	if err := tx.DB.Raw("SELECT COUNT(*) AS members, CAST(COALESCE(SUM(owed_cents), 0) AS BIGINT) AS cents"+q.from, q.values...).Scan(&sum).Error; err != nil {
		return fmt.Errorf("sum what is owed: %w", err)
	}
	page.Members, page.Cents = sum.Members, sum.Cents
	return nil
}

// exportAtOnce is how many debtors one query of an export reads.
const exportAtOnce = 1000

// ExportOverdue writes the whole list as CSV: one row per member, cells that a spreadsheet would run defused.
// header replaces the column names; nil keeps them.
func (s *Service) ExportOverdue(ctx context.Context, by identity.Actor, f Filter, w io.Writer, header []string) error {
	if err := by.Require(readers...); err != nil {
		return err
	}
	if header == nil {
		header = DebtorColumns()
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(books.Defused(header...)); err != nil {
		return err
	}
	err := s.db.Snapshot(ctx, func(tx *db.Tx) error {
		q, err := debtorsTx(tx, f)
		if err != nil {
			return err
		}
		for after := (Cursor{}); ; {
			rows, err := q.pageTx(tx, after, exportAtOnce)
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, d := range rows {
				if err := out.Write(d.cells(q.currency)); err != nil {
					return err
				}
			}
			last := rows[len(rows)-1]
			after = Cursor{OldestDueOn: last.OldestDueOn, Member: last.MemberID}
		}
	})
	out.Flush()
	if err != nil {
		return err
	}
	return out.Error()
}

// DebtorColumns are the columns of ExportOverdue.
func DebtorColumns() []string {
	return []string{"member", "name", "charges", "owed", "currency", "oldest_due", "state"}
}

func (d Debtor) cells(currency string) []string {
	return []string{
		strconv.FormatInt(d.Number, 10), books.Defused(d.Name)[0], strconv.FormatInt(d.Charges, 10),
		cents(d.OwedCents).String(), currency, d.OldestDueOn.String(), string(d.State),
	}
}

// Totals are the figures over the treasurer's overview.
type Totals struct {
	Currency         string
	Today            civil.Date
	OpenCents        int64 // everything owed, due or not
	LateCents        int64 // what of it is past its due day
	LateMembers      int64
	AdvanceCents     int64
	ReceivedCents    int64 // payments received this calendar month, not reversed
	Unsubscribed     int64 // active members of a class with plans, without a subscription
	OpenCases        int64
	CasesToDecide    int64 // the hearing is over, or the member has answered
	AppealsToAnswer  int64
	RunningWaivers   int64
	ChargedThroughOn civil.Date // the latest period begun that was charged; zero: nothing was
}

// Totals sums the treasurer's overview.
func (s *Service) Totals(ctx context.Context, by identity.Actor) (t Totals, err error) {
	if err := by.Require(readers...); err != nil {
		return t, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		today, coop, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		t.Today, t.Currency = today, coop.Currency
		if err := t.sumsTx(tx); err != nil {
			return err
		}
		return t.casesTx(tx)
	})
	return t, err
}

func (t *Totals) sumsTx(tx *db.Tx) error {
	month := civil.New(t.Today.Year, t.Today.Month, 1)
	err := tx.DB.Raw(`
		SELECT CAST(COALESCE(SUM(owed), 0) AS BIGINT) AS open_cents,
		       CAST(COALESCE(SUM(CASE WHEN due_on < ? THEN owed END), 0) AS BIGINT) AS late_cents,
		       COUNT(DISTINCT CASE WHEN due_on < ? THEN member_id END) AS late_members
		FROM (SELECT c.member_id, c.due_on, c.amount_cents - COALESCE((SELECT SUM(a.amount_cents) FROM allocations a WHERE a.charge_id = c.id), 0) AS owed
		      FROM charges c WHERE c.settled_at IS NULL) open_charges`, t.Today, t.Today).Scan(t).Error
	if err != nil {
		return fmt.Errorf("sum what is open: %w", err)
	}
	var rest struct {
		AdvanceCents, ReceivedCents, RunningWaivers, Unsubscribed int64
		ChargedThroughOn                                          civil.Date
	}
	err = tx.DB.Raw(`
		SELECT (SELECT CAST(-COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM postings WHERE account_code = ?) AS advance_cents,
		       (SELECT CAST(COALESCE(SUM(p.amount_cents), 0) AS BIGINT) FROM payments p WHERE p.received_on >= ?
		          AND NOT EXISTS (SELECT 1 FROM payment_reversals r WHERE r.payment_id = p.id)) AS received_cents,
		       (SELECT COUNT(*) FROM waivers WHERE from_on <= ? AND until_on >= ?) AS running_waivers,
		       (SELECT COUNT(*) FROM members m WHERE (m.left_on IS NULL OR m.left_on > ?)
		          AND EXISTS (SELECT 1 FROM fee_plans f WHERE f.class_id = m.class_id AND f.archived_at IS NULL)
		          AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.member_id = m.id AND s.ends_on IS NULL)) AS unsubscribed,
		       (SELECT MAX(period_start) FROM charges) AS charged_through_on`,
		books.AccountMembersAdvances, month, t.Today, t.Today, t.Today).Scan(&rest).Error
	if err != nil {
		return fmt.Errorf("sum the overview: %w", err)
	}
	t.AdvanceCents, t.ReceivedCents, t.RunningWaivers = rest.AdvanceCents, rest.ReceivedCents, rest.RunningWaivers
	t.Unsubscribed, t.ChargedThroughOn = rest.Unsubscribed, rest.ChargedThroughOn
	return nil
}

func (t *Totals) casesTx(tx *db.Tx) error {
	all, err := openCasesTx(tx)
	if err != nil {
		return err
	}
	t.OpenCases = int64(len(all))
	for _, c := range all {
		if c.MayDecide {
			t.CasesToDecide++
		}
		if c.MayAnswerAppeal {
			t.AppealsToAnswer++
		}
	}
	return nil
}

func classListTx(tx *db.Tx) ([]models.MemberClass, error) {
	var rows []models.MemberClass
	if err := tx.DB.Order("position, id").Limit(500).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read classes: %w", err)
	}
	return rows, nil
}

// Cases lists the cases that are open, the oldest first, and those that were closed last, at most 200 of each.
func (s *Service) Cases(ctx context.Context, by identity.Actor) (open, closed []Case, err error) {
	if err := by.Require(append(slices.Clone(readers), models.RoleFacilitator)...); err != nil {
		return nil, nil, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) (err error) {
		if open, err = openCasesTx(tx); err != nil {
			return err
		}
		var rows []models.ArrearsCase
		if err := tx.DB.Where("closed_at IS NOT NULL").Order("closed_at DESC, id DESC").Limit(casesMost).Find(&rows).Error; err != nil {
			return fmt.Errorf("read closed cases: %w", err)
		}
		closed, err = caseViewsTx(tx, rows)
		return err
	})
	return open, closed, err
}

const casesMost = 200

func openCasesTx(tx *db.Tx) ([]Case, error) {
	var rows []models.ArrearsCase
	if err := tx.DB.Where("closed_at IS NULL").Order("opened_on, id").Limit(casesMost).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read open cases: %w", err)
	}
	return caseViewsTx(tx, rows)
}

func caseViewsTx(tx *db.Tx, rows []models.ArrearsCase) ([]Case, error) {
	today, coop, err := identity.TodayTx(tx)
	if err != nil {
		return nil, err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return nil, err
	}
	members, err := membersTx(tx, ids(rows, func(c models.ArrearsCase) models.MemberID { return c.MemberID }))
	if err != nil {
		return nil, err
	}
	all := make([]Case, len(rows))
	for i, c := range rows {
		all[i] = caseView(c, today, coop.Location(), statutes.Body.Arrears)
		all[i].Member, all[i].Currency = members[c.MemberID], coop.Currency
	}
	return all, nil
}

func membersTx(tx *db.Tx, which []models.MemberID) (map[models.MemberID]models.Member, error) {
	var rows []models.Member
	if err := tx.DB.Where("id IN ?", which).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	of := make(map[models.MemberID]models.Member, len(rows))
	for _, m := range rows {
		of[m.ID] = m
	}
	return of, nil
}

// WaiverLine is a waiver with its member.
type WaiverLine struct {
	models.Waiver
	Member models.Member
	Runs   bool // today
}

// Waivers lists the waivers, those that end last first, at most 200.
func (s *Service) Waivers(ctx context.Context, by identity.Actor) (all []WaiverLine, err error) {
	if err := by.Require(readers...); err != nil {
		return nil, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		var rows []models.Waiver
		if err := tx.DB.Order("until_on DESC, id DESC").Limit(200).Find(&rows).Error; err != nil {
			return fmt.Errorf("read waivers: %w", err)
		}
		members, err := membersTx(tx, ids(rows, func(w models.Waiver) models.MemberID { return w.MemberID }))
		if err != nil {
			return err
		}
		for _, w := range rows {
			all = append(all, WaiverLine{Waiver: w, Member: members[w.MemberID], Runs: w.Covers(today)})
		}
		return nil
	})
	return all, err
}

// FindMembers finds members by number or a part of the name, by name, at most 20: for whom a payment is.
func (s *Service) FindMembers(ctx context.Context, by identity.Actor, search string) (all []models.Member, err error) {
	if err := by.Require(readers...); err != nil {
		return nil, err
	}
	search = strings.TrimSpace(search)
	if search == "" {
		return nil, nil
	}
	condition, value := matches(search)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Table("members AS m").Where(condition, value).Order("m.name, m.id").Limit(20).Find(&all).Error
	})
	return all, err
}

// PaymentPage is a part of the list of payments, newest first. Next is the id to go on before, 0 at the end.
type PaymentPage struct {
	Rows     []PaymentRow
	Next     models.PaymentID
	Currency string
}

// PaymentRow is a payment with its member and its reversal.
type PaymentRow struct {
	PaymentLine
	Member models.Member
}

// Payments lists the payments, the one recorded last first, below an id (0: from the top).
func (s *Service) Payments(ctx context.Context, by identity.Actor, before models.PaymentID, limit int) (page PaymentPage, err error) {
	if err := by.Require(readers...); err != nil {
		return page, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		coop, err := identity.CooperativeTx(tx)
		if err != nil {
			return err
		}
		page.Currency = coop.Currency
		query := tx.DB
		if before > 0 {
			query = query.Where("id < ?", before)
		}
		var rows []models.Payment
		if err := query.Order("id DESC").Limit(limit + 1).Find(&rows).Error; err != nil {
			return fmt.Errorf("read payments: %w", err)
		}
		if len(rows) > limit {
			rows = rows[:limit]
			page.Next = rows[limit-1].ID
		}
		page.Rows, err = paymentRowsTx(tx, rows)
		return err
	})
	return page, err
}

func paymentRowsTx(tx *db.Tx, rows []models.Payment) ([]PaymentRow, error) {
	lines, err := paymentLinesTx(tx, rows)
	if err != nil {
		return nil, err
	}
	members, err := membersTx(tx, ids(rows, func(p models.Payment) models.MemberID { return p.MemberID }))
	if err != nil {
		return nil, err
	}
	all := make([]PaymentRow, len(lines))
	for i, l := range lines {
		all[i] = PaymentRow{PaymentLine: l, Member: members[l.MemberID]}
	}
	return all, nil
}

// PaymentDetail is a payment with everything it did.
type PaymentDetail struct {
	Receipt
	Reversal *models.PaymentReversal
	Entries  []ledger.Line
	Currency string
}

// Payment is one payment, for its member and those who read the finances.
func (s *Service) Payment(ctx context.Context, by identity.Actor, id models.PaymentID) (d PaymentDetail, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		payment, err := takeTx[models.Payment](tx, id, "fees.no_such_payment")
		if err != nil {
			return err
		}
		if err := by.RequireActsFor(payment.MemberID, readers...); err != nil {
			return err
		}
		coop, err := identity.CooperativeTx(tx)
		if err != nil {
			return err
		}
		rows, err := paymentRowsTx(tx, []models.Payment{payment})
		if err != nil {
			return err
		}
		d.Payment, d.Member, d.Reversal, d.Currency = payment, rows[0].Member, rows[0].Reversal, coop.Currency
		if d.Settles, err = settledByTx(tx, id); err != nil {
			return err
		}
		if d.Reversal == nil {
			d.AdvanceCents = payment.AmountCents
			for _, s := range d.Settles {
				d.AdvanceCents -= s.AmountCents
			}
		}
		d.Entries, err = ledger.OfThingTx(tx, sourcePayment, int64(id))
		return err
	})
	return d, err
}

// settledByTx is what a payment has put to which charges, as it stands now.
func settledByTx(tx *db.Tx, id models.PaymentID) (all []Settles, err error) {
	var rows []struct {
		models.Charge
		PaidCents int64
		PartCents int64
	}
	if err := tx.DB.Raw(`
		SELECT c.*, CAST((SELECT SUM(a.amount_cents) FROM allocations a WHERE a.charge_id = c.id) AS BIGINT) AS paid_cents, parts.cents AS part_cents
		FROM (SELECT charge_id, CAST(SUM(amount_cents) AS BIGINT) AS cents FROM allocations WHERE payment_id = ? GROUP BY charge_id HAVING SUM(amount_cents) > 0) parts
		JOIN charges c ON c.id = parts.charge_id ORDER BY c.due_on, c.id`, id).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what payment %d settles: %w", id, err)
	}
	for _, r := range rows {
		all = append(all, Settles{Charge: r.Charge, AmountCents: r.PartCents, LacksCents: r.AmountCents - r.PaidCents})
	}
	return all, nil
}
