package members

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Sort is an order of the directory; a closed type.
type Sort string

// The orders of the directory. Only those who see numbers may sort by them.
const (
	ByName   Sort = "name"
	ByNumber Sort = "number"
)

// Filter narrows the directory. Zero values narrow nothing. Left asks for those who left instead of today's members.
type Filter struct {
	Class      models.MemberClassID
	Collective models.CollectiveID
	Kind       models.MemberKind
	Search     string // a part of the name, or a number
	Left       bool
	Sort       Sort
}

// Entry is one line of the directory. Members see each other's name, class and collective; Number, JoinedOn and LeftOn
// are zero for those who hold no role, but of oneself.
type Entry struct {
	ID         models.MemberID
	Number     int64
	Kind       models.MemberKind
	Name       string
	Class      models.MemberClass
	Collective string
	JoinedOn   civil.Date
	LeftOn     civil.Date
}

// Listing is one page of the directory. Next is the cursor of the page after; 0 at the end. Total counts every page.
type Listing struct {
	Entries []Entry
	Next    models.MemberID
	Total   int64
	Numbers bool // the actor sees numbers and days
}

// directoryPage is how many lines one page has.
const directoryPage = 50

// Directory lists members, a page from the one after cursor; 0 begins. Members and those who hold a role may read it.
func (s *Service) Directory(ctx context.Context, by identity.Actor, f Filter, cursor models.MemberID) (l Listing, err error) {
	if err := requireInside(by); err != nil {
		return l, err
	}
	l.Numbers = len(by.Roles) > 0
	if !l.Numbers {
		f.Sort, f.Left = ByName, false
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		if err := narrow(tx.DB.Model(&models.Member{}), f, l.Numbers, today).Count(&l.Total).Error; err != nil {
			return fmt.Errorf("count the directory: %w", err)
		}
		var rows []models.Member
		q := after(narrow(tx.DB.Model(&models.Member{}), f, l.Numbers, today), tx.DB, f.Sort, cursor)
		if err := q.Limit(directoryPage + 1).Find(&rows).Error; err != nil {
			return fmt.Errorf("read the directory: %w", err)
		}
		if len(rows) > directoryPage {
			rows = rows[:directoryPage]
			l.Next = rows[directoryPage-1].ID
		}
		l.Entries, err = entriesTx(tx, by, rows, l.Numbers)
		return err
	})
	return l, err
}

// narrow applies a filter. Every value is an argument; none becomes SQL.
func narrow(q *gorm.DB, f Filter, numbers bool, today civil.Date) *gorm.DB {
	if f.Left {
		q = q.Where("members.left_on < ?", today)
	} else {
		q = q.Where(models.ActiveOn, today, today)
	}
	if f.Class != 0 {
		q = q.Where("members.class_id = ?", f.Class)
	}
	if f.Collective != 0 {
		q = q.Where("members.collective_id = ?", f.Collective)
	}
	if f.Kind != "" {
		q = q.Where("members.kind = ?", f.Kind)
	}
	search := SortName(f.Search)
	number, err := strconv.ParseInt(search, 10, 64)
	switch {
	case search == "":
	case err == nil && numbers:
		q = q.Where("(members.number = ? OR members.sort_name LIKE ? ESCAPE '!')", number, containing(search))
	default:
		q = q.Where("members.sort_name LIKE ? ESCAPE '!'", containing(search))
	}
	return q
}

// containing is the pattern of a text anywhere; the pattern's own signs stand for themselves.
func containing(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}

// after orders a listing and begins it behind a member, which need not be in it.
func after(q, fresh *gorm.DB, sort Sort, cursor models.MemberID) *gorm.DB {
	place := fresh.Session(&gorm.Session{NewDB: true}).Table("members AS place").Where("place.id = ?", cursor)
	if sort == ByNumber {
		if cursor != 0 {
			q = q.Where("members.number > (?)", place.Select("place.number"))
		}
		return q.Order("members.number")
	}
	if cursor != 0 {
		q = q.Where("(members.sort_name, members.id) > (?)", place.Select("place.sort_name, place.id"))
	}
	return q.Order("members.sort_name, members.id")
}

