package rolls

import (
	"context"
	"fmt"
	"time"

	"socia/app/fees"
	"socia/app/identity"
	"socia/core/fault"
	"socia/core/rules"
	"socia/core/standing"
	"socia/models"
	"socia/platform/db"
)

// factsBatch is how many members are looked up at once; both databases bound the values of one statement.
const factsBatch = 2000

// StandingTx says for each member whether they may vote at an instant under the statutes in force, and if not, why.
// It takes the same few queries for one member and for two thousand.
func StandingTx(ctx context.Context, tx *db.Tx, members []models.Member, at time.Time) (map[models.MemberID]standing.Verdict, error) {
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return nil, err
	}
	return verdictsTx(ctx, tx, members, at, statutes.Body, dated)
}

// reading is how facts are held against an instant.
type reading bool

const (
	dated reading = false // by the instants that they carry
	// happened: what is stored as paid or ended is so, even if its instant is a little later: an act that waited its
	// turn, or whose node's clock is behind, judges by what it reads.
	happened reading = true
)

func verdictsTx(ctx context.Context, tx *db.Tx, members []models.Member, at time.Time, statutes rules.RuleSet, how reading) (map[models.MemberID]standing.Verdict, error) {
	coop, err := identity.CooperativeTx(tx)
	if err != nil {
		return nil, err
	}
	loc := coop.Location()
	verdicts := make(map[models.MemberID]standing.Verdict, len(members))
	for start := 0; start < len(members); start += factsBatch {
		batch := members[start:min(start+factsBatch, len(members))]
		known, err := fees.FactsSinceTx(ctx, tx, ids(batch), at)
		if err != nil {
			return nil, err
		}
		for _, m := range batch {
			f := facts(m, known[m.ID])
			if how == happened {
				endBy(&f, at)
			}
			verdicts[m.ID] = standing.Decide(f, at, loc, statutes)
		}
	}
	return verdicts, nil
}

// facts joins what the membership and the fees say.
func facts(m models.Member, f fees.Facts) standing.Facts {
	return standing.Facts{JoinedOn: m.JoinedOn, LeftOn: m.LeftOn, Owed: f.Owed, Case: f.Case}
}

// endBy makes what ended after an instant end at it.
func endBy(f *standing.Facts, at time.Time) {
	for i, o := range f.Owed {
		if o.SettledAt != nil && o.SettledAt.After(at) {
			f.Owed[i].SettledAt = &at
		}
	}
	if f.Case != nil && f.Case.ClosedAt != nil && f.Case.ClosedAt.After(at) {
		f.Case.ClosedAt = &at
	}
}

func ids(members []models.Member) []models.MemberID {
	out := make([]models.MemberID, len(members))
	for i, m := range members {
		out[i] = m.ID
	}
	return out
}

// Glance says whether the member that the actor is first of all may vote now; ok is false when they act for no member.
func (s *Service) Glance(ctx context.Context, by identity.Actor) (mayVote, ok bool, err error) {
	m, ok := by.Member()
	if !ok {
		return false, false, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		verdicts, err := StandingTx(ctx, tx, []models.Member{m}, tx.Now)
		mayVote = verdicts[m.ID].MayVote
		return err
	})
	return mayVote, true, err
}

// Answer is a member's standing with what it rests on.
type Answer struct {
	Member   models.Member
	Verdict  standing.Verdict
	Statutes rules.RuleSet
	Owed     []fees.ChargeLine    // the unpaid charges that the verdict names, the oldest first
	Case     models.ArrearsCaseID // the arrears case that is open; 0 without one
	Places   []Place
	At       time.Time
}

// Place is a member's line on the roll of an assembly that is still to end. Listed is false when the member is not
// on it at all, such as one who joined after it was frozen.
type Place struct {
	Roll     models.Roll
	Assembly models.Assembly
	Line     Line
	Listed   bool
}

// Standing says whether a member may vote now, why not, and where they stand on the rolls of coming assemblies.
// Asked by the member itself, its representative, or a role that may know.
func (s *Service) Standing(ctx context.Context, by identity.Actor, member models.MemberID) (a Answer, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := by.RequireOwnTx(tx, member, told...); err != nil {
			return err
		}
		a, err = answerTx(ctx, tx, member)
		return err
	})
	return a, err
}

// Own lists the members that an account is or represents, also those who are not yet or no longer members; the
// person first.
func (s *Service) Own(ctx context.Context, by identity.Actor) (all []models.Member, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Where("account_id = ?", by.Account).Order("kind DESC, id").Limit(50).Find(&all).Error
	})
	return all, err
}

func answerTx(ctx context.Context, tx *db.Tx, member models.MemberID) (Answer, error) {
	a := Answer{At: tx.Now}
	if err := tx.DB.Take(&a.Member, member).Error; db.Missing(err) {
		return a, fault.NotFound("rolls.member_not_found")
	} else if err != nil {
		return a, fmt.Errorf("read member %d: %w", member, err)
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return a, err
	}
	a.Statutes = statutes.Body
	verdicts, err := verdictsTx(ctx, tx, []models.Member{a.Member}, tx.Now, a.Statutes, dated)
	if err != nil {
		return a, err
	}
	a.Verdict = verdicts[member]
	if a.Owed, err = owedTx(tx, a.Verdict); err != nil {
		return a, err
	}
	err = tx.DB.Model(&models.ArrearsCase{}).Select("id").Where("member_id = ? AND closed_at IS NULL", member).Limit(1).Scan(&a.Case).Error
	if err != nil {
		return a, fmt.Errorf("read the arrears case of member %d: %w", member, err)
	}
	a.Places, err = placesTx(ctx, tx, member)
	return a, err
}

func owedTx(tx *db.Tx, v standing.Verdict) ([]fees.ChargeLine, error) {
	named := append([]int64{}, v.FeeCharges...)
	for _, r := range v.Reasons {
		named = append(named, r.ChargeIDs...)
	}
	if len(named) == 0 {
		return nil, nil
	}
	var charges []models.Charge
	if err := tx.DB.Where("id IN ?", named).Order("due_on, id").Find(&charges).Error; err != nil {
		return nil, fmt.Errorf("read charges: %w", err)
	}
	return fees.LinesTx(tx, charges)
}

// placesTx reads the rolls of the assemblies that are convened and not closed: seldom more than one or two.
func placesTx(ctx context.Context, tx *db.Tx, member models.MemberID) ([]Place, error) {
	var rolls []models.Roll
	err := tx.DB.Where("assembly_id IN (SELECT id FROM assemblies WHERE closed_at IS NULL)").Order("id").Limit(20).Find(&rolls).Error
	if err != nil {
		return nil, fmt.Errorf("read rolls: %w", err)
	}
	places := make([]Place, 0, len(rolls))
	for _, r := range rolls {
		o, err := openTx(ctx, tx, r.ID)
		if err != nil {
			return nil, err
		}
		lines, err := o.linesTx(tx, query{members: []models.MemberID{member}, limit: 1})
		if err != nil {
			return nil, err
		}
		p := Place{Roll: r, Assembly: o.assembly, Listed: len(lines) > 0}
		if p.Listed {
			p.Line = lines[0]
		}
		places = append(places, p)
	}
	return places, nil
}
