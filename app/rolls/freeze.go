package rolls

import (
	"context"
	"fmt"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/standing"
	"socia/models"
	"socia/platform/db"
)

const (
	// freezeBatch is how many lines are computed and stored at once.
	freezeBatch = 2000
	// departedFor is how long somebody who left still gets a line that says so: as long as a decision of the
	// assembly can be challenged (Llei 12/2015 art. 52.4). Older departures are nobody's exclusion.
	departedFor = 365
)

// FreezeTx makes the roll of an assembly at this instant, which is its record date (Llei 12/2015 art. 46.7), under
// the statutes that the assembly is convened by. An assembly has one roll: a second is fault.Conflict.
func FreezeTx(ctx context.Context, tx *db.Tx, assembly models.AssemblyID, statutes models.RuleSet, firstCall time.Time) (models.Roll, error) {
	if err := apartTx(tx, freezes); err != nil {
		return models.Roll{}, err
	}
	roll := models.Roll{
		AssemblyID: assembly, RuleSetID: statutes.ID, RecordAt: tx.Now, FrozenAt: tx.Now,
		CorrectionsUntil: statutes.Body.Corrections.Until(firstCall),
	}
	if err := tx.DB.Create(&roll).Error; db.Duplicate(err) {
		return roll, fault.Conflict("rolls.already_frozen")
	} else if err != nil {
		return roll, fmt.Errorf("store the roll of assembly %d: %w", assembly, err)
	}
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return roll, err
	}
	classes, err := classCodesTx(tx)
	if err != nil {
		return roll, err
	}
	lines, eligible := 0, 0
	for after := models.MemberID(0); ; {
		members, err := membersTx(tx, after, today.AddDays(-departedFor))
		if err != nil {
			return roll, err
		}
		if len(members) == 0 {
			break
		}
		n, err := freezeBatchTx(ctx, tx, roll, statutes, members, classes)
		if err != nil {
			return roll, err
		}
		lines, eligible, after = lines+len(members), eligible+n, members[len(members)-1].ID
	}
	return roll, audit.LineTx(ctx, tx, 0, "roll.frozen", "roll", int64(roll.ID),
		audit.Detail{"assembly": assembly, "rule_set": statutes.ID, "lines": lines, "eligible": eligible})
}

// side says what an act does to the rolls, to keep those apart that must not overlap.
type side string

// Acts that restore a vote go side by side; one that freezes a roll goes alone.
const (
	freezes  side = "pg_advisory_xact_lock"
	restores side = "pg_advisory_xact_lock_shared"
)

// apartTx keeps freezing a roll and restoring a vote apart until the act ends. Without it a payment whose act ends
// between the freeze's reading and its end would find no line to correct, while the freeze did not see it paid: the
// vote would be lost for good. Both take it before they read. SQLite has one writer and needs nothing.
func apartTx(tx *db.Tx, s side) error {
	if tx.Flavor() != db.Postgres {
		return nil
	}
	if err := tx.DB.Exec("SELECT " + string(s) + "(hashtext('socia/rolls'))").Error; err != nil {
		return fmt.Errorf("wait for a turn at the rolls: %w", err)
	}
	return nil
}

// membersTx is the next batch of members, without those who left before a day.
func membersTx(tx *db.Tx, after models.MemberID, leftSince civil.Date) (members []models.Member, err error) {
	err = tx.DB.Select("id", "class_id", "votes", "joined_on", "left_on", "account_id").
		Where("id > ? AND (left_on IS NULL OR left_on >= ?)", after, leftSince).
		Order("id").Limit(freezeBatch).Find(&members).Error
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	return members, nil
}

func freezeBatchTx(ctx context.Context, tx *db.Tx, roll models.Roll, statutes models.RuleSet, members []models.Member, classes map[models.MemberClassID]string) (eligible int, err error) {
	verdicts, err := verdictsTx(ctx, tx, members, roll.RecordAt, statutes.Body, happened)
	if err != nil {
		return 0, err
	}
	entries := make([]models.RollEntry, len(members))
	for i, m := range members {
		v := verdicts[m.ID]
		entries[i] = models.RollEntry{RollID: roll.ID, MemberID: m.ID, ClassCode: classes[m.ClassID], Eligible: v.MayVote, Votes: statutes.Body.Counting.VotesOf(m.Votes), Reasons: append([]standing.Reason{}, v.Reasons...)}
		if v.MayVote {
			eligible++
		}
	}
	if err := tx.DB.Create(&entries).Error; err != nil {
		return 0, fmt.Errorf("store the lines of roll %d: %w", roll.ID, err)
	}
	return eligible, nil
}

func classCodesTx(tx *db.Tx) (map[models.MemberClassID]string, error) {
	var classes []models.MemberClass
	if err := tx.DB.Order("position, id").Limit(200).Find(&classes).Error; err != nil {
		return nil, fmt.Errorf("read member classes: %w", err)
	}
	codes := make(map[models.MemberClassID]string, len(classes))
	for _, c := range classes {
		codes[c.ID] = c.Code
	}
	return codes, nil
}
