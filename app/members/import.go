package members

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/memberfile"
	"socia/models"
	"socia/platform/db"
)

// ImportOptions say how a members' file is taken.
type ImportOptions struct {
	DryRun         bool // read, compare and report; store nothing
	NewCollectives bool // found the collectives that the file names and the cooperative lacks
}

// Report says what a members' file did, or would do. With Faults nothing is stored.
type Report struct {
	Rows, Created, Updated, Unchanged int
	NewCollectives                    []string
	Faults                            []memberfile.LineFault
	// New and Changed are the first of the members that a dry run would make or change, at most namedMost of each.
	New, Changed []Named
}

// Named is a member as the file calls them.
type Named struct {
	Number int64
	Name   string
}

const (
	// rowsAtOnce is how many members one statement stores. SQLite's driver looks through all arguments for each, so
	// that a thousand rows at once take four times as long as fifty.
	rowsAtOnce = 50
	// namedMost is how many members of a kind a dry run names.
	namedMost = 20
	// numbersAtOnce is how many members one query reads by number.
	numbersAtOnce = 1000
)

// Import takes a members' file, all of it or nothing. A row whose number is unknown becomes a member; a known one gets
// what the row says differently. A cell left empty, or a column left out, changes nothing. Administrators import on the
// page; identity.System does on the command line, where who may run it may do anything.
// Faults of the file are in the report, and the error is then an invalid fault of field "file".
func (s *Service) Import(ctx context.Context, by identity.Actor, data []byte, o ImportOptions, once string) (r Report, err error) {
	if by.SignedIn() {
		if err := by.Require(models.RoleAdministrator); err != nil {
			return r, err
		}
	}
	if o.DryRun {
		err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
			p, err := s.planTx(tx, data, o)
			r = p.report
			return err
		})
		return r, err
	}
	defer s.who.Forget()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if once != "" {
			once = "import " + once // another form's answer is no report
		}
		answer, err := tx.Once(once, func() (string, error) {
			p, err := s.planTx(tx, data, o)
			r = p.report
			if err != nil {
				return "", err
			}
			if err := s.applyPlanTx(ctx, tx, by, p); err != nil {
				return "", err
			}
			answer, err := json.Marshal(p.report)
			return string(answer), err
		})
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(answer), &r)
	})
	return r, err
}

// plan is what an import will do.
type plan struct {
	report      Report
	coop        models.Cooperative
	classes     map[string]models.MemberClassID
	collectives map[string]models.CollectiveID
	create      []memberfile.Row
	update      []change
}

// change is a member as stored and the row that says something else.
type change struct {
	member models.Member
	row    memberfile.Row
}

// planTx reads a file and compares it with the members there are. Unless it is a dry run they stay as they are until
// the act ends, and nobody else gives out numbers.
func (s *Service) planTx(tx *db.Tx, data []byte, o ImportOptions) (p plan, err error) {
	if !o.DryRun {
		if err := lockNumbersTx(tx); err != nil {
			return p, err
		}
	}
	if p.coop, err = identity.CooperativeTx(tx); err != nil {
		return p, err
	}
	known, err := p.knownTx(tx)
	if err != nil {
		return p, err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return p, err
	}
	known.MostVotes = statutes.Body.Counting.Most()
	known.NewCollectives, known.Today = o.NewCollectives, civil.Of(tx.Now, p.coop.Location())
	rows, faults := memberfile.Parse(data, known)
	if len(faults) > 0 {
		p.report.Faults = faults
		return p, fault.Invalid("file", "members.import_refused", map[string]any{"count": len(faults)})
	}
	asked := map[string]bool{}
	for _, row := range rows { // there are few classes, and each is asked about once
		if asked[row.Class] {
			continue
		}
		asked[row.Class] = true
		if err := identity.VotingClassTx(tx, "file", p.classes[row.Class]); err != nil {
			return p, err
		}
	}
	p.report.Rows = len(rows)
	existing, err := byNumberTx(tx, rows, !o.DryRun)
	if err != nil {
		return p, err
	}
	s.compare(&p, rows, existing)
	if n := len(p.report.Faults); n > 0 {
		return p, fault.Invalid("file", "members.import_refused", map[string]any{"count": n})
	}
	p.report.Created, p.report.Updated = len(p.create), len(p.update)
	p.report.Unchanged = len(rows) - len(p.create) - len(p.update)
	if o.DryRun { // a report that is kept for a form sent twice holds no names
		p.name()
	}
	return p, nil
}

