package rules_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
)

// Corrections end 24 hours before the first call, which are 24 hours also when clocks change in between.
func TestLaw_Llei12_2015_Art48_2_CorrectionsUntil24HoursBefore(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.Presets() {
		for call, want := range map[time.Time]time.Time{
			time.Date(2027, 2, 20, 18, 0, 0, 0, madrid):  time.Date(2027, 2, 19, 18, 0, 0, 0, madrid),
			time.Date(2027, 3, 28, 18, 0, 0, 0, madrid):  time.Date(2027, 3, 27, 17, 0, 0, 0, madrid),
			time.Date(2026, 10, 25, 18, 0, 0, 0, madrid): time.Date(2026, 10, 24, 19, 0, 0, 0, madrid),
		} {
			if got := r.Corrections.Until(call); !got.Equal(want) {
				t.Errorf("%s: before %v until %v, want %v", r.Preset, call, got, want)
			}
		}
	}
}

func TestLaw_Llei12_2015_Art39_2_c_And40_3_And_Ley27_1999_Art16_3_AnsweredIn15Days_OrAMonthForThreePerCent(t *testing.T) {
	ca, es, _ := presets(t)
	if ca.Information.Article != "Llei 12/2015, arts. 39.2.c, 40.3" || es.Information.Article != "Ley 27/1999, art. 16.3; Estatutos" {
		t.Errorf("%q and %q", ca.Information.Article, es.Information.Article)
	}
	for _, r := range rules.Presets() {
		if got := r.Information.AnswerBy(day(t, "2027-02-20")); got != day(t, "2027-03-07") {
			t.Errorf("%s: by %v", r.Preset, got)
		}
		for asking, want := range map[int]bool{0: false, 5: false, 6: true, 7: true} { // 3 % of 200 are 6
			by, ok := r.Information.TogetherBy(day(t, "2027-01-31"), asking, 200)
			if ok != want || (ok && by != day(t, "2027-02-28")) {
				t.Errorf("%s: %d of 200: %v, %v", r.Preset, asking, by, ok)
			}
		}
		if _, ok := r.Information.TogetherBy(day(t, "2027-01-31"), 4, 101); !ok {
			t.Errorf("%s: 4 of 101 are more than 3 %%", r.Preset)
		}
	}
}

func TestLaw_Llei12_2015_Art29_2_AdmissionInThreeMonths_SilenceAdmits(t *testing.T) {
	ca, es, as := presets(t)
	for _, c := range []struct {
		r      rules.RuleSet
		due    string
		admits bool
	}{{ca, "2027-02-28", true}, {es, "2026-12-30", true}, {as, "2026-12-30", false}} {
		if got := c.r.Admission.DueOn(day(t, "2026-11-30")); got != day(t, c.due) || c.r.Admission.SilenceAdmits != c.admits {
			t.Errorf("%s: by %v, silence admits %v", c.r.Preset, got, c.r.Admission.SilenceAdmits)
		}
	}
}

func TestLaw_Llei12_2015_Art51_And_Ley27_1999_Art29_2_MinutesWithin15Days_ByTheChairAndTwoTellers(t *testing.T) {
	ca, es, _ := presets(t)
	if ca.Minutes.Article != "Llei 12/2015, art. 51" || es.Minutes.Article != "Ley 27/1999, art. 29.2; Estatutos" {
		t.Errorf("%q and %q", ca.Minutes.Article, es.Minutes.Article)
	}
	for _, r := range rules.Presets() {
		if got := r.Minutes.DueOn(day(t, "2027-02-20")); got != day(t, "2027-03-07") || r.Minutes.Tellers != 2 {
			t.Errorf("%s: by %v with %d tellers", r.Preset, got, r.Minutes.Tellers)
		}
	}
}

