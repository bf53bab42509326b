package rules

// The names of the presets.
const (
	PresetCatalan     = "catalan-cooperative"
	PresetSpanish     = "spanish-cooperative"
	PresetAssociation = "association"
)

// Presets gives the rule sets that a cooperative can start from. Each call
// gives fresh copies.
func Presets() []RuleSet {
	return []RuleSet{catalanCooperative(), spanishCooperative(), association()}
}

// Preset gives one preset by its name.
func Preset(name string) (RuleSet, bool) {
	for _, r := range Presets() {
		if r.Preset == name {
			return r, true
		}
	}
	return RuleSet{}, false
}

// majorities gives a simple majority for ordinary decisions and one qualified
// majority for the rest.
func majorities(ordinary, qualified Majority) []Majority {
	var all []Majority
	for _, kind := range DecisionKinds() {
		m := qualified
		if kind == DecisionOrdinary {
			m = ordinary
		}
		m.Decision = kind
		all = append(all, m)
	}
	return all
}

// usualSecondCall is half an hour: no law sets it, so the article is the statutes'.
func usualSecondCall(article string) SecondCall { return SecondCall{Minutes: 30, Article: article} }

// catalanCooperative follows Llei 12/2015. Where that law leaves a matter to
// the statutes (seniority, grace, time to answer an appeal) the article is "Estatuts".
func catalanCooperative() RuleSet {
	return RuleSet{
		Preset:     PresetCatalan,
		Notice:     Notice{MinDays: 15, MaxDays: 30, EndsCounted: true, Article: "Llei 12/2015, art. 44.1"},
		RecordDate: RecordDate{Article: "Llei 12/2015, art. 46.7"},
		Quorum: Quorum{
			First:  Threshold{Num: 1, Den: 2, Strict: true, Article: "Llei 12/2015, art. 46.1"},
			Second: Threshold{Any: true, Article: "Llei 12/2015, art. 46.1"},
			AtVote: Threshold{Any: true, Article: "Estatuts"},
		},
		SecondCall: usualSecondCall("Estatuts"),
		Counting:   Counting{Method: MethodPerson, MostVotes: 1, Cap: catalanClassCap(), Article: "Llei 12/2015, art. 48.1"},
		Proxies:    Proxies{Allowed: true, MaxPerHolder: 2, Article: "Llei 12/2015, art. 49.1"},
		Majorities: majorities(
			Majority{Num: 1, Den: 2, Strict: true, Base: BaseValid, Article: "Llei 12/2015, art. 47.1"},
			Majority{Num: 2, Den: 3, Base: BasePresent, Article: "Llei 12/2015, art. 47.2"},
		),
		Ceiling:   Ceiling{Num: 2, Den: 3, Article: "Llei 12/2015, art. 47.1"},
		OffAgenda: OffAgenda{Article: "Llei 12/2015, art. 47.5"},
		Arrears: Arrears{
			Policy: PolicyCase, GraceDays: 30, HearingDays: 10, AppealMonths: 1, AppealAnswerMonths: 2,
			Article: "Llei 12/2015, art. 38.4-5", HearingArticle: "Llei 12/2015, art. 36",
		},
		Seniority:   Seniority{Days: 0, Article: "Estatuts"},
		Corrections: Corrections{HoursBefore: 24, Article: "Llei 12/2015, art. 48.2"},
		Support:     Support{Percent: 10, Caps: catalanCaps(), Article: "Llei 12/2015, art. 44.5"},
		Minutes:     Minutes{Days: 15, Tellers: 2, CertificateDays: 10, Article: "Llei 12/2015, art. 51"},
		Admission:   Admission{Months: 3, SilenceAdmits: true, Article: "Llei 12/2015, art. 29.2"},
		Challenge:   Challenge{VoidYears: 1, VoidableDays: 40, Article: "Llei 12/2015, art. 52.4"},
		Information: Information{Days: 15, Percent: 3, Months: 1, Article: "Llei 12/2015, arts. 39.2.c, 40.3"},
		Office:      Office{BoardLeast: 3, TermYears: 5, NoChair: outsideActivity(), Article: "Llei 12/2015, arts. 26.8, 54.2, 55, 56"},
		Revocation:  Revocation{Num: 1, Den: 2, Secret: true, Article: "Llei 12/2015, art. 47.3"},
		Calling:     Support{Percent: 10, Caps: catalanCaps(), Article: "Llei 12/2015, art. 45.3"},
		Remote:      Remote{Allowed: true, Article: "Llei 12/2015, art. 46.2", GuaranteeArticle: "Llei 12/2015, art. 46.3"},
		Secrecy:     Secrecy{Percent: 10, Article: "Estatuts"},
	}
}

// outsideActivity are the classes that take no part in the activity, among those that a cooperative begins with. One
// that also has members for a fixed term adds their class.
func outsideActivity() []string { return []string{"collaborating"} }

// catalanClassCap is that of Llei 12/2015 art. 48.3: at most 40 % of all votes, and under half of the votes of the
// common members who are present and represented.
func catalanClassCap() ClassCap {
	return ClassCap{Classes: outsideActivity(), Num: 2, Den: 5, Base: BaseRoll, UnderNum: 1, UnderDen: 2, Article: "Llei 12/2015, art. 48.3"}
}

// spanishClassCap is that of Ley 27/1999 art. 14: at most 30 %.
func spanishClassCap() ClassCap {
	return ClassCap{Classes: outsideActivity(), Num: 3, Den: 10, Base: BasePresent, Article: "Ley 27/1999, art. 14"}
}

