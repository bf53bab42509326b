package polls

import (
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"socia/app/identity"
	"socia/app/members"
	"socia/models"
	"socia/platform/db"
)

// Place is where a page of a poll's long list begins, and whom it is narrowed to.
type Place struct {
	After int64  // a member's number; 0 is the beginning
	Who   string // a number or part of a name, for the table's papers: of the member, or of who casts the vote
}

// Listed says which of all a page of a long list shows, and where the pages beside it begin.
type Listed struct {
	First, Last, All int64
	Next             int64  // the member's number with which the page ended, if there is another; else 0
	Previous         *int64 // Place.After of the page before; nil on the first
}

const (
	// tablePage is how many papers the table enters on a page: few enough to find one on a phone. namedPage is how many
	// named votes a page lists; the data file has every vote.
	tablePage = 25
	namedPage = 50
)

// tableTx lists the votes that the table enters, from a place on. Whoever is to cast one and is no member any more is not
// on it.
func tableTx(tx *db.Tx, id models.PollID, at Place) (papers []Paper, l Listed, err error) {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return nil, l, err
	}
	stays := func(q *gorm.DB) *gorm.DB {
		return q.Where("poll_electors.voter_id IN (SELECT id FROM members WHERE "+models.ActiveOn+")", today, today)
	}
	var rows []paperRow
	err = atTableTx(tx, id).Where("members.number > ?", at.After).Scopes(stays, narrowed(at.Who)).
		Order("members.number").Limit(tablePage + 1).Scan(&rows).Error
	if err != nil {
		return nil, l, fmt.Errorf("read the table's papers of poll %d: %w", id, err)
	}
	if len(rows) > tablePage {
		rows = rows[:tablePage]
		l.Next = rows[tablePage-1].Number
	}
	for _, r := range rows {
		papers = append(papers, r.paper())
	}
	err = l.countTx(func() *gorm.DB {
		return electorsTx(tx, id).Where("poll_electors.account_id IS NULL AND NOT poll_electors.absent").Scopes(stays, narrowed(at.Who))
	}, at, len(rows), tablePage)
	return papers, l, err
}

// namedPageTx is a page of named votes.
func namedPageTx(tx *db.Tx, id models.PollID, at Place) (named []NamedVote, l Listed, err error) {
	if named, l.Next, err = namedTx(tx, id, at.After, namedPage); err != nil {
		return nil, l, err
	}
	return named, l, l.countTx(func() *gorm.DB { return electorsTx(tx, id) }, at, len(named), namedPage)
}

func electorsTx(tx *db.Tx, id models.PollID) *gorm.DB {
	return tx.DB.Model(&models.PollElector{}).Joins("JOIN members ON members.id = poll_electors.member_id").Where("poll_electors.poll_id = ?", id)
}

// countTx finds where a page of so many rows stands in the whole list, which of gives, and where the page before begins.
func (l *Listed) countTx(of func() *gorm.DB, at Place, rows, page int) error {
	if err := of().Count(&l.All).Error; err != nil {
		return fmt.Errorf("count a long list: %w", err)
	}
	var before int64
	if at.After != 0 {
		if err := of().Where("members.number <= ?", at.After).Count(&before).Error; err != nil {
			return fmt.Errorf("count what came before: %w", err)
		}
		var ends []int64
		if err := of().Where("members.number <= ?", at.After).Order("members.number DESC").Offset(page).Limit(1).Pluck("members.number", &ends).Error; err != nil {
			return fmt.Errorf("find the page before: %w", err)
		}
		l.Previous = new(int64)
		if len(ends) > 0 {
			*l.Previous = ends[0]
		}
	}
	l.First, l.Last = before+1, before+int64(rows)
	return nil
}

// narrowed leaves the papers of whom a search means: by number, or by parts of the name, in any order, without minding
// accents or capitals. Whoever brings mandates is found with them: they are one person in the room.
func narrowed(who string) func(*gorm.DB) *gorm.DB {
	return func(q *gorm.DB) *gorm.DB {
		words := strings.Fields(members.SortName(who))
		if len(words) == 0 {
			return q
		}
		found := q.Session(&gorm.Session{NewDB: true}).Model(&models.Member{}).Select("members.id")
		if number, err := strconv.ParseInt(words[0], 10, 64); err == nil && len(words) == 1 {
			found = found.Where("members.number = ?", number)
		} else {
			for _, word := range words {
				found = found.Where("members.sort_name LIKE ? ESCAPE '!'", "%"+likeSigns.Replace(word)+"%")
			}
		}
		return q.Where("(poll_electors.member_id IN (?) OR poll_electors.voter_id IN (?))", found, found)
	}
}

// likeSigns lets a pattern's own signs stand for themselves.
var likeSigns = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
