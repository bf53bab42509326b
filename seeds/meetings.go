package seeds

import (
	"context"
	"fmt"
	"strings"
	"time"

	"socia/app/assemblies"
	"socia/app/identity"
	"socia/app/polls"
	"socia/core/civil"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// saturday is the first Saturday from a day on.
func saturday(from civil.Date) civil.Date {
	return from.AddDays((int(time.Saturday) - int(from.Weekday()) + 7) % 7)
}

// The assemblies: two were held shortly before a release day of figures, a year apart, so that the figures tell of
// them; the third is convened two days ago for three or four weeks from now.
func (p *planting) firstMeeting() civil.Date {
	return saturday(p.release.AddMonths(-12).AddDays(-22))
}
func (p *planting) secondMeeting() civil.Date { return saturday(p.release.AddDays(-22)) }
func (p *planting) nextMeeting() civil.Date   { return saturday(p.today.AddDays(21)) }

// point is a point of an agenda, with how a vote on it goes: of ten votes so many for, and so many against.
type point struct {
	title, body string
	decision    rules.DecisionKind // empty: for information
	proposal    string
	yes, no     int
	item        models.AgendaItemID
	poll        models.PollID
}

// meeting is an assembly as it goes.
type meeting struct {
	title, place string
	kind         string
	day          civil.Date
	convened     civil.Date
	call         int64
	points       []*point
	absent       int // of a hundred people who could come, how many do not
	proxies      int
	id           models.AssemblyID
	present      []*role
	chair        string
	secretary    string
	tellers      []string
	closing      string // what the secretary adds to the minutes
}

func (p *planting) meetings() {
	first, second, next := p.firstMeeting(), p.secondMeeting(), p.nextMeeting()
	p.hold(&meeting{
		title: "Assemblea general ordinària, " + monthName(first), kind: assemblies.Ordinary, place: "Ateneu La Paral·lela Torta, c. de la Farga, 12, Barcelona",
		day: first, convened: first.AddDays(-21), call: 1, absent: 58, proxies: 7, chair: "montse", secretary: "roser", tellers: []string{"quim", "marta"},
		closing: "Una sòcia demana que les actes es pengin abans de quinze dies. La facilitació s'hi compromet.",
		points: []*point{
			{title: "Informe de gestió i del grup tècnic", body: "Què hem fet aquest any i què ha fallat."},
			{title: "Aprovació dels comptes de l'exercici", body: "Els comptes són al local i es poden demanar per escrit.", decision: rules.DecisionOrdinary, yes: 9, no: 0},
			{proposal: "quotes", decision: rules.DecisionOrdinary, yes: 7, no: 2},
			{proposal: "xat", decision: rules.DecisionOrdinary, yes: 8, no: 1},
			{title: "Renovació de càrrecs: facilitació", body: "Acaba el mandat de la Roser; s'hi presenta la Mireia.", decision: rules.DecisionOrdinary, yes: 9, no: 0},
			{title: "Torn obert de paraules"},
		},
	})
	p.hold(&meeting{
		title: "Assemblea general ordinària, " + monthName(second), kind: assemblies.Ordinary, place: "Biblioteca del Molinar, pl. de l'Om, 3, Sabadell",
		day: second, convened: second.AddDays(-18), call: 2, absent: 66, proxies: 9, chair: "montse", secretary: "laia", tellers: []string{"aina", "quim"},
		closing: "Es demana que la propera assemblea tingui canguratge. Se'n farà una proposta.",
		points: []*point{
			{title: "Informe de gestió i estat de les quotes", body: "Altes, baixes, impagats i fons de solidaritat."},
			{title: "Aprovació dels comptes i del pressupost", body: "Liquidació de l'any i pressupost del vinent.", decision: rules.DecisionOrdinary, yes: 9, no: 0},
			{proposal: "servidor", decision: rules.DecisionOrdinary, yes: 7, no: 2},
			{proposal: "estatuts", decision: rules.DecisionStatutes, yes: 4, no: 5},
			{title: "Torn obert de paraules"},
		},
	})
	p.hold(&meeting{
		title: "Assemblea general extraordinària, " + monthName(next), kind: assemblies.Extraordinary, place: "Ateneu La Paral·lela Torta, c. de la Farga, 12, Barcelona",
		day: next, convened: p.today.AddDays(-2), proxies: 2,
		points: []*point{
			{title: "Informe del grup tècnic", body: "Com va el servidor propi, sis mesos després."},
			{proposal: "cures", decision: rules.DecisionOrdinary},
			{proposal: "acces", decision: rules.DecisionOrdinary},
			{proposal: "organs", decision: rules.DecisionStatutes},
			{title: "Torn obert de paraules"},
		},
	})
}

func monthName(d civil.Date) string {
	months := []string{"gener de", "febrer de", "març de", "abril de", "maig de", "juny de", "juliol de", "agost de", "setembre de", "octubre de", "novembre de", "desembre de"}
	return fmt.Sprintf("%s %d", months[d.Month-1], d.Year)
}

// hold tells of an assembly from its draft on, as far as it has come.
func (p *planting) hold(m *meeting) {
	p.by(m.convened.AddDays(-3), "12:00", "jordi", "draft", func(ctx context.Context, by identity.Actor) (err error) {
		m.id, err = p.Assemblies.Draft(ctx, by, assemblies.Plan{
			Title: m.title, Kind: m.kind, Place: m.place, OnlineURL: "https://sala.example.org/assemblea",
			FirstCall: p.instant(m.day, "10:00"), SecondCall: p.instant(m.day, "10:30"),
		}, "")
		if err != nil {
			return err
		}
		return p.putAgenda(ctx, by, m)
	})
	p.by(m.convened, "12:00", "jordi", "call", func(ctx context.Context, by identity.Actor) error {
		if err := p.Assemblies.Convene(ctx, by, m.id, ""); err != nil {
			return err
		}
		return p.deliver(ctx)
	})
	p.who(m)
	p.mandates(m)
	p.attend(m)
	p.decide(m)
	p.minutes(m)
}

func (p *planting) putAgenda(ctx context.Context, by identity.Actor, m *meeting) error {
	for _, i := range m.points {
		item := assemblies.Item{Title: i.title, Body: i.body, Decision: string(i.decision)}
		if i.proposal != "" {
			id := p.written[i.proposal]
			item.Proposal = &id
		}
		var err error
		if i.item, err = p.Assemblies.AddItem(ctx, by, m.id, item, ""); err != nil {
			return err
		}
	}
	return nil
}

// who decides who comes: those with a part in it, and some of the others, more of the workers than of the users.
func (p *planting) who(m *meeting) {
	part := map[string]bool{m.chair: true, m.secretary: true, "jordi": true}
	for _, t := range m.tellers {
		part[t] = true
	}
	for _, r := range p.cast.imported {
		stays := map[string]int{"worker": m.absent / 4, "collaborating": m.absent / 2, "user": m.absent + 10}[r.class]
		named := p.cast.named[r.handle] == r && part[r.handle]
		gone := !r.left.IsZero() && r.left.Before(m.day)
		if named || (!gone && p.rng.IntN(100) >= stays) {
			m.present = append(m.present, r)
		}
	}
}

// mandates are given by some who do not come to some who do, in the days before.
func (p *planting) mandates(m *meeting) {
	coming := map[*role]bool{}
	for _, r := range m.present {
		coming[r] = true
	}
	given := 0
	for _, r := range p.cast.imported {
		if given == m.proxies {
			return
		}
		if coming[r] || r.handle == "" || p.cast.named[r.handle] != r || r.handle == "oriol" || r.number%2 == 0 {
			continue
		}
		holder := m.present[(3*given+2)%len(m.present)]
		given++
		p.by(m.convened.AddDays(given%2), "19:20", r.handle, "mandate", func(ctx context.Context, by identity.Actor) error {
			_, err := p.Assemblies.DeclareProxy(ctx, by, m.id, r.id, holder.id, "")
			return err
		})
	}
}

// attend is who arrives at the desk, who joins from afar, and the opening.
func (p *planting) attend(m *meeting) {
	for i, r := range m.present {
		if r.handle != "" && i%5 == 4 {
			p.by(m.day, "09:40", r.handle, "arrival from afar", func(ctx context.Context, by identity.Actor) error {
				return p.Assemblies.CheckIn(ctx, by, m.id, r.id, models.Remote)
			})
			continue
		}
		p.by(m.day, fmt.Sprintf("09:%02d", 35+i%24), "jordi", "arrival", func(ctx context.Context, by identity.Actor) error {
			return p.Assemblies.CheckIn(ctx, by, m.id, r.id, models.InPerson)
		})
	}
	p.by(m.day, "10:31", "jordi", "opening", func(ctx context.Context, by identity.Actor) error {
		if err := p.Assemblies.Open(ctx, by, m.id, m.call); err != nil {
			return err
		}
		o := assemblies.Officers{Chair: p.cast.named[m.chair].id, Secretary: p.cast.named[m.secretary].id}
		for _, t := range m.tellers {
			o.Tellers = append(o.Tellers, p.cast.named[t].id)
		}
		return p.Assemblies.NameOfficers(ctx, by, m.id, o)
	})
}

// decide is the votes, a quarter of an hour each, and the end.
func (p *planting) decide(m *meeting) {
	start := p.instant(m.day, "10:45")
	for n, i := range m.points {
		if i.decision == "" {
			continue
		}
		opens := start.Add(time.Duration(n) * 15 * time.Minute).In(p.zone).Format("15:04")
		closes := start.Add(time.Duration(n)*15*time.Minute + 6*time.Minute).In(p.zone).Format("15:04")
		p.by(m.day, opens, "jordi", "poll", func(ctx context.Context, by identity.Actor) (err error) {
			if i.poll, err = p.Assemblies.OpenPoll(ctx, by, i.item, nil, ""); err != nil {
				return err
			}
			return p.vote(ctx, by, i)
		})
		p.by(m.day, closes, "jordi", "end of poll", func(ctx context.Context, by identity.Actor) error {
			return p.Assemblies.ClosePoll(ctx, by, i.poll)
		})
	}
	p.by(m.day, "13:05", "jordi", "early departures", func(ctx context.Context, by identity.Actor) error {
		return p.Assemblies.CheckOut(ctx, by, m.id, m.present[len(m.present)-1].id)
	})
	p.by(m.day, "13:30", "jordi", "end", func(ctx context.Context, by identity.Actor) error {
		return p.Assemblies.Close(ctx, by, m.id)
	})
}

// vote casts the votes of a poll: those with an account their own and those they hold, the table the others'.
func (p *planting) vote(ctx context.Context, table identity.Actor, i *point) error {
	electors, err := p.electors(ctx, i.poll)
	if err != nil {
		return err
	}
	var voters []string
	of := map[string][]polls.Ballot{}
	for _, e := range electors {
		b := polls.Ballot{Member: e.MemberID, Choice: models.Abstain}
		switch k := p.rng.IntN(10); {
		case k < i.yes:
			b.Choice = models.For
		case k < i.yes+i.no:
			b.Choice = models.Against
		}
		if p.rng.IntN(20) == 0 {
			continue // was out of the room
		}
		if of[e.Handle] == nil {
			voters = append(voters, e.Handle)
		}
		of[e.Handle] = append(of[e.Handle], b)
	}
	for _, handle := range voters {
		if handle == "" {
			var entries []polls.Entry
			for _, b := range of[handle] {
				entries = append(entries, polls.Entry{Ballot: b})
			}
			err = p.Polls.Record(ctx, table, i.poll, entries)
		} else if by, wrong := p.as(ctx, handle); wrong != nil {
			err = wrong
		} else {
			err = p.Polls.Cast(ctx, by, i.poll, of[handle])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// elector is somebody who may vote in a poll, and the handle of the account that votes for them; empty: none.
type elector struct {
	MemberID  models.MemberID
	ClassCode string
	Handle    string
}

// electors lists who may vote in a poll, in the order of their numbers.
func (p *planting) electors(ctx context.Context, id models.PollID) (all []elector, err error) {
	err = p.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Model(&models.PollElector{}).Select("poll_electors.member_id, poll_electors.class_code, COALESCE(accounts.handle, '') AS handle").
			Joins("JOIN members ON members.id = poll_electors.member_id").
			Joins("LEFT JOIN accounts ON accounts.id = poll_electors.account_id").
			Where("poll_electors.poll_id = ?", id).Order("members.number").Scan(&all).Error
	})
	return all, err
}

// minutes are drafted from what happened, completed by the secretary and approved by chair and tellers.
func (p *planting) minutes(m *meeting) {
	if m.closing == "" {
		return
	}
	p.by(m.day.AddDays(2), "18:00", "jordi", "draft of the minutes", func(ctx context.Context, by identity.Actor) error {
		return p.Assemblies.DraftMinutes(ctx, by, m.id, "ca", "")
	})
	p.by(m.day.AddDays(4), "21:00", m.secretary, "edited minutes", func(ctx context.Context, by identity.Actor) error {
		now, err := p.Assemblies.Minutes(ctx, by, m.id)
		if err != nil {
			return err
		}
		const point = "Torn obert de paraules\n\n"
		body := strings.Replace(now.Minutes.Body, point+"Punt informatiu.", point+m.closing, 1)
		return p.Assemblies.EditMinutes(ctx, by, m.id, now.Minutes.Revision, body)
	})
	for n, handle := range append([]string{m.chair}, m.tellers...) {
		p.by(m.day.AddDays(6+n), "20:00", handle, "approved minutes", func(ctx context.Context, by identity.Actor) error {
			now, err := p.Assemblies.Minutes(ctx, by, m.id)
			if err != nil {
				return err
			}
			return p.Assemblies.ApproveMinutes(ctx, by, m.id, now.Minutes.Revision)
		})
	}
}
