// Package seeds plants one invented cooperative, Núvol Comú of Barcelona, for the demonstration and for tests: its
// members, two years of fees, proposals in every state, two assemblies that were held and one that is convened.
//
// Nothing is inserted by hand: a clock is moved through the two years, and every row is made by the use case that makes
// it in life. All is placed relative to one instant, so that a demonstration is fresh whenever it is run; the same
// instant gives the same cooperative. Nobody and nothing in it exists.
package seeds

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/alexedwards/argon2id"

	"socia/app/assemblies"
	"socia/app/equality"
	"socia/app/fees"
	"socia/app/identity"
	"socia/app/ledger"
	"socia/app/members"
	"socia/app/polls"
	"socia/app/proposals"
	"socia/app/rolls"
	"socia/core/civil"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/jobs"
)

// Passphrase signs every account of the demonstration in; it is public.
const Passphrase = "el nuvol es de totes" //nolint:gosec // public, see above

// Name is the cooperative's name.
const Name = "Núvol Comú"

// Services are the use cases that the planting goes through, all on DB, whose clock is Clock.
type Services struct {
	DB         *db.DB
	Clock      *clock.Set
	Jobs       *jobs.Queue
	Identity   *identity.Service
	Members    *members.Service
	Ledger     *ledger.Service
	Fees       *fees.Service
	Rolls      *rolls.Service
	Proposals  *proposals.Service
	Polls      *polls.Service
	Assemblies *assemblies.Service
	Equality   *equality.Service
}

// Account is one that people may sign in with. Role is a key of identity.role.
type Account struct{ Handle, Role string }

// Accounts are those that the demonstration shows: one for each role, a member with none, and one in arrears.
func Accounts() []Account {
	return []Account{
		{"marta", "member"},
		{"oriol", "member_in_arrears"},
		{"jordi", string(models.RoleFacilitator)},
		{"nuria", string(models.RoleTreasurer)},
		{"pau", string(models.RoleValidator)},
		{"aina", string(models.RoleAuditor)},
		{"laia", string(models.RoleAdministrator)},
	}
}

// Hashing is cheap: the passphrase is public, so guessing it costs nothing anyway.
func Hashing() *argon2id.Params {
	return &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// Plant makes the cooperative in a migrated, empty database, as it stands at an instant; the clock stands there afterwards.
// Tests begin with it: nothing is put to the vote at that instant.
func Plant(ctx context.Context, s Services, now time.Time) error {
	p, err := newPlanting(s, now)
	if err != nil {
		return err
	}
	return p.tell(ctx)
}

// PlantWithConsultations is Plant with consultations outside the assemblies, some closed and some that wait for votes,
// and with delegations: what the demonstration shows.
func PlantWithConsultations(ctx context.Context, s Services, now time.Time) error {
	p, err := newPlanting(s, now)
	if err != nil {
		return err
	}
	return p.tell(ctx, p.consultations)
}

// tell tells the story, with chapters besides those that are always in it, and makes it happen.
func (p *planting) tell(ctx context.Context, besides ...func()) error {
	for _, chapter := range append([]func(){p.founding, p.people, p.money, p.arrears, p.talk, p.meetings, p.balance}, besides...) {
		chapter()
	}
	slices.SortStableFunc(p.story, func(a, b event) int { return a.at.Compare(b.at) })
	for _, e := range p.story {
		p.Clock.Move(e.at)
		if err := e.act(ctx); err != nil {
			return fmt.Errorf("plant %s at %s: %w", e.name, e.at.Format(time.RFC3339), err)
		}
	}
	p.Clock.Move(p.now)
	p.Identity.Forget()
	return p.deliver(ctx)
}

// event is something that happened.
type event struct {
	at   time.Time
	name string
	act  func(context.Context) error
}

// planting is the story while it is told.
type planting struct {
	Services
	now   time.Time
	today civil.Date
	zone  *time.Location
	rng   *rand.Rand
	cast  *cast
	story []event

	began    civil.Date   // the day on which the cooperative was set up here
	quarters []civil.Date // the first days of the quarters that were charged, the oldest first
	release  civil.Date   // the latest release day of figures about gender
	plans    map[string]models.FeePlanID
	written  map[string]models.ProposalID
	classes  map[string]models.MemberClassID
	nodes    []models.CollectiveID
	acting   map[string]identity.Actor
}

// quartersCharged are two years and the quarter that runs.
const quartersCharged = 9

func newPlanting(s Services, now time.Time) (*planting, error) {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		return nil, fmt.Errorf("load the cooperative's time zone: %w", err)
	}
	p := &planting{
		Services: s, now: now, today: civil.Of(now, zone), zone: zone, rng: rand.New(rand.NewPCG(12, 2015)), //nolint:gosec // the same story every time
		plans: map[string]models.FeePlanID{}, written: map[string]models.ProposalID{}, classes: map[string]models.MemberClassID{},
		acting: map[string]identity.Actor{},
	}
	quarter := civil.New(p.today.Year, p.today.Month-(p.today.Month-1)%3, 1)
	for n := range quartersCharged {
		p.quarters = append(p.quarters, quarter.AddMonths(3*(n-quartersCharged+1)))
	}
	p.began = p.quarters[0].AddDays(-30)
	p.release = civil.New(p.today.Year, 1, 1)
	if p.today.Month >= time.July {
		p.release = civil.New(p.today.Year, 7, 1)
	}
	p.cast = newCast(p)
	return p, nil
}

// at tells something of a day and an hour such as "19:30". What lies after now has not happened, and is not told.
func (p *planting) at(day civil.Date, hour, name string, act func(context.Context) error) {
	if at := p.instant(day, hour); at.Before(p.now) {
		p.story = append(p.story, event{at: at, name: name, act: act})
	}
}

// instant is an hour of a day on the cooperative's clocks.
func (p *planting) instant(day civil.Date, hour string) time.Time {
	h, err := time.Parse("15:04", hour)
	if err != nil {
		panic("seeds: " + err.Error()) // the hours are written in this package
	}
	return time.Date(day.Year, day.Month, day.Day, h.Hour(), h.Minute(), 0, 0, p.zone).UTC()
}

// as is the actor that a handle names, with the roles and memberships since the last change of any.
func (p *planting) as(ctx context.Context, handle string) (by identity.Actor, err error) {
	if by, known := p.acting[handle]; known {
		return by, nil
	}
	account, err := p.Identity.AccountByHandle(ctx, handle)
	if err != nil {
		return by, fmt.Errorf("find %s: %w", handle, err)
	}
	err = p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		by, err = identity.ActorTx(tx, account.ID)
		return err
	})
	p.acting[handle] = by
	return by, err
}

// forget makes actors be read again, after roles or memberships changed.
func (p *planting) forget() { clear(p.acting) }

// by tells something that the account of a handle does.
func (p *planting) by(day civil.Date, hour, handle, name string, act func(context.Context, identity.Actor) error) {
	p.at(day, hour, name, func(ctx context.Context) error {
		by, err := p.as(ctx, handle)
		if err != nil {
			return err
		}
		return act(ctx, by)
	})
}

// deliver does the jobs that wait, such as letters, so that they carry the day on which they were written.
func (p *planting) deliver(ctx context.Context) error {
	for {
		did, err := p.Jobs.Step(ctx)
		if err != nil || !did {
			return err
		}
	}
}

// one chooses from a list, the same every time.
func one[T any](p *planting, list []T) T { return list[p.rng.IntN(len(list))] }
