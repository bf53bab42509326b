package fees

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/arrears"
	"socia/models"
	"socia/platform/db"
	"socia/platform/i18n"
	"socia/platform/mail"
)

// jobLetter sends one letter about a case.
const jobLetter = "fees.letter"

// letterJob is the job's body: ids and what the letter says, never an address.
type letterJob struct {
	Case   models.ArrearsCaseID `json:"case"`
	Notice string               `json:"notice"`
}

// tellOfCaseTx tells a member something about their case: in the inbox of their account, and by letter to their address.
// Who has neither has to be told in another way (RecordNotification).
func (s *Service) tellOfCaseTx(ctx context.Context, tx *db.Tx, member models.Member, id models.ArrearsCaseID, notice string) error {
	if err := tellTx(ctx, tx, member, notice, caseHref(id)); err != nil {
		return err
	}
	if len(member.EmailSealed) == 0 {
		return nil
	}
	return s.queue.AddTx(ctx, tx, jobLetter, letterJob{Case: id, Notice: notice})
}

// sendLetter writes to a member about their case, in the member's language.
func (s *Service) sendLetter(ctx context.Context, body []byte) error {
	var j letterJob
	if err := json.Unmarshal(body, &j); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	var letter mail.Letter
	err := s.db.Snapshot(ctx, func(tx *db.Tx) (err error) {
		letter, err = s.letterTx(tx, j)
		return err
	})
	if err != nil || letter.To == "" {
		return err
	}
	return s.mail.Send(ctx, letter)
}

// letterTx writes the letter. It is addressed to nobody if the member has no address any more. Who has an account finds
// the rest on the case's page; to who has none the letter says it all.
func (s *Service) letterTx(tx *db.Tx, j letterJob) (l mail.Letter, err error) {
	row, err := takeTx[models.ArrearsCase](tx, j.Case, "fees.no_such_case")
	if err != nil {
		return l, err
	}
	c, err := caseTx(tx, row)
	if err != nil {
		return l, err
	}
	coop, err := identity.CooperativeTx(tx)
	if err != nil {
		return l, err
	}
	if l.To, err = members.Address(s.seal, c.Member); err != nil || l.To == "" {
		return l, err
	}
	t := s.texts.For(c.Member.Language)
	l.Subject = t.T("fees.letter.subject", "Cooperative", mail.OneLine(coop.Name))
	var b strings.Builder
	paragraph := func(text string) { b.WriteString(text + "\n\n") }
	paragraph(t.T("fees.letter.greeting", "Name", c.Member.Name))
	paragraph(t.T(j.Notice, "member", c.Member.Name))
	if c.Member.AccountID == nil {
		tellAll(t, c, j.Notice, paragraph)
	} else {
		paragraph(t.T("fees.letter.more", "Link", s.opts.BaseURL+caseHref(c.ID)))
	}
	b.WriteString(t.T("fees.letter.why", "Cooperative", coop.Name) + "\n")
	l.Body = b.String()
	return l, nil
}

// tellAll says what the case's page says: what it is about, the reasons, the clock, and how to answer without an account.
func tellAll(t *i18n.Texts, c Case, notice string, paragraph func(string)) {
	if !c.State.Closed() {
		lines := []string{t.T("fees.letter.about")}
		for _, charge := range c.Charges {
			lines = append(lines, t.T("fees.letter.charge", "From", t.ShortDate(charge.PeriodStart), "Until", t.ShortDate(charge.PeriodEnd),
				"Amount", t.Money(charge.OwedCents(), c.Currency), "Due", t.ShortDate(charge.DueOn)))
		}
		paragraph(strings.Join(lines, "\n"))
	}
	switch {
	case strings.HasPrefix(notice, "fees.notice.decision."):
		paragraph(t.T("fees.letter.reason", "Reason", c.DecisionReason))
	case strings.HasPrefix(notice, "fees.notice.appeal.") && c.AppealReason != "":
		paragraph(t.T("fees.letter.reason", "Reason", c.AppealReason))
	}
	if c.State != arrears.StateHearing && c.State != arrears.StateSuspended {
		return
	}
	days, months := t.N("fees.days", c.Rules.HearingDays), t.N("fees.months", c.Rules.AppealMonths)
	if c.Deadline != nil {
		paragraph(t.T("fees.letter.until."+string(c.State), "Day", c.Deadline.On, "Article", c.Rules.HearingArticle))
	} else {
		paragraph(t.T("fees.letter.from_telling."+string(c.State), "Days", days, "Months", months, "Article", c.Rules.HearingArticle))
	}
	paragraph(t.T("fees.letter.on_paper"))
}
