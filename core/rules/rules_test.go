package rules

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socia/core/fault"
)

func catalan(t *testing.T) RuleSet {
	t.Helper()
	r, ok := Preset(PresetCatalan)
	if !ok {
		t.Fatal("no preset")
	}
	return r
}

func TestPresets_AreValidAndFoundByName(t *testing.T) {
	var names []string
	for _, r := range Presets() {
		names = append(names, r.Preset)
		if err := r.Validate(); err != nil {
			f, _ := fault.As(err)
			t.Errorf("%s: %+v", r.Preset, f.Fields)
		}
		if got, ok := Preset(r.Preset); !ok || !reflect.DeepEqual(got, r) {
			t.Errorf("Preset(%q) = %+v, %v", r.Preset, got, ok)
		}
	}
	if want := []string{"catalan-cooperative", "spanish-cooperative", "association"}; !reflect.DeepEqual(names, want) {
		t.Errorf("presets %v, want %v", names, want)
	}
	if _, ok := Preset("kibbutz"); ok {
		t.Error("an unknown preset was found")
	}
}

func TestPresets_AreCopies(t *testing.T) {
	r := catalan(t)
	r.Majorities[0].Num = 99
	if again := catalan(t); again.Majorities[0].Num != 1 {
		t.Fatal("editing one copy changed the preset")
	}
}

// TestPresets_EveryArticleIsCited walks the data, so that a rule added later
// cannot forget its article.
func TestPresets_EveryArticleIsCited(t *testing.T) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() { //nolint:exhaustive // what can hold an article
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(path, v.Index(i))
			}
		case reflect.String:
			if strings.HasSuffix(path, "Article") && v.String() == "" {
				t.Errorf("%s is empty", path)
			}
		}
	}
	for _, r := range Presets() {
		walk(r.Preset, reflect.ValueOf(r))
		for i := range reflect.TypeOf(r).NumField() {
			f := reflect.TypeOf(r).Field(i)
			if f.Type.Kind() != reflect.Struct || f.Name == "Quorum" {
				continue
			}
			if _, ok := f.Type.FieldByName("Article"); !ok {
				t.Errorf("%s has no article", f.Name)
			}
		}
	}
}

func TestPresets_SayWhatTheLawSays(t *testing.T) {
	ca, es, as := Presets()[0], Presets()[1], Presets()[2]
	if n := ca.Notice; n.MinDays != 15 || n.MaxDays != 30 || n.Article != "Llei 12/2015, art. 44.1" {
		t.Errorf("Catalan notice %+v", n)
	}
	if n := es.Notice; n.MinDays != 15 || n.MaxMonths != 2 || n.EndsCounted || n.Article != "Ley 27/1999, art. 24.1" {
		t.Errorf("Spanish notice %+v", n)
	}
	if q := es.Quorum.Second; q.Num != 1 || q.Den != 10 || q.MinVotes != 100 {
		t.Errorf("Spanish second call %+v", q)
	}
	for _, r := range []RuleSet{ca, es} {
		if r.Proxies.MaxPerHolder != 2 || r.Arrears.Policy != PolicyCase {
			t.Errorf("%s: proxies %+v, arrears %+v", r.Preset, r.Proxies, r.Arrears)
		}
		for _, kind := range DecisionKinds() {
			m, ok := r.MajorityFor(kind)
			if !ok || (kind != DecisionOrdinary) != (m.Num == 2 && m.Den == 3 && !m.Strict && m.Base == BasePresent) {
				t.Errorf("%s: %s needs %+v", r.Preset, kind, m)
			}
		}
	}
	if as.Arrears.Policy != PolicyAutomatic || as.Arrears.GraceDays != 30 {
		t.Errorf("association arrears %+v", as.Arrears)
	}
}

func TestMajorityFor_UnknownKind(t *testing.T) {
	if m, ok := catalan(t).MajorityFor("whim"); ok {
		t.Fatalf("got %+v", m)
	}
}