func TestLaw_Llei12_2015_Art51_ACertificateInTenDays(t *testing.T) {
	for _, r := range rules.Presets() {
		// Of a month of 28 days, and over the end of a year.
		for asked, want := range map[string]string{"2027-02-20": "2027-03-02", "2027-12-25": "2028-01-04"} {
			if got := r.Minutes.CertificateBy(day(t, asked)); got != day(t, want) {
				t.Errorf("%s: asked for on %s: by %v", r.Preset, asked, got)
			}
		}
	}
}

func TestLaw_Llei12_2015_Art52_4_VoidForAYear_VoidableFor40Days(t *testing.T) {
	for _, r := range rules.Presets() {
		for decided, want := range map[string][2]string{"2027-02-20": {"2028-02-20", "2027-04-01"}, "2028-02-29": {"2029-02-28", "2028-04-09"}} {
			if void, voidable := r.Challenge.VoidUntil(day(t, decided)), r.Challenge.VoidableUntil(day(t, decided)); void != day(t, want[0]) || voidable != day(t, want[1]) {
				t.Errorf("%s: decided on %s: %v and %v", r.Preset, decided, void, voidable)
			}
		}
	}
}

func TestLaw_Llei12_2015_Arts26_8_54_2_55_56_ChairAndBoard(t *testing.T) {
	ca, es, as := presets(t)
	for _, r := range []rules.RuleSet{ca, es, as} {
		if want := r.Preset != rules.PresetCatalan; r.Office.MayChair("collaborating") != want || !r.Office.MayChair("worker") {
			t.Errorf("%s: collaborators may chair: %v", r.Preset, !want)
		}
		if r.Office.Enough(2) || !r.Office.Enough(3) {
			t.Errorf("%s: a board of three", r.Preset)
		}
		for began, want := range map[string]string{"2027-03-01": "2032-02-29", "2027-06-15": "2032-06-14"} {
			if got := r.Office.TermUntil(day(t, began)); got != day(t, want) {
				t.Errorf("%s: from %s until %v", r.Preset, began, got)
			}
		}
	}
}

// Statutes that were stored before these rules have nothing of them: they are read, they are valid, and they ask what
// they always asked.
func TestParse_RuleSetOfBeforeTheNewRules(t *testing.T) {
	for _, r := range rules.Presets() {
		r.Counting.Cap, r.Quorum.AtVote = rules.ClassCap{}, rules.Threshold{}
		r.Challenge, r.Information, r.Office, r.Revocation = rules.Challenge{}, rules.Information{}, rules.Office{}, rules.Revocation{}
		r.Calling, r.Remote, r.Secrecy, r.Minutes.CertificateDays = rules.Support{}, rules.Remote{}, rules.Secrecy{}, 0
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"class_cap", "at_vote", "challenge", "information", "office", "revocation", "calling", "remote", "secrecy", "certificate", `"double"`, `"by"`, `"of"`} {
			if strings.Contains(string(text), key) {
				t.Errorf("%s writes an empty %s", r.Preset, key)
			}
		}
		got, err := rules.Parse(text)
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%s: %v", r.Preset, err)
		}
		if got.Counting.Cap.On() || !got.Quorum.VoteOrNone().Any || got.Challenge.VoidUntil(civil.New(2027, 1, 1)) != civil.New(2028, 1, 1) {
			t.Errorf("%s asks for something new", r.Preset)
		}
		preset, _ := rules.Preset(r.Preset)
		if !got.Remote.OrUsual().Allowed || !reflect.DeepEqual(got.CallingOrUsual(), preset.Calling) || got.SecrecyOrUsual() != preset.Secrecy || got.Minutes.OrUsual().CertificateDays != 10 {
			t.Errorf("%s: attending from afar, calling, secrecy, certificates", r.Preset)
		}
		got.Preset = "of another program"
		if got.CallingOrUsual().NeededSupporters(150) != 15 || got.SecrecyOrUsual().Secret(9, 100) || !got.SecrecyOrUsual().Secret(10, 100) {
			t.Error("without a preset: calling, secrecy")
		}
	}
}

