package seeds_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/rolls"
	"socia/core/civil"
	"socia/core/standing"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/seeds"
	"socia/seeds/seedtest"
)

// counted are the tables whose rows the story makes; sessions, leases and the like are none of its business.
func counted() []string {
	return []string{
		"accounts", "agenda_items", "allocations", "applications", "arrears_cases", "assemblies", "attendances", "audit_lines", "charges",
		"collectives", "departures", "gender_declarations", "gender_releases", "inbox_notices", "ledger_entries", "local_mails", "members",
		"minutes", "minutes_approvals", "payment_reversals", "payments", "poll_electors", "polls", "postings", "prices", "proposal_supports",
		"proposal_versions", "proposals", "proxies", "role_terms", "roll_entries", "rolls", "subscriptions", "votes", "waivers",
	}
}

// picture is what two plantings must have in common: rows, names, results and money.
func picture(t *testing.T, d *db.DB) map[string]string {
	t.Helper()
	seen := map[string]string{}
	read(t, d, func(tx *db.Tx) error {
		for _, table := range counted() {
			var n int64
			if err := tx.DB.Table(table).Count(&n).Error; err != nil {
				return err
			}
			seen[table] = fmt.Sprint(n)
		}
		for name, query := range map[string]string{
			"names":    "SELECT name FROM members ORDER BY number",
			"handles":  "SELECT handle FROM accounts ORDER BY handle",
			"paid":     "SELECT CAST(SUM(amount_cents) AS TEXT) FROM payments GROUP BY member_id ORDER BY member_id",
			"votes":    "SELECT choice || COUNT(*) FROM votes GROUP BY poll_id, choice ORDER BY poll_id, choice",
			"releases": "SELECT body FROM gender_releases ORDER BY id",
			"minutes":  "SELECT body FROM minutes ORDER BY assembly_id",
		} {
			var rows []string
			if err := tx.DB.Raw(query).Scan(&rows).Error; err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			seen[name] = strings.Join(rows, "\n")
		}
		return nil
	})
	return seen
}

