package seeds

import (
	"context"
	"fmt"
	"slices"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/methods"
	"socia/models"
)

// consultation is a question put to everybody who may vote. Days count back from today; one that closes after today is
// open when the story ends.
type consultation struct {
	polls.Question
	planned, opens, closes int      // days before today; planned on the day of opening opens at once
	declare                []string // the handles of candidates who declare for the parity rule
	papers                 []string // what is voted, one after another; none in a draw
	votes                  int      // how many vote, of those with an account
	voices                 []voice  // of those who say why
	replies                []reply  // how the facilitator proposes to answer some objections
	follows, carriedBy     string   // what is done with it
	id                     models.PollID
}

// voice is the vote of somebody who gives a reason.
type voice struct {
	handle, says, why string
}

// reply is a proposed answer to the objection of somebody, who has still to say whether they agree.
type reply struct {
	handle string
	how    models.ResolutionHow
	words  string
}

// consultations are outside the assemblies: an election, a budget and a draw that are over; three that wait for votes.
func (p *planting) consultations() {
	p.delegate("txell", "marta", "", 30)
	p.delegate("quim", "montse", "compres", 30)
	p.delegate("samir", "mireia", "", 45)
	for _, c := range []*consultation{p.election(), fund(), draw(), outing(), naming(), consenting()} {
		p.consult(c)
	}
}

// consult tells a consultation, from its plan to what follows. Hours open and close it, as in life.
func (p *planting) consult(c *consultation) {
	name := string(c.Method)
	plans := func(ctx context.Context, by identity.Actor) (err error) {
		closes := p.instant(p.today.AddDays(-c.closes), "20:00")
		plan := polls.Plan{Question: c.Question, ClosesAt: &closes}
		if c.planned > c.opens {
			opens := p.instant(p.today.AddDays(-c.opens), "18:00")
			plan.OpensAt = &opens
		}
		c.id, err = p.Polls.Plan(ctx, by, plan, "")
		return err
	}
	tend := func(ctx context.Context) error { return p.Polls.Tend(ctx) }
	p.by(p.today.AddDays(-c.planned), "12:00", "jordi", "plan of "+name, plans)
	for i, handle := range c.declare {
		p.by(p.today.AddDays(-c.planned+1), fmt.Sprintf("19:%02d", i), handle, "declaration", func(ctx context.Context, by identity.Actor) error {
			return p.Polls.Declare(ctx, by, c.id, p.position(c, handle), true)
		})
	}
	p.at(p.today.AddDays(-c.opens), "18:01", "opening of "+name, tend)
	p.at(p.today.AddDays(-c.opens+1), "21:15", "votes on "+name, func(ctx context.Context) error { return p.answer(ctx, c) })
	for i, r := range c.replies {
		p.by(p.today.AddDays(-c.opens+2), fmt.Sprintf("10:%02d", i), "jordi", "reply to "+r.handle, func(ctx context.Context, by identity.Actor) error {
			return p.Polls.Resolve(ctx, by, c.id, models.PollResolution{MemberID: p.cast.named[r.handle].id, How: r.how, Words: r.words})
		})
	}
	p.at(p.today.AddDays(-c.closes), "20:01", "closing of "+name, tend)
	if c.follows != "" {
		p.by(p.today.AddDays(-c.closes+1), "10:00", "jordi", "outcome of "+name, func(ctx context.Context, by identity.Actor) error {
			due := p.today.AddDays(45)
			return p.Polls.Settle(ctx, by, c.id, c.follows, c.carriedBy, &due, "")
		})
	}
}

// position is where a candidate stands among the options, from 1.
func (p *planting) position(c *consultation, handle string) int64 {
	number := p.cast.named[handle].number
	return int64(slices.IndexFunc(c.Options, func(o polls.NewOption) bool { return o.Number == number }) + 1)
}

