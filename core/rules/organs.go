package rules

import (
	"slices"
	"time"

	"socia/core/civil"
)

// Challenge is how long a decision may be challenged: a void one for so many
// years, a voidable one for so many days (Llei 12/2015 art. 52.4). The day of
// the decision is not counted, the last day is whole.
type Challenge struct {
	VoidYears    int    `json:"void_years"`
	VoidableDays int    `json:"voidable_days"`
	Article      string `json:"article"`
}

// OrUsual is the rule itself, or a year and 40 days in a rule set of before there was such a rule.
func (c Challenge) OrUsual() Challenge {
	if c == (Challenge{}) {
		return Challenge{VoidYears: 1, VoidableDays: 40, Article: "Estatuts"}
	}
	return c
}

// VoidUntil is the last day to challenge a void decision of a day.
func (c Challenge) VoidUntil(decided civil.Date) civil.Date {
	return decided.AddMonths(12 * c.OrUsual().VoidYears)
}

// VoidableUntil is the last day to challenge a voidable decision of a day.
func (c Challenge) VoidableUntil(decided civil.Date) civil.Date {
	return decided.AddDays(c.OrUsual().VoidableDays)
}

// Information is how long the board has to answer: one member who asks in
// writing in Days, and Percent of the members together in Months (Llei 12/2015
// arts. 39.2.c and 40.3).
type Information struct {
	Days    int    `json:"days"`
	Percent int    `json:"percent"`
	Months  int    `json:"months"`
	Article string `json:"article"`
}

// OrUsual is the rule itself, or 15 days, 3 % and a month in a rule set of before there was such a rule.
func (i Information) OrUsual() Information {
	if i == (Information{}) {
		return Information{Days: 15, Percent: 3, Months: 1, Article: "Estatuts"}
	}
	return i
}

// AnswerBy is the last day to answer a question that one member asked on a day.
func (i Information) AnswerBy(asked civil.Date) civil.Date { return asked.AddDays(i.OrUsual().Days) }

// TogetherBy is the last day to answer what so many of the cooperative's members
// asked together on a day, and false when they are too few.
func (i Information) TogetherBy(asked civil.Date, asking, members int) (civil.Date, bool) {
	r := i.OrUsual()
	if asking < 1 || asking*100 < members*r.Percent {
		return civil.Date{}, false
	}
	return asked.AddMonths(r.Months), true
}

// Office is who may be on the board, and for how long: at least BoardLeast
// people, TermYears at most, and nobody of the classes NoChair in its chair
// (Llei 12/2015 arts. 26.8, 54.2, 55 and 56).
type Office struct {
	BoardLeast int      `json:"board_least"`
	TermYears  int      `json:"term_years"`
	NoChair    []string `json:"no_chair,omitempty"`
	Article    string   `json:"article"`
}

// OrUsual is the rule itself, or three people and five years in a rule set of before there was such a rule.
func (o Office) OrUsual() Office {
	if o.BoardLeast == 0 && o.TermYears == 0 && len(o.NoChair) == 0 && o.Article == "" {
		return Office{BoardLeast: 3, TermYears: 5, Article: "Estatuts"}
	}
	return o
}

// MayChair says whether a member of a class may chair the cooperative.
func (o Office) MayChair(class string) bool { return !slices.Contains(o.NoChair, class) }

// TermUntil is the last day of an office that began on a day, at the latest.
func (o Office) TermUntil(began civil.Date) civil.Date {
	return began.AddMonths(12 * o.OrUsual().TermYears).AddDays(-1)
}

// Enough says whether so many people are a board.
func (o Office) Enough(people int) bool { return people >= o.OrUsual().BoardLeast }

// Revocation is how an office is taken back before its time: by secret vote, and
// with more than Num/Den of the votes present and represented, or of all the
// votes of the cooperative when it was not on the agenda (Llei 12/2015 art. 47.3:
// half plus one).
type Revocation struct {
	Num     int64  `json:"num"`
	Den     int64  `json:"den"`
	Secret  bool   `json:"secret"`
	Article string `json:"article"`
}

// OrUsual is the rule itself, or more than half in secret in a rule set of before there was such a rule.
func (r Revocation) OrUsual() Revocation {
	if r == (Revocation{}) {
		return Revocation{Num: 1, Den: 2, Secret: true, Article: "Estatuts"}
	}
	return r
}

// Majority is what revoking an office needs, when it is on the agenda and when it is not.
func (r Revocation) Majority(onAgenda bool) Majority {
	u := r.OrUsual()
	m := Majority{Num: u.Num, Den: u.Den, Strict: true, Base: BaseRoll, Article: u.Article}
	if onAgenda {
		m.Base = BasePresent
	}
	return m
}

// Until is the last instant at which the roll may be corrected: so many hours
// before the first call, whatever clocks do meanwhile (Llei 12/2015 art. 48.2).
func (c Corrections) Until(firstCall time.Time) time.Time {
	return firstCall.Add(-time.Duration(c.HoursBefore) * time.Hour)
}

// DueOn is the last day to approve the minutes of an assembly that closed on a day.
func (m Minutes) DueOn(closed civil.Date) civil.Date { return closed.AddDays(m.Days) }

// OrUsual is the rule itself, with ten days for certificates in a rule set of before there was such a rule.
func (m Minutes) OrUsual() Minutes {
	if m.CertificateDays == 0 {
		m.CertificateDays = 10
	}
	return m
}

// CertificateBy is the last day to hand out a certificate that was asked for on a day (Llei 12/2015 art. 51).
func (m Minutes) CertificateBy(asked civil.Date) civil.Date {
	return asked.AddDays(m.OrUsual().CertificateDays)
}

// DueOn is the last day to answer an application of a day; after it silence speaks.
func (a Admission) DueOn(applied civil.Date) civil.Date { return applied.AddMonths(a.Months) }
