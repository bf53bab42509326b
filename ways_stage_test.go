package main

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/civil"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// stagedPoll is a poll for the pages that are looked at: votes are those of user members, in the order of their numbers,
// each perhaps with its reason after a bar.
type stagedPoll struct {
	name   string
	asks   polls.Question
	votes  []string
	closed bool
}

func options(labels ...string) (all []polls.NewOption) {
	for _, l := range labels {
		all = append(all, polls.NewOption{Label: l})
	}
	return all
}

// stagedPolls are polls of several kinds, open and closed.
func stagedPolls() []stagedPoll {
	board := options("Anna Puigdemont", "Berta Roca i Vidal", "Carla Serrallonga", "Dina El Amrani", "Èlia Camps", "Fàtima Diop")
	ranked := []string{"1,2,,,,", "1,3,2,,,", "1,2,,,3,", "2,1,,,,", ",1,2,,,", ",,1,2,,", ",,2,1,,", ",,,2,1,3"}
	projects := []polls.NewOption{{Label: "Una pèrgola per al pati", CostCents: 600_000}, {Label: "Bancs", CostCents: 450_050}, {Label: "Deu arbres", CostCents: 300_000}, {Label: "Una font", CostCents: 120_000}}
	optional := func(s methods.Setup) models.PollSetup {
		return models.PollSetup{Setup: s, Reasons: models.ReasonsOptional}
	}
	return []stagedPoll{
		{name: "choose", asks: polls.Question{Question: "On fem la trobada d’estiu?", Body: "Hi ha **tres** llocs lliures el segon cap de setmana de juliol.", Method: methods.Choose, Setup: optional(methods.Setup{Seats: 1, Most: 1}), Options: options("A la masia de Taradell", "A l’ateneu", "A la platja")}},
		{name: "approval", asks: polls.Question{Question: "Quins horaris us van bé?", Method: methods.Approval, Setup: optional(methods.Setup{Seats: 1}), Options: options("Matins", "Tardes", "Vespres")}, votes: []string{"1,,1"}},
		{name: "score", asks: polls.Question{Question: "Quina eina de videotrucada fem servir?", Method: methods.Score, Setup: optional(methods.Setup{Seats: 1, Top: 5, Blanks: methods.BlanksZero}), Options: options("Jitsi", "BigBlueButton", "Galène")}},
		{name: "dots", asks: polls.Question{Question: "Què arreglem primer?", Method: methods.Dots, Setup: optional(methods.Setup{Seats: 1, Dots: 5}), Options: options("El sostre", "La porta", "La web")}},
		{name: "rank", asks: polls.Question{Question: "Qui representa la cooperativa a la federació?", Method: methods.Scottish, Setup: optional(methods.Setup{Seats: 2}), Options: board}},
		{name: "times", asks: polls.Question{Question: "Quan ens trobem?", Method: methods.Times, Setup: optional(methods.Setup{}), Options: options("Dimarts 1 de desembre, 18 h", "Dijous 3 de desembre, 19 h", "Dissabte 5 de desembre, 10 h")}, votes: []string{"2,1,0", "2,,0"}},
		{name: "consent", asks: polls.Question{Question: "Obrim el local també els diumenges?", Body: "De 10 a 14 h, amb torns voluntaris.", Method: methods.Consent, Setup: optional(methods.Setup{})}, votes: []string{"consent", "objection|No tenim prou gent per obrir sense esgotar qui ja ve els dissabtes.", "concern|Caldrà avisar el veïnat."}},
		{name: "scottish-result", asks: polls.Question{Question: "Qui forma el consell rector?", Method: methods.Scottish, Setup: optional(methods.Setup{Seats: 3}), Options: board}, votes: ranked, closed: true},
		{name: "schulze-result", asks: polls.Question{Question: "Quin nom posem al local?", Method: methods.Schulze, Setup: optional(methods.Setup{Seats: 1}), Options: options("La Farga", "El Niu", "Can Ponsa", "L’Arada")}, votes: []string{"1,2,3,4", "2,1,1,3", "3,2,1,", "1,3,2,4", "4,1,2,3"}, closed: true},
		{name: "shares-result", asks: polls.Question{Question: "En què gastem els diners del premi?", Method: methods.EqualShares, Setup: optional(methods.Setup{AmountCents: 1_000_000}), Options: projects}, votes: []string{"1,,1,", "1,,,1", ",1,,", "1,,1,1", ",1,,1", ",,1,1"}, closed: true},
		{name: "consent-result", asks: polls.Question{Question: "Canviem de banc?", Method: methods.Consent, Setup: optional(methods.Setup{})}, votes: []string{"consent", "concern|El canvi de rebuts farà feina.", "objection|El banc nou no té oficina a la comarca."}, closed: true},
		{name: "sortition-result", asks: polls.Question{Question: "Qui revisa els comptes d’aquest any?", Method: methods.Sortition, Setup: models.PollSetup{Setup: methods.Setup{Seats: 3}, Reasons: models.ReasonsNone}}, closed: true},
	}
}

