package seeds

import (
	"context"
	"fmt"

	"socia/app/fees"
	"socia/app/identity"
	"socia/core/civil"
	"socia/models"
)

// price is what a plan costs: at least, as suggested, and suggested since the assembly raised it (0: it did not).
type price struct {
	code, class, name string
	kind              models.MemberKind
	least, suggested  int64
	raised            int64
}

func prices() []price {
	return []price{
		{"user", "user", "Quota de persona usuària", models.Person, 1500, 2700, 3000},
		{"entity", "user", "Quota d'entitat usuària", models.Organisation, 4500, 8100, 9000},
		{"worker", "worker", "Quota de treball", "", 1500, 3000, 0},
		{"collaborating", "collaborating", "Quota de col·laboració", "", 3000, 6000, 0},
	}
}

// money is two years of fees: plans, subscriptions, charges and what was paid.
func (p *planting) money() {
	first := p.quarters[0]
	for _, c := range prices() {
		p.by(first.AddDays(-14), "10:00", "nuria", "plan "+c.code, func(ctx context.Context, by identity.Actor) (err error) {
			p.plans[c.code], err = p.Fees.CreatePlan(ctx, by, fees.PlanForm{
				ClassID: p.classes[c.class], ForKind: c.kind, Name: c.name, Every: "quarter", VATTreatment: fees.VATOutside, DueDays: 15,
				Price: fees.PriceForm{ValidFrom: p.began, MinCents: c.least, SuggestedCents: c.suggested, Resolution: "Acord 7 de l'assemblea de constitució"},
			}, "")
			return err
		})
		if c.raised != 0 {
			p.raise(c)
		}
	}
	for _, r := range p.cast.all() {
		p.pay(r)
	}
	p.chargeDays()
	p.waiver()
	p.mistakes()
}

// raise sets the suggestion that the first assembly decided, from the next quarter on.
func (p *planting) raise(c price) {
	day := p.firstMeeting().AddDays(6)
	from := p.quarters[0]
	for _, q := range p.quarters {
		if q.After(day) {
			from = q
			break
		}
	}
	p.by(day, "10:00", "nuria", "price of "+c.code, func(ctx context.Context, by identity.Actor) error {
		_, err := p.Fees.SetPrice(ctx, by, p.plans[c.code], fees.PriceForm{
			ValidFrom: from, MinCents: c.least, SuggestedCents: c.raised, Resolution: fmt.Sprintf("Assemblea ordinària del %s, punt 3", p.firstMeeting()),
		}, "")
		return err
	})
}

// pay tells how somebody subscribes and pays their quarters, some in advance, some late.
func (p *planting) pay(r *role) {
	start := p.quarters[0]
	if r.joined.After(p.began) {
		start = r.joined
		p.by(start, "20:00", r.handle, "subscription", func(ctx context.Context, by identity.Actor) error {
			_, err := p.Fees.Subscribe(ctx, by, fees.Choice{Member: r.id, Plan: p.plans[r.plan], AmountCents: r.cents}, "")
			return err
		})
	} else {
		p.by(start.AddDays(-10), "12:00", "nuria", "subscription", func(ctx context.Context, by identity.Actor) error {
			_, err := p.Fees.Subscribe(ctx, by, fees.Choice{Member: r.id, Plan: p.plans[r.plan], AmountCents: r.cents, StartsOn: start}, "")
			return err
		})
	}
	method, delay := models.Transfer, 1+p.rng.IntN(14)
	if p.rng.IntN(9) == 0 {
		method = models.Cash
	}
	for n := 0; n < r.until; n += int(r.pays) {
		day := start.AddMonths(3 * n).AddDays(delay)
		if day.After(p.today) {
			return
		}
		if p.rng.IntN(12) == 0 {
			day = day.AddDays(20) // forgot, and paid within the days of grace
		}
		p.received(r, day, r.cents*int64(min(int(r.pays), r.until-n)), method)
	}
}

