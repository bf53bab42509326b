package rolls

import (
	"context"
	"fmt"

	"socia/app/identity"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// pageLines is how many lines a page shows.
const pageLines = 50

// Overview is a roll as a reader may see it.
type Overview struct {
	Roll       models.Roll
	Assembly   models.Assembly
	Statutes   rules.RuleSet
	Classes    map[string]models.MemberClass
	Counts     []ClassCount // Excluded is 0 for who may not see reasons
	Mine       []Line       // the lines of the members that the reader acts for
	Log        []Logged     // the corrections, newest first; for who may see reasons
	SeeReasons bool
	MayCorrect bool
}

// Logged is a correction with the names that it needs.
type Logged struct {
	models.RollCorrection
	MemberName string
	ByHandle   string // empty when a payment or an appeal did it
}

// Show gives the roll of an assembly, to members and to the roles that work with it.
func (s *Service) Show(ctx context.Context, by identity.Actor, assembly models.AssemblyID) (v Overview, err error) {
	if err := mayRead(by); err != nil {
		return v, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		v, err = showTx(ctx, tx, by, assembly)
		return err
	})
	return v, err
}

// mayRead lets in members of today and the roles that work with rolls.
func mayRead(by identity.Actor) error {
	if by.Has(readers...) {
		return nil
	}
	_, err := by.RequireMember()
	return err
}

func showTx(ctx context.Context, tx *db.Tx, by identity.Actor, assembly models.AssemblyID) (v Overview, err error) {
	roll, err := ByAssemblyTx(tx, assembly)
	if err != nil {
		return v, err
	}
	o, err := openTx(ctx, tx, roll.ID)
	if err != nil {
		return v, err
	}
	statutes, err := identity.StatutesByIDTx(tx, roll.RuleSetID)
	if err != nil {
		return v, err
	}
	v = Overview{Roll: roll, Assembly: o.assembly, Statutes: statutes.Body, SeeReasons: by.Has(readers...)}
	v.MayCorrect = by.Has(models.RoleFacilitator) && !tx.Now.After(roll.CorrectionsUntil) && o.assembly.ClosedAt == nil
	if v.Classes, err = classesTx(tx); err != nil {
		return v, err
	}
	if v.Counts, err = o.countsTx(tx); err != nil {
		return v, err
	}
	if len(by.Members) > 0 {
		if v.Mine, err = o.linesTx(tx, query{members: ids(by.Members), limit: len(by.Members)}); err != nil {
			return v, err
		}
	}
	if v.SeeReasons {
		v.Log, err = o.logTx(tx)
		return v, err
	}
	for i := range v.Counts {
		v.Counts[i].Excluded = 0
	}
	return v, nil
}

func classesTx(tx *db.Tx) (map[string]models.MemberClass, error) {
	var all []models.MemberClass
	if err := tx.DB.Order("position, id").Limit(200).Find(&all).Error; err != nil {
		return nil, fmt.Errorf("read member classes: %w", err)
	}
	byCode := make(map[string]models.MemberClass, len(all))
	for _, c := range all {
		byCode[c.Code] = c
	}
	return byCode, nil
}

func (o open) logTx(tx *db.Tx) (log []Logged, err error) {
	err = tx.DB.Raw(`SELECT c.*, m.name AS member_name, COALESCE(a.handle, '') AS by_handle
		FROM roll_corrections c JOIN members m ON m.id = c.member_id LEFT JOIN accounts a ON a.id = c.by_id
		WHERE c.roll_id = ? ORDER BY c.id DESC LIMIT 500`, o.ID).Scan(&log).Error
	if err != nil {
		return nil, fmt.Errorf("read the corrections of roll %d: %w", o.ID, err)
	}
	return log, nil
}

// Vote is which lines a reader wants: all, those who may vote, or those who may not; a closed type.
type Vote string

// The choices of Vote.
const (
	VoteAny Vote = ""
	VoteYes Vote = "yes"
	VoteNo  Vote = "no"
)

// Filter chooses a page of lines. Name is a part of a name, or a member's number.
type Filter struct {
	Class string
	Vote  Vote
	Name  string
	After Cursor
}

// Page is a page of lines; Next is zero on the last.
type Page struct {
	Lines []Line
	Next  Cursor
}

// Lines gives a page of the roll of an assembly, by name. Who may not see reasons gets only those who may vote.
func (s *Service) Lines(ctx context.Context, by identity.Actor, assembly models.AssemblyID, f Filter) (p Page, err error) {
	if err := mayRead(by); err != nil {
		return p, err
	}
	q := query{class: f.Class, name: f.Name, after: f.After, limit: pageLines + 1}
	if q.eligible, err = f.Vote.eligible(); err != nil {
		return p, err
	}
	if !by.Has(readers...) {
		yes := true
		q.eligible = &yes
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		roll, err := ByAssemblyTx(tx, assembly)
		if err != nil {
			return err
		}
		o, err := openTx(ctx, tx, roll.ID)
		if err != nil {
			return err
		}
		p.Lines, err = o.linesTx(tx, q)
		return err
	})
	if len(p.Lines) > pageLines {
		p.Lines = p.Lines[:pageLines]
		p.Next = cursorOf(p.Lines[pageLines-1])
	}
	if !by.Has(readers...) {
		p.hideHistory()
	}
	return p, err
}

// hideHistory leaves of a line what every member may see: who may vote, in which class.
func (p Page) hideHistory() {
	for i := range p.Lines {
		p.Lines[i].Reasons, p.Lines[i].Corrections = nil, nil
	}
}

func (v Vote) eligible() (*bool, error) {
	yes, no := true, false
	switch v {
	case VoteAny:
		return nil, nil
	case VoteYes:
		return &yes, nil
	case VoteNo:
		return &no, nil
	}
	return nil, fault.Invalid("vote", "rolls.filter_unknown")
}
