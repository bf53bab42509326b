// Package ledger keeps the cooperative's books: it books balanced entries with numbers that have no gaps, undoes
// them by reversals, and reads them back as balances, a journal and exports. What entries fees and payments make
// is decided in core/books.
package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm/clause"

	"socia/core/books"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Service reads the books. Booking is done inside other subjects' acts, by BookTx and ReverseTx.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// readers may read the books; nobody writes in them by hand.
var readers = []models.Role{models.RoleTreasurer, models.RoleAuditor, models.RoleAdministrator}

// InstallChart puts the default chart of accounts into a database that lacks it.
func (s *Service) InstallChart(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return InstallChartTx(ctx, tx) })
}

// InstallChartTx adds the accounts of the default chart that are not there yet; it may run again at any time.
func InstallChartTx(_ context.Context, tx *db.Tx) error {
	var rows []models.LedgerAccount
	for _, a := range books.DefaultChart() {
		rows = append(rows, models.LedgerAccount{Code: a.Code, Kind: string(a.Kind), NameCA: a.NameCA, NameES: a.NameES, NameEN: a.NameEN})
	}
	if err := tx.DB.Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error; err != nil {
		return fmt.Errorf("install the chart of accounts: %w", err)
	}
	return nil
}

// Movement is an entry to book and whose balance it moves: the row id of the member, 0 for nobody's. The numbers
// of members that the entry itself may carry are not stored, they are read again when it is exported.
type Movement struct {
	Entry  books.Entry
	Member models.MemberID
}

// rowsAtOnce is how many rows one INSERT carries; SQLite takes 32,766 values at the most.
const rowsAtOnce = 1000

// BookTx books one entry. by is 0 when the software itself acts.
func BookTx(ctx context.Context, tx *db.Tx, by models.AccountID, m Movement) (models.LedgerEntry, error) {
	rows, err := BookAllTx(ctx, tx, by, []Movement{m})
	if err != nil {
		return models.LedgerEntry{}, err
	}
	return rows[0], nil
}

// BookAllTx books entries in the order given, in few queries however many they are. Each must balance
// (books.Balanced); one that was booked before, by its source, id and kind, is a fault.Conflict and books nothing.
// The numbers follow on without gaps: acts that book wait for each other from here to their commit.
func BookAllTx(ctx context.Context, tx *db.Tx, by models.AccountID, movements []Movement) ([]models.LedgerEntry, error) {
	if len(movements) == 0 {
		return nil, nil
	}
	rows := make([]models.LedgerEntry, len(movements))
	for i, m := range movements {
		row, err := entryRow(tx, by, m.Entry)
		if err != nil {
			return nil, err
		}
		rows[i] = row
	}
	if err := storeTx(tx, rows); err != nil {
		return nil, err
	}
	currency, err := currencyTx(tx)
	if err != nil {
		return nil, err
	}
	var postings []models.Posting
	for i, m := range movements {
		postings = append(postings, postingRows(rows[i].ID, m, currency)...)
	}
	if err := tx.DB.CreateInBatches(&postings, rowsAtOnce).Error; err != nil {
		return nil, fmt.Errorf("book postings: %w", err)
	}
	return rows, nil
}

func entryRow(tx *db.Tx, by models.AccountID, e books.Entry) (models.LedgerEntry, error) {
	if err := books.Balanced(e); err != nil {
		return models.LedgerEntry{}, fmt.Errorf("book %s of %s %s: %w", e.Kind, e.Source, e.SourceID, err)
	}
	if e.On.IsZero() {
		return models.LedgerEntry{}, fmt.Errorf("book %s of %s %s: %w", e.Kind, e.Source, e.SourceID, books.ErrNoDay)
	}
	source, err := strconv.ParseInt(e.SourceID, 10, 64)
	if err != nil {
		return models.LedgerEntry{}, fmt.Errorf("book %s of %s %q: the source's id is not a number", e.Kind, e.Source, e.SourceID)
	}
	return models.LedgerEntry{
		BookedOn: e.On, Kind: e.Kind, Source: e.Source, SourceID: source, Description: e.Description, ByID: accountID(by), At: tx.Now,
	}, nil
}

func postingRows(entry models.LedgerEntryID, m Movement, currency string) []models.Posting {
	var rows []models.Posting
	for _, p := range m.Entry.Postings {
		row := models.Posting{EntryID: entry, AccountCode: p.Account, AmountCents: int64(p.AmountCents), Currency: currency}
		if m.Member != 0 {
			row.MemberID = &m.Member
		}
		rows = append(rows, row)
	}
	return rows
}

// storeTx numbers the entries and stores them.
func storeTx(tx *db.Tx, rows []models.LedgerEntry) error {
	last, err := lastNumberTx(tx)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].Number = last + int64(i) + 1
	}
	if err := tx.DB.CreateInBatches(&rows, rowsAtOnce).Error; err != nil {
		if db.Duplicate(err) {
			return fault.Conflict("books.already_booked")
		}
		return fmt.Errorf("book entries: %w", err)
	}
	return nil
}

