package models

import "time"

// AccountID identifies a way to sign in.
type AccountID int64

// Account is a way to sign in: a handle and a passphrase, no legal name and no email needed.
type Account struct {
	ID             AccountID
	Handle         string
	PassphraseHash string
	Language       string
	CreatedAt      time.Time
	DisabledAt     *time.Time
}

// AccountActID identifies one disabling or enabling.
type AccountActID int64

// AccountActKind is what was done to an account; a closed type.
type AccountActKind string

// An account is disabled, and may be enabled again.
const (
	AccountDisabled AccountActKind = "disabled"
	AccountEnabled  AccountActKind = "enabled"
)

// AccountAct is one disabling or enabling of an account: who, when and why. Account.DisabledAt says how it stands.
type AccountAct struct {
	ID        AccountActID
	AccountID AccountID
	Act       AccountActKind
	Reason    string
	ByID      AccountID
	At        time.Time
}

// SessionID identifies one signed-in device.
type SessionID int64

// Session is one signed-in device. Only a hash of its token is kept.
type Session struct {
	ID        SessionID
	AccountID AccountID
	TokenHash []byte
	Device    string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	RevokedAt *time.Time
}

// Live says whether the session still signs its account in.
func (s Session) Live(now time.Time) bool { return s.RevokedAt == nil && now.Before(s.ExpiresAt) }

// Throttle counts failures of one key (a hash of a handle or an address) to slow guessing down.
type Throttle struct {
	Key          []byte `gorm:"primaryKey"`
	Failures     int64
	LastAt       time.Time
	BlockedUntil *time.Time
}

// InboxNoticeID identifies a notice in a person's inbox.
type InboxNoticeID int64

// InboxNotice is something that the cooperative tells one account: a message key, its arguments and where to go.
type InboxNotice struct {
	ID        InboxNoticeID
	AccountID AccountID
	Kind      string
	Args      map[string]string `gorm:"serializer:json"`
	Href      string
	CreatedAt time.Time
	ReadAt    *time.Time
}
