package transparency

import "strings"

// Basis is what allows the cooperative to keep personal data; a closed type.
type Basis string

// The bases, of GDPR art. 6.1 and, for gender, 9.2.a.
const (
	BasisContract Basis = "contract" // 6.1.b: being a member, or asking to be one
	BasisDuty     Basis = "duty"     // 6.1.c: the law of cooperatives, of books and of taxes
	BasisInterest Basis = "interest" // 6.1.f: keeping accounts safe and acts provable
	BasisConsent  Basis = "consent"  // 6.1.a and 9.2.a: explicit, and withdrawn at any time
)

// Purpose is one reason to keep personal data: a topic whose words are in the texts under open.purpose.<topic>
// (what, why, seen, kept), the basis, and every stored column that it covers, as "table.column".
type Purpose struct {
	Topic   string
	Basis   Basis
	Columns []string
}

// Purposes is the one register of personal data. A test refuses a stored column that is neither here nor known to be
// about nobody.
func Purposes() []Purpose {
	return []Purpose{
		{"account", BasisContract, columns("accounts: id handle passphrase_hash language created_at disabled_at")},
		{"contact", BasisContract, columns("members: email_sealed", "local_mails: id recipient subject body sent_at", "goqite: body", "dead_letters: body error")},
		{"session", BasisInterest, columns("sessions: id account_id token_hash device created_at seen_at expires_at revoked_at")},
		{"throttle", BasisInterest, columns("throttles: key failures last_at blocked_until")},
		{"membership", BasisDuty, columns(
			"members: id number kind name sort_name representative class_id collective_id account_id language joined_on left_on created_at",
			"departures: id member_id effective_on reason by_id at")},
		{"application", BasisContract, columns("applications: id account_id kind name representative class_id collective_id motivation applied_at outcome decided_at decided_by reason member_id")},
		{"office", BasisDuty, columns("role_terms: id account_id role collective_id starts_on ends_on reason appointed_by appointed_at ended_by ended_at")},
		{"inbox", BasisContract, columns("inbox_notices: id account_id kind args href created_at read_at")},
		{"fees", BasisDuty, columns(
			"subscriptions: id member_id plan_id amount_cents starts_on ends_on created_by created_at",
			"waivers: id member_id from_on until_on reason approved_by created_at",
			"charges: id subscription_id member_id price_id waiver_id period_start period_end due_on amount_cents solidarity_cents created_at settled_at",
			"payments: id member_id amount_cents method received_on reference recorded_by created_at",
			"payment_reversals: payment_id reason by_id at",
			"allocations: id payment_id charge_id amount_cents at",
			"ledger_entries: description",
			"postings: member_id")},
		{"arrears", BasisDuty, columns(
			"arrears_cases: id member_id rule_set_id opened_on opened_by opened_at hearing_until statement statement_at decision decision_reason decided_by decided_at appeal appealed_at appeal_outcome appeal_reason appeal_decided_by appeal_decided_at closed_at",
			"arrears_case_charges: case_id charge_id",
			"arrears_case_deliveries: case_id kind on_day how recorded_by recorded_at")},
		{"proposals", BasisContract, columns(
			"proposals: id author_id state created_at published_at withdrawn_at",
			"proposal_versions: id proposal_id number title body by_id created_at",
			"proposal_supports: proposal_id member_id at")},
		{"assembly", BasisDuty, columns(
			"roll_entries: roll_id member_id class_code eligible reasons",
			"roll_corrections: id roll_id member_id class_code eligible cause reason by_id at",
			"attendances: assembly_id member_id mode arrived_at left_at checked_in_by",
			"proxies: id assembly_id giver_id holder_id declared_by declared_at revoked_by revoked_at",
			"assembly_officers: assembly_id part member_id named_by at",
			"minutes: id assembly_id language body revision drafted_at edited_by edited_at finalised_at",
			"minutes_approvals: minutes_id revision part member_id by_id at")},
		{"votes", BasisDuty, columns(
			"poll_electors: poll_id member_id class_code voter_id account_id",
			"votes: poll_id member_id choice reason cast_by cast_at changes delegate_id",
			"polls: count", "poll_options: label detail member_id", "poll_declarations: id poll_id position in_group by_id at", "poll_resolutions: id poll_id member_id how words by_id at", "poll_confirmations: id resolution_id agrees by_id at",
			"delegations: id giver_id holder_id topic expires_on given_by given_at revoked_by revoked_at")},
		{"gender", BasisConsent, columns("gender_declarations: account_id sealed updated_at", "gender_releases: counted_sealed")},
		{"acts", BasisInterest, columns(
			"audit_lines: id at account_id act subject subject_id detail", "account_acts: id account_id act reason by_id at",
			"rule_sets: set_by", "prices: set_by", "ledger_entries: by_id",
			"assemblies: created_by convened_by opened_by closed_by", "polls: opened_by closed_by", "poll_outcomes: carried_by by_id", "poll_voidings: by_id")},
	}
}

// columns reads "table: column column" lines.
func columns(lines ...string) []string {
	var out []string
	for _, line := range lines {
		table, names, _ := strings.Cut(line, ": ")
		for _, name := range strings.Fields(names) {
			out = append(out, table+"."+name)
		}
	}
	return out
}

// Tables lists the tables that a purpose's columns are in, each once.
func (p Purpose) Tables() []string {
	var out []string
	for _, c := range p.Columns {
		table, _, _ := strings.Cut(c, ".")
		if len(out) == 0 || out[len(out)-1] != table {
			out = append(out, table)
		}
	}
	return out
}