// numbering is the key of PostgreSQL's lock under which entries get their numbers. It is held until the act is
// committed, for a number that a later act has seen must not vanish with a rollback.
const numbering = 0x50C1A

// lastNumberTx is the highest number given, read while nobody else can give one. SQLite has one writer anyway.
func lastNumberTx(tx *db.Tx) (last int64, err error) {
	if tx.Flavor() == db.Postgres {
		if err := tx.DB.Exec("SELECT pg_advisory_xact_lock(?)", numbering).Error; err != nil {
			return 0, fmt.Errorf("lock the journal: %w", err)
		}
	}
	if err := tx.DB.Model(&models.LedgerEntry{}).Select("COALESCE(MAX(number), 0)").Scan(&last).Error; err != nil {
		return 0, fmt.Errorf("read the journal's last number: %w", err)
	}
	return last, nil
}

func currencyTx(tx *db.Tx) (currency string, err error) {
	var c models.Cooperative
	if err := tx.DB.Select("currency").Take(&c, 1).Error; err != nil {
		return "", fmt.Errorf("read the cooperative's currency: %w", err)
	}
	return c.Currency, nil
}

// ReverseTx undoes entries on a day, by new entries with the opposite amounts that point to them.
// One that was undone before is a fault.Conflict and undoes nothing.
func ReverseTx(ctx context.Context, tx *db.Tx, by models.AccountID, entries []models.LedgerEntryID, on civil.Date) ([]models.LedgerEntry, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	old, postings, err := entriesTx(tx, entries)
	if err != nil {
		return nil, err
	}
	rows := make([]models.LedgerEntry, len(old))
	for i, e := range old {
		rows[i] = models.LedgerEntry{
			BookedOn: on, Kind: books.KindReversal, Source: books.SourceEntry, SourceID: e.Number,
			Description: e.Description, ReversesID: &old[i].ID, ByID: accountID(by), At: tx.Now,
		}
	}
	if err := storeTx(tx, rows); err != nil {
		return nil, err
	}
	var undone []models.Posting
	for _, row := range rows {
		for _, p := range postings[*row.ReversesID] {
			undone = append(undone, models.Posting{
				EntryID: row.ID, AccountCode: p.AccountCode, AmountCents: -p.AmountCents, Currency: p.Currency, MemberID: p.MemberID,
			})
		}
	}
	if err := tx.DB.CreateInBatches(&undone, rowsAtOnce).Error; err != nil {
		return nil, fmt.Errorf("book reversals: %w", err)
	}
	return rows, nil
}

// entriesTx reads entries, by number, and their postings; all must exist.
func entriesTx(tx *db.Tx, ids []models.LedgerEntryID) ([]models.LedgerEntry, map[models.LedgerEntryID][]models.Posting, error) {
	var rows []models.LedgerEntry
	if err := tx.DB.Where("id IN ?", ids).Order("number").Find(&rows).Error; err != nil {
		return nil, nil, fmt.Errorf("read entries: %w", err)
	}
	if len(rows) != len(ids) {
		return nil, nil, fault.NotFound("books.no_such_entry")
	}
	postings, err := postingsTx(tx, ids)
	return rows, postings, err
}

func postingsTx(tx *db.Tx, ids []models.LedgerEntryID) (map[models.LedgerEntryID][]models.Posting, error) {
	var all []models.Posting
	if err := tx.DB.Where("entry_id IN ?", ids).Order("id").Find(&all).Error; err != nil {
		return nil, fmt.Errorf("read postings: %w", err)
	}
	of := make(map[models.LedgerEntryID][]models.Posting, len(ids))
	for _, p := range all {
		of[p.EntryID] = append(of[p.EntryID], p)
	}
	return of, nil
}

// OfSourceTx finds the entries of a kind that some things made, such as the payments 7 and 9.
func OfSourceTx(tx *db.Tx, source, kind string, ids []int64) ([]models.LedgerEntry, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []models.LedgerEntry
	if err := tx.DB.Where("source = ? AND kind = ? AND source_id IN ?", source, kind, ids).Order("number").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the entries of %s: %w", source, err)
	}
	return rows, nil
}

// chartTx is the chart of accounts, by code.
func chartTx(tx *db.Tx) ([]models.LedgerAccount, error) {
	var rows []models.LedgerAccount
	if err := tx.DB.Order("code").Limit(10_000).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the chart of accounts: %w", err)
	}
	slices.SortFunc(rows, func(a, b models.LedgerAccount) int { return cmp.Compare(a.Code, b.Code) })
	return rows, nil
}

func accountID(by models.AccountID) *models.AccountID {
	if by == 0 {
		return nil
	}
	return &by
}
