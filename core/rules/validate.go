package rules

import (
	"fmt"
	"strings"

	"socia/core/fault"
	"socia/core/ratio"
)

// Validate says whether the rule set makes sense and asks for no more than the
// law lets statutes ask. The error is a fault.All whose fields are the JSON
// paths of the wrong values, such as "arrears.hearing_days" or
// "majorities.1.num", and whose keys begin with "rules.".
func (r RuleSet) Validate() error {
	var c check
	c.articles(r)
	c.notice(r.Notice)
	c.threshold("quorum.first", r.Quorum.First)
	c.threshold("quorum.second", r.Quorum.Second)
	c.quorums(r.Quorum, r.Counting)
	c.between("second_call.minutes", r.SecondCall.Minutes, 1, 7*24*60)
	c.counting(r.Counting)
	c.classCap(r.Counting.Cap)
	c.leavesOut(r.Counting)
	if r.Proxies.Allowed {
		c.between("proxies.max_per_holder", r.Proxies.MaxPerHolder, 1, 1000)
	}
	c.ceiling(r.Ceiling)
	c.majorities(r.Majorities, r.Ceiling)
	c.arrears(r.Arrears)
	c.between("seniority.days", r.Seniority.Days, 0, 3650)
	c.between("corrections.hours_before", r.Corrections.HoursBefore, 0, 24*30)
	c.support("support", r.Support)
	c.support("calling", r.CallingOrUsual())
	c.between("minutes.days", r.Minutes.Days, 0, 365)
	c.between("minutes.tellers", r.Minutes.Tellers, 0, 10)
	c.between("minutes.certificate_days", r.Minutes.OrUsual().CertificateDays, 1, 365)
	c.between("admission.months", r.Admission.Months, 1, 12)
	c.organs(r)
	return fault.All(c.faults...)
}

// check gathers what is wrong.
type check struct{ faults []*fault.Fault }

func (c *check) wrong(field, key string, args ...map[string]any) {
	c.faults = append(c.faults, fault.Invalid(field, key, args...))
}

func (c *check) between(field string, n, least, most int) {
	if n < least || n > most {
		c.wrong(field, "rules.out_of_range", map[string]any{"min": least, "max": most})
	}
}

// articles holds every rule to its promise to say where it comes from.
func (c *check) articles(r RuleSet) {
	cited := []struct{ field, article string }{
		{"notice", r.Notice.Article}, {"record_date", r.RecordDate.Article},
		{"quorum.first", r.Quorum.First.Article}, {"quorum.second", r.Quorum.Second.Article},
		{"second_call", r.SecondCall.Article}, {"counting", r.Counting.Article}, {"proxies", r.Proxies.Article}, {"off_agenda", r.OffAgenda.Article},
		{"arrears", r.Arrears.Article}, {"seniority", r.Seniority.Article}, {"corrections", r.Corrections.Article},
		{"support", r.Support.Article}, {"minutes", r.Minutes.Article}, {"admission", r.Admission.Article},
	}
	challenge, information, office, revocation := r.Challenge.OrUsual(), r.Information.OrUsual(), r.Office.OrUsual(), r.Revocation.OrUsual()
	cited = append(cited, []struct{ field, article string }{
		{"quorum.at_vote", r.Quorum.VoteOrNone().Article}, {"challenge", challenge.Article}, {"information", information.Article},
		{"office", office.Article}, {"revocation", revocation.Article},
		{"calling", r.CallingOrUsual().Article}, {"remote", r.Remote.OrUsual().Article}, {"secrecy", r.SecrecyOrUsual().Article},
	}...)
	for i, m := range r.Majorities {
		cited = append(cited, struct{ field, article string }{fmt.Sprintf("majorities.%d", i), m.Article})
	}
	for _, x := range cited {
		if strings.TrimSpace(x.article) == "" {
			c.wrong(x.field+".article", "rules.article_missing")
		}
	}
	if r.Ceiling.Den != 0 && strings.TrimSpace(r.Ceiling.Article) == "" {
		c.wrong("ceiling.article", "rules.article_missing")
	}
	if len(r.Counting.Cap.Classes) > 0 && strings.TrimSpace(r.Counting.Cap.Article) == "" {
		c.wrong("counting.class_cap.article", "rules.article_missing")
	}
	if strings.TrimSpace(r.Remote.OrUsual().GuaranteeArticle) == "" {
		c.wrong("remote.guarantee_article", "rules.article_missing")
	}
	if r.Arrears.Policy == PolicyCase && strings.TrimSpace(r.Arrears.HearingArticle) == "" {
		c.wrong("arrears.hearing_article", "rules.article_missing")
	}
}

func (c *check) notice(n Notice) {
	c.between("notice.min_days", n.MinDays, 0, 365)
	c.between("notice.max_days", n.MaxDays, 0, 365)
	c.between("notice.max_months", n.MaxMonths, 0, 12)
	if n.MaxDays > 0 && n.MaxDays < n.MinDays {
		c.wrong("notice.max_days", "rules.notice_max_below_min", map[string]any{"min": n.MinDays})
	}
	// The shortest run of months has 28 days in each; one day more is lost when
	// neither end counts.
	if n.MaxMonths > 0 && n.MaxMonths*28 <= n.MinDays {
		c.wrong("notice.max_months", "rules.notice_max_below_min", map[string]any{"min": n.MinDays})
	}
}

