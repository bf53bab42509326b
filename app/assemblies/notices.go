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
	Unheld   Unheld            `json:"unheld,omitempty"` // "": the notice of the assembly
}

type letterJob struct {
	Assembly models.AssemblyID `json:"assembly"`
	Member   models.MemberID   `json:"member"`
	Unheld   Unheld            `json:"unheld,omitempty"`
}

// activeTx are the members whose membership is in force on a day.
func activeTx(tx *db.Tx, today civil.Date) *gorm.DB {
	return tx.DB.Model(&models.Member{}).Where(models.ActiveOn, today, today)
}

// withEmailTx are the members who can be written to: an address of their own, or one of their account.
func withEmailTx(tx *db.Tx, today civil.Date) *gorm.DB {
	return activeTx(tx, today).Where(`(email_sealed IS NOT NULL AND length(email_sealed) > 0)
		OR account_id IN (SELECT id FROM accounts WHERE email_sealed IS NOT NULL AND length(email_sealed) > 0)`)
}

// tellAllTx puts the notice into the inbox of every member's account, or that the assembly is not held, and asks for
// the letters.
func (s *Service) tellAllTx(ctx context.Context, tx *db.Tx, a models.Assembly) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	told, end := "assemblies.told.convened", unheld(a)
	if end != "" {
		told = "assemblies.told." + string(end)
	}
	var accounts []models.AccountID
	err = activeTx(tx, today).Where("account_id IS NOT NULL").Distinct().Order("account_id").Pluck("account_id", &accounts).Error
	if err != nil {
		return fmt.Errorf("list members' accounts: %w", err)
	}
	if err := identity.NotifyAllTx(ctx, tx, accounts, told, map[string]string{"Title": a.Title}, path(a.ID)); err != nil {
		return err
	}
	return s.queue.AddTx(ctx, tx, jobLetters, lettersJob{Assembly: a.ID, Unheld: end})
}

func path(id models.AssemblyID) string { return "/assemblies/" + ref(id) }

// queueLetters queues the next batch of letters, and itself while there are more. A repetition queues nothing twice.
func (s *Service) queueLetters(ctx context.Context, body []byte) error {
	var j lettersJob
	if err := json.Unmarshal(body, &j); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return tx.OnceNamed(fmt.Sprintf("%s/%d/%d%s", jobLetters, j.Assembly, j.After, j.Unheld), func() error { return s.queueBatchTx(ctx, tx, j) })
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
		if err := s.queue.AddTx(ctx, tx, jobLetter, letterJob{Assembly: j.Assembly, Member: id, Unheld: j.Unheld}); err != nil {
			return err
		}
	}
	if len(ids) < letterBatch {
		return nil
	}
	return s.queue.AddTx(ctx, tx, jobLetters, lettersJob{Assembly: j.Assembly, After: ids[len(ids)-1], Unheld: j.Unheld})
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

// letterTx writes the letter. It is addressed to nobody if the member has no address any more, or if it would call to
// an assembly that is off.
func (s *Service) letterTx(tx *db.Tx, j letterJob) (l mail.Letter, err error) {
	a, err := byIDTx(tx, j.Assembly)
	if err != nil || unheld(a) != j.Unheld {
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
	if j.Unheld != "" {
		l.Subject = t.T("assemblies.letter."+string(j.Unheld)+"_subject", "Title", mail.OneLine(a.Title), "Cooperative", mail.OneLine(coop.Name))
		l.Body = s.unheldBody(t, a, j.Unheld, coop, m)
		return l, nil
	}
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

// unheldBody says that the assembly is not held, and why.
func (s *Service) unheldBody(t *i18n.Texts, a models.Assembly, end Unheld, coop models.Cooperative, m models.Member) string {
	return strings.Join([]string{
		t.T("assemblies.letter.greeting", "Name", m.Name),
		t.T("assemblies.letter."+string(end), "Cooperative", coop.Name, "Title", a.Title, "Time", t.Time(a.FirstCallAt, coop.Location())),
		t.T("assemblies.letter.reason", "Reason", a.NotHeldReason),
		t.T("assemblies.letter.given_back", "Link", s.opts.BaseURL+path(a.ID)),
		t.T("assemblies.letter.why_unheld", "Cooperative", coop.Name),
	}, "\n\n") + "\n"
}
