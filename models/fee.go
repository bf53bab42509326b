package models

import (
	"time"

	"socia/core/civil"
)

// FeePlanID identifies a fee plan.
type FeePlanID int64

// FeePlan is what a class may pay and how often. ForKind is empty when people and organisations may both take it.
type FeePlan struct {
	ID           FeePlanID
	ClassID      MemberClassID
	ForKind      MemberKind
	Name         string
	Every        string
	VATTreatment string `gorm:"column:vat_treatment"`
	DueDays      int64
	CreatedAt    time.Time
	ArchivedAt   *time.Time
}

// Fits says whether the plan is for members of a kind.
func (p FeePlan) Fits(kind MemberKind) bool { return p.ForKind == "" || p.ForKind == kind }

// PriceID identifies a price.
type PriceID int64

// Price is an immutable version of what a plan costs, from a day, set by a resolution. MaxCents 0 means no maximum.
type Price struct {
	ID             PriceID
	PlanID         FeePlanID
	ValidFrom      civil.Date
	MinCents       int64
	SuggestedCents int64
	MaxCents       int64
	Resolution     string
	SetBy          *AccountID
	CreatedAt      time.Time
}

// SubscriptionID identifies a subscription.
type SubscriptionID int64

// Subscription is one member's agreement to a plan, with the amount chosen. EndsOn is the last day it covers.
type Subscription struct {
	ID          SubscriptionID
	MemberID    MemberID
	PlanID      FeePlanID
	AmountCents int64
	StartsOn    civil.Date
	EndsOn      civil.Date
	CreatedBy   *AccountID
	CreatedAt   time.Time
}

// WaiverID identifies a waiver.
type WaiverID int64

// Waiver frees a member from fees whose period begins between two days, both included; it ends by itself.
type Waiver struct {
	ID         WaiverID
	MemberID   MemberID
	FromOn     civil.Date
	UntilOn    civil.Date
	Reason     string
	ApprovedBy *AccountID
	CreatedAt  time.Time
}

// Covers says whether a period that begins on a day is waived.
func (w Waiver) Covers(day civil.Date) bool {
	return !day.Before(w.FromOn) && !day.After(w.UntilOn)
}

// ChargeID identifies a charge.
type ChargeID int64

// Charge is what a member owes for one period. SolidarityCents is the part above the suggested price.
type Charge struct {
	ID              ChargeID
	SubscriptionID  SubscriptionID
	MemberID        MemberID
	PriceID         PriceID
	WaiverID        *WaiverID
	PeriodStart     civil.Date
	PeriodEnd       civil.Date
	DueOn           civil.Date
	AmountCents     int64
	SolidarityCents int64
	CreatedAt       time.Time
	SettledAt       *time.Time
}

// Overdue says whether the charge is unpaid after its due day.
func (c Charge) Overdue(today civil.Date) bool { return c.SettledAt == nil && c.DueOn.Before(today) }

// PaymentID identifies a payment.
type PaymentID int64

// PaymentMethod says how money came in.
type PaymentMethod string

// The ways in which a treasurer records money.
const (
	Transfer PaymentMethod = "transfer"
	Cash     PaymentMethod = "cash"
)

// Payment is money received from a member.
type Payment struct {
	ID          PaymentID
	MemberID    MemberID
	AmountCents int64
	Method      PaymentMethod
	ReceivedOn  civil.Date
	Reference   string
	RecordedBy  *AccountID
	CreatedAt   time.Time
}

// PaymentReversal takes a payment back: who, when and why.
type PaymentReversal struct {
	PaymentID PaymentID `gorm:"primaryKey;autoIncrement:false"`
	Reason    string
	ByID      AccountID
	At        time.Time
}

// Allocation says which payment settles which charge, with how much; taking it back is a row with the sign turned.
type Allocation struct {
	ID          int64
	PaymentID   PaymentID
	ChargeID    ChargeID
	AmountCents int64
	At          time.Time
}

// ArrearsCaseID identifies an arrears case.
type ArrearsCaseID int64

// ArrearsDecision is what a case decides.
type ArrearsDecision string

// What a case can decide; Undecided while it is heard.
const (
	Undecided ArrearsDecision = ""
	Suspend   ArrearsDecision = "suspend"
	Dismiss   ArrearsDecision = "dismiss"
)

// ArrearsCase is the formal procedure that statutes require before unpaid fees cost a member the vote.
type ArrearsCase struct {
	ID              ArrearsCaseID
	MemberID        MemberID
	RuleSetID       RuleSetID // the statutes that it was opened under; its clocks and articles are theirs
	OpenedOn        civil.Date
	OpenedBy        AccountID
	OpenedAt        time.Time
	HearingUntil    civil.Date // zero until the member has been told: the hearing does not end before
	Statement       string
	StatementAt     *time.Time
	Decision        ArrearsDecision
	DecisionReason  string
	DecidedBy       *AccountID
	DecidedAt       *time.Time
	Appeal          string
	AppealedAt      *time.Time
	AppealOutcome   string
	AppealReason    string
	AppealDecidedBy *AccountID
	AppealDecidedAt *time.Time
	ClosedAt        *time.Time
}

// ArrearsCaseCharge names a charge that a case is about.
type ArrearsCaseCharge struct {
	CaseID   ArrearsCaseID `gorm:"primaryKey;autoIncrement:false"`
	ChargeID ChargeID      `gorm:"primaryKey;autoIncrement:false"`
}

// DeliveryKind is what of a case was handed over; a closed type.
type DeliveryKind string

// What is handed over: to the member, who is told, and by the member, on paper.
const (
	DeliveredOpening   DeliveryKind = "opening"
	DeliveredDecision  DeliveryKind = "decision"
	DeliveredStatement DeliveryKind = "statement"
	DeliveredAppeal    DeliveryKind = "appeal"
)

// ArrearsCaseDelivery says on which day something of a case reached the member or the cooperative, how, and who knows it.
// How is empty for a notice in the inbox of the member's account.
type ArrearsCaseDelivery struct {
	CaseID     ArrearsCaseID `gorm:"primaryKey;autoIncrement:false"`
	Kind       DeliveryKind  `gorm:"primaryKey"`
	OnDay      civil.Date
	How        string
	RecordedBy AccountID
	RecordedAt time.Time
}