// catalanCaps are those of Llei 12/2015 arts. 44.5 and 45.3: 100 members are enough where there are more than 1,000,
// 500 where there are more than 10,000, and 1,000 where there are more than 100,000.
func catalanCaps() []SupportCap {
	return []SupportCap{{OverMembers: 1_000, AtMost: 100}, {OverMembers: 10_000, AtMost: 500}, {OverMembers: 100_000, AtMost: 1_000}}
}

// spanishCooperative follows Ley 27/1999. Where that law leaves a matter to
// the statutes the article is "Estatutos".
func spanishCooperative() RuleSet {
	return RuleSet{
		Preset:     PresetSpanish,
		Notice:     Notice{MinDays: 15, MaxMonths: 2, EndsCounted: false, Article: "Ley 27/1999, art. 24.1"},
		RecordDate: RecordDate{Article: "Estatutos"},
		Quorum: Quorum{
			First:  Threshold{Num: 1, Den: 2, Strict: true, Article: "Ley 27/1999, art. 25.1"},
			Second: Threshold{Num: 1, Den: 10, MinVotes: 100, Article: "Ley 27/1999, art. 25.1"},
			AtVote: Threshold{Any: true, Article: "Estatutos"},
		},
		SecondCall: usualSecondCall("Estatutos"),
		Counting:   Counting{Method: MethodPerson, MostVotes: 1, Cap: spanishClassCap(), Article: "Ley 27/1999, art. 26.1"},
		Proxies:    Proxies{Allowed: true, MaxPerHolder: 2, Article: "Ley 27/1999, art. 27"},
		Majorities: majorities(
			Majority{Num: 1, Den: 2, Strict: true, Base: BaseValid, Article: "Ley 27/1999, art. 28.1"},
			Majority{Num: 2, Den: 3, Base: BasePresent, Article: "Ley 27/1999, art. 28.2"},
		),
		Ceiling:   Ceiling{Num: 4, Den: 5, Article: "Ley 27/1999, art. 28.3"},
		OffAgenda: OffAgenda{Article: "Ley 27/1999, art. 28.4"},
		Arrears: Arrears{
			Policy: PolicyCase, GraceDays: 30, HearingDays: 10, AppealMonths: 1, AppealAnswerMonths: 2,
			Article: "Ley 27/1999, art. 18.4", HearingArticle: "Ley 27/1999, art. 18.3",
		},
		Seniority:   Seniority{Days: 0, Article: "Estatutos"},
		Corrections: Corrections{HoursBefore: 24, Article: "Estatutos"},
		Support:     Support{Percent: 10, Caps: []SupportCap{{OverMembers: 0, AtMost: 200}}, Article: "Ley 27/1999, art. 24.2"},
		Minutes:     Minutes{Days: 15, Tellers: 2, CertificateDays: 10, Article: "Ley 27/1999, art. 29.2; Estatutos"},
		Admission:   Admission{Months: 1, SilenceAdmits: true, Article: "Estatutos"},
		Challenge:   Challenge{VoidYears: 1, VoidableDays: 40, Article: "Estatutos"},
		Information: Information{Days: 15, Percent: 3, Months: 1, Article: "Ley 27/1999, art. 16.3; Estatutos"},
		Office:      Office{BoardLeast: 3, TermYears: 5, Article: "Estatutos"},
		Revocation:  Revocation{Num: 1, Den: 2, Secret: true, Article: "Estatutos"},
		Calling:     Support{Percent: 20, Article: "Ley 27/1999, art. 23.3"},
		Remote:      Remote{Allowed: true, Article: "Estatutos", GuaranteeArticle: "Estatutos"},
		Secrecy:     Secrecy{Percent: 10, Article: "Ley 27/1999, art. 25.3"},
	}
}

// association is the simple one: a vote each, and arrears suspend it after a
// grace period. Everything is a matter of its own statutes.
func association() RuleSet {
	const article = "Estatuts"
	return RuleSet{
		Preset:     PresetAssociation,
		Notice:     Notice{MinDays: 15, EndsCounted: true, Article: article},
		RecordDate: RecordDate{Article: article},
		Quorum: Quorum{
			First:  Threshold{Num: 1, Den: 3, Article: article},
			Second: Threshold{Any: true, Article: article},
			AtVote: Threshold{Any: true, Article: article},
		},
		SecondCall: usualSecondCall(article),
		Counting:   Counting{Method: MethodPerson, MostVotes: 1, Cap: ClassCap{Article: article}, Article: article},
		Proxies:    Proxies{Allowed: true, MaxPerHolder: 2, Article: article},
		Majorities: majorities(
			Majority{Num: 1, Den: 2, Strict: true, Base: BaseValid, Article: article},
			Majority{Num: 1, Den: 2, Strict: true, Base: BasePresent, Article: article},
		),
		Ceiling:     Ceiling{Article: article},
		OffAgenda:   OffAgenda{Article: article},
		Arrears:     Arrears{Policy: PolicyAutomatic, GraceDays: 30, Article: article, HearingArticle: article},
		Seniority:   Seniority{Days: 0, Article: article},
		Corrections: Corrections{HoursBefore: 24, Article: article},
		Support:     Support{Percent: 10, Article: article},
		Minutes:     Minutes{Days: 15, Tellers: 2, CertificateDays: 10, Article: article},
		Admission:   Admission{Months: 1, SilenceAdmits: false, Article: article},
		Challenge:   Challenge{VoidYears: 1, VoidableDays: 40, Article: article},
		Information: Information{Days: 15, Percent: 3, Months: 1, Article: article},
		Office:      Office{BoardLeast: 3, TermYears: 5, Article: article},
		Revocation:  Revocation{Num: 1, Den: 2, Secret: true, Article: article},
		Calling:     Support{Percent: 10, Article: article},
		Remote:      Remote{Allowed: true, Article: article, GuaranteeArticle: article},
		Secrecy:     Secrecy{Percent: 10, Article: article},
	}
}
