package ledger

import (
	"context"
	"fmt"

	"socia/app/identity"
	"socia/core/civil"
	"socia/models"
	"socia/platform/db"
)

// Balance is what one account had before a span of days and what it moved in it. A debit balance is above zero.
type Balance struct {
	Account      models.LedgerAccount
	OpeningCents int64
	DebitCents   int64
	CreditCents  int64
}

// ClosingCents is the balance at the end: opening + debits − credits.
func (b Balance) ClosingCents() int64 { return b.OpeningCents + b.DebitCents - b.CreditCents }

// Balances is a trial balance. Its sums are those of the rows; of sound books the opening and the closing sum are 0.
type Balances struct {
	Currency     string
	Rows         []Balance // by code, accounts without a balance or a movement left out
	OpeningCents int64
	DebitCents   int64
	CreditCents  int64
}

// ClosingCents is the sum of the rows' closing balances.
func (b Balances) ClosingCents() int64 { return b.OpeningCents + b.DebitCents - b.CreditCents }

// Balances sums the postings before and between two days, both included, by account; a zero day leaves that end open,
// and before an open beginning there is nothing. Debits and credits are equal in all.
func (s *Service) Balances(ctx context.Context, by identity.Actor, from, to civil.Date) (b Balances, err error) {
	if err := by.Require(readers...); err != nil {
		return Balances{}, err
	}
	if err := checkSpan(from, to); err != nil {
		return Balances{}, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) (err error) {
		b, err = balancesTx(tx, from, to)
		return err
	})
	return b, err
}

// accountSum is one row of the sums by account.
type accountSum struct {
	AccountCode  string
	OpeningCents int64
	DebitCents   int64
	CreditCents  int64
}

func balancesTx(tx *db.Tx, from, to civil.Date) (b Balances, err error) {
	if b.Currency, err = currencyTx(tx); err != nil {
		return b, err
	}
	from, to = span(from, to)
	var sums []accountSum
	if err := tx.DB.Raw(`
		SELECT p.account_code,
		       CAST(COALESCE(SUM(CASE WHEN e.booked_on < ? THEN p.amount_cents END), 0) AS BIGINT) AS opening_cents,
		       CAST(COALESCE(SUM(CASE WHEN e.booked_on >= ? AND p.amount_cents > 0 THEN p.amount_cents END), 0) AS BIGINT) AS debit_cents,
		       CAST(COALESCE(SUM(CASE WHEN e.booked_on >= ? AND p.amount_cents < 0 THEN -p.amount_cents END), 0) AS BIGINT) AS credit_cents
		FROM postings p JOIN ledger_entries e ON e.id = p.entry_id
		WHERE e.booked_on <= ?
		GROUP BY p.account_code ORDER BY p.account_code`, from, from, from, to).Scan(&sums).Error; err != nil {
		return b, fmt.Errorf("sum the accounts: %w", err)
	}
	accounts, err := chartTx(tx)
	if err != nil {
		return b, err
	}
	of := map[string]models.LedgerAccount{}
	for _, a := range accounts {
		of[a.Code] = a
	}
	for _, sum := range sums {
		if sum.OpeningCents == 0 && sum.DebitCents == 0 && sum.CreditCents == 0 {
			continue
		}
		b.Rows = append(b.Rows, Balance{of[sum.AccountCode], sum.OpeningCents, sum.DebitCents, sum.CreditCents})
		b.OpeningCents += sum.OpeningCents
		b.DebitCents += sum.DebitCents
		b.CreditCents += sum.CreditCents
	}
	return b, nil
}

// Years gives the first and the last year in which something was booked; both 0 when the books are empty.
func (s *Service) Years(ctx context.Context, by identity.Actor) (first, last int, err error) {
	if err := by.Require(readers...); err != nil {
		return 0, 0, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var ends struct{ First, Last civil.Date }
		if err := tx.DB.Raw("SELECT MIN(booked_on) AS first, MAX(booked_on) AS last FROM ledger_entries").Scan(&ends).Error; err != nil {
			return fmt.Errorf("read the span of the books: %w", err)
		}
		first, last = ends.First.Year, ends.Last.Year
		return nil
	})
	return first, last, err
}

// Soundness is what a check of the books found.
type Soundness struct {
	Entries    int64
	Unbalanced []int64          // numbers of entries whose postings do not sum to zero, or that have fewer than two
	Currencies map[string]int64 // what a currency's postings sum to, where it is not zero
	Missing    int64            // how many numbers the journal skips
}

// Sound says whether nothing is wrong.
func (s Soundness) Sound() bool {
	return len(s.Unbalanced) == 0 && len(s.Currencies) == 0 && s.Missing == 0
}

// Check recomputes what must hold of the books: every entry sums to zero in each currency, so does every currency
// in all, and the numbers have no gaps. It is what `socia doctor` asks.
func (s *Service) Check(ctx context.Context) (found Soundness, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		var numbers struct{ Entries, Highest int64 }
		if err := tx.DB.Raw("SELECT COUNT(*) AS entries, COALESCE(MAX(number), 0) AS highest FROM ledger_entries").Scan(&numbers).Error; err != nil {
			return fmt.Errorf("count the entries: %w", err)
		}
		found.Entries, found.Missing = numbers.Entries, numbers.Highest-numbers.Entries
		if err := tx.DB.Raw(`
			SELECT DISTINCT e.number FROM ledger_entries e LEFT JOIN postings p ON p.entry_id = e.id
			GROUP BY e.number, p.currency HAVING COALESCE(SUM(p.amount_cents), 0) <> 0 OR COUNT(p.id) < 2
			ORDER BY e.number LIMIT 100`).Scan(&found.Unbalanced).Error; err != nil {
			return fmt.Errorf("check the entries: %w", err)
		}
		var sums []struct {
			Currency string
			Cents    int64
		}
		if err := tx.DB.Raw(`
			SELECT currency, CAST(SUM(amount_cents) AS BIGINT) AS cents FROM postings
			GROUP BY currency HAVING SUM(amount_cents) <> 0 ORDER BY currency`).Scan(&sums).Error; err != nil {
			return fmt.Errorf("check the currencies: %w", err)
		}
		for _, sum := range sums {
			if found.Currencies == nil {
				found.Currencies = map[string]int64{}
			}
			found.Currencies[sum.Currency] = sum.Cents
		}
		return nil
	})
	return found, err
}
