package assemblies

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
	"socia/platform/i18n"
)

// minutesMost is how long minutes may be.
const minutesMost = 500_000

// Record is an assembly's minutes with who has approved them and who has yet to.
type Record struct {
	Assembly  models.Assembly
	Minutes   models.Minutes
	Officers  Officers
	Named     map[models.MemberID]models.Member // who the officers are
	Approvals []models.MinutesApproval          // of the revision that stands
	Tellers   int                               // how many must approve besides the chair
	DueOn     civil.Date                        // by when the statutes want them approved
	Article   string
	MayEdit   bool
	MayVouch  bool // the reader is an officer whose approval is missing
}

// Approved says whether a member has approved the revision that stands.
func (r Record) Approved(m models.MemberID) bool {
	return slices.ContainsFunc(r.Approvals, func(a models.MinutesApproval) bool { return a.MemberID == m })
}

// Minutes reads an assembly's minutes. Before they are approved only facilitators and officers may.
func (s *Service) Minutes(ctx context.Context, by identity.Actor, assembly models.AssemblyID) (r Record, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if r.Assembly, err = byIDTx(tx, assembly); err != nil {
			return err
		}
		err := tx.DB.Where("assembly_id = ?", assembly).Take(&r.Minutes).Error
		if db.Missing(err) {
			return fault.NotFound("minutes.none")
		}
		if err != nil {
			return fmt.Errorf("read the minutes of assembly %d: %w", assembly, err)
		}
		return r.completeTx(tx, by)
	})
	return r, err
}

func (r *Record) completeTx(tx *db.Tx, by identity.Actor) (err error) {
	if r.Officers, err = officersTx(tx, r.Assembly.ID); err != nil {
		return err
	}
	if r.Named, err = membersTx(tx, append([]models.MemberID{r.Officers.Chair, r.Officers.Secretary}, r.Officers.Tellers...)); err != nil {
		return err
	}
	part, officer := r.Officers.vouches(by)
	writes := by.Has(models.RoleFacilitator) || by.ActsFor(r.Officers.Secretary)
	final := r.Minutes.FinalisedAt != nil
	if err := ours(by); err != nil {
		return err
	}
	if !final && !writes && !officer {
		return fault.NotFound("minutes.none")
	}
	statutes, err := statutesOfTx(tx, r.Assembly.ID)
	if err != nil {
		return err
	}
	coop, err := identity.CooperativeTx(tx)
	if err != nil {
		return err
	}
	rule := statutes.Body.Minutes
	r.Tellers, r.Article = rule.Tellers, rule.Article
	if r.Assembly.ClosedAt != nil {
		r.DueOn = civil.Of(*r.Assembly.ClosedAt, coop.Location()).AddDays(rule.Days)
	}
	if r.Approvals, err = approvalsTx(tx, r.Minutes); err != nil {
		return err
	}
	r.MayEdit = writes && !final
	r.MayVouch = officer && !final && !r.Approved(part.MemberID)
	return nil
}

// vouches gives the part in which an actor approves minutes: as the chair, else as a teller.
func (o Officers) vouches(by identity.Actor) (models.MinutesApproval, bool) {
	if o.Chair != 0 && by.ActsFor(o.Chair) {
		return models.MinutesApproval{Part: models.Chair, MemberID: o.Chair, ByID: by.Account}, true
	}
	for _, t := range o.Tellers {
		if by.ActsFor(t) {
			return models.MinutesApproval{Part: models.Teller, MemberID: t, ByID: by.Account}, true
		}
	}
	return models.MinutesApproval{}, false
}

func approvalsTx(tx *db.Tx, m models.Minutes) (all []models.MinutesApproval, err error) {
	if err := tx.DB.Where("minutes_id = ? AND revision = ?", m.ID, m.Revision).Order("at, member_id").Find(&all).Error; err != nil {
		return nil, fmt.Errorf("read approvals of minutes %d: %w", m.ID, err)
	}
	return all, nil
}

// DraftMinutes writes the minutes of a closed assembly from what happened, in a language; the cooperative's when empty.
func (s *Service) DraftMinutes(ctx context.Context, by identity.Actor, assembly models.AssemblyID, language, once string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := mayWriteTx(tx, by, assembly); err != nil {
			return err
		}
		_, err := tx.Once(once, func() (string, error) {
			m, err := s.draftMinutesTx(ctx, tx, by, assembly, language)
			return ref(m.ID), err
		})
		return err
	})
}

// mayWriteTx refuses those who are neither facilitator nor the assembly's secretary.
func mayWriteTx(tx *db.Tx, by identity.Actor, assembly models.AssemblyID) error {
	if by.Has(models.RoleFacilitator) {
		return nil
	}
	o, err := officersTx(tx, assembly)
	if err != nil {
		return err
	}
	if o.Secretary == 0 || !by.ActsFor(o.Secretary) {
		return fault.Forbidden("minutes.not_yours")
	}
	return nil
}

func (s *Service) draftMinutesTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.AssemblyID, language string) (m models.Minutes, err error) {
	a, err := lockTx(tx, id)
	if err != nil {
		return m, err
	}
	if a.State() != models.AssemblyClosed {
		return m, fault.Conflict("minutes.assembly_not_closed")
	}
	coop, err := identity.CooperativeTx(tx)
	if err != nil {
		return m, err
	}
	if language == "" {
		language = coop.Language
	}
	if !slices.Contains(i18n.Languages(), language) {
		return m, fault.Invalid("language", "ui.error.choose")
	}
	if err := vouchedTx(tx, a); err != nil {
		return m, err
	}
	story, err := storyTx(tx, a, coop)
	if err != nil {
		return m, err
	}
	m = models.Minutes{AssemblyID: id, Language: language, Body: story.write(s.texts.For(language)), Revision: 1, DraftedAt: tx.Now, EditedBy: &by.Account, EditedAt: tx.Now}
	made := tx.DB.Clauses(clause.OnConflict{DoNothing: true}).Create(&m)
	if made.Error != nil {
		return m, fmt.Errorf("store the minutes of assembly %d: %w", id, made.Error)
	}
	if made.RowsAffected == 0 {
		return m, fault.Conflict("minutes.already_drafted")
	}
	return m, audit.LineTx(ctx, tx, by.Account, "minutes.drafted", "assembly", int64(id), nil)
}

