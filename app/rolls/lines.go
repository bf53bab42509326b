package rolls

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/standing"
	"socia/models"
	"socia/platform/db"
)

// Line is what a roll says of a member now: the frozen line, the last correction, and whether they are still a
// member. Reasons are those of the record date, and that they left since; they stay to be read when a correction
// gave the vote back.
type Line struct {
	Member      models.Member
	ClassCode   string
	Eligible    bool
	Votes       int64 // frozen with the line: a member's votes of today are Member.Votes
	Reasons     []standing.Reason
	Corrections []models.RollCorrection
}

// Entitlement is a line in short: may this member vote, and in which class.
type Entitlement struct {
	ClassCode string
	Eligible  bool
}

// LinesTx gives every line of a roll, by name.
func LinesTx(ctx context.Context, tx *db.Tx, roll models.RollID) ([]Line, error) {
	o, err := openTx(ctx, tx, roll)
	if err != nil {
		return nil, err
	}
	var all []Line
	for q := (query{limit: freezeBatch}); ; {
		lines, err := o.linesTx(tx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
		if len(lines) < q.limit {
			return all, nil
		}
		q.after = cursorOf(lines[len(lines)-1])
	}
}

// EligibleTx says for each of some members whether they may vote. Who is not on the roll is not in the map.
func EligibleTx(ctx context.Context, tx *db.Tx, roll models.RollID, ids []models.MemberID) (map[models.MemberID]Entitlement, error) {
	o, err := openTx(ctx, tx, roll)
	if err != nil {
		return nil, err
	}
	out := make(map[models.MemberID]Entitlement, len(ids))
	for start := 0; start < len(ids); start += factsBatch {
		batch := ids[start:min(start+factsBatch, len(ids))]
		rows, err := o.rowsTx(tx, query{members: batch, limit: len(batch)})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ID] = Entitlement{ClassCode: r.ClassCode, Eligible: r.Eligible}
		}
	}
	return out, nil
}

// ClassCount is how many members of a class may vote, with how many votes, and how many may not.
type ClassCount struct {
	ClassCode          string
	Eligible, Excluded int64
	Votes              int64 // of those who may vote
}

// CountsTx counts the roll by class, in the order in which pages show the classes.
func CountsTx(ctx context.Context, tx *db.Tx, roll models.RollID) (counts []ClassCount, err error) {
	o, err := openTx(ctx, tx, roll)
	if err != nil {
		return nil, err
	}
	return o.countsTx(tx)
}

func (o open) countsTx(tx *db.Tx) (counts []ClassCount, err error) {
	err = tx.DB.Raw(`SELECT class_code, SUM(CASE WHEN eligible THEN 1 ELSE 0 END) AS eligible,
		SUM(CASE WHEN eligible THEN 0 ELSE 1 END) AS excluded,
		CAST(SUM(CASE WHEN eligible THEN line_votes ELSE 0 END) AS BIGINT) AS votes
		FROM (SELECT `+effective+lineSources+`) AS lines
		LEFT JOIN member_classes ON member_classes.code = class_code
		GROUP BY class_code, member_classes.position ORDER BY member_classes.position, class_code`, o.args(query{})).Scan(&counts).Error
	if err != nil {
		return nil, fmt.Errorf("count roll %d: %w", o.ID, err)
	}
	return counts, nil
}

// query chooses lines; its zero value with a limit is the first of all.
type query struct {
	members  []models.MemberID
	class    string
	eligible *bool
	name     string
	after    Cursor
	limit    int
}

// Cursor is the member with whom a page of lines ended. It has no name: it travels in addresses.
type Cursor struct{ ID models.MemberID }

// IsZero says that there is no page before.
func (c Cursor) IsZero() bool { return c.ID == 0 }

func cursorOf(l Line) Cursor { return Cursor{ID: l.Member.ID} }

