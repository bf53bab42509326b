package assemblies

import (
	"context"
	"fmt"

	"socia/app/identity"
	"socia/app/rolls"
	"socia/core/mandate"
	"socia/core/quorum"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// floor is who has the vote in an assembly, who is there, and who is represented, at one instant.
type floor struct {
	statutes models.RuleSet
	roll     models.Roll
	classes  []string // codes, in the order in which pages show them
	lines    []rolls.Line
	index    map[models.MemberID]int // where a member's line is
	there    map[models.MemberID]models.Attendance
	proxies  []models.Proxy                    // in force
	holder   map[models.MemberID]models.Member // giver: who holds the mandate
}

// floorTx reads the floor of a convened assembly.
func floorTx(ctx context.Context, tx *db.Tx, id models.AssemblyID) (f floor, err error) {
	if f.roll, err = rolls.ByAssemblyTx(tx, id); err != nil {
		return f, err
	}
	if f.statutes, err = identity.StatutesByIDTx(tx, f.roll.RuleSetID); err != nil {
		return f, err
	}
	if f.lines, err = rolls.LinesTx(ctx, tx, f.roll.ID); err != nil {
		return f, err
	}
	if f.proxies, err = proxiesTx(tx, id); err != nil {
		return f, err
	}
	var here []models.Attendance
	if err := tx.DB.Where("assembly_id = ? AND left_at IS NULL", id).Find(&here).Error; err != nil {
		return f, fmt.Errorf("read who is there: %w", err)
	}
	f.there = make(map[models.MemberID]models.Attendance, len(here))
	for _, a := range here {
		f.there[a.MemberID] = a
	}
	if err := tx.DB.Model(&models.MemberClass{}).Order("position, id").Pluck("code", &f.classes).Error; err != nil {
		return f, fmt.Errorf("read member classes: %w", err)
	}
	f.index = make(map[models.MemberID]int, len(f.lines))
	for i, l := range f.lines {
		f.index[l.Member.ID] = i
	}
	f.findHolders()
	return f, nil
}

// findHolders finds who holds each mandate. A holder must be on the roll, so the lines know them all.
func (f *floor) findHolders() {
	f.holder = make(map[models.MemberID]models.Member, len(f.proxies))
	for _, p := range f.proxies {
		l, _ := f.line(p.HolderID)
		f.holder[p.GiverID] = l.Member
	}
}

// proxiesTx lists the mandates of an assembly that are in force, in the order in which they were declared.
func proxiesTx(tx *db.Tx, id models.AssemblyID) (all []models.Proxy, err error) {
	if err := tx.DB.Where("assembly_id = ? AND revoked_at IS NULL", id).Order("id").Find(&all).Error; err != nil {
		return nil, fmt.Errorf("read the proxies of assembly %d: %w", id, err)
	}
	return all, nil
}

// voter is who casts a member's vote now: the member when there, else the holder of their mandate when there.
func (f floor) voter(m models.Member) (models.Member, bool) {
	if _, here := f.there[m.ID]; here {
		return m, true
	}
	if h, given := f.holder[m.ID]; given {
		_, here := f.there[h.ID]
		return h, here
	}
	return models.Member{}, false
}

// electors lists every vote that is present or represented now, and who casts it.
func (f floor) electors() []models.PollElector {
	var all []models.PollElector
	for _, l := range f.lines {
		if !l.Eligible {
			continue
		}
		if v, ok := f.voter(l.Member); ok {
			all = append(all, models.PollElector{MemberID: l.Member.ID, ClassCode: l.ClassCode, VoterID: v.ID, AccountID: v.AccountID, Votes: l.Votes})
		}
	}
	return all
}

// presence counts each class: on the roll, in person, remote, represented, and there without the vote.
func (f floor) presence() []models.ClassPresence {
	at := make(map[string]*models.ClassPresence)
	for _, l := range f.lines {
		c := at[l.ClassCode]
		if c == nil {
			c = &models.ClassPresence{Class: l.ClassCode}
			at[l.ClassCode] = c
		}
		count(c, f, l)
	}
	all := make([]models.ClassPresence, 0, len(at))
	for _, code := range f.classes {
		if c := at[code]; c != nil {
			all = append(all, *c)
		}
	}
	return all
}

func count(c *models.ClassPresence, f floor, l rolls.Line) {
	here, present := f.there[l.Member.ID]
	if !l.Eligible {
		if present {
			c.WithoutVote++
		}
		return
	}
	c.Roll++
	c.RollPlural += l.Votes - 1
	if _, voted := f.voter(l.Member); voted {
		c.Plural += l.Votes - 1
	}
	switch _, represented := f.voter(l.Member); {
	case present && here.Mode == models.InPerson:
		c.InPerson++
	case present:
		c.Remote++
	case represented:
		c.Represented++
	}
}

// rollCounts is how many votes each class has.
func (f floor) rollCounts() map[string]int64 {
	counts := make(map[string]int64)
	for _, c := range f.presence() {
		counts[c.Class] = c.RollVotes()
	}
	return counts
}

// mandates are the proxies in force, as core checks them.
func (f floor) mandates() []mandate.Proxy {
	all := make([]mandate.Proxy, len(f.proxies))
	for i, p := range f.proxies {
		all[i] = mandate.Proxy{Giver: int64(p.GiverID), Holder: int64(p.HolderID)}
	}
	return all
}

// line is a member's line of the roll.
func (f floor) line(id models.MemberID) (rolls.Line, bool) {
	i, ok := f.index[id]
	if !ok {
		return rolls.Line{}, false
	}
	return f.lines[i], true
}

// Quorum is how many are there, and what that is enough for.
type Quorum struct {
	Classes []models.ClassPresence
	Total   models.ClassPresence
	Method  rules.Method
	First   quorum.Verdict
	Second  quorum.Verdict
}

// At is the verdict for the first or the second call.
func (q Quorum) At(call int64) quorum.Verdict {
	if call == 2 {
		return q.Second
	}
	return q.First
}

// quorumOf compares a presence with what the statutes ask at each call (Llei 12/2015 art. 46.1: of the votes): votes,
// the weight of the classes, or votes in each class.
func quorumOf(classes []models.ClassPresence, r rules.RuleSet) (q Quorum, err error) {
	q.Classes, q.Method = classes, r.Counting.Method
	for _, c := range classes {
		q.Total.Roll += c.Roll
		q.Total.RollPlural += c.RollPlural
		q.Total.Plural += c.Plural
		q.Total.InPerson += c.InPerson
		q.Total.Remote += c.Remote
		q.Total.Represented += c.Represented
		q.Total.WithoutVote += c.WithoutVote
	}
	if q.First, err = reached(q, r, r.Quorum.First); err != nil {
		return q, err
	}
	q.Second, err = reached(q, r, r.Quorum.Second)
	return q, err
}

func reached(q Quorum, r rules.RuleSet, t rules.Threshold) (quorum.Verdict, error) {
	all := make([]quorum.Class, len(q.Classes))
	for i, c := range q.Classes {
		all[i] = quorum.Class{Class: c.Class, Roll: c.RollVotes(), Present: c.Votes()}
	}
	return quorum.Check(all, r.Counting, t)
}

// statutesOfTx are the statutes that a convened assembly was called under.
func statutesOfTx(tx *db.Tx, id models.AssemblyID) (models.RuleSet, error) {
	roll, err := rolls.ByAssemblyTx(tx, id)
	if err != nil {
		return models.RuleSet{}, err
	}
	return identity.StatutesByIDTx(tx, roll.RuleSetID)
}
