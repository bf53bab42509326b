package assemblies

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/civil"
	"socia/models"
	"socia/platform/db"
	"socia/platform/i18n"
	"socia/platform/mail"
)

// The jobs that tell members by mail. One queues the letters a batch at a time, the other sends one.
const (
	jobLetters = "assembly.notices"
	jobLetter  = "assembly.notice"
	// letterBatch is how many letters one act queues.
	letterBatch = 200
)

// lettersJob and letterJob are the jobs' bodies: ids only, never an address.
type lettersJob struct {
	Assembly models.AssemblyID `json:"assembly"`
	After    models.MemberID   `json:"after"`
}

type letterJob struct {
	Assembly models.AssemblyID `json:"assembly"`
	Member   models.MemberID   `json:"member"`
}

// activeTx are the members whose membership is in force on a day.
func activeTx(tx *db.Tx, today civil.Date) *gorm.DB {
	return tx.DB.Model(&models.Member{}).Where("joined_on <= ? AND (left_on IS NULL OR left_on > ?)", today, today)
}

// withEmailTx are the members who can be written to: an address of their own, or one of their account.
func withEmailTx(tx *db.Tx, today civil.Date) *gorm.DB {
	return activeTx(tx, today).Where(`(email_sealed IS NOT NULL AND length(email_sealed) > 0)
		OR account_id IN (SELECT id FROM accounts WHERE email_sealed IS NOT NULL AND length(email_sealed) > 0)`)
}

// tellAllTx puts the notice into the inbox of every member's account, and asks for the letters.
func (s *Service) tellAllTx(ctx context.Context, tx *db.Tx, a models.Assembly) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	var accounts []models.AccountID
	err = activeTx(tx, today).Where("account_id IS NOT NULL").Distinct().Order("account_id").Pluck("account_id", &accounts).Error
	if err != nil {
		return fmt.Errorf("list members' accounts: %w", err)
	}
	if err := identity.NotifyAllTx(ctx, tx, accounts, "assemblies.told.convened", map[string]string{"Title": a.Title}, path(a.ID)); err != nil {
		return err
	}
	return s.queue.AddTx(ctx, tx, jobLetters, lettersJob{Assembly: a.ID})
}

func path(id models.AssemblyID) string { return "/assemblies/" + ref(id) }

// queueLetters queues the next batch of letters, and itself while there are more. A repetition queues nothing twice.
func (s *Service) queueLetters(ctx context.Context, body []byte) error {
	var j lettersJob
	if err := json.Unmarshal(body, &j); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(fmt.Sprintf("%s/%d/%d", jobLetters, j.Assembly, j.After), func() (string, error) {
			return "queued", s.queueBatchTx(ctx, tx, j)
		})
		return err
	})
}

func (s *Service) queueBatchTx(ctx context.Context, tx *db.Tx, j lettersJob) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	var ids []models.MemberID
	if err := withEmailTx(tx, today).Where("id > ?", j.After).Order("id").Limit(letterBatch).Pluck("id", &ids).Error; err != nil {
		return fmt.Errorf("list members to write to: %w", err)
	}
	for _, id := range ids { // the queue takes one job at a time
		if err := s.queue.AddTx(ctx, tx, jobLetter, letterJob{Assembly: j.Assembly, Member: id}); err != nil {
			return err
		}
	}
	if len(ids) < letterBatch {
		return nil
	}
	return s.queue.AddTx(ctx, tx, jobLetters, lettersJob{Assembly: j.Assembly, After: ids[len(ids)-1]})
}

// sendLetter writes the notice to one member, in the member's language.
func (s *Service) sendLetter(ctx context.Context, body []byte) error {
	var j letterJob
	if err := json.Unmarshal(body, &j); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	var letter mail.Letter
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		letter, err = s.letterTx(tx, j)
		return err
	})
	if err != nil || letter.To == "" {
		return err
	}
	return s.mail.Send(ctx, letter)
}

// letterTx writes the letter. It is addressed to nobody if the member has no address any more.
func (s *Service) letterTx(tx *db.Tx, j letterJob) (l mail.Letter, err error) {
	a, err := byIDTx(tx, j.Assembly)
	if err != nil {
		return l, err
	}
	items, err := agendaTx(tx, j.Assembly)
	if err != nil {
		return l, err
	}
	coop, err := identity.CooperativeTx(tx)
	if err != nil {
		return l, err
	}
	var m models.Member
	if err := tx.DB.Take(&m, j.Member).Error; err != nil {
		return l, fmt.Errorf("read member %d: %w", j.Member, err)
	}
	if l.To, err = members.Address(s.seal, m); err != nil || l.To == "" {
		return l, err
	}
	t := s.texts.For(m.Language)
	l.Subject = t.T("assemblies.letter.subject", "Title", mail.OneLine(a.Title), "Cooperative", mail.OneLine(coop.Name))
	l.Body = s.letterBody(t, a, items, coop, m)
	return l, nil
}

func (s *Service) letterBody(t *i18n.Texts, a models.Assembly, items []models.AgendaItem, coop models.Cooperative, m models.Member) string {
	var b strings.Builder
	line := func(key string, args ...any) { b.WriteString(t.T(key, args...) + "\n") }
	line("assemblies.letter.greeting", "Name", m.Name)
	b.WriteString("\n")
	line("assemblies.letter.called", "Cooperative", coop.Name, "Title", a.Title)
	b.WriteString("\n")
	line("assemblies.letter.first", "Time", t.Time(a.FirstCallAt, coop.Location()))
	line("assemblies.letter.second", "Time", t.Time(a.SecondCallAt, coop.Location()))
	if a.Place != "" {
		line("assemblies.letter.place", "Place", a.Place)
	}
	if a.OnlineURL != "" {
		line("assemblies.letter.online", "Link", a.OnlineURL)
	}
	b.WriteString("\n" + t.T("assemblies.letter.agenda") + "\n")
	for n, i := range items {
		fmt.Fprintf(&b, "%d. %s\n", n+1, mail.OneLine(i.Title))
	}
	b.WriteString("\n")
	line("assemblies.letter.more", "Link", s.opts.BaseURL+path(a.ID))
	line("assemblies.letter.why", "Cooperative", coop.Name)
	return b.String()
}