// answer casts the votes of those with an account: the voices first, then as many as vote. Those whom the demonstration
// lets in have still to vote in what is open, and so has whoever lets another vote.
func (p *planting) answer(ctx context.Context, c *consultation) error {
	if c.votes == 0 {
		return nil
	}
	electors, err := p.electors(ctx, c.id)
	if err != nil {
		return err
	}
	said := map[string]bool{"": true, "txell": true, "samir": true, "quim": true}
	if c.closes <= 0 {
		for _, a := range Accounts() {
			said[a.Handle] = true
		}
	}
	for _, v := range c.voices {
		said[v.handle] = true
		at := slices.IndexFunc(electors, func(e elector) bool { return e.Handle == v.handle })
		if at < 0 {
			return fmt.Errorf("%s may not vote", v.handle)
		}
		if err := p.say(ctx, c, v.handle, polls.Ballot{Member: electors[at].MemberID, Choice: models.Choice(v.says), Reason: v.why}); err != nil {
			return err
		}
	}
	for n := 0; n < c.votes && len(electors) > 0; electors = electors[1:] {
		e := electors[0]
		if said[e.Handle] {
			continue
		}
		said[e.Handle] = true
		if err := p.say(ctx, c, e.Handle, polls.Ballot{Member: e.MemberID, Choice: models.Choice(c.papers[n%len(c.papers)])}); err != nil {
			return err
		}
		n++
	}
	return nil
}

func (p *planting) say(ctx context.Context, c *consultation, handle string, b polls.Ballot) error {
	by, err := p.as(ctx, handle)
	if err != nil {
		return err
	}
	return p.Polls.Cast(ctx, by, c.id, []polls.Ballot{b})
}

// delegate lets a member vote for another in consultations for a year.
func (p *planting) delegate(giver, holder, topic string, before int) {
	p.by(p.today.AddDays(-before), "22:10", giver, "delegation of "+giver, func(ctx context.Context, by identity.Actor) error {
		return p.Polls.Delegate(ctx, by, p.cast.named[giver].id, p.cast.named[holder].number, topic, p.today.AddDays(365-before))
	})
}

// candidate is a member who stands.
func (p *planting) candidate(handle, detail string) polls.NewOption {
	r := p.cast.named[handle]
	return polls.NewOption{Label: r.name, Detail: detail, Number: r.number}
}

func setup(s methods.Setup, topic string) models.PollSetup {
	return models.PollSetup{Setup: s, Topic: topic, Reasons: models.ReasonsOptional, RemindHours: 48}
}

// election is the board's, with a parity rule that changes who is elected.
func (p *planting) election() *consultation {
	q := polls.Question{
		Question: "Elecció del consell rector",
		Body:     "Es renoven **tres llocs** per a dos anys. Poseu un 1 a qui preferiu, un 2 a la segona persona i així fins on vulgueu.\n\nCom a mínim dues de les elegides han de ser dones.",
		Method:   methods.Scottish, Setup: setup(methods.Setup{Seats: 3, ParityAtLeast: 2}, ""),
		Options: []polls.NewOption{
			p.candidate("quim", "Porta els comptes de dues entitats del barri."), p.candidate("mireia", "Ha facilitat l’últim any d’assemblees."),
			p.candidate("pau", "Del grup d’acollida."), p.candidate("montse", "Sòcia fundadora."), p.candidate("samir", "Del grup tècnic."),
		},
	}
	q.Setup.ParityGroup = "dones"
	return &consultation{
		Question: q, planned: 41, opens: 34, closes: 24, declare: []string{"mireia", "montse"}, votes: 23,
		papers: []string{
			"1,3,2,,", "1,,2,,3", "3,1,,2,", "2,,1,,3", "1,2,,3,", ",1,3,2,", "2,3,1,,", "1,,3,,2", ",,1,,2", "1,2,3,4,5", "3,,2,,1", "2,1,,3,", "1,,2,3,",
		},
		follows: "El consell nou pren possessió a la pròxima assemblea i tria els càrrecs entre els tres llocs.", carriedBy: "Consell rector sortint",
	}
}

