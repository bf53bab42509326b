package models

import "time"

// AuditLineID identifies an audit line.
type AuditLineID int64

// AuditLine says who did what to which row and when. Detail holds ids and words of ours, never personal data.
type AuditLine struct {
	ID        AuditLineID
	At        time.Time
	AccountID *AccountID
	Act       string
	Subject   string
	SubjectID int64
	Detail    string
}

// AuditLeaf says which leaf of the Merkle log an audit line is.
type AuditLeaf struct {
	Leaf   int64 `gorm:"primaryKey;autoIncrement:false"`
	LineID AuditLineID
}

// TableName gives the Latin plural its English form.
func (AuditLeaf) TableName() string { return "audit_leaves" }

// AuditHash is one stored hash of the Merkle log, at the position that RFC 6962's tree gives it.
type AuditHash struct {
	Position int64 `gorm:"primaryKey;autoIncrement:false"`
	Hash     []byte
}

// AuditSeal is a head of the Merkle log: the tree's size, its root, and when it was sealed.
type AuditSeal struct {
	Size     int64 `gorm:"primaryKey;autoIncrement:false"`
	Root     []byte
	SealedAt time.Time
}