func TestValidate_NamesTheField(t *testing.T) {
	for _, c := range []struct {
		name, field, key string
		spoil            func(*RuleSet)
	}{
		{"hearing below ten days", "arrears.hearing_days", "rules.out_of_range", func(r *RuleSet) { r.Arrears.HearingDays = 9 }},
		{"hearing above fifteen days", "arrears.hearing_days", "rules.out_of_range", func(r *RuleSet) { r.Arrears.HearingDays = 16 }},
		{"no time to appeal", "arrears.appeal_months", "rules.out_of_range", func(r *RuleSet) { r.Arrears.AppealMonths = 0 }},
		{"unknown policy", "arrears.policy", "rules.unknown_policy", func(r *RuleSet) { r.Arrears.Policy = "expel" }},
		{"no hearing article", "arrears.hearing_article", "rules.article_missing", func(r *RuleSet) { r.Arrears.HearingArticle = " " }},
		{"share of nothing", "counting.shares.0.share", "rules.share_out_of_range", func(r *RuleSet) { r.Counting.Shares = []ClassShare{{"worker", 0}} }},
		{"share above the bound", "counting.shares.0.share", "rules.share_out_of_range", func(r *RuleSet) { r.Counting.Shares = []ClassShare{{"worker", MostShare + 1}} }},
		{"class twice", "counting.shares.1.class", "rules.class_twice", func(r *RuleSet) { r.Counting.Shares = []ClassShare{{"worker", 1}, {"worker", 2}} }},
		{"by class without shares", "counting.shares", "rules.shares_missing", func(r *RuleSet) { r.Counting.Method = MethodClass }},
		{"unknown method", "counting.method", "rules.unknown_method", func(r *RuleSet) { r.Counting.Method = "capital" }},
		{"nothing of nothing", "quorum.first.den", "rules.fraction_den", func(r *RuleSet) { r.Quorum.First.Den = 0 }},
		{"more than whole", "quorum.first.num", "rules.fraction_num", func(r *RuleSet) { r.Quorum.First.Num = 3 }},
		{"more than all", "quorum.first.strict", "rules.more_than_all", func(r *RuleSet) { r.Quorum.First.Num = 2 }},
		{"above two thirds", "majorities.1.num", "rules.above_ceiling", func(r *RuleSet) { r.Majorities[1].Num, r.Majorities[1].Den = 3, 4 }},
		{"more than two thirds", "majorities.1.num", "rules.above_ceiling", func(r *RuleSet) { r.Majorities[1].Strict = true }},
		{"no ordinary majority", "majorities", "rules.ordinary_missing", func(r *RuleSet) { r.Majorities = r.Majorities[1:] }},
		{"decision twice", "majorities.4.decision", "rules.decision_twice", func(r *RuleSet) { r.Majorities = append(r.Majorities, r.Majorities[0]) }},
		{"unknown decision", "majorities.0.decision", "rules.unknown_decision", func(r *RuleSet) { r.Majorities[0].Decision = "whim" }},
		{"unknown base", "majorities.0.base", "rules.unknown_base", func(r *RuleSet) { r.Majorities[0].Base = "all" }},
		{"article missing", "majorities.0.article", "rules.article_missing", func(r *RuleSet) { r.Majorities[0].Article = "" }},
		{"notice upside down", "notice.max_days", "rules.notice_max_below_min", func(r *RuleSet) { r.Notice.MaxDays = 14 }},
		{"months shorter than days", "notice.max_months", "rules.notice_max_below_min", func(r *RuleSet) { r.Notice.MaxMonths, r.Notice.MinDays, r.Notice.MaxDays = 1, 28, 30 }},
		{"no mandates", "proxies.max_per_holder", "rules.out_of_range", func(r *RuleSet) { r.Proxies.MaxPerHolder = 0 }},
		{"support of nobody", "support.percent", "rules.out_of_range", func(r *RuleSet) { r.Support.Percent = 0 }},
		{"negative seniority", "seniority.days", "rules.out_of_range", func(r *RuleSet) { r.Seniority.Days = -1 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := catalan(t)
			c.spoil(&r)
			f, ok := fault.As(r.Validate())
			if !ok {
				t.Fatal("accepted")
			}
			for _, d := range f.Fields {
				if d.Field == c.field && d.Key == c.key {
					return
				}
			}
			t.Fatalf("faults %+v", f.Fields)
		})
	}
}

func TestValidate_WhatRealCooperativesDo_IsAccepted(t *testing.T) {
	r := catalan(t)
	r.Counting = Counting{Method: MethodClass, Shares: []ClassShare{{"consumer", 60}, {"collaborator", 40}}, Article: "Estatuts, art. 30"}
	r.Proxies.MaxPerHolder = 3
	if err := r.Validate(); err != nil {
		t.Errorf("60/40 with three proxies: %v", err)
	}
	r.Counting.Shares = []ClassShare{{"worker", 40}, {"collaborator", 20}, {"user", 40}}
	if err := r.Validate(); err != nil {
		t.Errorf("40/20/40: %v", err)
	}
	r.Arrears = Arrears{Policy: PolicyNever, Article: "Estatuts"}
	if err := r.Validate(); err != nil {
		t.Errorf("never: %v", err)
	}
}

func TestValidate_FourFifthsOnlyWhereTheLawAllowsThem(t *testing.T) {
	for preset, want := range map[string]bool{PresetCatalan: false, PresetSpanish: true, PresetAssociation: true} {
		r, _ := Preset(preset)
		r.Majorities[1].Num, r.Majorities[1].Den, r.Majorities[1].Strict = 4, 5, false
		if got := r.Validate() == nil; got != want {
			t.Errorf("%s: accepted %v, want %v", preset, got, want)
		}
	}
}