func read(t *testing.T, d *db.DB, query func(*db.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func TestPlant_TwiceAndOnBothDatabases_IsTheSame(t *testing.T) {
	t.Parallel()
	again := filepath.Join(t.TempDir(), "again.db")
	if err := seedtest.Plant(t.Context(), "sqlite:"+again, seedtest.Now()); err != nil {
		t.Fatal(err)
	}
	want := picture(t, dbtest.Connect(t, "sqlite:"+again, clock.At(seedtest.Now())))
	seedtest.Each(t, func(t *testing.T, s seeds.Services) {
		got := picture(t, s.DB)
		for _, what := range slices.Sorted(maps.Keys(want)) {
			if got[what] != want[what] {
				t.Errorf("%s: %.300s\nand the other time %.300s", what, got[what], want[what])
			}
		}
	})
}

func TestPlant_ProportionsAreThoseStated(t *testing.T) {
	seedtest.Each(t, func(t *testing.T, s seeds.Services) { proportions(t, s) })
}

func proportions(t *testing.T, s seeds.Services) {
	t.Helper()
	var rows []struct {
		Code, Kind string
		N          int
	}
	var collectives, unrepresented int64
	read(t, s.DB, func(tx *db.Tx) error {
		if err := tx.DB.Raw(`SELECT c.code, m.kind, COUNT(*) AS n FROM members m JOIN member_classes c ON c.id = m.class_id
			WHERE m.left_on IS NULL GROUP BY c.code, m.kind`).Scan(&rows).Error; err != nil {
			return err
		}
		if err := tx.DB.Model(&models.Member{}).Where("kind = ? AND representative = ''", models.Organisation).Count(&unrepresented).Error; err != nil {
			return err
		}
		return tx.DB.Model(&models.Member{}).Distinct("collective_id").Count(&collectives).Error
	})
	got := map[string]int{}
	for _, r := range rows {
		got[r.Code+" "+r.Kind] = r.N
	}
	want := map[string]int{"worker person": 7, "collaborating person": 14, "user person": 79, "user organisation": 61}
	if !maps.Equal(got, want) || collectives != 3 || unrepresented != 0 {
		t.Errorf("%v in %d collectives, %d without representative; want %v in 3", got, collectives, unrepresented, want)
	}
}

func TestPlant_EveryStateIsThere(t *testing.T) {
	seedtest.Each(t, func(t *testing.T, s seeds.Services) { states(t, s) })
}

// states is what the demonstration must show on whatever day it is planted.
func states(t *testing.T, s seeds.Services) {
	t.Helper()
	for query, want := range map[string][]string{
		"SELECT DISTINCT state FROM proposals ORDER BY state":                                                                                                 {"approved", "draft", "published", "rejected", "scheduled", "withdrawn"},
		"SELECT DISTINCT outcome FROM applications ORDER BY outcome":                                                                                          {"admitted", "refused", "waiting", "withdrawn"},
		"SELECT DISTINCT method FROM payments ORDER BY method":                                                                                                {"cash", "transfer"},
		"SELECT decision FROM arrears_cases WHERE closed_at IS NULL ORDER BY decision":                                                                        {"", "suspend"},
		"SELECT CAST(COUNT(*) AS TEXT) FROM waivers":                                                                                                          {"1"},
		"SELECT CAST(COUNT(*) AS TEXT) FROM payment_reversals":                                                                                                {"1"},
		"SELECT CAST(COUNT(*) AS TEXT) FROM assemblies WHERE closed_at IS NOT NULL":                                                                           {"2"},
		"SELECT CAST(COUNT(*) AS TEXT) FROM minutes WHERE finalised_at IS NOT NULL":                                                                           {"2"},
		"SELECT DISTINCT mode FROM attendances ORDER BY mode":                                                                                                 {"in_person", "remote"},
		"SELECT CAST(COUNT(DISTINCT assembly_id) AS TEXT) FROM proxies":                                                                                       {"3"},
		"SELECT CAST(open_call AS TEXT) FROM assemblies WHERE closed_at IS NOT NULL ORDER BY open_call":                                                       {"1", "2"},
		"SELECT CAST(COUNT(*) AS TEXT) FROM polls WHERE closed_at IS NOT NULL AND result IS NOT NULL":                                                         {"7"},
		"SELECT CAST(COUNT(*) AS TEXT) FROM polls WHERE closed_at IS NULL":                                                                                    {"0"},
		"SELECT CAST(COUNT(*) AS TEXT) FROM agenda_items i JOIN assemblies a ON a.id = i.assembly_id WHERE a.convened_at IS NOT NULL AND a.opened_at IS NULL": {"5"},
		"SELECT DISTINCT role FROM role_terms ORDER BY role":                                                                                                  {"administrator", "auditor", "facilitator", "treasurer", "validator"},
		"SELECT CAST(COUNT(*) AS TEXT) FROM charges WHERE solidarity_cents > 0 AND settled_at IS NOT NULL HAVING COUNT(*) > 100":                              nil,
		"SELECT CAST(COUNT(*) AS TEXT) FROM dead_letters":                                                                                                     {"0"},
		"SELECT CAST(COUNT(*) AS TEXT) FROM goqite":                                                                                                           {"0"},
	} {
		var got []string
		read(t, s.DB, func(tx *db.Tx) error { return tx.DB.Raw(query).Scan(&got).Error })
		if want == nil && len(got) == 1 { // only that there are enough
			continue
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	fee, mayNot := standings(t, s)
	if fee[standing.FeeOverdue] < 5 || fee[standing.FeeInGrace] < 2 || fee[standing.FeeCurrent] < 100 {
		t.Errorf("fee states %v", fee)
	}
	if len(mayNot) != 1 || mayNot[0] != "Oriol Montblanc i Gual" {
		t.Errorf("without the vote: %v", mayNot)
	}
}

// standings counts the members of today by how their fees stand, and names those whom arrears keep from voting.
func standings(t *testing.T, s seeds.Services) (fee map[standing.Fee]int, mayNot []string) {
	t.Helper()
	fee = map[standing.Fee]int{}
	read(t, s.DB, func(tx *db.Tx) error {
		var all []models.Member
		if err := tx.DB.Where("left_on IS NULL").Order("id").Find(&all).Error; err != nil {
			return err
		}
		verdicts, err := rolls.StandingTx(t.Context(), tx, all, tx.Now)
		for _, m := range all {
			fee[verdicts[m.ID].Fee]++
			if verdicts[m.ID].Has(standing.CodeSuspendedByCase) {
				mayNot = append(mayNot, m.Name)
			}
		}
		return err
	})
	return fee, mayNot
}

func TestPlant_BooksBallotsAndAuditAreSound(t *testing.T) {
	seedtest.Each(t, func(t *testing.T, s seeds.Services) { sound(t, s) })
}

// sound is what `socia doctor` looks at.
func sound(t *testing.T, s seeds.Services) {
	t.Helper()
	books, err := s.Ledger.Check(t.Context())
	if err != nil || !books.Sound() || books.Entries < 1500 {
		t.Errorf("books: %+v, %v", books, err)
	}
	polls, wrong, err := s.Polls.RecountAll(t.Context())
	if err != nil || polls != 7 || len(wrong) != 0 {
		t.Errorf("%d polls counted again, wrong %v, %v", polls, wrong, err)
	}
	if opened, failed, err := s.Members.CheckSeals(t.Context()); err != nil || opened < 20 || failed != 0 {
		t.Errorf("%d sealed addresses opened, %d failed, %v", opened, failed, err)
	}
	log := audit.New(s.DB)
	for taken := 1; taken > 0; {
		if taken, err = log.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := log.Check(t.Context()); err != nil || r.Problem != "" || r.Loose != 0 || r.Sealed < 1500 {
		t.Errorf("audit log: %+v, %v", r, err)
	}
}

func TestPlant_MembershipFiguresShowUsersAndHideSmallClasses(t *testing.T) {
	seedtest.Each(t, func(t *testing.T, s seeds.Services) {
		r, err := s.Equality.Releases(t.Context(), civil.Date{})
		if err != nil || !r.Published {
			t.Fatalf("published %t, %v", r.Published, err)
		}
		levels := map[string]string{}
		for _, row := range r.Edition.Membership.Rows() {
			levels[row.Key()] = string(row.Level())
		}
		want := map[string]string{"user": "counts", "worker": "nothing", "collaborating": "nothing"}
		if !maps.Equal(levels, want) {
			t.Errorf("%v, want %v", levels, want)
		}
		if rows := r.Edition.Attendance.Rows(); len(rows) != 1 {
			t.Errorf("%d assemblies in the figures of attendance, want the last one", len(rows))
		}
	})
}

func TestAccounts_EachSignsInAndHoldsItsRole(t *testing.T) {
	s := seedtest.Open(t, db.SQLite)
	for _, a := range seeds.Accounts() {
		token, err := s.Identity.SignIn(t.Context(), a.Handle, seeds.Passphrase, "192.0.2.1", "test")
		if err != nil {
			t.Fatalf("%s: %v", a.Handle, err)
		}
		by, err := s.Identity.Resolve(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		if _, member := by.Member(); !member {
			t.Errorf("%s is no member", a.Handle)
		}
		checkRole(t, a, by)
	}
}

// checkRole wants the role that is printed beside an account and no other.
func checkRole(t *testing.T, a seeds.Account, by identity.Actor) {
	t.Helper()
	var held []string
	for _, term := range by.Roles {
		held = append(held, string(term.Role))
	}
	want := []string{a.Role}
	if a.Role == "member" || a.Role == "member_in_arrears" {
		want = nil
	}
	if !slices.Equal(held, want) {
		t.Errorf("%s holds %v, want %v", a.Handle, held, want)
	}
}

// The demonstration is planted on any day: at a year's first instant, on a leap day.
func TestPlant_OnAnyDay_ShowsTheSame(t *testing.T) {
	t.Parallel()
	for _, now := range []time.Time{
		time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC), // midnight of 1 January in Barcelona
		time.Date(2028, 2, 29, 18, 30, 0, 0, time.UTC),
	} {
		t.Run(now.Format("2006-01-02T15:04"), func(t *testing.T) {
			t.Parallel()
			s := plantedOn(t, now)
			proportions(t, s)
			states(t, s)
			sound(t, s)
		})
	}
}

func plantedOn(t *testing.T, now time.Time) seeds.Services {
	t.Helper()
	return plantedBy(t, now, seedtest.Plant)
}

func plantedBy(t *testing.T, now time.Time, plant func(context.Context, string, time.Time) error) seeds.Services {
	t.Helper()
	url := "sqlite:" + filepath.Join(t.TempDir(), "socia.db")
	if err := plant(t.Context(), url, now); err != nil {
		t.Fatal(err)
	}
	at := clock.At(now)
	s, err := seedtest.Services(dbtest.Connect(t, url, at), at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
