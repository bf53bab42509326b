package ledger

import (
	"bytes"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"socia/app/identity"
	"socia/core/books"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/money"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

var (
	noon      = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	day       = civil.New(2026, time.March, 2)
	treasurer = with(models.RoleTreasurer)
)

func with(role models.Role) identity.Actor {
	return identity.Actor{Roles: []models.RoleTerm{{Role: role}}}
}

// each gives a test a cooperative with a chart and one member, number 41.
func each(t *testing.T, test func(t *testing.T, d *db.DB, member models.MemberID)) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		class := models.MemberClass{Code: "user", NameCA: "Usuàries"}
		member := models.Member{Number: 41, Kind: models.Person, Name: "Bru", Language: "ca", JoinedOn: day, CreatedAt: noon}
		write(t, d, func(tx *db.Tx) error {
			coop := models.Cooperative{ID: 1, Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: noon}
			if err := tx.DB.Create(&coop).Error; err != nil {
				return err
			}
			if err := tx.DB.Create(&class).Error; err != nil {
				return err
			}
			member.ClassID = class.ID
			if err := tx.DB.Create(&member).Error; err != nil {
				return err
			}
			return InstallChartTx(t.Context(), tx)
		})
		test(t, d, member.ID)
	})
}

func write(t *testing.T, d *db.DB, act func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), act); err != nil {
		t.Fatal(err)
	}
}

func charge(t testing.TB, id int64, amount money.Cents) books.Entry {
	t.Helper()
	e, err := books.ChargeEntry(books.Head{On: day, Source: "charge", SourceID: strconv.FormatInt(id, 10), Description: "Quota"}, amount, 0)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func book(t *testing.T, d *db.DB, m Movement) (row models.LedgerEntry) {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) {
		row, err = BookTx(t.Context(), tx, 0, m)
		return err
	})
	return row
}

func sound(t *testing.T, d *db.DB, entries int64) {
	t.Helper()
	found, err := New(d).Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !found.Sound() || found.Entries != entries {
		t.Fatalf("the books are %+v, want %d sound entries", found, entries)
	}
}

func TestBook_NumbersFollowOnWithoutGapsUnderParallelActs(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, member models.MemberID) {
		const acts = 24
		var all sync.WaitGroup
		failed := fault.Conflict("test.given_up")
		errs := make([]error, acts)
		for n := range acts {
			entry := charge(t, int64(n+1), 500)
			all.Go(func() {
				errs[n] = d.Write(t.Context(), func(tx *db.Tx) error {
					if _, err := BookTx(t.Context(), tx, 0, Movement{Entry: entry, Member: member}); err != nil {
						return err
					}
					if n%4 == 3 {
						return failed // a number taken and given up must not leave a gap
					}
					return nil
				})
			})
		}
		all.Wait()
		for n, err := range errs {
			if (n%4 == 3) != fault.Has(err, "test.given_up") || (n%4 != 3 && err != nil) {
				t.Fatalf("act %d: %v", n, err)
			}
		}
		sound(t, d, acts*3/4)
	})
}

func TestBook_TheSameThingTwiceIsRefusedAndBooksNothing(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, member models.MemberID) {
		book(t, d, Movement{Entry: charge(t, 7, 500), Member: member})
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := BookAllTx(t.Context(), tx, 0, []Movement{{Entry: charge(t, 8, 500)}, {Entry: charge(t, 7, 500)}})
			return err
		})
		if !fault.Has(err, "books.already_booked") {
			t.Fatalf("got %v", err)
		}
		sound(t, d, 1)
	})
}

func TestBook_UnbalancedIsRefused(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, member models.MemberID) {
		wrong := charge(t, 7, 500)
		wrong.Postings[0].AmountCents++
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := BookTx(t.Context(), tx, 0, Movement{Entry: wrong})
			return err
		})
		if err == nil || !strings.Contains(err.Error(), books.ErrUnbalanced.Error()) {
			t.Fatalf("got %v", err)
		}
		sound(t, d, 0)
	})
}