func TestNeededSupporters(t *testing.T) {
	es, _ := Preset(PresetSpanish)
	steps := Support{Percent: 10, Caps: []SupportCap{{5000, 500}, {1000, 100}}}
	for _, c := range []struct {
		s             Support
		members, want int
	}{
		{catalan(t).Support, 161, 17}, {catalan(t).Support, 160, 16}, {catalan(t).Support, 3, 1}, {catalan(t).Support, 0, 1},
		{es.Support, 161, 17}, {es.Support, 2000, 200}, {es.Support, 5000, 200},
		{steps, 1000, 100}, {steps, 4000, 100}, {steps, 5001, 500},
	} {
		if got := c.s.NeededSupporters(c.members); got != c.want {
			t.Errorf("%+v of %d = %d, want %d", c.s, c.members, got, c.want)
		}
	}
}

// Llei 12/2015 arts. 44.5 and 45.3: a tenth, or 100, 500 or 1,000 members in cooperatives of more than 1,000, 10,000 or 100,000.
func TestNeededSupporters_Llei12_2015_Art44_5_And45_3(t *testing.T) {
	for members, want := range map[int]int{
		1: 1, 90: 9, 91: 10, 1_000: 100, 1_001: 100, 4_000: 100, 10_000: 100, 10_001: 500, 100_000: 500, 100_001: 1_000, 1_000_000: 1_000,
	} {
		if got := catalan(t).Support.NeededSupporters(members); got != want {
			t.Errorf("%d members: %d, want %d", members, got, want)
		}
	}
}

// Ley 27/1999 art. 24.2: a tenth, or 200 members.
func TestNeededSupporters_Ley27_1999_Art24_2(t *testing.T) {
	es, _ := Preset(PresetSpanish)
	for members, want := range map[int]int{1_000: 100, 2_000: 200, 2_001: 200, 100_000: 200} {
		if got := es.Support.NeededSupporters(members); got != want {
			t.Errorf("%d members: %d, want %d", members, got, want)
		}
	}
}

func TestNeededSupporters_IsTheLeastThatReachesThePercentage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Support{Percent: rapid.IntRange(1, 100).Draw(t, "percent")}
		members := rapid.IntRange(1, 100_000).Draw(t, "members")
		n := s.NeededSupporters(members)
		if n*100 < members*s.Percent || (n > 1 && (n-1)*100 >= members*s.Percent) || n > members {
			t.Fatalf("%d%% of %d = %d", s.Percent, members, n)
		}
	})
}

func TestParse_InverseOfMarshal(t *testing.T) {
	for _, want := range Presets() {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Parse(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %+v", want.Preset, err, got)
		}
	}
}

func TestParse_WhatIsNoRuleSet_IsRefused(t *testing.T) {
	good, err := json.Marshal(catalan(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":         "",
		"misspelt rule": strings.Replace(string(good), `"grace_days"`, `"grase_days"`, 1),
		"invalid":       strings.Replace(string(good), `"hearing_days":10`, `"hearing_days":1`, 1),
		"two of them":   string(good) + string(good),
		"a fraction":    strings.Replace(string(good), `"grace_days":30`, `"grace_days":30.5`, 1),
	} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCounting_AMemberHasBetweenOneVoteAndWhatTheStatutesGrant(t *testing.T) {
	for _, c := range []struct {
		most, given, has int64
	}{{0, 1, 1}, {0, 7, 1}, {1, 7, 1}, {5, 0, 1}, {5, 3, 3}, {5, 5, 5}, {5, 6, 5}} {
		counting := Counting{MostVotes: int(c.most)}
		if got := counting.VotesOf(c.given); got != c.has {
			t.Errorf("at most %d, given %d: %d", c.most, c.given, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := Counting{MostVotes: rapid.IntRange(0, MostVotesEver).Draw(t, "most")}
		n := c.VotesOf(rapid.Int64Range(-3, 200).Draw(t, "given"))
		if n < 1 || n > c.Most() || c.VotesOf(n) != n {
			t.Fatalf("%d of at most %d", n, c.Most())
		}
	})
}

func TestValidate_PluralVotesAreBounded_AndTheirQuorumCountsVotes(t *testing.T) {
	r := catalan(t)
	for most, ok := range map[int]bool{-1: false, 0: true, 1: true, 2: true, MostVotesEver: true, MostVotesEver + 1: false} {
		r.Counting.MostVotes = most
		if err := r.Validate(); (err == nil) != ok || !ok && !fault.Has(err, "rules.out_of_range") {
			t.Errorf("at most %d: %v", most, err)
		}
	}
	r.Quorum.First.By = UnitPersons
	if r.Counting.MostVotes = 1; r.Validate() != nil {
		t.Error("heads and votes are the same where each member has one")
	}
	if r.Counting.MostVotes = 2; !fault.Has(r.Validate(), "rules.persons_with_votes") {
		t.Error("a quorum counts heads where a member may have two votes")
	}
}

func TestParse_StatutesOfBeforePluralVotesGiveOneEach(t *testing.T) {
	before := catalan(t)
	before.Counting.MostVotes = 0
	data, err := json.Marshal(before)
	if err != nil || strings.Contains(string(data), "most_votes") {
		t.Fatalf("%s, %v", data, err)
	}
	if r, err := Parse(data); err != nil || r.Counting.Most() != 1 {
		t.Errorf("%d, %v", r.Counting.Most(), err)
	}
}
