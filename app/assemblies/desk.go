package assemblies

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"socia/app/identity"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

const (
	// foundMost is how many members a search shows.
	foundMost = 12
	// arrivedMost is how many of those who came last the desk shows.
	arrivedMost = 8
)

// Attendee is a member at the desk: in which class, with or without the vote, there or not, represented or not.
type Attendee struct {
	Member   models.Member
	Class    string
	Eligible bool
	Here     *models.Attendance
	Gave     *models.Member // who represents them
	Holds    int            // mandates that they bring
}

// Desk is what the people at the door need: the running quorum, a search, who came last, and the mandates.
type Desk struct {
	Assembly  models.Assembly
	Coop      models.Cooperative
	Classes   map[string]models.MemberClass
	Quorum    Quorum
	Found     []Attendee
	Arrived   []Attendee
	Last      *Attendee // who was just noted
	Mandates  []Mandate
	DoorOpen  bool
	ProxyRule rules.Proxies
	Remote    rules.Remote
}

// Desk reads the desk of an assembly. query is a member's number or a part of their name; it may be empty. last is who
// was just noted, or 0.
func (s *Service) Desk(ctx context.Context, by identity.Actor, id models.AssemblyID, query string, last models.MemberID) (d Desk, err error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return d, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		if d.Assembly, err = byIDTx(tx, id); err != nil {
			return err
		}
		if d.Assembly.State() == models.AssemblyDraft {
			return fault.NotFound("assemblies.unknown")
		}
		if d.Coop, err = identity.CooperativeTx(tx); err != nil {
			return err
		}
		if d.Classes, err = classesTx(tx); err != nil {
			return err
		}
		d.DoorOpen = doorOpenTx(tx, d.Assembly, by, models.InPerson) == nil
		return d.readTx(ctx, tx, query, last)
	})
	return d, err
}

func (d *Desk) readTx(ctx context.Context, tx *db.Tx, query string, last models.MemberID) error {
	f, err := floorTx(ctx, tx, d.Assembly.ID)
	if err != nil {
		return err
	}
	if d.Quorum, err = quorumOf(f.presence(), f.statutes.Body); err != nil {
		return err
	}
	d.Mandates, d.ProxyRule, d.Remote = f.named(), f.statutes.Body.Proxies, f.statutes.Body.Remote.OrUsual()
	found, err := searchTx(tx, query, foundMost)
	if err != nil {
		return err
	}
	for _, m := range found {
		d.Found = append(d.Found, f.attendee(m))
	}
	if last != 0 {
		noted, err := membersTx(tx, []models.MemberID{last})
		if err != nil {
			return err
		}
		if m, known := noted[last]; known {
			a := f.attendee(m)
			d.Last = &a
		}
	}
	return d.arrivedTx(tx, f)
}

// arrivedTx finds who came last and is still there.
func (d *Desk) arrivedTx(tx *db.Tx, f floor) error {
	var last []models.Attendance
	err := tx.DB.Where("assembly_id = ? AND left_at IS NULL", d.Assembly.ID).Order("arrived_at DESC, member_id DESC").Limit(arrivedMost).Find(&last).Error
	if err != nil {
		return fmt.Errorf("read who came last: %w", err)
	}
	ids := make([]models.MemberID, len(last))
	for i, a := range last {
		ids[i] = a.MemberID
	}
	members, err := membersTx(tx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		d.Arrived = append(d.Arrived, f.attendee(members[id]))
	}
	return nil
}

func (f floor) attendee(m models.Member) Attendee {
	a := Attendee{Member: m}
	if l, ok := f.line(m.ID); ok {
		a.Class, a.Eligible = l.ClassCode, l.Eligible
	}
	if here, ok := f.there[m.ID]; ok {
		a.Here = &here
	}
	if h, ok := f.holder[m.ID]; ok {
		a.Gave = &h
	}
	for _, p := range f.proxies {
		if p.HolderID == m.ID {
			a.Holds++
		}
	}
	return a
}

// Find is the one active member whom a number or a part of a name means; the fault belongs to the form's field.
func (s *Service) Find(ctx context.Context, by identity.Actor, field, who string) (m models.Member, err error) {
	if err := ours(by); err != nil {
		return m, err
	}
	if strings.TrimSpace(who) == "" {
		return m, fault.Invalid(field, "ui.error.required")
	}
	var found []models.Member
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = searchTx(tx, who, foundMost)
		return err
	})
	switch {
	case err != nil:
		return m, err
	case len(found) == 0:
		return m, fault.Invalid(field, "assemblies.nobody_matches")
	case len(found) > 1:
		return m, fault.Invalid(field, "assemblies.several_match", map[string]any{"Who": listed(found)})
	}
	return found[0], nil
}

func listed(found []models.Member) string {
	names := make([]string, 0, len(found))
	for _, m := range found {
		names = append(names, fmt.Sprintf("%s (%d)", m.Name, m.Number))
	}
	return strings.Join(names, ", ")
}

// searchTx finds active members by number, or by the beginnings of the words of their name, without minding accents or
// capitals; a whole name is taken for itself. Databases fold accents differently, so the names are compared here.
func searchTx(tx *db.Tx, query string, most int) ([]models.Member, error) {
	query = strings.TrimSpace(query)
	if query == "" {
		return nil, nil
	}
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return nil, err
	}
	var found []models.Member
	if n, err := strconv.ParseInt(query, 10, 64); err == nil {
		if err := activeTx(tx, today).Where("number = ?", n).Find(&found).Error; err != nil {
			return nil, fmt.Errorf("find member by number: %w", err)
		}
		return found, nil
	}
	var names []struct {
		ID   models.MemberID
		Name string
	}
	if err := activeTx(tx, today).Select("id", "name").Order("name, id").Scan(&names).Error; err != nil {
		return nil, fmt.Errorf("read members' names: %w", err)
	}
	want := folded(query)
	if want == "" {
		return nil, nil // nothing but marks finds nobody
	}
	var ids, whole []models.MemberID
	for _, n := range names {
		name := folded(n.Name)
		if name == want && len(whole) < most {
			whole = append(whole, n.ID)
		}
		if len(ids) < most && begins(name, want) {
			ids = append(ids, n.ID)
		}
	}
	if len(whole) > 0 {
		ids = whole
	}
	if len(ids) == 0 {
		return nil, nil
	}
	err = tx.DB.Where("id IN ?", ids).Order("name, id").Find(&found).Error
	return found, err
}

// begins says whether every word of the query begins some word of the name.
func begins(name, query string) bool {
	padded := " " + name
	for _, word := range strings.Fields(query) {
		if !strings.Contains(padded, " "+word) {
			return false
		}
	}
	return true
}

// folded is a name as a search compares it: small letters without accents, words apart.
func folded(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '·': // col·laboradora is found as collaboradora
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
