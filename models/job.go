package models

import "time"

// DeadLetter is a job that failed for good until an administrator runs it again.
type DeadLetter struct {
	ID       int64
	Job      string
	Body     []byte
	Error    string
	Attempts int64
	FailedAt time.Time
	RerunAt  *time.Time
}

// LocalMail is mail that an installation without an SMTP server shows on a page.
type LocalMail struct {
	ID        int64
	Recipient string // sealed where it is stored
	Subject   string
	Body      string
	SentAt    time.Time
}

// OnceToken remembers what the first sending of a form made, so that a second sending answers the same.
type OnceToken struct {
	Token string `gorm:"primaryKey"`
	Ref   string
	At    time.Time
}

// Lease says which node runs a periodic job, and until when.
type Lease struct {
	Name   string `gorm:"primaryKey"`
	Holder string
	Until  time.Time
}
