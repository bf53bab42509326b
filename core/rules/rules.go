// Package rules holds a cooperative's statutes as data: a RuleSet in which
// every rule carries the article that says so. The presets follow Llei 12/2015
// (Catalonia), Ley 27/1999 (Spain) and a plain association; a cooperative edits
// its own copy, which Validate checks. They are settings, not legal advice.
//
// Equation: Parse(json.Marshal(r)) == r for every rule set that Validate accepts.
package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// RuleSet is one version of the statutes.
type RuleSet struct {
	Preset      string      `json:"preset"` // the preset it was copied from
	Notice      Notice      `json:"notice"`
	RecordDate  RecordDate  `json:"record_date"`
	Quorum      Quorum      `json:"quorum"`
	SecondCall  SecondCall  `json:"second_call"`
	Counting    Counting    `json:"counting"`
	Proxies     Proxies     `json:"proxies"`
	Majorities  []Majority  `json:"majorities"`
	Ceiling     Ceiling     `json:"ceiling"`
	OffAgenda   OffAgenda   `json:"off_agenda"`
	Arrears     Arrears     `json:"arrears"`
	Seniority   Seniority   `json:"seniority"`
	Corrections Corrections `json:"corrections"`
	Support     Support     `json:"support"`
	Minutes     Minutes     `json:"minutes"`
	Admission   Admission   `json:"admission"`
	Challenge   Challenge   `json:"challenge,omitzero"`
	Information Information `json:"information,omitzero"`
	Office      Office      `json:"office,omitzero"`
	Revocation  Revocation  `json:"revocation,omitzero"`
	Calling     Support     `json:"calling,omitzero"` // how many members can have an assembly called
	Remote      Remote      `json:"remote,omitzero"`
	Secrecy     Secrecy     `json:"secrecy,omitzero"`
}

// Notice is how long before an assembly its notice must be given. MaxDays and
// MaxMonths both bound it from above; 0 means no such bound.
type Notice struct {
	MinDays   int `json:"min_days"`
	MaxDays   int `json:"max_days"`
	MaxMonths int `json:"max_months"`
	// EndsCounted says how the days of MinDays and MaxDays are counted. True: the
	// days from the notice to the assembly, as calendars subtract (the 1st to the
	// 16th is 15). False: only the whole days between both, so that neither the
	// first nor the last counts (the 1st to the 16th is 14; Ley 27/1999 art. 24.1).
	EndsCounted bool   `json:"ends_counted"`
	Article     string `json:"article"`
}

// RecordDate says that those vote who were members when the call was agreed.
type RecordDate struct {
	Article string `json:"article"`
}

// Quorum is how many must be present or represented at each call, and at each
// vote: a vote that does not reach AtVote is void. Its zero value is no such rule.
type Quorum struct {
	First  Threshold `json:"first"`
	Second Threshold `json:"second"`
	AtVote Threshold `json:"at_vote,omitzero"`
}

// VoteOrNone is AtVote, or that anybody is enough in a rule set of before there was such a rule.
func (q Quorum) VoteOrNone() Threshold {
	if q.AtVote == (Threshold{}) {
		return Threshold{Any: true, Article: "Estatuts"}
	}
	return q.AtVote
}

// SecondCall is how many minutes after the first call the second may be, at the earliest: at the same hour whoever is
// there would be enough, and the quorum of the first call would be void. Neither law names an interval that
// we know of: half an hour is a choice of ours for every preset.
type SecondCall struct {
	Minutes int    `json:"minutes"`
	Article string `json:"article"`
}

// OrUsual is the rule itself, or half an hour in a rule set of before there was such a rule.
func (s SecondCall) OrUsual() SecondCall {
	if s == (SecondCall{}) {
		return usualSecondCall("Estatuts")
	}
	return s
}

// Earliest is the first instant at which the second call may be.
func (s SecondCall) Earliest(first time.Time) time.Time {
	return first.Add(time.Duration(s.OrUsual().Minutes) * time.Minute)
}

