package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io"
	"iter"
	"strconv"

	"socia/app/identity"
	"socia/core/books"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/money"
	"socia/models"
	"socia/platform/db"
)

// Format is how a journal is written.
type Format string

// The formats of a journal.
const (
	CSV     Format = "csv"
	Hledger Format = "hledger"
)

// ParseFormat reads the name of a format.
func ParseFormat(name string) (Format, error) {
	switch f := Format(name); f {
	case CSV, Hledger:
		return f, nil
	}
	return "", fault.Invalid("format", "books.format_unknown")
}

// Journal says which part of the books to write, and how. A zero day leaves that end open.
type Journal struct {
	Format   Format
	From, To civil.Date
	Language string
	// Header replaces the names of the CSV's columns (books.CSVColumns) by as many; nil keeps them.
	Header []string
	// Words replaces the CSV's words for the kinds of entries and for what they come from ("charge"); those that it
	// lacks stay. hledger's journal keeps its own.
	Words map[string]string
}

// Export writes the journal for whoever may read the books.
func (s *Service) Export(ctx context.Context, by identity.Actor, w io.Writer, j Journal) error {
	if err := by.Require(readers...); err != nil {
		return err
	}
	return s.Write(ctx, w, j)
}

// Write writes the journal of both days and between, as one consistent state and entry by entry. It asks nobody's
// permission: it is for the command line, whose user already holds the database.
func (s *Service) Write(ctx context.Context, w io.Writer, j Journal) error {
	if err := checkSpan(j.From, j.To); err != nil {
		return err
	}
	return s.db.Snapshot(ctx, func(tx *db.Tx) error {
		accounts, err := chartTx(tx)
		if err != nil {
			return err
		}
		currency, err := currencyTx(tx)
		if err != nil {
			return err
		}
		entries := EntriesTx(ctx, tx, j.From, j.To)
		switch j.Format {
		case CSV:
			return books.WriteCSV(w, chart(accounts), currency, worded(entries, j.Words), j.Language, j.Header)
		case Hledger:
			return books.WriteHledger(w, chart(accounts), currency, entries, j.Language)
		}
		return fault.Invalid("format", "books.format_unknown")
	})
}

// worded says the kinds of entries and their sources in a language's words.
func worded(entries iter.Seq2[books.Entry, error], words map[string]string) iter.Seq2[books.Entry, error] {
	return func(yield func(books.Entry, error) bool) {
		for e, err := range entries {
			e.Kind, e.Source = cmp.Or(words[e.Kind], e.Kind), cmp.Or(words[e.Source], e.Source)
			if !yield(e, err) {
				return
			}
		}
	}
}

func checkSpan(from, to civil.Date) error {
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		return fault.Invalid("to", "books.ends_before_it_begins")
	}
	return nil
}

func chart(rows []models.LedgerAccount) []books.Account {
	all := make([]books.Account, len(rows))
	for i, a := range rows {
		all[i] = books.Account{Code: a.Code, Kind: books.AccountKind(a.Kind), NameCA: a.NameCA, NameES: a.NameES, NameEN: a.NameEN}
	}
	return all
}

// The first and last day that both databases compare as text and as a date.
var (
	dawn = civil.New(1, 1, 1)
	dusk = civil.New(9999, 12, 31)
)

func span(from, to civil.Date) (civil.Date, civil.Date) {
	if from.IsZero() {
		from = dawn
	}
	if to.IsZero() {
		to = dusk
	}
	return from, to
}

// EntriesTx reads the entries booked from one day to another, both included, by day and number. It reads them
// one by one, so that memory does not grow with the books; a zero day leaves that end open.
func EntriesTx(ctx context.Context, tx *db.Tx, from, to civil.Date) iter.Seq2[books.Entry, error] {
	from, to = span(from, to)
	return func(yield func(books.Entry, error) bool) {
		rows, err := tx.DB.WithContext(ctx).Raw(`
			SELECT e.number, e.booked_on, e.kind, e.source, e.source_id, e.description, COALESCE(r.number, 0),
			       p.account_code, p.amount_cents, COALESCE(m.number, 0)
			FROM ledger_entries e
			JOIN postings p ON p.entry_id = e.id
			LEFT JOIN ledger_entries r ON r.id = e.reverses_id
			LEFT JOIN members m ON m.id = p.member_id
			WHERE e.booked_on >= ? AND e.booked_on <= ?
			ORDER BY e.booked_on, e.number, p.id`, from, to).Rows()
		if err != nil {
			yield(books.Entry{}, fmt.Errorf("read the journal: %w", err))
			return
		}
		defer func() { _ = rows.Close() }()
		stream(rows, yield)
	}
}

// stream puts the lines of each entry together.
func stream(rows *sql.Rows, yield func(books.Entry, error) bool) {
	var entry books.Entry
	for rows.Next() {
		line, posting, err := scanLine(rows)
		if err != nil {
			yield(books.Entry{}, fmt.Errorf("read the journal: %w", err))
			return
		}
		if line.Number != entry.Number {
			if entry.Number != 0 && !yield(entry, nil) {
				return
			}
			entry = line
		}
		entry.Postings = append(entry.Postings, posting)
	}
	if err := rows.Err(); err != nil {
		yield(books.Entry{}, fmt.Errorf("read the journal: %w", err))
		return
	}
	if entry.Number != 0 {
		yield(entry, nil)
	}
}