func entriesTx(tx *db.Tx, by identity.Actor, rows []models.Member, numbers bool) ([]Entry, error) {
	classes, err := classesByIDTx(tx)
	if err != nil {
		return nil, err
	}
	names, err := collectiveNamesTx(tx, rows)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(rows))
	for i, m := range rows {
		e := Entry{ID: m.ID, Kind: m.Kind, Name: m.Name, Class: classes[m.ClassID]}
		if m.CollectiveID != nil {
			e.Collective = names[*m.CollectiveID]
		}
		if numbers || by.ActsFor(m.ID) {
			e.Number, e.JoinedOn, e.LeftOn = m.Number, m.JoinedOn, m.LeftOn
		}
		entries[i] = e
	}
	return entries, nil
}

func collectiveNamesTx(tx *db.Tx, rows []models.Member) (map[models.CollectiveID]string, error) {
	var ids []models.CollectiveID
	for _, m := range rows {
		if m.CollectiveID != nil && !slices.Contains(ids, *m.CollectiveID) {
			ids = append(ids, *m.CollectiveID)
		}
	}
	var found []models.Collective
	if err := tx.DB.Where("id IN ?", ids).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("read collectives' names: %w", err)
	}
	names := map[models.CollectiveID]string{}
	for _, c := range found {
		names[c.ID] = c.Name
	}
	return names, nil
}

// Sight is how much of a member somebody sees.
type Sight int

// From the least to the most.
const (
	SightName  Sight = iota // name, class and collective: what members see of each other
	SightDays               // number, representative and days too: those who hold a role
	SightWhole              // email and account too: oneself, administrators, those who validate for the collective
)

// Profile is a member as somebody may see them. What they may not see is empty.
type Profile struct {
	Entry
	Sight          Sight
	Votes          int64 // that count: never more than MostVotes
	GivenVotes     int64
	MostVotes      int64 // that the statutes in force grant
	Representative string
	CollectiveID   models.CollectiveID
	Email          string
	EmailUnread    bool // there is an address that this installation's key does not open
	Language       string
	Account        models.AccountID
	Handle         string
	Own            bool
	MayStay        bool // the actor may take the departure back
}

// Member is one member, for members and those who hold a role.
func (s *Service) Member(ctx context.Context, by identity.Actor, id models.MemberID) (p Profile, err error) {
	if err := requireInside(by); err != nil {
		return p, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, err := memberTx(tx, id)
		if err != nil {
			return err
		}
		p.Own, p.Sight = by.ActsFor(id), sight(by, m)
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		if p.Sight == SightName && !m.Active(today) {
			return fault.NotFound("members.no_member") // members see who is a member, not who was
		}
		entries, err := entriesTx(tx, by, []models.Member{m}, p.Sight >= SightDays)
		if err != nil {
			return err
		}
		p.Entry = entries[0]
		statutes, err := identity.StatutesTx(tx)
		if err != nil {
			return err
		}
		p.GivenVotes, p.Votes, p.MostVotes = m.Votes, statutes.Body.Counting.VotesOf(m.Votes), statutes.Body.Counting.Most()
		if p.MayStay, err = mayStayTx(tx, by, m); err != nil {
			return err
		}
		return s.fillTx(tx, &p, m)
	})
	return p, err
}

func sight(by identity.Actor, m models.Member) Sight {
	switch {
	case by.ActsFor(m.ID), by.Has(models.RoleAdministrator), m.CollectiveID != nil && by.Validates(*m.CollectiveID):
		return SightWhole
	case len(by.Roles) > 0:
		return SightDays
	}
	return SightName
}

func (s *Service) fillTx(tx *db.Tx, p *Profile, m models.Member) error {
	if m.CollectiveID != nil {
		p.CollectiveID = *m.CollectiveID
	}
	if p.Sight >= SightDays {
		p.Representative = m.Representative
	}
	if p.Sight < SightWhole {
		return nil
	}
	p.Language = m.Language
	p.Email, p.EmailUnread = s.openEmail(m)
	if m.AccountID == nil {
		return nil
	}
	var account models.Account
	if err := tx.DB.Take(&account, *m.AccountID).Error; err != nil {
		return fmt.Errorf("read account %d: %w", *m.AccountID, err)
	}
	p.Account, p.Handle = account.ID, account.Handle
	return nil
}

func memberTx(tx *db.Tx, id models.MemberID) (m models.Member, err error) {
	if err := tx.DB.Take(&m, id).Error; db.Missing(err) {
		return m, fault.NotFound("members.no_member")
	} else if err != nil {
		return m, fmt.Errorf("read member %d: %w", id, err)
	}
	return m, nil
}