func fund() *consultation {
	return &consultation{
		Question: polls.Question{
			Question: "En què gastem els 6.000 € de millores?",
			Body:     "Marqueu tots els projectes que us semblin bé. El mètode dona a cada persona la mateixa part dels diners i finança projectes que agraden a grups diferents.",
			Method:   methods.EqualShares, Setup: setup(methods.Setup{AmountCents: 600_000}, "compres"),
			Options: []polls.NewOption{
				{Label: "Plaques solars per al servidor", CostCents: 320_000}, {Label: "Rampa i lavabo accessible al local", CostCents: 240_000},
				{Label: "Ordinadors de préstec", CostCents: 150_000}, {Label: "Tallers als instituts", CostCents: 72_000},
				{Label: "Cuina per a les trobades", CostCents: 180_000}, {Label: "Còpies de seguretat a Lleida", CostCents: 60_000},
			},
		},
		planned: 29, opens: 29, closes: 15, votes: 26,
		papers:  []string{"1,,,,,1", "1,1,,,,1", "1,,1,,,", ",1,,1,,", "1,,,,1,1", ",1,1,1,,", "1,,,,,", ",1,,1,1,", "1,1,,,,"},
		follows: "Es demanen pressupostos i es compra per ordre. El que en sobri torna al fons.", carriedBy: "Núria, de tresoreria",
	}
}

func draw() *consultation {
	return &consultation{
		Question: polls.Question{
			Question: "Sorteig de la comissió de seguiment de les cures",
			Body:     "Set persones entre tothom qui pot votar, amb la proporció de les classes. Qui no hi pugui anar ho diu, i entra la primera suplent.",
			Method:   methods.Sortition, Setup: models.PollSetup{Setup: methods.Setup{Seats: 7, Strata: true}, Reasons: models.ReasonsNone},
		},
		planned: 20, opens: 20, closes: 18, follows: "Es truca a les persones sortejades aquesta setmana.", carriedBy: "Facilitació",
	}
}

func outing() *consultation {
	return &consultation{
		Question: polls.Question{
			Question: "On fem la trobada anual?", Body: "Marqueu tots els llocs on vindríeu de gust.",
			Method: methods.Approval, Setup: setup(methods.Setup{Seats: 1}, "trobades"),
			Options: []polls.NewOption{
				{Label: "Can Masdeu, Collserola"}, {Label: "Ateneu La Paral·lela Torta"}, {Label: "Una casa de colònies al Montseny", Detail: "Dues nits, 38 € per persona."}, {Label: "La platja del Prat, si fa bo"},
			},
		},
		planned: 3, opens: 3, closes: -9, votes: 17, papers: []string{"1,1,,", ",1,,", "1,,1,", "1,,,1", ",,1,", "1,1,,1"},
	}
}

func naming() *consultation {
	return &consultation{
		Question: polls.Question{
			Question: "Quin nom posem al servidor nou?", Body: "Ordeneu els noms; dos poden compartir lloc.",
			Method: methods.Schulze, Setup: setup(methods.Setup{Seats: 1}, ""),
			Options: []polls.NewOption{{Label: "Tramuntana"}, {Label: "Garbí"}, {Label: "Ponent"}, {Label: "Boira"}, {Label: "Xaloc"}},
		},
		planned: 2, opens: 2, closes: -12, votes: 14, papers: []string{"1,2,,,3", "2,1,3,,", ",1,1,2,", "3,,1,,2", "1,,,2,", "2,1,,,1"},
	}
}

func consenting() *consultation {
	return &consultation{
		Question: polls.Question{
			Question: "Provem d’obrir el local els dissabtes al matí, durant tres mesos",
			Body:     "Dues persones per torn, de 10 a 13 h. D’aquí a tres mesos ho revisem amb les dades de qui ha vingut.",
			Method:   methods.Consent, Setup: setup(methods.Setup{}, ""),
		},
		planned: 4, opens: 4, closes: -6, votes: 15, papers: []string{"consent"},
		voices: []voice{
			{"montse", "objection", "Els torns tornarien a caure en les quatre de sempre: abans cal saber qui s’hi apunta. Si hi ha una llista amb vuit persones, retiro l’objecció."},
			{"pau", "objection", "El grup d’acollida rep la gent nova els dissabtes al matí al local: dues coses alhora no hi caben."},
			{"mireia", "concern", "Que hi hagi sempre algú que sàpiga obrir la persiana i engegar la calefacció."},
		},
		replies: []reply{{"pau", models.ResolvedByAmendment, "Els dissabtes que hi ha acollida, el local obre a les 12."}},
	}
}
