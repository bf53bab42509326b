// Package models holds what is stored: one noun per file, and the questions that one row can answer.
package models

import (
	"time"

	"socia/core/rules"
)

// Cooperative is the one organisation that an installation serves; its table has one row.
type Cooperative struct {
	ID         int64
	Name       string
	Language   string
	TimeZone   string
	Currency   string
	BankIBAN   string `gorm:"column:bank_iban"` // where fees are paid to, without spaces; empty: not said
	BankHolder string
	CreatedAt  time.Time
}

// Location is the cooperative's time zone; days begin and end there.
func (c Cooperative) Location() *time.Location {
	loc, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// RuleSetID identifies one version of the cooperative's statutes as data.
type RuleSetID int64

// RuleSet is one version of the statutes as data. Versions are never changed: a new one takes over.
type RuleSet struct {
	ID        RuleSetID
	Version   int64
	Preset    string
	Body      rules.RuleSet `gorm:"serializer:json"`
	Reason    string
	SetBy     *AccountID
	CreatedAt time.Time
}