func (c *check) threshold(field string, t Threshold) {
	if t.Any {
		return
	}
	c.fraction(field, t.Num, t.Den, t.Strict)
	c.between(field+".min_votes", t.MinVotes, 0, 1_000_000)
}

// fraction asks for 0 < num/den <= 1, and < 1 where more than it is needed.
// It says whether that holds.
func (c *check) fraction(field string, num, den int64, strict bool) bool {
	switch {
	case den <= 0:
		c.wrong(field+".den", "rules.fraction_den")
	case num <= 0 || num > den:
		c.wrong(field+".num", "rules.fraction_num", map[string]any{"den": den})
	case strict && num == den:
		c.wrong(field+".strict", "rules.more_than_all")
	default:
		return true
	}
	return false
}

func (c *check) counting(n Counting) {
	switch n.Method {
	case MethodPerson, MethodClass:
	default:
		c.wrong("counting.method", "rules.unknown_method")
	}
	if n.MostVotes != 0 {
		c.between("counting.most_votes", n.MostVotes, 1, MostVotesEver)
	}
	if n.Method == MethodClass && len(n.Shares) == 0 {
		c.wrong("counting.shares", "rules.shares_missing")
	}
	seen := make(map[string]bool)
	for i, s := range n.Shares {
		field := fmt.Sprintf("counting.shares.%d", i)
		if strings.TrimSpace(s.Class) == "" {
			c.wrong(field+".class", "rules.class_missing")
		}
		if seen[s.Class] {
			c.wrong(field+".class", "rules.class_twice", map[string]any{"class": s.Class})
		}
		seen[s.Class] = true
		if s.Share <= 0 || s.Share > MostShare {
			c.wrong(field+".share", "rules.share_out_of_range", map[string]any{"class": s.Class})
		}
	}
}

// ceiling accepts 0/0, which is none.
func (c *check) ceiling(n Ceiling) {
	if n.Den != 0 || n.Num != 0 {
		c.fraction("ceiling", n.Num, n.Den, false)
	}
}

func (c *check) majorities(all []Majority, most Ceiling) {
	seen := make(map[DecisionKind]bool)
	for i, m := range all {
		field := fmt.Sprintf("majorities.%d", i)
		switch m.Decision {
		case DecisionOrdinary, DecisionStatutes, DecisionMerger, DecisionCapital:
		default:
			c.wrong(field+".decision", "rules.unknown_decision")
		}
		if seen[m.Decision] {
			c.wrong(field+".decision", "rules.decision_twice")
		}
		seen[m.Decision] = true
		switch m.Base {
		case BaseValid, BaseCast, BasePresent, BaseRoll:
		default:
			c.wrong(field+".base", "rules.unknown_base")
		}
		switch m.Double {
		case DoubleNone, DoubleEach, DoubleMost:
		default:
			c.wrong(field+".double", "rules.unknown_double")
		}
		if c.fraction(field, m.Num, m.Den, m.Strict) && tooMuch(m, most) {
			c.wrong(field+".num", "rules.above_ceiling", map[string]any{"num": most.Num, "den": most.Den, "article": most.Article})
		}
	}
	if !seen[DecisionOrdinary] {
		c.wrong("majorities", "rules.ordinary_missing")
	}
}

// tooMuch says whether a majority asks for more than statutes may: Llei
// 12/2015 art. 47.1 stops at two thirds, Ley 27/1999 art. 28.3 at four fifths.
// "More than two thirds" is already more than two thirds.
func tooMuch(m Majority, most Ceiling) bool {
	if most.Num <= 0 || most.Den <= 0 {
		return false
	}
	over := ratio.New(m.Num, m.Den).Cmp(ratio.New(most.Num, most.Den))
	return over > 0 || (over == 0 && m.Strict)
}

func (c *check) arrears(a Arrears) {
	c.between("arrears.grace_days", a.GraceDays, 0, 365)
	switch a.Policy {
	case PolicyAutomatic, PolicyNever:
	case PolicyCase:
		// Llei 12/2015 art. 36: a hearing of 10 to 15 days.
		c.between("arrears.hearing_days", a.HearingDays, 10, 15)
		c.between("arrears.appeal_months", a.AppealMonths, 1, 12)
		c.between("arrears.appeal_answer_months", a.AppealAnswerMonths, 1, 12)
	default:
		c.wrong("arrears.policy", "rules.unknown_policy")
	}
}

func (c *check) support(path string, s Support) {
	c.between(path+".percent", s.Percent, 1, 100)
	seen := make(map[int]bool)
	for i, limit := range s.Caps {
		field := fmt.Sprintf("%s.caps.%d", path, i)
		c.between(field+".over_members", limit.OverMembers, 0, 10_000_000)
		c.between(field+".at_most", limit.AtMost, 1, 10_000_000)
		if seen[limit.OverMembers] {
			c.wrong(field+".over_members", "rules.cap_twice")
		}
		seen[limit.OverMembers] = true
	}
}
