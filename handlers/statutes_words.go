package handlers

import (
	"fmt"
	"strings"

	"socia/core/rules"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/statutes"
)

func says(name, words, article string) pages.Rule {
	return pages.Rule{Name: name, Words: words, Article: article}
}

// statutesInWords says every rule of a rule set, in the order of the pages.
func statutesInWords(t *i18n.Texts, r rules.RuleSet, classes []models.MemberClass) []pages.Rule {
	rows := []pages.Rule{
		says(t.T("statutes.rule.counting"), countingWords(t, r.Counting, classes), r.Counting.Article),
		says(t.T("statutes.rule.proxies"), proxiesWords(t, r.Proxies), r.Proxies.Article),
		says(t.T("statutes.rule.arrears"), arrearsWords(t, r.Arrears), r.Arrears.Article),
	}
	if r.Counting.Cap.On() {
		rows = append(rows[:1:1], append([]pages.Rule{says(t.T("statutes.rule.class_cap"), capWords(t, r.Counting.Cap, classes), r.Counting.Cap.Article)}, rows[1:]...)...)
	}
	if r.Arrears.Policy == rules.PolicyCase {
		rows = append(rows, says(t.T("statutes.rule.hearing"), hearingWords(t, r.Arrears), r.Arrears.HearingArticle))
	}
	rows = append(rows,
		says(t.T("statutes.rule.seniority"), seniorityWords(t, r.Seniority), r.Seniority.Article),
		says(t.T("statutes.rule.notice"), noticeWords(t, r.Notice), r.Notice.Article),
		says(t.T("statutes.rule.record_date"), t.T("statutes.words.record_date"), r.RecordDate.Article),
		says(t.T("statutes.rule.corrections"), t.N("statutes.words.corrections", r.Corrections.HoursBefore), r.Corrections.Article),
		says(t.T("statutes.rule.quorum_first"), thresholdWords(t, r.Quorum.First), r.Quorum.First.Article),
		says(t.T("statutes.rule.quorum_second"), thresholdWords(t, r.Quorum.Second), r.Quorum.Second.Article),
	)
	if atVote := r.Quorum.VoteOrNone(); !atVote.Any {
		rows = append(rows, says(t.T("statutes.rule.quorum_at_vote"), atVoteWords(t, atVote), atVote.Article))
	}
	second := r.SecondCall.OrUsual()
	rows = append(rows, says(t.T("statutes.rule.second_call"), t.N("statutes.words.second_call", second.Minutes), second.Article))
	for _, m := range r.Majorities {
		rows = append(rows, says(t.T("statutes.majority."+string(m.Decision)), majorityWords(t, m), m.Article))
	}
	if r.Ceiling.Den != 0 {
		rows = append(rows, says(t.T("statutes.rule.ceiling"), t.T("statutes.words.ceiling", "Part", fraction(t, r.Ceiling.Num, r.Ceiling.Den)), r.Ceiling.Article))
	}
	silence := t.T("statutes.words.silence_refuses")
	if r.Admission.SilenceAdmits {
		silence = t.T("statutes.words.silence_admits")
	}
	rows = append(rows,
		says(t.T("statutes.rule.off_agenda"), t.T("statutes.words.off_agenda"), r.OffAgenda.Article),
		says(t.T("statutes.rule.support"), supportWords(t, r.Support), r.Support.Article),
		says(t.T("statutes.rule.calling"), callingWords(t, r.CallingOrUsual()), r.CallingOrUsual().Article),
		says(t.T("statutes.rule.minutes"), minutesWords(t, r.Minutes.OrUsual()), r.Minutes.Article),
		says(t.T("statutes.rule.admission"), t.N("statutes.words.admission", r.Admission.Months)+" "+silence, r.Admission.Article),
	)
	return append(rows, organsInWords(t, r, classes)...)
}

func countingWords(t *i18n.Texts, c rules.Counting, classes []models.MemberClass) string {
	most := c.Most()
	if c.Method == rules.MethodPerson && most == 1 {
		return t.T("statutes.words.person")
	}
	if c.Method == rules.MethodPerson {
		return t.N("statutes.words.person_votes", int(most))
	}
	parts := make([]string, len(c.Shares))
	for i, s := range c.Shares {
		parts[i] = t.T("statutes.words.share", "Class", className(classes, s.Class, t.Lang()), "Share", t.Number(s.Share))
	}
	words := t.T("statutes.words.class", "Shares", strings.Join(parts, ", "))
	if most > 1 {
		words += " " + t.N("statutes.words.most_votes", int(most))
	}
	return words
}