// name puts the first members into the report, in the file's order.
func (p *plan) name() {
	for _, row := range p.create[:min(namedMost, len(p.create))] {
		p.report.New = append(p.report.New, Named{row.Number, row.Name})
	}
	for _, c := range p.update[:min(namedMost, len(p.update))] {
		p.report.Changed = append(p.report.Changed, Named{c.row.Number, c.row.Name})
	}
}

// compare sorts rows into new members, changed ones, and those that say nothing new.
func (s *Service) compare(p *plan, rows []memberfile.Row, existing map[int64]models.Member) {
	founded := map[string]bool{}
	for _, row := range rows {
		if _, ok := p.collectives[row.Collective]; !ok && row.Collective != "" && !founded[row.Collective] {
			founded[row.Collective] = true
			p.report.NewCollectives = append(p.report.NewCollectives, row.Collective)
		}
		m, ok := existing[row.Number]
		if !ok {
			p.create = append(p.create, row)
			continue
		}
		email, _ := s.openEmail(m) // one that does not open is none, and is written again
		if !p.differs(m, email, row) {
			continue
		}
		p.update = append(p.update, change{member: m, row: row})
		if row.LeftOn.IsZero() && !m.LeftOn.IsZero() && m.LeftOn.Before(row.JoinedOn) && len(p.report.Faults) < memberfile.MaxFaults {
			p.report.Faults = append(p.report.Faults, memberfile.LineFault{Line: row.Line, Key: "members.import.left_before_joined",
				Args: map[string]any{"left_on": m.LeftOn.String(), "joined_on": row.JoinedOn.String()}})
		}
	}
}

// knownTx reads the classes and collectives that a file may name.
func (p *plan) knownTx(tx *db.Tx) (known memberfile.Known, err error) {
	classes, err := ClassesTx(tx)
	if err != nil {
		return known, err
	}
	p.classes, known.Classes = map[string]models.MemberClassID{}, map[string]string{}
	for _, c := range classes {
		p.classes[c.Code] = c.ID
		for _, name := range []string{c.Code, c.NameCA, c.NameES, c.NameEN} {
			if name != "" {
				known.Classes[name] = c.Code
			}
		}
	}
	var collectives []models.Collective
	if err := tx.DB.Order("id").Find(&collectives).Error; err != nil {
		return known, fmt.Errorf("read collectives: %w", err)
	}
	p.collectives = map[string]models.CollectiveID{}
	for _, c := range collectives {
		p.collectives[c.Name] = c.ID
		known.Collectives = append(known.Collectives, c.Name)
	}
	return known, nil
}

// byNumberTx reads the members whose numbers a file has; if hold, they cannot change until the act ends.
func byNumberTx(tx *db.Tx, rows []memberfile.Row, hold bool) (map[int64]models.Member, error) {
	all := make(map[int64]models.Member, len(rows))
	for part := range slices.Chunk(rows, numbersAtOnce) {
		numbers := make([]int64, len(part))
		for i, row := range part {
			numbers[i] = row.Number
		}
		var found []models.Member
		q := tx.DB
		if hold {
			q = q.Clauses(clause.Locking{Strength: "UPDATE"})
		}
		if err := q.Where("number IN ?", numbers).Order("id").Find(&found).Error; err != nil {
			return nil, fmt.Errorf("read members by number: %w", err)
		}
		for _, m := range found {
			all[m.Number] = m
		}
	}
	return all, nil
}

// differs says whether a row says something else than the member's own row. What the row leaves empty says nothing.
func (p *plan) differs(m models.Member, email string, row memberfile.Row) bool {
	collective := row.Collective == ""
	if id, ok := p.collectives[row.Collective]; ok && m.CollectiveID != nil {
		collective = collective || id == *m.CollectiveID
	}
	same := collective && m.Name == row.Name && m.Kind == models.MemberKind(row.Kind) && m.ClassID == p.classes[row.Class] &&
		m.JoinedOn == row.JoinedOn && (row.LeftOn.IsZero() || m.LeftOn == row.LeftOn) &&
		(row.Email == "" || email == row.Email) && (row.Representative == "" || m.Representative == row.Representative) &&
		(row.Language == "" || m.Language == row.Language) && (row.Votes == 0 || m.Votes == row.Votes)
	return !same
}