func TestEntries_AreNeverChanged(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, member models.MemberID) {
		book(t, d, Movement{Entry: charge(t, 7, 500), Member: member})
		for _, statement := range []string{
			"UPDATE ledger_entries SET description = 'x'", "DELETE FROM ledger_entries",
			"UPDATE postings SET amount_cents = 1", "DELETE FROM postings",
		} {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Exec(statement).Error }); err == nil {
				t.Errorf("%s was accepted", statement)
			}
		}
	})
}

func TestReverse_UndoesOnceAndPointsBack(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, member models.MemberID) {
		first := book(t, d, Movement{Entry: charge(t, 7, 500), Member: member})
		undo := func() error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := ReverseTx(t.Context(), tx, 0, []models.LedgerEntryID{first.ID}, day.AddDays(1))
				return err
			})
		}
		var all sync.WaitGroup
		errs := make([]error, 6)
		for n := range errs {
			all.Go(func() { errs[n] = undo() })
		}
		all.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else if !fault.Has(err, "books.already_booked") {
				t.Fatal(err)
			}
		}
		if done != 1 {
			t.Fatalf("reversed %d times", done)
		}
		sound(t, d, 2)
		b, err := New(d).Balances(t.Context(), treasurer, civil.Date{}, civil.Date{})
		if err != nil {
			t.Fatal(err)
		}
		if b.DebitCents != 1000 || b.CreditCents != 1000 || b.Rows[0].ClosingCents() != 0 || b.Rows[1].ClosingCents() != 0 {
			t.Errorf("balances %+v", b)
		}
		page, err := New(d).Journal(t.Context(), treasurer, civil.Date{}, civil.Date{}, 0, 1)
		if err != nil || len(page.Lines) != 1 || page.Lines[0].Reverses != first.Number || page.Next != 2 {
			t.Fatalf("journal %+v, %v", page, err)
		}
		if got := page.Lines[0].Postings; len(got) != 2 || got[0].MemberNumber != 41 || got[0].Account.Code != "447" || got[0].AmountCents != -500 {
			t.Errorf("postings %+v", got)
		}
		rest, err := New(d).Journal(t.Context(), treasurer, civil.Date{}, civil.Date{}, page.Next, 1)
		if err != nil || len(rest.Lines) != 1 || rest.Lines[0].Entry.Number != 1 || rest.Next != 0 {
			t.Errorf("the journal's second page %+v, %v", rest, err)
		}
	})
}

func TestBalances_BeginWithWhatWasBookedBeforeAndEndWithWhatThereIs(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, member models.MemberID) {
		book(t, d, Movement{Entry: charge(t, 7, 9047501), Member: member})
		book(t, d, Movement{Entry: charge(t, 8, 3326502), Member: member})
		for _, c := range []struct {
			from, to                        civil.Date
			opening, debit, credit, closing int64
		}{
			{civil.Date{}, civil.Date{}, 0, 12374003, 0, 12374003},
			{day, day, 0, 12374003, 0, 12374003},
			{day.AddDays(1), civil.Date{}, 12374003, 0, 0, 12374003},
			{day.AddDays(-9), day.AddDays(-1), 0, 0, 0, 0},
		} {
			b, err := New(d).Balances(t.Context(), treasurer, c.from, c.to)
			if err != nil {
				t.Fatal(err)
			}
			if b.OpeningCents != 0 || b.ClosingCents() != 0 || b.DebitCents != c.debit || b.CreditCents != c.debit {
				t.Errorf("from %s to %s the sums are %+v", c.from, c.to, b)
			}
			var owed Balance // the account that charges debit
			for _, row := range b.Rows {
				if row.ClosingCents() > 0 {
					owed = row
				}
			}
			if owed.OpeningCents != c.opening || owed.DebitCents != c.debit || owed.CreditCents != c.credit || owed.ClosingCents() != c.closing {
				t.Errorf("from %s to %s the account has %+v, want %+v", c.from, c.to, owed, c)
			}
		}
	})
}

