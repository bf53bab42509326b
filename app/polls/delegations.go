package polls

import (
	"context"
	"fmt"
	"strings"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/rolls"
	"socia/core/civil"
	"socia/core/delegation"
	"socia/core/fault"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// delegationRules: delegations are as proxies are: nobody passes on what was entrusted to them.
var delegationRules = delegation.Rules{MaxLength: 1}

// Delegated is a standing delegation with the names of both.
type Delegated struct {
	models.Delegation
	Giver  string
	Holder string
	// HolderMayVote says whether the holder has the vote today: who has none casts nobody's.
	HolderMayVote bool `gorm:"-"`
}

// Delegations lists the standing delegations that the reader's members have given or hold.
func (s *Service) Delegations(ctx context.Context, by identity.Actor) (all []Delegated, err error) {
	ids := membersOf(by)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		err = tx.DB.Model(&models.Delegation{}).Select("delegations.*, givers.name AS giver, holders.name AS holder").
			Joins("JOIN members AS givers ON givers.id = delegations.giver_id").Joins("JOIN members AS holders ON holders.id = delegations.holder_id").
			Where("delegations.revoked_at IS NULL AND delegations.expires_on >= ?", today).Where("(giver_id IN ? OR holder_id IN ?)", ids, ids).Order("delegations.id").Limit(500).Scan(&all).Error
		if err != nil {
			return fmt.Errorf("read the delegations of a member: %w", err)
		}
		return holdersTx(ctx, tx, all)
	})
	return all, err
}

// holdersTx finds which holders have the vote now.
func holdersTx(ctx context.Context, tx *db.Tx, all []Delegated) error {
	if len(all) == 0 {
		return nil
	}
	ids := make([]models.MemberID, len(all))
	for i, d := range all {
		ids[i] = d.HolderID
	}
	var holders []models.Member
	if err := tx.DB.Where("id IN ?", ids).Order("id").Find(&holders).Error; err != nil {
		return fmt.Errorf("read who holds delegations: %w", err)
	}
	verdicts, err := rolls.StandingTx(ctx, tx, holders, tx.Now)
	if err != nil {
		return err
	}
	for i, d := range all {
		all[i].HolderMayVote = verdicts[d.HolderID].MayVote
	}
	return nil
}

// Entrusting is a standing delegation as it is asked for.
type Entrusting struct {
	Giver  models.MemberID
	Holder int64 // the holder's number
	Topic  string
	Until  civil.Date
}

// Delegate lets a member vote for another in the consultations on a topic, or on every topic, until a day.
func (s *Service) Delegate(ctx context.Context, by identity.Actor, giver models.MemberID, holderNumber int64, topic string, until civil.Date) error {
	return s.Entrust(ctx, by, Entrusting{Giver: giver, Holder: holderNumber, Topic: topic, Until: until}, "")
}

// Entrust gives a standing delegation; a form that is sent twice, with its token, gives one.
func (s *Service) Entrust(ctx context.Context, by identity.Actor, e Entrusting, once string) error {
	if err := by.RequireActsFor(e.Giver); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) {
			if err := delegationsApartTx(tx); err != nil {
				return "", err
			}
			d, err := e.checkTx(tx, by)
			if err != nil {
				return "", err
			}
			return "", delegateToTx(ctx, tx, by, d.Delegation)
		})
		return err
	})
}

// ReviewEntrusting says what a standing delegation would be, or what is wrong with it; nothing is stored.
func (s *Service) ReviewEntrusting(ctx context.Context, by identity.Actor, e Entrusting) (d Delegated, err error) {
	if err := by.RequireActsFor(e.Giver); err != nil {
		return d, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if d, err = e.checkTx(tx, by); err != nil {
			return err
		}
		one := []Delegated{d}
		if err := holdersTx(ctx, tx, one); err != nil {
			return err
		}
		d = one[0]
		return nil
	})
	return d, err
}

