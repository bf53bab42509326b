package transparency

import (
	"cmp"
	"context"
	"slices"
	"time"

	"socia/app/identity"
	"socia/core/civil"
	"socia/models"
	"socia/platform/db"
)

// NeedKind says what waits for a reader; a closed type.
type NeedKind string

// What can wait for a reader.
const (
	NeedVote        NeedKind = "vote"        // a poll is open and they have not cast every vote that is theirs
	NeedFacilitate  NeedKind = "facilitate"  // an assembly has to be prepared or is being held
	NeedStatement   NeedKind = "statement"   // their arrears case hears them until a day
	NeedSuspended   NeedKind = "suspended"   // their arrears case took the vote: pay or appeal
	NeedOverdue     NeedKind = "overdue"     // fees past their due day
	NeedAssembly    NeedKind = "assembly"    // an assembly is convened or under way
	NeedMinutes     NeedKind = "minutes"     // minutes wait for their approval as chair or teller
	NeedPay         NeedKind = "pay"         // fees not due yet
	NeedChoose      NeedKind = "choose"      // no fee is chosen and there is one for them
	NeedApplication NeedKind = "application" // applications wait for the collective they validate for
	NeedCases       NeedKind = "cases"       // arrears cases or appeals wait for a decision
	NeedApply       NeedKind = "apply"       // the account belongs to no member
	NeedSupport     NeedKind = "support"     // published proposals look for support
	NeedNotices     NeedKind = "notices"     // notices not read
)

// Need is one thing that waits for the reader. Which fields say something depends on the kind:
// Name is the question, the assembly's title, the member who owes or the collective; Count how many votes, fees,
// applications, proposals or notices; At an instant, On a day; Cents what is owed.
type Need struct {
	Kind   NeedKind
	ID     int64
	Name   string
	Count  int64
	At     *time.Time
	On     civil.Date
	Cents  int64
	Urgent bool

	// State is how far the assembly to facilitate or to attend has come.
	State models.AssemblyState
	// Final says that the suspension of the vote may be appealed no more.
	Final bool
	// OnRoll says whether the reader, or somebody they represent, may vote in the assembly.
	OnRoll bool
	Place  string
	Online bool
	// Several says that the reader acts for more than one member, so that Name has to be said.
	Several bool
}

// Home is what waits for a reader, the most urgent first, and what was decided lately.
type Home struct {
	Now       time.Time
	Coop      models.Cooperative
	Needs     []Need
	Decisions []Decision
	// Applied is the reader's own application for membership that waits for an answer; 0 without one.
	Applied models.ApplicationID
}

const (
	needsMost     = 20 // of one kind
	decisionsMost = 5
	// soonDays is from how many days before an assembly or an answer that is due it counts as urgent.
	soonDays = 7
)

// Home reads what waits for the actor.
func (s *Service) Home(ctx context.Context, by identity.Actor) (h Home, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		today, coop, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		h.Now, h.Coop = tx.Now, coop
		r := reader{tx: tx, by: by, today: today, loc: coop.Location()}
		for _, m := range by.Members {
			r.members = append(r.members, m.ID)
		}
		steps := []func() error{r.votes, r.facilitate, r.cases, r.charges, r.choose, r.assemblies, r.minutes, r.decide, r.applications, r.membership, r.support, r.notices}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		h.Needs, h.Applied = r.sorted(), r.applied
		page, err := decisionsTx(tx, 0, decisionsMost)
		h.Decisions = page.Decisions
		return err
	})
	return h, err
}

// reader gathers the needs of one actor.
type reader struct {
	tx      *db.Tx
	by      identity.Actor
	members []models.MemberID
	today   civil.Date
	loc     *time.Location
	needs   []Need
	applied models.ApplicationID
}

// order is how urgent the kinds are among what is equally urgent.
var order = []NeedKind{NeedVote, NeedFacilitate, NeedAssembly, NeedStatement, NeedSuspended, NeedOverdue, NeedMinutes, NeedPay, NeedChoose, NeedCases, NeedApplication, NeedApply, NeedSupport, NeedNotices}

// sorted puts what is urgent first, then goes by kind, then by time.
func (r *reader) sorted() []Need {
	slices.SortStableFunc(r.needs, func(a, b Need) int {
		if a.Urgent != b.Urgent {
			if a.Urgent {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)), compareTimes(a.At, b.At), a.On.Compare(b.On))
	})
	return r.needs
}

// compareTimes puts what ends at an instant before what has no end.
func compareTimes(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return a.Compare(*b)
}

// soon says whether an instant is at most soonDays away.
func (r *reader) soon(at time.Time) bool {
	return !r.today.AddDays(soonDays).Before(civil.Of(at, r.loc))
}