// Threshold is a part of all votes. It is reached with at least Num/Den of
// them (more than that when Strict), or with MinVotes of them when MinVotes is
// not 0, whichever is easier. Any means that whoever comes is enough.
//
// By says what is counted. Of says of what, at a vote only: of the roll (or
// empty), those present and represented are a part; of those present, those who
// cast something are.
type Threshold struct {
	Num      int64  `json:"num"`
	Den      int64  `json:"den"`
	Strict   bool   `json:"strict"`
	MinVotes int    `json:"min_votes"`
	Any      bool   `json:"any"`
	By       Unit   `json:"by,omitempty"`
	Of       Base   `json:"of,omitempty"`
	Article  string `json:"article"`
}

// Method is how votes are counted; a closed type.
type Method string

// The two ways of counting votes.
const (
	MethodPerson Method = "person" // one member, one vote
	MethodClass  Method = "class"  // each class has a share, split equally among its votes
)

// Counting is how votes are counted. Shares, in the order in which pages list
// the classes, are used by MethodClass; only their proportion matters.
type Counting struct {
	Method Method       `json:"method"`
	Shares []ClassShare `json:"shares,omitempty"`
	Cap    ClassCap     `json:"class_cap,omitzero"` // with either method
	// MostVotes is how many votes one member may have at most; 0 and 1 are one vote each, as Llei 12/2015 art. 48.1
	// has it. More are for second-degree cooperatives and for statutes that grant them.
	MostVotes int    `json:"most_votes,omitempty"`
	Article   string `json:"article"`
}

// MostVotesEver bounds what any statutes may grant to one member.
const MostVotesEver = 100

// Most is how many votes one member may have at most: at least 1.
func (c Counting) Most() int64 { return max(1, int64(c.MostVotes)) }

// VotesOf is how many votes a member has who is given so many: never more than Most, and never fewer than 1.
//
// Equation: 1 <= VotesOf(n) <= Most, and VotesOf(VotesOf(n)) == VotesOf(n).
func (c Counting) VotesOf(given int64) int64 { return max(1, min(given, c.Most())) }

// MostShare bounds what a class may weigh, so that sums of weights stay whole numbers that can be counted.
const MostShare = 1_000_000

// ClassShare is what a member class weighs: 40, 20 and 40 of 100, say.
type ClassShare struct {
	Class string `json:"class"`
	Share int64  `json:"share"`
}

// ShareOf gives the share of a class, and false when it has none.
func (c Counting) ShareOf(class string) (int64, bool) {
	for _, s := range c.Shares {
		if s.Class == class {
			return s.Share, true
		}
	}
	return 0, false
}

// Proxies says whether a member may vote through another, and how many
// mandates one member may hold.
type Proxies struct {
	Allowed      bool   `json:"allowed"`
	MaxPerHolder int    `json:"max_per_holder"`
	Article      string `json:"article"`
}

// DecisionKind is what a proposal decides; a closed type.
type DecisionKind string

// The kinds of decision that statutes tell apart.
const (
	DecisionOrdinary DecisionKind = "ordinary"
	DecisionStatutes DecisionKind = "statutes" // changing the statutes
	DecisionMerger   DecisionKind = "merger"   // merger, division, transformation, dissolution
	DecisionCapital  DecisionKind = "capital"  // new mandatory contributions to the capital
)

// DecisionKinds lists every kind, in the order in which pages show them.
func DecisionKinds() []DecisionKind {
	return []DecisionKind{DecisionOrdinary, DecisionStatutes, DecisionMerger, DecisionCapital}
}

// Base is what a majority is a part of; a closed type.
type Base string

// The bases of a majority.
const (
	BaseValid   Base = "valid"   // votes for and against; blanks and abstentions are out
	BaseCast    Base = "cast"    // votes for, against and abstained; who cast nothing is out
	BasePresent Base = "present" // all votes present and represented
	BaseRoll    Base = "roll"    // all votes that the roll has
)

// Majority is approved with at least Num/Den of its base in favour, or more
// than that when Strict.
type Majority struct {
	Decision DecisionKind `json:"decision"`
	Num      int64        `json:"num"`
	Den      int64        `json:"den"`
	Strict   bool         `json:"strict"`
	Base     Base         `json:"base"`
	Double   Double       `json:"double,omitempty"` // what it asks of the classes besides
	Article  string       `json:"article"`
}