// checkTx finds whom a delegation is given to, and whether it may be.
func (e Entrusting) checkTx(tx *db.Tx, by identity.Actor) (d Delegated, err error) {
	topic := topicOf(e.Topic)
	if err := fault.All(long("topic", topic, mostTopic)); err != nil {
		return d, err
	}
	var giver, holder models.Member
	err = tx.DB.Where("number = ? AND left_on IS NULL", e.Holder).Take(&holder).Error
	if db.Missing(err) {
		return d, fault.Invalid("holder", "polls.delegation.holder_unknown")
	}
	if err == nil {
		err = tx.DB.Select("id", "name").Take(&giver, e.Giver).Error
	}
	if err != nil {
		return d, fmt.Errorf("find who gives and who holds: %w", err)
	}
	d.Delegation = models.Delegation{GiverID: e.Giver, HolderID: holder.ID, Topic: topic, ExpiresOn: e.Until, GivenBy: by.Account, GivenAt: tx.Now}
	d.Giver, d.Holder = giver.Name, holder.Name
	all, loc, err := delegationsTx(tx)
	if err != nil {
		return d, err
	}
	if e.Until.IsZero() {
		return d, fault.Invalid("until", "ui.error.required")
	}
	return d, delegation.Check(all, asCore(d.Delegation, loc), tx.Now, delegationRules)
}

// delegateToTx stores a delegation that was checked.
func delegateToTx(ctx context.Context, tx *db.Tx, by identity.Actor, d models.Delegation) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	// One that has expired makes room: only one of a giver on a topic can stand.
	expired := tx.DB.Model(&models.Delegation{}).Where("giver_id = ? AND topic = ? AND revoked_at IS NULL AND expires_on < ?", d.GiverID, d.Topic, today).
		Updates(map[string]any{"revoked_at": tx.Now, "revoked_by": by.Account})
	if expired.Error != nil {
		return fmt.Errorf("end what has expired: %w", expired.Error)
	}
	if err := tx.DB.Create(&d).Error; db.Duplicate(err) {
		return fault.Invalid("topic", "delegation.already")
	} else if err != nil {
		return fmt.Errorf("store a delegation: %w", err)
	}
	return toldTx(ctx, tx, by, d)
}

// toldTx tells the holder of a delegation, and writes it into the log.
func toldTx(ctx context.Context, tx *db.Tx, by identity.Actor, d models.Delegation) error {
	var giver, holder models.Member
	if err := tx.DB.Select("id", "name").Take(&giver, d.GiverID).Error; err != nil {
		return fmt.Errorf("read the giver: %w", err)
	}
	if err := tx.DB.Select("id", "account_id").Take(&holder, d.HolderID).Error; err != nil {
		return fmt.Errorf("read the holder: %w", err)
	}
	if holder.AccountID != nil && *holder.AccountID != by.Account {
		if err := identity.NotifyTx(ctx, tx, *holder.AccountID, "polls.told.delegated", map[string]string{"Giver": giver.Name}, "/delegations"); err != nil {
			return err
		}
	}
	return audit.LineTx(ctx, tx, by.Account, "delegation.given", "delegation", int64(d.ID), nil)
}

// topicOf is a topic as it is compared: people write «Obres» and «obres».
func topicOf(typed string) string { return strings.ToLower(strings.Join(strings.Fields(typed), " ")) }

// Revoke takes a delegation back: the giver may, and so may the holder.
func (s *Service) Revoke(ctx context.Context, by identity.Actor, id models.DelegationID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var d models.Delegation
		err := tx.DB.Take(&d, id).Error
		if db.Missing(err) || err == nil && !by.ActsFor(d.GiverID) && !by.ActsFor(d.HolderID) {
			return fault.NotFound("polls.delegation.unknown")
		}
		if err != nil {
			return fmt.Errorf("read delegation %d: %w", id, err)
		}
		return revokeTx(ctx, tx, by, id)
	})
}

func revokeTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.DelegationID) error {
	done := tx.DB.Model(&models.Delegation{}).Where("id = ? AND revoked_at IS NULL", id).Updates(map[string]any{"revoked_at": tx.Now, "revoked_by": by.Account})
	if done.Error != nil {
		return fmt.Errorf("revoke delegation %d: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return nil
	}
	return audit.LineTx(ctx, tx, by.Account, "delegation.revoked", "delegation", int64(id), nil)
}

// delegationsApartTx keeps two delegations from being given at once, so that together they make no circle. SQLite has
// one writer and needs nothing.
func delegationsApartTx(tx *db.Tx) error {
	if tx.Flavor() != db.Postgres {
		return nil
	}
	if err := tx.DB.Exec("SELECT pg_advisory_xact_lock(hashtext('socia/delegations'))").Error; err != nil {
		return fmt.Errorf("wait for a turn at the delegations: %w", err)
	}
	return nil
}

// delegationsTx are all delegations that stand, as core checks them: who has left the cooperative gives no vote any more.
func delegationsTx(tx *db.Tx) (all []delegation.Delegation, loc *time.Location, err error) {
	coop, err := identity.CooperativeTx(tx)
	if err != nil {
		return nil, nil, err
	}
	loc = coop.Location()
	var rows []models.Delegation
	err = tx.DB.Where("revoked_at IS NULL AND giver_id IN (SELECT id FROM members WHERE left_on IS NULL OR left_on >= ?)", civil.Of(tx.Now, loc)).Order("id").Find(&rows).Error
	if err != nil {
		return nil, nil, fmt.Errorf("read the delegations: %w", err)
	}
	for _, d := range rows {
		all = append(all, asCore(d, loc))
	}
	return all, loc, nil
}

func asCore(d models.Delegation, loc *time.Location) delegation.Delegation {
	return delegation.Delegation{GiverID: int64(d.GiverID), HolderID: int64(d.HolderID), Topic: d.Topic, Until: d.ExpiresOn.AddDays(1).In(loc)}
}

// delegateTx casts, as a consultation closes, the votes of those who have not voted and whom somebody represents who has.
func delegateTx(ctx context.Context, tx *db.Tx, poll models.Poll) error {
	if method, _ := methods.ByName(poll.Method); !poll.Consultation() || !method.Delegable() {
		return nil
	}
	all, _, err := delegationsTx(tx)
	if err != nil || len(all) == 0 {
		return err
	}
	var electors []int64
	if err := tx.DB.Model(&models.PollElector{}).Where("poll_id = ?", poll.ID).Order("member_id").Pluck("member_id", &electors).Error; err != nil {
		return fmt.Errorf("read the electors of poll %d: %w", poll.ID, err)
	}
	var votes []models.Vote
	if err := tx.DB.Where("poll_id = ?", poll.ID).Order("member_id").Find(&votes).Error; err != nil {
		return fmt.Errorf("read the votes of poll %d: %w", poll.ID, err)
	}
	voted := make(map[int64]bool, len(votes))
	by := make(map[int64]models.Vote, len(votes))
	for _, v := range votes {
		voted[int64(v.MemberID)], by[int64(v.MemberID)] = true, v
	}
	var cast []models.Vote
	casts := delegation.Resolve(electors, all, voted, topicOf(poll.Setup.Topic), tx.Now, delegationRules)
	for _, elector := range electors {
		voter, ok := casts[elector]
		if !ok || voter == elector {
			continue
		}
		v, holder := by[voter], models.MemberID(voter)
		cast = append(cast, models.Vote{PollID: poll.ID, MemberID: models.MemberID(elector), Choice: v.Choice, CastBy: v.CastBy, CastAt: tx.Now, DelegateID: &holder})
		if stands(v.Choice) || v.Choice == "concern" || v.Choice == "advice" {
			cast[len(cast)-1].Reason = v.Reason // an objection is nothing without its reason
		}
	}
	if len(cast) == 0 {
		return nil
	}
	if err := tx.DB.CreateInBatches(cast, 500).Error; err != nil {
		return fmt.Errorf("cast the delegated votes of poll %d: %w", poll.ID, err)
	}
	return audit.LineTx(ctx, tx, 0, "poll.delegated", "poll", int64(poll.ID), audit.Detail{"votes": len(cast)})
}
