package transparency

import (
	"strings"
	"testing"
	"time"

	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/i18n"
)

// aboutNobody are the stored columns that tell nothing about a person. Whoever adds a column says here, or in Purposes, what it is.
var aboutNobody = columns(
	"cooperatives: id name language time_zone currency bank_iban bank_holder created_at",
	"rule_sets: id version preset body reason created_at",
	"once_tokens: token ref at",
	"audit_leaves: leaf line_id", "audit_hashes: position hash", "audit_seals: size root sealed_at",
	"leases: name holder until",
	"dead_letters: id job attempts failed_at rerun_at",
	"goqite: id created updated queue timeout received priority",
	"member_classes: id code name_ca name_es name_en position",
	"collectives: id name description created_at closed_at",
	"ledger_accounts: code kind name_ca name_es name_en",
	"ledger_entries: id number booked_on kind source source_id reverses_id at",
	"postings: id entry_id account_code amount_cents currency",
	"fee_plans: id class_id for_kind name every vat_treatment due_days created_at archived_at",
	"prices: id plan_id valid_from min_cents suggested_cents max_cents resolution created_at",
	"assemblies: id title kind place online_url first_call_at second_call_at created_at convened_at opened_at open_call opening closed_at not_held_reason",
	"agenda_items: id assembly_id position title body decision proposal_id proposal_version_id",
	"rolls: id assembly_id rule_set_id record_at corrections_until frozen_at",
	"polls: id assembly_id agenda_item_id rule_set_id question body method setup decision roll_counts opened_at waits closes_at closed_at result seed reminded_at rerun_of",
	"poll_options: poll_id position cost_cents", "poll_outcomes: id poll_id words due_on at", "poll_voidings: poll_id reason at",
	"gender_releases: id report subject_id as_of body published_at",
)

func TestPurposes_EveryStoredColumnHasAPurposeOrIsAboutNobody(t *testing.T) {
	said := map[string]string{}
	for _, c := range aboutNobody {
		said[c] = "nobody"
	}
	for _, p := range Purposes() {
		for _, c := range p.Columns {
			if said[c] != "" {
				t.Errorf("%s is under %s and under %s", c, said[c], p.Topic)
			}
			said[c] = p.Topic
		}
	}
	stored := storedColumns(t)
	for c := range stored {
		if said[c] == "" {
			t.Errorf("%s is stored and nobody has said why, on which basis and for how long: add it to Purposes, or to aboutNobody", c)
		}
	}
	for c := range said {
		if !stored[c] {
			t.Errorf("%s is said to be stored and is not", c)
		}
	}
}

// storedColumns asks the database itself.
func storedColumns(t *testing.T) map[string]bool {
	t.Helper()
	d := dbtest.Open(t, db.SQLite, clock.At(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)))
	var all []string
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.DB.Raw(`SELECT m.name || '.' || c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%'`).Scan(&all).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]bool{}
	for _, c := range all {
		stored[c] = true
	}
	return stored
}

func TestPurposes_EachIsSaidInEveryLanguage(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Languages() {
		for _, p := range Purposes() {
			for _, part := range []string{"what", "why", "seen", "kept"} {
				if key := "open.purpose." + p.Topic + "." + part; !texts.For(lang).Has(key) {
					t.Errorf("%s: %s is missing", lang, key)
				}
			}
			if !texts.For(lang).Has("open.basis." + string(p.Basis)) {
				t.Errorf("%s: basis %s is missing", lang, p.Basis)
			}
		}
	}
}

func TestPurpose_TablesAreListedOnce(t *testing.T) {
	p := Purpose{Columns: columns("a: x y", "b: z")}
	if got := strings.Join(p.Tables(), " "); got != "a b" {
		t.Errorf("tables %q", got)
	}
}