// stagePolls holds the polls, gives two delegations, and answers with each poll's page by its name.
func (p *planted) stagePolls(t testing.TB) map[string]string {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	by, at := p.actorOf(t, p.visitor(t, "jordi")), map[string]string{}
	closes := p.clock.Now().Add(7 * 24 * time.Hour)
	for _, s := range stagedPolls() {
		id, err := p.polls.Plan(t.Context(), by, polls.Plan{Question: s.asks, ClosesAt: &closes}, "")
		must(err)
		at[s.name] = "/polls/" + strconv.FormatInt(int64(id), 10)
		voters := p.voters(t, id, len(s.votes))
		for i, vote := range s.votes {
			choice, reason, _ := strings.Cut(vote, "|")
			must(p.polls.Cast(t.Context(), voters[i], id, []polls.Ballot{{Member: voters[i].Members[0].ID, Choice: models.Choice(choice), Reason: reason}}))
		}
		if s.closed {
			must(p.polls.Close(t.Context(), by, id))
		}
	}
	at["consent-answered"] = p.answeredObjection(t)
	marta := p.actorOf(t, p.visitor(t, "marta"))
	must(p.polls.Delegate(t.Context(), marta, marta.Members[0].ID, 1, "", civil.New(2027, 6, 30)))
	must(p.polls.Delegate(t.Context(), marta, marta.Members[0].ID, 2, "obres", civil.New(2027, 6, 30)))
	return at
}

// answeredObjection is the page of a consent poll in which marta objects and jordi has proposed an answer: she has still to
// say whether she agrees.
func (p *planted) answeredObjection(t testing.TB) string {
	t.Helper()
	jordi, marta := p.actorOf(t, p.visitor(t, "jordi")), p.actorOf(t, p.visitor(t, "marta"))
	closes, member := p.clock.Now().Add(7*24*time.Hour), marta.Members[0].ID
	asks := polls.Question{Question: "Llegim l’acta abans de cada assemblea?", Method: methods.Consent, Setup: models.PollSetup{Reasons: models.ReasonsOptional}}
	id, err := p.polls.Plan(t.Context(), jordi, polls.Plan{Question: asks, ClosesAt: &closes}, "")
	if err == nil {
		err = p.polls.Cast(t.Context(), marta, id, []polls.Ballot{{Member: member, Choice: "objection", Reason: "Són vint minuts que no tenim."}})
	}
	if err == nil {
		err = p.polls.Resolve(t.Context(), jordi, id, models.PollResolution{MemberID: member, How: models.ResolvedByAmendment, Words: "S’envia tres dies abans."})
	}
	if err != nil {
		t.Fatal(err)
	}
	return "/polls/" + strconv.FormatInt(int64(id), 10)
}

// voters are user members with one vote of their own in a poll.
func (p *planted) voters(t testing.TB, poll models.PollID, most int) (all []identity.Actor) {
	t.Helper()
	rows := p.query(t, `SELECT poll_electors.account_id FROM poll_electors WHERE poll_id = ? AND class_code = 'user' AND account_id IS NOT NULL AND
		(SELECT COUNT(*) FROM poll_electors e WHERE e.poll_id = poll_electors.poll_id AND e.account_id = poll_electors.account_id) = 1 ORDER BY member_id LIMIT ?`, poll, most)
	for _, row := range rows {
		id, err := strconv.ParseInt(row[0], 10, 64)
		if err == nil {
			err = p.db.Read(context.Background(), func(tx *db.Tx) error {
				a, err := identity.ActorTx(tx, models.AccountID(id))
				all = append(all, a)
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// ofPoll writes a staged poll's page into a path such as "/polls/:rank/closing".
func ofPoll(staged map[string]string, path string) string {
	name, found := strings.CutPrefix(path, "/polls/:")
	if !found {
		return path
	}
	name, rest, more := strings.Cut(name, "/")
	if more {
		rest = "/" + rest
	}
	return staged[name] + rest
}
