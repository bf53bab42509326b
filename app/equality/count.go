package equality

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"socia/core/disclosure"
	"socia/models"
	"socia/platform/db"
)

// The rows of the administration report.
const (
	// RowDecisions are the posts that decide or control: they run assemblies, handle money, admit members, audit.
	RowDecisions = "decisions"
	// RowTechnical are those who look after the software: they appoint and configure what a resolution says.
	RowTechnical = "technical"
)

// postOf says in which row of the administration report a role counts.
func postOf(r models.Role) string {
	switch r {
	case models.RoleFacilitator, models.RoleTreasurer, models.RoleValidator, models.RoleAuditor:
		return RowDecisions
	case models.RoleAdministrator:
		return RowTechnical
	}
	return ""
}

// people are the natural persons of a row: those with an account, each once, and how many have none.
type people struct {
	key      string
	accounts []models.AccountID
	unknown  int
}

// add counts a person once. Without an account nothing tells two people apart, so each counts.
func (p *people) add(account *models.AccountID) {
	switch {
	case account == nil:
		p.unknown++
	case !slices.Contains(p.accounts, *account):
		p.accounts = append(p.accounts, *account)
	}
}

// countedRow is the sealed list of whom a row counted. A person is the account, and 1 if they were counted in the group
// they chose or 0 if as not stated; the group itself is not kept. The length of the list depends on who belongs to the
// row, and tells nothing of what they answered.
type countedRow struct {
	Key    string     `json:"key"`
	People [][2]int64 `json:"people"`
}

// count makes the raw table of a use, and the list of whom it counted.
func count(rows []people, said map[models.AccountID]disclosure.Group) (raw []disclosure.RawRow, counted []countedRow) {
	for _, row := range rows {
		r := disclosure.RawRow{Key: row.key}
		r.Add(disclosure.NotStated, row.unknown)
		list := countedRow{Key: row.key, People: [][2]int64{}}
		for _, account := range row.accounts {
			group, stated := said[account]
			if !stated {
				group = disclosure.NotStated
			}
			r.Add(group, 1)
			list.People = append(list.People, [2]int64{int64(account), flag(stated)})
		}
		raw, counted = append(raw, r), append(counted, list)
	}
	return raw, counted
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// declarations are everybody's, for the length of one count.
type declarations map[models.AccountID]Declaration

// agreeing gives the groups of those who want to be counted in a use.
func (all declarations) agreeing(use Use) map[models.AccountID]disclosure.Group {
	groups := map[models.AccountID]disclosure.Group{}
	for account, d := range all {
		if group, counted := d.CountIn.group(); counted && slices.Contains(d.Consents, use) {
			groups[account] = group
		}
	}
	return groups
}

func (c CountIn) group() (g disclosure.Group, counted bool) {
	switch c {
	case CountWomen:
		return disclosure.Women, true
	case CountMen:
		return disclosure.Men, true
	case CountAnother:
		return disclosure.Another, true
	case CountNot:
	}
	return disclosure.NotStated, false
}

// declaredTx opens what had been declared before an instant. What was changed after it is not stated, and neither is one
// that does not open: a damaged row keeps nobody else's out. When none opens the key is another one, and nothing is counted.
func (s *Service) declaredTx(tx *db.Tx, before time.Time) (declarations, error) {
	var rows []models.GenderDeclaration
	if err := tx.DB.Where("updated_at < ?", before).Order("account_id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read declarations: %w", err)
	}
	all := make(declarations, len(rows))
	var broken error
	for _, row := range rows {
		if d, err := s.open(row); err != nil {
			broken = err
		} else {
			all[row.AccountID] = d
		}
	}
	if len(all) == 0 && broken != nil {
		return nil, fmt.Errorf("none of %d declarations opens: %w", len(rows), broken)
	}
	return all, nil
}

// membersTx is T1: the natural persons who are members, by class. Whoever leaves one class and joins
// another on that very day is in the older one only, for a person is in exactly one row.
func membersTx(tx *db.Tx, m moment) ([]people, error) {
	var classes []models.MemberClass
	if err := tx.DB.Order("position, id").Find(&classes).Error; err != nil {
		return nil, fmt.Errorf("read member classes: %w", err)
	}
	var members []models.Member
	err := tx.DB.Select("id", "class_id", "account_id").
		Where("kind = ?", models.Person).Where(models.ActiveOn, m.asOf, m.asOf).
		Order("id").Find(&members).Error
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	seen, byClass := map[models.AccountID]bool{}, map[models.MemberClassID]*people{}
	for _, c := range classes {
		byClass[c.ID] = &people{key: c.Code}
	}
	for _, member := range members {
		if a := member.AccountID; a != nil {
			if seen[*a] {
				continue
			}
			seen[*a] = true
		}
		byClass[member.ClassID].add(member.AccountID)
	}
	var rows []people
	for _, c := range classes {
		rows = appendPeopled(rows, *byClass[c.ID])
	}
	return rows, nil
}

// holdersTx is T3: the people who hold a post on the day. Somebody may be in both rows.
func holdersTx(tx *db.Tx, m moment) ([]people, error) {
	var terms []models.RoleTerm
	err := tx.DB.Where("starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?) AND (ended_at IS NULL OR ended_at >= ?)", m.asOf, m.asOf, m.begins).
		Order("id").Find(&terms).Error
	if err != nil {
		return nil, fmt.Errorf("read terms: %w", err)
	}
	decisions, technical := people{key: RowDecisions}, people{key: RowTechnical}
	for _, t := range terms {
		switch postOf(t.Role) {
		case RowDecisions:
			decisions.add(&t.AccountID)
		case RowTechnical:
			technical.add(&t.AccountID)
		}
	}
	return appendPeopled(appendPeopled(nil, decisions), technical), nil
}

// attendantsTx is T2's attendance: who was at each assembly closed since the release before, themselves or on behalf of
// an organisation. Whoever was there for several members is one person.
func attendantsTx(tx *db.Tx, m moment) ([]people, error) {
	var assemblies []models.Assembly
	if err := tx.DB.Select("id").Where("opened_at IS NOT NULL AND closed_at >= ? AND closed_at < ?", m.since, m.begins).Order("closed_at, id").Find(&assemblies).Error; err != nil {
		return nil, fmt.Errorf("read assemblies: %w", err)
	}
	rows := make([]people, len(assemblies))
	ids, at := make([]models.AssemblyID, len(assemblies)), map[models.AssemblyID]*people{}
	for i, a := range assemblies {
		rows[i].key, ids[i], at[a.ID] = strconv.FormatInt(int64(a.ID), 10), a.ID, &rows[i]
	}
	var present []struct {
		AssemblyID models.AssemblyID
		AccountID  *models.AccountID
	}
	err := tx.DB.Model(&models.Attendance{}).Select("attendances.assembly_id, members.account_id").
		Joins("JOIN members ON members.id = attendances.member_id").Where("attendances.assembly_id IN ?", ids).
		Order("attendances.assembly_id, attendances.member_id").Scan(&present).Error
	if err != nil {
		return nil, fmt.Errorf("read attendance: %w", err)
	}
	for _, p := range present {
		at[p.AssemblyID].add(p.AccountID)
	}
	var peopled []people
	for _, row := range rows {
		peopled = appendPeopled(peopled, row)
	}
	return peopled, nil
}

// appendPeopled leaves out a row in which there is nobody: there is nothing to say of it and nobody to protect.
func appendPeopled(rows []people, row people) []people {
	if len(row.accounts) == 0 && row.unknown == 0 {
		return rows
	}
	return append(rows, row)
}
