// Package mail sends the cooperative's letters: by SMTP, or onto a page where there is no mail server.
package mail

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"socia/models"
	"socia/platform/db"
	"socia/platform/seal"
)

// Letter is one mail in plain text.
type Letter struct {
	To, Subject, Body string
}

// OneLine keeps a name or title from breaking out of its line, in a subject above all.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Sender sends letters.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// sendTime is how long a mail server may take for one letter.
const sendTime = 30 * time.Second

// SMTP sends letters through a mail server.
type SMTP struct {
	client *gomail.Client
	from   string
}

// NewSMTP prepares a mail server named by smtp://user:password@host:port (STARTTLS required) or smtps:// (TLS).
func NewSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, fmt.Errorf("SOCIA_MAIL_SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465")
	}
	opts := []gomail.Option{gomail.WithTimeout(sendTime)}
	if u.Scheme == "smtps" {
		opts = append(opts, gomail.WithSSL(), gomail.WithPort(465))
	} else if u.Query().Get("tls") == "none" {
		// Only for a relay on the same machine.
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithPort(25))
	} else {
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithPort(587))
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		opts = append(opts, gomail.WithPort(port))
	}
	if pass, ok := u.User.Password(); ok {
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(pass))
	}
	client, err := gomail.NewClient(u.Hostname(), opts...)
	if err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	return &SMTP{client: client, from: from}, nil
}

// Send sends one letter and waits until the server has it.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	m := gomail.NewMsg()
	if err := m.From(s.from); err != nil {
		return fmt.Errorf("mail sender: %w", err)
	}
	if err := m.To(l.To); err != nil {
		return fmt.Errorf("mail recipient: not an address")
	}
	m.Subject(l.Subject)
	m.SetBodyString(gomail.TypeTextPlain, l.Body)
	err := s.client.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() { // a line that breaks after the server took the letter loses nothing
		return nil
	}
	return fmt.Errorf("send mail: %w", discreet(err))
}

// discreet keeps the recipient out of an error, which is logged and kept: the library names the address, and so may what
// the server said.
func discreet(err error) error {
	var refused *gomail.SendError
	if !errors.As(err, &refused) {
		return err
	}
	return fmt.Errorf("%s: code %d %s", refused.Reason, refused.ErrorCode(), refused.EnhancedStatusCode())
}

// Local keeps letters in the database, where an administrator reads them on a page. Addresses are sealed.
type Local struct {
	db   *db.DB
	seal *seal.Sealer
}

// recipientPlace binds a sealed address to its column.
const recipientPlace = "local_mails.recipient"

// NewLocal keeps letters in a database.
func NewLocal(d *db.DB, s *seal.Sealer) *Local { return &Local{db: d, seal: s} }

// Send keeps one letter.
func (l *Local) Send(ctx context.Context, letter Letter) error {
	to, err := l.seal.Seal([]byte(letter.To), recipientPlace)
	if err != nil {
		return fmt.Errorf("seal a letter's address: %w", err)
	}
	return l.db.Write(ctx, func(tx *db.Tx) error {
		return tx.DB.Create(&models.LocalMail{Recipient: base64.StdEncoding.EncodeToString(to), Subject: letter.Subject, Body: letter.Body, SentAt: tx.Now}).Error
	})
}

// Kept lists the newest letters, at most 200, with their addresses opened.
func (l *Local) Kept(ctx context.Context) (mails []models.LocalMail, err error) {
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Order("id DESC").Limit(200).Find(&mails).Error
	})
	for i := range mails {
		if err == nil {
			mails[i].Recipient, err = l.open(mails[i].Recipient)
		}
	}
	return mails, err
}

func (l *Local) open(recipient string) (string, error) {
	sealed, err := base64.StdEncoding.DecodeString(recipient)
	if err != nil {
		return "", fmt.Errorf("read a letter's address: %w", err)
	}
	to, err := l.seal.Open(sealed, recipientPlace)
	if err != nil {
		return "", fmt.Errorf("open a letter's address: %w", err)
	}
	return string(to), nil
}