func TestExport_HledgerAcceptsItAndCSVHasEveryPosting(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, member models.MemberID) {
		first := book(t, d, Movement{Entry: charge(t, 7, 123456), Member: member})
		book(t, d, Movement{Entry: charge(t, 8, 500)})
		write(t, d, func(tx *db.Tx) error {
			_, err := ReverseTx(t.Context(), tx, 0, []models.LedgerEntryID{first.ID}, day.AddDays(40))
			return err
		})
		var out bytes.Buffer
		if err := New(d).Export(t.Context(), treasurer, &out, Journal{Format: Hledger, Language: "ca"}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "member:41") || !strings.Contains(out.String(), "reverses:1") {
			t.Errorf("the journal lacks numbers:\n%s", out.String())
		}
		check := exec.Command("hledger", "-f", "-", "check", "--strict")
		check.Stdin = &out
		if answer, err := check.CombinedOutput(); err != nil {
			t.Errorf("hledger: %v\n%s", err, answer)
		}
		var csv bytes.Buffer
		march := Journal{Format: CSV, Language: "en", From: day, To: day.AddDays(30)}
		if err := New(d).Export(t.Context(), with(models.RoleAuditor), &csv, march); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(csv.String(), "\r\n"); lines != 5 {
			t.Errorf("%d lines, want a header and two entries of two postings:\n%s", lines, csv.String())
		}
	})
}

func TestBooks_OnlyTheirReadersRead(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ models.MemberID) {
		for role, may := range map[models.Role]bool{
			models.RoleTreasurer: true, models.RoleAuditor: true, models.RoleAdministrator: true,
			models.RoleFacilitator: false, models.RoleValidator: false, "": false,
		} {
			_, err := New(d).Balances(t.Context(), with(role), civil.Date{}, civil.Date{})
			_, err2 := New(d).Journal(t.Context(), with(role), civil.Date{}, civil.Date{}, 0, 10)
			err3 := New(d).Export(t.Context(), with(role), &bytes.Buffer{}, Journal{Format: CSV})
			for _, err := range []error{err, err2, err3} {
				if may != (err == nil) || (!may && !fault.Has(err, "identity.role_needed")) {
					t.Errorf("%s: %v", role, err)
				}
			}
		}
	})
}

func TestSpan_ThatEndsBeforeItBeginsIsRefused(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ models.MemberID) {
		_, err := New(d).Balances(t.Context(), treasurer, day, day.AddDays(-1))
		if !fault.Has(err, "books.ends_before_it_begins") {
			t.Errorf("got %v", err)
		}
		if first, last, err := New(d).Years(t.Context(), treasurer); first != 0 || last != 0 || err != nil {
			t.Errorf("empty books span %d to %d, %v", first, last, err)
		}
	})
}

func TestCheck_FindsWhatAHandInTheDatabaseDid(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, member models.MemberID) {
		book(t, d, Movement{Entry: charge(t, 7, 500), Member: member})
		write(t, d, func(tx *db.Tx) error {
			stray := models.LedgerEntry{Number: 9, BookedOn: day, Kind: "x", Source: "x", SourceID: 1, At: tx.Now}
			if err := tx.DB.Create(&stray).Error; err != nil {
				return err
			}
			return tx.DB.Create(&models.Posting{EntryID: stray.ID, AccountCode: "570", AmountCents: 3, Currency: "EUR"}).Error
		})
		found, err := New(d).Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if found.Sound() || len(found.Unbalanced) != 1 || found.Unbalanced[0] != 9 || found.Currencies["EUR"] != 3 || found.Missing != 7 {
			t.Errorf("found %+v", found)
		}
	})
}