func className(classes []models.MemberClass, code, lang string) string {
	for _, c := range classes {
		if c.Code == code {
			return c.Name(lang)
		}
	}
	return code
}

func proxiesWords(t *i18n.Texts, p rules.Proxies) string {
	if !p.Allowed {
		return t.T("statutes.words.no_proxies")
	}
	return t.N("statutes.words.proxies", p.MaxPerHolder)
}

func arrearsWords(t *i18n.Texts, a rules.Arrears) string {
	switch a.Policy {
	case rules.PolicyAutomatic:
		return t.N("statutes.words.arrears_automatic", a.GraceDays)
	case rules.PolicyCase:
		return t.N("statutes.words.arrears_case", a.GraceDays)
	case rules.PolicyNever:
	}
	return t.T("statutes.words.arrears_never")
}

func hearingWords(t *i18n.Texts, a rules.Arrears) string {
	return strings.Join([]string{t.N("statutes.words.hearing", a.HearingDays), t.N("statutes.words.appeal", a.AppealMonths), t.N("statutes.words.appeal_answer", a.AppealAnswerMonths)}, " ")
}

func seniorityWords(t *i18n.Texts, s rules.Seniority) string {
	if s.Days == 0 {
		return t.T("statutes.words.no_seniority")
	}
	return t.N("statutes.words.seniority", s.Days)
}

func noticeWords(t *i18n.Texts, n rules.Notice) string {
	words := []string{t.N("statutes.words.notice_min", n.MinDays)}
	if n.MaxDays > 0 {
		words = append(words, t.N("statutes.words.notice_max_days", n.MaxDays))
	}
	if n.MaxMonths > 0 {
		words = append(words, t.N("statutes.words.notice_max_months", n.MaxMonths))
	}
	if !n.EndsCounted {
		words = append(words, t.T("statutes.words.notice_ends"))
	}
	return strings.Join(words, " ")
}

func thresholdWords(t *i18n.Texts, q rules.Threshold) string {
	if q.Any {
		return t.T("statutes.words.quorum_any")
	}
	key := "statutes.words.quorum_least"
	if q.Strict {
		key = "statutes.words.quorum_more"
	}
	words := t.T(key, "Part", fraction(t, q.Num, q.Den))
	if q.MinVotes > 0 {
		words += " " + t.N("statutes.words.quorum_votes", q.MinVotes)
	}
	return words + unitWords(t, q)
}

func majorityWords(t *i18n.Texts, m rules.Majority) string {
	key := "statutes.words.majority_least"
	if m.Strict {
		key = "statutes.words.majority_more"
	}
	return t.T(key, "Part", fraction(t, m.Num, m.Den), "Base", t.T("statutes.base."+string(m.Base))) + doubleWords(t, m)
}

func supportWords(t *i18n.Texts, s rules.Support) string {
	return supportersWords(t, s, t.T("statutes.words.support", "Percent", t.Percent(int64(s.Percent), 100)))
}

func callingWords(t *i18n.Texts, s rules.Support) string {
	return supportersWords(t, s, t.T("statutes.words.calling", "Percent", t.Percent(int64(s.Percent), 100)))
}

func supportersWords(t *i18n.Texts, s rules.Support, rule string) string {
	words := []string{rule}
	for _, limit := range s.Caps {
		if limit.OverMembers == 0 {
			words = append(words, t.N("statutes.words.support_cap", limit.AtMost))
		} else {
			words = append(words, t.N("statutes.words.support_cap_over", limit.AtMost, "Members", t.Number(int64(limit.OverMembers))))
		}
	}
	return strings.Join(words, " ")
}

func minutesWords(t *i18n.Texts, m rules.Minutes) string {
	return strings.Join([]string{
		t.N("statutes.words.minutes_days", m.Days), t.N("statutes.words.minutes_tellers", m.Tellers), t.N("statutes.words.certificate", m.CertificateDays),
	}, " ")
}

// fraction writes the usual parts in words ("two thirds") and others in figures.
func fraction(t *i18n.Texts, num, den int64) string {
	if key := "statutes.fraction." + fmt.Sprintf("%d_%d", num, den); t.Has(key) {
		return t.T(key)
	}
	return fmt.Sprintf("%d/%d", num, den)
}