func TestValidate_NewRulesNameTheirField(t *testing.T) {
	for _, c := range []struct {
		field, key string
		spoil      func(*rules.RuleSet)
	}{
		{"counting.class_cap.num", "rules.more_than_all", func(r *rules.RuleSet) { r.Counting.Cap.Num = 5 }},
		{"counting.class_cap.num", "rules.fraction_den", func(r *rules.RuleSet) { r.Counting.Cap.Den = 0 }},
		{"counting.class_cap.base", "rules.unknown_base", func(r *rules.RuleSet) { r.Counting.Cap.Base = rules.BaseValid }},
		{"counting.class_cap.under_num", "rules.fraction_num", func(r *rules.RuleSet) { r.Counting.Cap.UnderNum = 3 }},
		{"counting.class_cap.article", "rules.article_missing", func(r *rules.RuleSet) { r.Counting.Cap.Article = " " }},
		{"counting.class_cap.classes", "rules.cap_everybody", func(r *rules.RuleSet) {
			r.Counting.Shares = []rules.ClassShare{{Class: r.Counting.Cap.Classes[0], Share: 1}}
		}},
		{"counting.class_cap.num", "rules.cap_missing", func(r *rules.RuleSet) {
			r.Counting.Cap.Num, r.Counting.Cap.Den, r.Counting.Cap.UnderNum, r.Counting.Cap.UnderDen = 0, 0, 0, 0
		}},
		{"majorities.0.double", "rules.unknown_double", func(r *rules.RuleSet) { r.Majorities[0].Double = "triple" }},
		{"quorum.first.by", "rules.unknown_unit", func(r *rules.RuleSet) { r.Quorum.First.By = "metres" }},
		{"quorum.second.by", "rules.shares_missing", func(r *rules.RuleSet) { r.Quorum.Second.By = rules.UnitWeight }},
		{"quorum.first.of", "rules.quorum_of", func(r *rules.RuleSet) { r.Quorum.First.Of = rules.BasePresent }},
		{"quorum.at_vote.num", "rules.fraction_num", func(r *rules.RuleSet) { r.Quorum.AtVote = rules.Threshold{Num: 2, Den: 1, Article: "x"} }},
		{"quorum.at_vote.article", "rules.article_missing", func(r *rules.RuleSet) { r.Quorum.AtVote = rules.Threshold{Num: 1, Den: 2} }},
		{"challenge.voidable_days", "rules.out_of_range", func(r *rules.RuleSet) { r.Challenge.VoidableDays = 0 }},
		{"information.percent", "rules.out_of_range", func(r *rules.RuleSet) { r.Information.Percent = 101 }},
		{"office.term_years", "rules.out_of_range", func(r *rules.RuleSet) { r.Office.TermYears = 0 }},
		{"calling.percent", "rules.out_of_range", func(r *rules.RuleSet) { r.Calling.Percent = 101 }},
		{"calling.caps.1.at_most", "rules.out_of_range", func(r *rules.RuleSet) {
			r.Calling.Caps = []rules.SupportCap{{OverMembers: 0, AtMost: 1}, {OverMembers: 1}}
		}},
		{"remote.article", "rules.article_missing", func(r *rules.RuleSet) { r.Remote.Article = "" }},
		{"remote.guarantee_article", "rules.article_missing", func(r *rules.RuleSet) { r.Remote.GuaranteeArticle = " " }},
		{"secrecy.percent", "rules.out_of_range", func(r *rules.RuleSet) { r.Secrecy.Percent = 0 }},
		{"minutes.certificate_days", "rules.out_of_range", func(r *rules.RuleSet) { r.Minutes.CertificateDays = 366 }},
		{"revocation.num", "rules.more_than_all", func(r *rules.RuleSet) { r.Revocation.Num = 2 }},
	} {
		r, _ := rules.Preset(rules.PresetCatalan)
		c.spoil(&r)
		f, ok := fault.As(r.Validate())
		found := false
		if ok {
			for _, d := range f.Details() {
				found = found || (d.Field == c.field && d.Key == c.key)
			}
		}
		if !found {
			t.Errorf("%s %s: %+v", c.field, c.key, f)
		}
	}
}