// MajorityFor gives the majority that a kind of decision needs.
func (r RuleSet) MajorityFor(kind DecisionKind) (Majority, bool) {
	for _, m := range r.Majorities {
		if m.Decision == kind {
			return m, true
		}
	}
	return Majority{}, false
}

// Ceiling is the most that statutes may ask for in a majority. Den 0 means
// that nothing bounds them.
type Ceiling struct {
	Num     int64  `json:"num"`
	Den     int64  `json:"den"`
	Article string `json:"article"`
}

// OffAgenda says that nothing is decided that was not on the agenda.
type OffAgenda struct {
	Article string `json:"article"`
}

// Policy is what unpaid fees do to the vote; a closed type.
type Policy string

// The three policies on arrears.
const (
	PolicyAutomatic Policy = "automatic" // the vote rests once the grace period is over
	PolicyCase      Policy = "case"      // only the decision of a formal case takes it
	PolicyNever     Policy = "never"     // fees and votes have nothing to do with each other
)

// Arrears is what unpaid fees may do to the vote. They never touch voice,
// attendance or information, and payment ends it at once (Llei 12/2015
// art. 38.4-5). The hearing and appeal fields matter under PolicyCase.
type Arrears struct {
	Policy             Policy `json:"policy"`
	GraceDays          int    `json:"grace_days"`   // days after the due day in which nothing happens
	HearingDays        int    `json:"hearing_days"` // 10 to 15, Llei 12/2015 art. 36
	AppealMonths       int    `json:"appeal_months"`
	AppealAnswerMonths int    `json:"appeal_answer_months"` // after them silence upholds the appeal
	Article            string `json:"article"`
	HearingArticle     string `json:"hearing_article"`
}

// Seniority is how many days of membership the vote needs; 0 is none.
type Seniority struct {
	Days    int    `json:"days"`
	Article string `json:"article"`
}

// Corrections says until how many hours before the assembly its roll may be
// corrected.
type Corrections struct {
	HoursBefore int    `json:"hours_before"`
	Article     string `json:"article"`
}

// Support is how many members can put an item on the agenda, or have an assembly
// called: Percent of them, rounded up, but never more than the caps say.
type Support struct {
	Percent int          `json:"percent"`
	Caps    []SupportCap `json:"caps,omitempty"`
	Article string       `json:"article"`
}

// SupportCap bounds the supporters needed in a cooperative with more than
// OverMembers members.
type SupportCap struct {
	OverMembers int `json:"over_members"`
	AtMost      int `json:"at_most"`
}

// NeededSupporters gives how many members must support an item when the
// cooperative has so many: ceil(members × Percent / 100), at least 1, and at
// most what the cap with the greatest OverMembers below members says.
func (s Support) NeededSupporters(members int) int {
	needed := max(1, (members*s.Percent+99)/100)
	over, limit := -1, needed
	for _, c := range s.Caps {
		if members > c.OverMembers && c.OverMembers > over {
			over, limit = c.OverMembers, c.AtMost
		}
	}
	return min(needed, limit)
}

// Minutes says within how many days of the assembly they are approved, by the
// chair and so many tellers, and within how many days whoever asks has a
// certificate of what was resolved.
type Minutes struct {
	Days            int    `json:"days"`
	Tellers         int    `json:"tellers"`
	CertificateDays int    `json:"certificate_days,omitempty"`
	Article         string `json:"article"`
}

// Admission says in how many months an application is answered, and whether
// silence admits.
type Admission struct {
	Months        int    `json:"months"`
	SilenceAdmits bool   `json:"silence_admits"`
	Article       string `json:"article"`
}

// Parse reads a rule set from JSON and validates it. A field that is not known
// is an error, so that a misspelt rule is never silently left out.
func Parse(data []byte) (RuleSet, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var r RuleSet
	if err := dec.Decode(&r); err != nil {
		return RuleSet{}, fmt.Errorf("rules: %w", err)
	}
	if dec.More() {
		return RuleSet{}, fmt.Errorf("rules: more than one rule set")
	}
	if err := r.Validate(); err != nil {
		return RuleSet{}, err
	}
	return r, nil
}
