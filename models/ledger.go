package models

import (
	"time"

	"socia/core/civil"
)

// LedgerAccount is one account of the chart.
type LedgerAccount struct {
	Code   string `gorm:"primaryKey"`
	Kind   string
	NameCA string `gorm:"column:name_ca"`
	NameES string `gorm:"column:name_es"`
	NameEN string `gorm:"column:name_en"`
}

// Name is the account's name in a language; Catalan when there is no other.
func (a LedgerAccount) Name(lang string) string {
	return MemberClass{NameCA: a.NameCA, NameES: a.NameES, NameEN: a.NameEN}.Name(lang)
}

// LedgerEntryID identifies an entry.
type LedgerEntryID int64

// LedgerEntry is one balanced movement. It is never changed; a mistake is a reversal.
type LedgerEntry struct {
	ID          LedgerEntryID
	Number      int64
	BookedOn    civil.Date
	Kind        string
	Source      string
	SourceID    int64
	Description string
	ReversesID  *LedgerEntryID
	ByID        *AccountID
	At          time.Time
}

// Posting is one line of an entry: debit positive, credit negative, in cents.
type Posting struct {
	ID          int64
	EntryID     LedgerEntryID
	AccountCode string
	AmountCents int64
	Currency    string
	MemberID    *MemberID
}