func scanLine(rows *sql.Rows) (e books.Entry, p books.Posting, err error) {
	var source, amount int64
	err = rows.Scan(&e.Number, &e.On, &e.Kind, &e.Source, &source, &e.Description, &e.Reverses, &p.Account, &amount, &p.Member)
	e.SourceID = strconv.FormatInt(source, 10)
	p.AmountCents = money.Cents(amount)
	return e, p, err
}

// Line is an entry as a page shows it.
type Line struct {
	Entry    models.LedgerEntry
	Reverses int64 // the number of the entry that it undoes, 0 for none
	Postings []PostingLine
}

// PostingLine is a posting with the names of its account and the number of its member, 0 for none.
type PostingLine struct {
	Account      models.LedgerAccount
	AmountCents  int64
	MemberNumber int64
}

// Page is a part of the journal, newest entry first. Next is the number to go on before, 0 at the end.
type Page struct {
	Lines []Line
	Next  int64
}

// Journal reads a page of the entries booked between two days, newest number first, below a number (0: from the top).
func (s *Service) Journal(ctx context.Context, by identity.Actor, from, to civil.Date, before int64, limit int) (page Page, err error) {
	if err := by.Require(readers...); err != nil {
		return Page{}, err
	}
	if err := checkSpan(from, to); err != nil {
		return Page{}, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		first, last := span(from, to)
		query := tx.DB.Where("booked_on >= ? AND booked_on <= ?", first, last)
		if before > 0 {
			query = query.Where("number < ?", before)
		}
		var entries []models.LedgerEntry
		if err := query.Order("number DESC").Limit(limit + 1).Find(&entries).Error; err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		if len(entries) > limit {
			entries = entries[:limit]
			page.Next = entries[limit-1].Number
		}
		page.Lines, err = linesTx(tx, entries)
		return err
	})
	return page, err
}

// OfThingTx lists the entries that a thing made and their reversals, in order of number.
func OfThingTx(tx *db.Tx, source string, id int64) ([]Line, error) {
	var entries []models.LedgerEntry
	own := tx.DB.Model(&models.LedgerEntry{}).Select("id").Where("source = ? AND source_id = ?", source, id)
	if err := tx.DB.Where("source = ? AND source_id = ?", source, id).Or("reverses_id IN (?)", own).
		Order("number").Limit(200).Find(&entries).Error; err != nil {
		return nil, fmt.Errorf("read the entries of %s %d: %w", source, id, err)
	}
	return linesTx(tx, entries)
}

// linesTx adds to entries what their lines show, in four queries.
func linesTx(tx *db.Tx, entries []models.LedgerEntry) ([]Line, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	var ids, undone []models.LedgerEntryID
	for _, e := range entries {
		ids = append(ids, e.ID)
		if e.ReversesID != nil {
			undone = append(undone, *e.ReversesID)
		}
	}
	postings, err := postingsTx(tx, ids)
	if err != nil {
		return nil, err
	}
	names, err := namesTx(tx, postings, undone)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(entries))
	for i, e := range entries {
		lines[i] = names.line(e, postings[e.ID])
	}
	return lines, nil
}

// names is what rows of the journal refer to.
type names struct {
	accounts map[string]models.LedgerAccount
	members  map[models.MemberID]int64
	numbers  map[models.LedgerEntryID]int64
}

func namesTx(tx *db.Tx, postings map[models.LedgerEntryID][]models.Posting, undone []models.LedgerEntryID) (names, error) {
	n := names{accounts: map[string]models.LedgerAccount{}, members: map[models.MemberID]int64{}, numbers: map[models.LedgerEntryID]int64{}}
	accounts, err := chartTx(tx)
	if err != nil {
		return n, err
	}
	for _, a := range accounts {
		n.accounts[a.Code] = a
	}
	var ids []models.MemberID
	for _, of := range postings {
		for _, p := range of {
			if p.MemberID != nil {
				ids = append(ids, *p.MemberID)
			}
		}
	}
	var members []models.Member
	if err := tx.DB.Select("id", "number").Where("id IN ?", ids).Find(&members).Error; err != nil {
		return n, fmt.Errorf("read members' numbers: %w", err)
	}
	for _, m := range members {
		n.members[m.ID] = m.Number
	}
	var entries []models.LedgerEntry
	if err := tx.DB.Select("id", "number").Where("id IN ?", undone).Find(&entries).Error; err != nil {
		return n, fmt.Errorf("read entries' numbers: %w", err)
	}
	for _, e := range entries {
		n.numbers[e.ID] = e.Number
	}
	return n, nil
}

func (n names) line(e models.LedgerEntry, postings []models.Posting) Line {
	line := Line{Entry: e}
	if e.ReversesID != nil {
		line.Reverses = n.numbers[*e.ReversesID]
	}
	for _, p := range postings {
		posting := PostingLine{Account: n.accounts[p.AccountCode], AmountCents: p.AmountCents}
		if p.MemberID != nil {
			posting.MemberNumber = n.members[*p.MemberID]
		}
		line.Postings = append(line.Postings, posting)
	}
	return line
}