func (p *planting) received(r *role, day civil.Date, cents int64, method models.PaymentMethod) {
	reference := ""
	if method == models.Transfer {
		reference = "Quota " + day.String()[:7]
	}
	p.by(day, "13:00", "nuria", "payment", func(ctx context.Context, by identity.Actor) error {
		_, err := p.Fees.RecordPayment(ctx, by, fees.PaymentForm{Member: r.id, AmountCents: cents, Method: method, ReceivedOn: day, Reference: reference}, "")
		return err
	})
}

// chargeDays are the days on which somebody's quarter begins, and today's.
func (p *planting) chargeDays() {
	days := map[civil.Date]bool{p.today: true}
	for _, q := range p.quarters {
		days[q] = true
	}
	for _, r := range p.cast.newcomers {
		for n := 1; !r.joined.AddMonths(3 * n).After(p.today); n++ {
			days[r.joined.AddMonths(3*n)] = true
		}
	}
	for day := p.quarters[0]; !day.After(p.today); day = day.AddDays(1) {
		if days[day] {
			p.at(day, "00:01", "charges", func(ctx context.Context) error {
				_, err := p.Fees.GenerateCharges(ctx)
				return err
			})
		}
	}
}

// waiver frees one member from fees since half a year, and ends by itself.
func (p *planting) waiver() {
	from := p.quarters[quartersCharged-3]
	p.by(from.AddDays(-9), "11:00", "nuria", "waiver", func(ctx context.Context, by identity.Actor) error {
		_, err := p.Fees.Waive(ctx, by, fees.WaiverForm{
			Member: p.cast.named["txell"].id, FromOn: from, UntilOn: from.AddMonths(12).AddDays(-1),
			Reason: "S'ha quedat sense feina. Acord de la comissió econòmica, per un any.",
		}, "")
		return err
	})
}

// mistakes are what happens in every treasury: a payment entered twice and taken back, and an amount changed.
func (p *planting) mistakes() {
	day := p.quarters[4].AddDays(22)
	var twice models.PaymentID
	p.by(day, "16:00", "nuria", "payment by mistake", func(ctx context.Context, by identity.Actor) (err error) {
		twice, err = p.Fees.RecordPayment(ctx, by, fees.PaymentForm{
			Member: p.cast.named["quim"].id, AmountCents: 3000, Method: models.Transfer, ReceivedOn: day, Reference: "Apunt repetit",
		}, "")
		return err
	})
	p.by(day.AddDays(2), "09:30", "nuria", "reversal", func(ctx context.Context, by identity.Actor) error {
		return p.Fees.ReversePayment(ctx, by, twice, "Apuntat dues vegades: l'extracte del banc només en té un.", "")
	})
	p.by(p.quarters[5].AddDays(30), "22:00", "montse", "changed amount", func(ctx context.Context, by identity.Actor) error {
		_, err := p.Fees.Subscribe(ctx, by, fees.Choice{Member: p.cast.named["montse"].id, Plan: p.plans["user"], AmountCents: 7500}, "")
		return err
	})
}

// arrears are two cases: one decided, that suspended a vote, and one that is being heard.
func (p *planting) arrears() {
	var decided models.ArrearsCaseID
	p.by(p.today.AddDays(-60), "10:00", "nuria", "case of oriol", func(ctx context.Context, by identity.Actor) (err error) {
		decided, err = p.Fees.OpenCase(ctx, by, p.cast.named["oriol"].id, "")
		return err
	})
	p.by(p.today.AddDays(-53), "23:00", "oriol", "statement of oriol", func(ctx context.Context, by identity.Actor) error {
		return p.Fees.State(ctx, by, decided, "He canviat de feina i vaig just. Pagaré quan pugui, però no sé dir quan.", "")
	})
	p.by(p.today.AddDays(-45), "18:00", "jordi", "decision on oriol", func(ctx context.Context, by identity.Actor) error {
		return p.Fees.Decide(ctx, by, decided, models.Suspend,
			"Deu més de dos trimestres i no ha demanat cap exempció, tot i que se li va oferir. Recuperarà el vot en el moment que pagui.", "")
	})
	p.by(p.today.AddDays(-4), "10:00", "nuria", "case of the gardens", func(ctx context.Context, by identity.Actor) error {
		_, err := p.Fees.OpenCase(ctx, by, p.cast.named["horta"].id, "")
		return err
	})
}
