package models

import (
	"time"

	"socia/core/civil"
)

// GenderDeclaration is what a person says about their gender, sealed: nobody else reads it.
type GenderDeclaration struct {
	AccountID AccountID `gorm:"primaryKey;autoIncrement:false"`
	Sealed    []byte
	UpdatedAt time.Time
}

// GenderRelease is a published table of figures about gender that passed disclosure control.
// CountedSealed lists, sealed, which accounts which row counted, so that each person can be shown their own.
type GenderRelease struct {
	ID            int64
	Report        string
	SubjectID     int64
	AsOf          civil.Date
	Body          string
	CountedSealed []byte
	PublishedAt   time.Time
}