// vouchedTx refuses minutes of an assembly that was not held and has nobody to approve them.
func vouchedTx(tx *db.Tx, a models.Assembly) error {
	if !a.Unheld() {
		return nil
	}
	statutes, err := statutesOfTx(tx, a.ID)
	if err != nil {
		return err
	}
	o, err := officersTx(tx, a.ID)
	if err == nil && !o.Complete(statutes.Body.Minutes.Tellers) {
		err = fault.Conflict("minutes.nobody_to_approve")
	}
	return err
}

// EditMinutes replaces the text of the revision that the writer has read. It makes a new revision, which nobody has approved.
func (s *Service) EditMinutes(ctx context.Context, by identity.Actor, assembly models.AssemblyID, revision int64, body string) error {
	body = strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := mayWriteTx(tx, by, assembly); err != nil {
			return err
		}
		if body == "" {
			return fault.Invalid("body", "ui.error.required")
		}
		if utf8.RuneCountInString(body) > minutesMost {
			return fault.Invalid("body", "assemblies.too_long", map[string]any{"Most": minutesMost})
		}
		m, err := lockMinutesTx(tx, assembly)
		if err != nil {
			return err
		}
		if err := sameRevision(m, revision); err != nil {
			return err
		}
		if m.Body == body {
			return nil
		}
		done := tx.DB.Model(&models.Minutes{}).Where("id = ? AND revision = ? AND finalised_at IS NULL", m.ID, revision).
			Updates(map[string]any{"body": body, "revision": revision + 1, "edited_by": by.Account, "edited_at": tx.Now})
		if done.Error != nil {
			return fmt.Errorf("edit minutes %d: %w", m.ID, done.Error)
		}
		if done.RowsAffected == 0 {
			return fault.Conflict("minutes.changed_meanwhile")
		}
		return audit.LineTx(ctx, tx, by.Account, "minutes.edited", "assembly", int64(assembly), audit.Detail{"revision": revision + 1})
	})
}

func lockMinutesTx(tx *db.Tx, assembly models.AssemblyID) (m models.Minutes, err error) {
	err = tx.DB.Clauses(clause.Locking{Strength: "UPDATE"}).Where("assembly_id = ?", assembly).Take(&m).Error
	if db.Missing(err) {
		return m, fault.NotFound("minutes.none")
	}
	if err != nil {
		return m, fmt.Errorf("lock the minutes of assembly %d: %w", assembly, err)
	}
	return m, nil
}

func sameRevision(m models.Minutes, revision int64) error {
	switch {
	case m.FinalisedAt != nil:
		return fault.Conflict("minutes.final")
	case m.Revision != revision:
		return fault.Conflict("minutes.changed_meanwhile")
	}
	return nil
}

// ApproveMinutes records that the chair or a teller approves the revision they have read. With the chair's approval and
// those of as many tellers as the statutes want, the minutes are final and never change again.
func (s *Service) ApproveMinutes(ctx context.Context, by identity.Actor, assembly models.AssemblyID, revision int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := officersTx(tx, assembly)
		if err != nil {
			return err
		}
		approval, ok := o.vouches(by)
		if !ok {
			return fault.Forbidden("minutes.officers_approve")
		}
		m, err := lockMinutesTx(tx, assembly)
		if err != nil {
			return err
		}
		if m.FinalisedAt != nil && m.Revision == revision {
			return nil // a second click on the last approval
		}
		if err := sameRevision(m, revision); err != nil {
			return err
		}
		approval.MinutesID, approval.Revision, approval.At = m.ID, revision, tx.Now
		made := tx.DB.Clauses(clause.OnConflict{DoNothing: true}).Create(&approval)
		if made.Error != nil {
			return fmt.Errorf("approve minutes %d: %w", m.ID, made.Error)
		}
		if made.RowsAffected == 0 {
			return nil
		}
		if err := audit.LineTx(ctx, tx, by.Account, "minutes.approved", "assembly", int64(assembly), audit.Detail{"revision": revision, "part": approval.Part}); err != nil {
			return err
		}
		return finaliseTx(ctx, tx, m)
	})
}

// finaliseTx makes minutes final once everybody has approved whom the statutes name.
func finaliseTx(ctx context.Context, tx *db.Tx, m models.Minutes) error {
	all, err := approvalsTx(tx, m)
	if err != nil {
		return err
	}
	statutes, err := statutesOfTx(tx, m.AssemblyID)
	if err != nil {
		return err
	}
	tellers, chair := 0, false
	for _, a := range all {
		switch a.Part {
		case models.Chair:
			chair = true
		case models.Teller:
			tellers++
		case models.Secretary:
		}
	}
	if !chair || tellers < statutes.Body.Minutes.Tellers {
		return nil
	}
	done := tx.DB.Model(&models.Minutes{}).Where("id = ? AND revision = ? AND finalised_at IS NULL", m.ID, m.Revision).Update("finalised_at", tx.Now)
	if done.Error != nil {
		return fmt.Errorf("finalise minutes %d: %w", m.ID, done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("minutes.final")
	}
	return audit.LineTx(ctx, tx, 0, "minutes.finalised", "assembly", int64(m.AssemblyID), audit.Detail{"revision": m.Revision})
}