// applyPlanTx stores what a plan says, in batches, and one audit line with counts only.
func (s *Service) applyPlanTx(ctx context.Context, tx *db.Tx, by identity.Actor, p plan) error {
	if err := p.foundTx(tx); err != nil {
		return err
	}
	if err := s.createTx(tx, p); err != nil {
		return err
	}
	if err := s.updateTx(tx, p); err != nil {
		return err
	}
	return audit.LineTx(ctx, tx, by.Account, "members.imported", "cooperative", 1, audit.Detail{
		"rows": p.report.Rows, "created": p.report.Created, "updated": p.report.Updated, "collectives": len(p.report.NewCollectives),
	})
}

func (p *plan) foundTx(tx *db.Tx) error {
	if len(p.report.NewCollectives) == 0 {
		return nil
	}
	rows := make([]models.Collective, len(p.report.NewCollectives))
	for i, name := range p.report.NewCollectives {
		rows[i] = models.Collective{Name: name, CreatedAt: tx.Now}
	}
	if err := tx.DB.CreateInBatches(rows, rowsAtOnce).Error; err != nil {
		if db.Duplicate(err) {
			return fault.Conflict("members.changed_meanwhile")
		}
		return fmt.Errorf("store collectives: %w", err)
	}
	for _, c := range rows {
		p.collectives[c.Name] = c.ID
	}
	return nil
}

func (s *Service) createTx(tx *db.Tx, p plan) error {
	ids, err := reserveTx(tx, len(p.create))
	if err != nil {
		return err
	}
	rows := make([]models.Member, len(p.create))
	for i, row := range p.create {
		m := models.Member{ID: ids[i], Number: row.Number, Language: p.coop.Language, CreatedAt: tx.Now}
		if err := s.fill(&m, p, row); err != nil {
			return err
		}
		rows[i] = m
	}
	if len(rows) == 0 {
		return nil
	}
	return stored(tx.DB.CreateInBatches(rows, rowsAtOnce).Error)
}

// reserveTx takes ids ahead of the rows: an email is sealed for the id of its row.
func reserveTx(tx *db.Tx, n int) (ids []models.MemberID, err error) {
	if n == 0 {
		return nil, nil
	}
	if tx.Flavor() == db.Postgres {
		err = tx.DB.Raw("SELECT nextval(pg_get_serial_sequence('members', 'id')) FROM generate_series(1, ?)", n).Scan(&ids).Error
	} else {
		var last models.MemberID // one writer: nobody takes the next ids meanwhile
		err = tx.DB.Model(&models.Member{}).Select("COALESCE(MAX(id), 0)").Scan(&last).Error
		for i := range n {
			ids = append(ids, last+models.MemberID(i)+1)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("reserve members' ids: %w", err)
	}
	return ids, nil
}

// fill puts what a row says into a member.
func (s *Service) fill(m *models.Member, p plan, row memberfile.Row) (err error) {
	m.Kind, m.Name, m.SortName = models.MemberKind(row.Kind), row.Name, SortName(row.Name)
	m.ClassID, m.JoinedOn = p.classes[row.Class], row.JoinedOn
	if row.Representative != "" {
		m.Representative = row.Representative
	}
	if row.Collective != "" {
		id := p.collectives[row.Collective]
		m.CollectiveID = &id
	}
	if !row.LeftOn.IsZero() {
		m.LeftOn = row.LeftOn
	}
	if row.Language != "" {
		m.Language = row.Language
	}
	if row.Votes != 0 {
		m.Votes = row.Votes
	}
	if row.Email != "" {
		m.EmailSealed, err = s.sealEmail(m.ID, row.Email)
	}
	return err
}

// updateTx writes changed members by one statement for each batch: an insert that always meets its row.
func (s *Service) updateTx(tx *db.Tx, p plan) error {
	rows := make([]models.Member, len(p.update))
	for i, c := range p.update {
		if err := s.fill(&c.member, p, c.row); err != nil {
			return err
		}
		rows[i] = c.member
	}
	if len(rows) == 0 {
		return nil
	}
	columns := []string{"kind", "name", "sort_name", "representative", "class_id", "collective_id", "email_sealed", "language", "votes", "joined_on", "left_on"}
	return stored(tx.DB.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "id"}}, DoUpdates: clause.AssignmentColumns(columns),
	}).CreateInBatches(rows, rowsAtOnce).Error)
}

// stored explains what the database refused: numbers are under lock, so what is taken is an account's one person.
func stored(err error) error {
	if db.Duplicate(err) {
		return fault.Conflict("members.import_person_twice")
	}
	if err != nil {
		return fmt.Errorf("store imported members: %w", err)
	}
	return nil
}
