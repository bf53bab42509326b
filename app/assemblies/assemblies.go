// Package assemblies holds the meetings of the members from the first draft of the agenda to the approved minutes:
// notice, roll, officers, proxies, attendance, quorum, the polls of each item, and what is written down afterwards.
//
// Whoever changes what others count on (proxies, polls, opening, closing) locks the assembly's row first, and who
// checks in shares that lock: so a mandate, an arrival and the list of electors never contradict each other.
package assemblies

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
	"socia/platform/i18n"
	"socia/platform/jobs"
	"socia/platform/mail"
	"socia/platform/recent"
	"socia/platform/seal"
)

// The most that a person may type.
const (
	titleMost = 200
	placeMost = 300
	bodyMost  = 50_000
)

// The kinds of assembly.
const (
	Ordinary      = "ordinary"
	Extraordinary = "extraordinary"
)

// Service holds assemblies.
type Service struct {
	db    *db.DB
	queue *jobs.Queue
	texts *i18n.Bundle
	seal  *seal.Sealer
	mail  mail.Sender
	opts  Options

	counts recent.Kept[models.AssemblyID, Count]
}

// Options are the settings of the service.
type Options struct {
	// BaseURL is the installation's own address, for the links in letters: "https://coop.example".
	BaseURL string
}

// New prepares assemblies, and registers the jobs that send their notices.
func New(d *db.DB, q *jobs.Queue, texts *i18n.Bundle, s *seal.Sealer, m mail.Sender, o Options) *Service {
	svc := &Service{db: d, queue: q, texts: texts, seal: s, mail: m, opts: o}
	svc.counts.Lasts = countLasts
	q.Handle(jobLetters, svc.queueLetters)
	q.Handle(jobLetter, svc.sendLetter)
	return svc
}

// Plan is what a draft says: what the assembly is, where and when. Kind is Ordinary or Extraordinary.
type Plan struct {
	Title, Kind, Place, OnlineURL string
	FirstCall, SecondCall         time.Time
}

// Draft begins an assembly. Nobody but facilitators sees it before it is convened.
func (s *Service) Draft(ctx context.Context, by identity.Actor, p Plan, once string) (id models.AssemblyID, err error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return 0, err
	}
	p = p.trimmed()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		ref, err := tx.Once(once, func() (string, error) {
			if err := p.checkTx(tx); err != nil {
				return "", err
			}
			a := models.Assembly{
				Title: p.Title, Kind: p.Kind, Place: p.Place, OnlineURL: p.OnlineURL,
				FirstCallAt: p.FirstCall.UTC(), SecondCallAt: p.SecondCall.UTC(), CreatedBy: by.Account, CreatedAt: tx.Now,
			}
			if err := tx.DB.Create(&a).Error; err != nil {
				return "", fmt.Errorf("store an assembly: %w", err)
			}
			return ref(a.ID), audit.LineTx(ctx, tx, by.Account, "assembly.drafted", "assembly", int64(a.ID), nil)
		})
		if err != nil {
			return err
		}
		id, err = idOf[models.AssemblyID](ref)
		return err
	})
	return id, err
}

// Edit changes a draft. After convening, title, place and hours stand as they were sent out.
func (s *Service) Edit(ctx context.Context, by identity.Actor, id models.AssemblyID, p Plan) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	p = p.trimmed()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := draftTx(tx, id); err != nil {
			return err
		}
		if err := p.checkTx(tx); err != nil {
			return err
		}
		done := tx.DB.Model(&models.Assembly{}).Where("id = ? AND convened_at IS NULL", id).Updates(map[string]any{
			"title": p.Title, "kind": p.Kind, "place": p.Place, "online_url": p.OnlineURL,
			"first_call_at": p.FirstCall.UTC(), "second_call_at": p.SecondCall.UTC(),
		})
		if done.Error != nil {
			return fmt.Errorf("change assembly %d: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return fault.Conflict("assemblies.already_convened")
		}
		return audit.LineTx(ctx, tx, by.Account, "assembly.changed", "assembly", int64(id), nil)
	})
}

func (p Plan) trimmed() Plan {
	p.Title, p.Place, p.OnlineURL = strings.TrimSpace(p.Title), strings.TrimSpace(p.Place), strings.TrimSpace(p.OnlineURL)
	return p
}

func (p Plan) checkTx(tx *db.Tx) error {
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return err
	}
	return p.check(tx.Now, statutes.Body)
}

