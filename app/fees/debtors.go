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
	"socia/app/members"
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

// matches finds a member by number when the search is one, else by a part of the name, whatever its case and accents.
func matches(search string) (condition string, value any) {
	if n, err := strconv.ParseInt(search, 10, 64); err == nil {
		return "m.number = ?", n
	}
	escaped := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(members.SortName(search))
	return "m.sort_name LIKE ? ESCAPE '!'", "%" + escaped + "%"
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
