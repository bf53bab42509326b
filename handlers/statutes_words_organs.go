package handlers

import (
	"strings"

	"socia/core/rules"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/statutes"
)

func classNames(t *i18n.Texts, codes []string, classes []models.MemberClass) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = className(classes, code, t.Lang())
	}
	return strings.Join(names, ", ")
}

func capWords(t *i18n.Texts, c rules.ClassCap, classes []models.MemberClass) string {
	words := []string{t.T("statutes.words.cap_classes", "Classes", classNames(t, c.Classes, classes))}
	if c.Den != 0 {
		words = append(words, t.T("statutes.words.cap_all", "Part", fraction(t, c.Num, c.Den), "Base", t.T("statutes.cap_base."+string(c.Base))))
	}
	if c.UnderDen != 0 {
		words = append(words, t.T("statutes.words.cap_under", "Part", fraction(t, c.UnderNum, c.UnderDen)))
	}
	return strings.Join(words, " ")
}

// unitWords says what a quorum counts, where it is not simply votes.
func unitWords(t *i18n.Texts, q rules.Threshold) string {
	switch q.By {
	case rules.UnitPersons:
		return " " + t.T("statutes.words.quorum_persons")
	case rules.UnitWeight:
		return " " + t.T("statutes.words.quorum_weight")
	case rules.UnitClass:
		return " " + t.T("statutes.words.quorum_each")
	case rules.UnitAsVotes:
	}
	return ""
}

func atVoteWords(t *i18n.Texts, q rules.Threshold) string {
	if q.Of != rules.BasePresent {
		return thresholdWords(t, q) + " " + t.T("statutes.words.vote_void")
	}
	key := "statutes.words.quorum_cast_least"
	if q.Strict {
		key = "statutes.words.quorum_cast_more"
	}
	words := t.T(key, "Part", fraction(t, q.Num, q.Den))
	if q.MinVotes > 0 {
		words += " " + t.N("statutes.words.quorum_votes", q.MinVotes)
	}
	return words + unitWords(t, q) + " " + t.T("statutes.words.vote_void")
}

func doubleWords(t *i18n.Texts, m rules.Majority) string {
	switch m.Double {
	case rules.DoubleEach:
		return " " + t.T("statutes.words.double_each")
	case rules.DoubleMost:
		return " " + t.T("statutes.words.double_most")
	case rules.DoubleNone:
	}
	return ""
}

// remoteWords say whether members may attend from afar, and what that must guarantee.
func remoteWords(t *i18n.Texts, r rules.Remote) string {
	if !r.Allowed {
		return t.T("statutes.words.remote_no")
	}
	guarantees := make([]string, 0, len(rules.Guarantees()))
	for _, g := range rules.Guarantees() {
		guarantees = append(guarantees, t.T("statutes.guarantee."+string(g)))
	}
	return t.T("statutes.words.remote") + " " + t.T("statutes.words.guarantees", "All", strings.Join(guarantees, "; "), "Article", r.GuaranteeArticle)
}

// organsInWords says the rules about challenges, information, offices, attending from afar and secret votes.
func organsInWords(t *i18n.Texts, r rules.RuleSet, classes []models.MemberClass) []pages.Rule {
	challenge, information, office, revocation := r.Challenge.OrUsual(), r.Information.OrUsual(), r.Office.OrUsual(), r.Revocation.OrUsual()
	remote, secrecy := r.Remote.OrUsual(), r.SecrecyOrUsual()
	asked := t.N("statutes.words.information", information.Days) + " " + t.N("statutes.words.information_together", information.Months, "Percent", t.Percent(int64(information.Percent), 100))
	board := t.N("statutes.words.board", office.BoardLeast) + " " + t.N("statutes.words.term", office.TermYears)
	if len(office.NoChair) > 0 {
		board += " " + t.T("statutes.words.no_chair", "Classes", classNames(t, office.NoChair, classes))
	}
	revoked := t.T("statutes.words.revocation", "Part", fraction(t, revocation.Num, revocation.Den))
	if revocation.Secret {
		revoked += " " + t.T("statutes.words.revocation_secret")
	}
	return []pages.Rule{
		says(t.T("statutes.rule.challenge"), t.N("statutes.words.void", challenge.VoidYears)+" "+t.N("statutes.words.voidable", challenge.VoidableDays), challenge.Article),
		says(t.T("statutes.rule.information"), asked, information.Article),
		says(t.T("statutes.rule.office"), board, office.Article),
		says(t.T("statutes.rule.revocation"), revoked, revocation.Article),
		says(t.T("statutes.rule.remote"), remoteWords(t, remote), remote.Article),
		says(t.T("statutes.rule.secrecy"), t.T("statutes.words.secrecy", "Percent", t.Percent(int64(secrecy.Percent), 100)), secrecy.Article),
	}
}