func (p Plan) check(now time.Time, r rules.RuleSet) error {
	faults := []*fault.Fault{text("title", p.Title, titleMost), short("place", p.Place, placeMost), checkLink(p.OnlineURL), remoteFault(p.OnlineURL, r.Remote)}
	if p.Kind != Ordinary && p.Kind != Extraordinary {
		faults = append(faults, fault.Invalid("kind", "ui.error.choose"))
	}
	if p.Place == "" && p.OnlineURL == "" {
		faults = append(faults, fault.Invalid("place", "assemblies.nowhere"))
	}
	if !p.FirstCall.After(now) {
		faults = append(faults, fault.Invalid("first_call", "assemblies.in_the_past"))
	}
	faults = append(faults, secondCallFault(p.FirstCall, p.SecondCall, r.SecondCall))
	return fault.All(faults...)
}

// secondCallFault refuses a second call so near the first that it would void its quorum.
func secondCallFault(first, second time.Time, r rules.SecondCall) *fault.Fault {
	switch r = r.OrUsual(); {
	case second.Before(first):
		return fault.Invalid("second_call", "assemblies.second_before_first")
	case second.Before(r.Earliest(first)):
		return fault.Invalid("second_call", "assemblies.second_too_soon", map[string]any{"Minutes": r.Minutes, "Article": r.Article})
	}
	return nil
}

// remoteFault refuses a link to attend by where the statutes want members to come.
func remoteFault(link string, r rules.Remote) *fault.Fault {
	if r = r.OrUsual(); link == "" || r.Allowed {
		return nil
	}
	return fault.Invalid("online_url", "assemblies.remote_not_allowed", map[string]any{"Article": r.Article})
}

// checkLink takes an address of the web only: a link is shown to every member.
func checkLink(link string) *fault.Fault {
	if link == "" {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || len(link) > placeMost {
		return fault.Invalid("online_url", "assemblies.link_unknown")
	}
	return nil
}

func text(field, value string, most int) *fault.Fault {
	if value == "" {
		return fault.Invalid(field, "ui.error.required")
	}
	return short(field, value, most)
}

func short(field, value string, most int) *fault.Fault {
	if utf8.RuneCountInString(value) > most {
		return fault.Invalid(field, "assemblies.too_long", map[string]any{"Most": most})
	}
	return nil
}

// byIDTx is an assembly as it stands.
func byIDTx(tx *db.Tx, id models.AssemblyID) (a models.Assembly, err error) {
	if err = tx.DB.Take(&a, id).Error; db.Missing(err) {
		return a, fault.NotFound("assemblies.unknown")
	}
	if err != nil {
		return a, fmt.Errorf("read assembly %d: %w", id, err)
	}
	return a, nil
}

// lockTx is an assembly that nobody else changes until the act ends.
func lockTx(tx *db.Tx, id models.AssemblyID) (models.Assembly, error) {
	return lockedTx(tx, id, "UPDATE")
}

// shareTx is an assembly that nobody changes until the act ends, while others may share it.
func shareTx(tx *db.Tx, id models.AssemblyID) (models.Assembly, error) {
	return lockedTx(tx, id, "SHARE")
}

// lockedTx locks on PostgreSQL; on SQLite acts come one after the other anyway.
func lockedTx(tx *db.Tx, id models.AssemblyID, strength string) (a models.Assembly, err error) {
	err = tx.DB.Clauses(clause.Locking{Strength: strength}).Take(&a, id).Error
	if db.Missing(err) {
		return a, fault.NotFound("assemblies.unknown")
	}
	if err != nil {
		return a, fmt.Errorf("lock assembly %d: %w", id, err)
	}
	return a, nil
}

// draftTx locks an assembly that must not have been convened.
func draftTx(tx *db.Tx, id models.AssemblyID) (models.Assembly, error) {
	a, err := lockTx(tx, id)
	if err == nil && a.State() != models.AssemblyDraft {
		err = fault.Conflict("assemblies.already_convened")
	}
	return a, err
}

// openTx locks an assembly that must be open.
func openTx(tx *db.Tx, id models.AssemblyID) (models.Assembly, error) {
	a, err := lockTx(tx, id)
	if err == nil && a.State() != models.AssemblyOpen {
		err = fault.Conflict("assemblies.not_open")
	}
	return a, err
}

func ref[ID ~int64](id ID) string { return strconv.FormatInt(int64(id), 10) }

func idOf[ID ~int64](ref string) (ID, error) {
	n, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("form's reference %q: %w", ref, err)
	}
	return ID(n), nil
}