// effective is what holds now; lineSources is where it comes from. A member added by a correction alone has no entry.
const (
	effective = `COALESCE(c.class_code, e.class_code) AS class_code,
		COALESCE(c.votes, e.votes) AS line_votes,
		(COALESCE(c.eligible, e.eligible) AND (m.left_on IS NULL OR m.left_on >= @day)) AS eligible`
	lineSources = ` FROM members m
		LEFT JOIN roll_entries e ON e.roll_id = @roll AND e.member_id = m.id
		LEFT JOIN roll_corrections c ON c.id =
			(SELECT MAX(x.id) FROM roll_corrections x WHERE x.roll_id = @roll AND x.member_id = m.id)
		WHERE (e.member_id IS NOT NULL OR c.id IS NOT NULL)`
)

func (o open) args(q query) map[string]any {
	return map[string]any{
		"roll": o.ID, "day": o.day, "members": q.members, "class": q.class, "eligible": q.eligible,
		"name": "%" + like.Replace(members.SortName(q.name)) + "%", "number": number(q.name),
		"after_id": q.after.ID, "limit": q.limit,
	}
}

// like makes a text stand for itself in a pattern.
var like = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func number(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// row is one line as the database gives it.
type row struct {
	models.Member
	ClassCode string
	Eligible  bool
	LineVotes int64
	Reasons   []standing.Reason `gorm:"serializer:json"`
}

func (o open) rowsTx(tx *db.Tx, q query) (rows []row, err error) {
	var s strings.Builder
	s.WriteString(`SELECT * FROM (SELECT m.*, e.reasons, ` + effective + lineSources)
	if q.members != nil {
		s.WriteString(` AND m.id IN @members`)
	}
	if !q.after.IsZero() {
		s.WriteString(` AND (m.sort_name, m.id) > (SELECT sort_name, id FROM members WHERE id = @after_id)`)
	}
	if q.name != "" {
		s.WriteString(` AND (m.sort_name LIKE @name ESCAPE '\' OR m.number = @number)`)
	}
	s.WriteString(`) AS lines WHERE 1 = 1`)
	if q.class != "" {
		s.WriteString(` AND class_code = @class`)
	}
	if q.eligible != nil {
		s.WriteString(` AND eligible = @eligible`)
	}
	s.WriteString(` ORDER BY sort_name, id LIMIT @limit`)
	if err = tx.DB.Raw(s.String(), o.args(q)).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the lines of roll %d: %w", o.ID, err)
	}
	return rows, nil
}

func (o open) linesTx(tx *db.Tx, q query) ([]Line, error) {
	rows, err := o.rowsTx(tx, q)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	listed := make([]models.MemberID, len(rows))
	for i, r := range rows {
		listed[i] = r.ID
	}
	var corrections []models.RollCorrection
	if err := tx.DB.Where("roll_id = ? AND member_id IN ?", o.ID, listed).Order("id").Find(&corrections).Error; err != nil {
		return nil, fmt.Errorf("read the corrections of roll %d: %w", o.ID, err)
	}
	byMember := map[models.MemberID][]models.RollCorrection{}
	for _, c := range corrections {
		byMember[c.MemberID] = append(byMember[c.MemberID], c)
	}
	lines := make([]Line, len(rows))
	for i, r := range rows {
		lines[i] = Line{Member: r.Member, ClassCode: r.ClassCode, Eligible: r.Eligible, Votes: r.LineVotes, Reasons: r.Reasons, Corrections: byMember[r.ID]}
	}
	return lines, o.addLeftTx(tx, lines)
}

// addLeftTx adds to lines that the membership ended after the record date, with the article of the roll's own statutes.
func (o open) addLeftTx(tx *db.Tx, lines []Line) error {
	var statutes models.RuleSet
	for i, l := range lines {
		if l.Member.LeftOn.IsZero() || !l.Member.LeftOn.Before(o.day) || has(l.Reasons, standing.CodeLeft) {
			continue
		}
		if statutes.ID == 0 {
			var err error
			if statutes, err = identity.StatutesByIDTx(tx, o.RuleSetID); err != nil {
				return err
			}
		}
		left := standing.Reason{Code: standing.CodeLeft, Article: statutes.Body.RecordDate.Article, Since: l.Member.LeftOn.AddDays(1)}
		lines[i].Reasons = append(l.Reasons, left)
	}
	return nil
}

func has(reasons []standing.Reason, code standing.Code) bool {
	return standing.Verdict{Reasons: reasons}.Has(code)
}
