package handlers

import (
	"fmt"
	"slices"
	"strings"

	"socia/core/rules"
	"socia/models"
)

// classPrefixes begin the names of the fields that are asked for each class; its code follows.
var classPrefixes = []string{"counting.shares.", "counting.class_cap.classes.", "office.no_chair."}

// class is the code of the class that the field is about, or nothing.
func (f ruleField) class() string {
	for _, prefix := range classPrefixes {
		if code, is := strings.CutPrefix(f.path, prefix); is {
			return code
		}
	}
	return ""
}

// classTick asks whether a rule is about a class: whether its code is in a list.
func classTick(prefix, label, code string, at func(*rules.RuleSet) *[]string) ruleField {
	return ruleField{path: prefix + code, label: label, kind: tickField,
		get: func(r *rules.RuleSet) string {
			if slices.Contains(*at(r), code) {
				return "1"
			}
			return ""
		},
		set: func(r *rules.RuleSet, typed string) bool {
			if typed == "1" {
				*at(r) = append(*at(r), code)
			}
			return true
		}}
}

// capFields ask which classes are capped together, and at what.
func capFields(classes []models.MemberClass) []ruleField {
	var fields []ruleField
	for _, c := range classes {
		fields = append(fields, classTick("counting.class_cap.classes.", "class_cap.class", c.Code, func(r *rules.RuleSet) *[]string { return &r.Counting.Cap.Classes }))
	}
	return append(fields,
		part("counting.class_cap.num", func(r *rules.RuleSet) (num, den *int64) { return &r.Counting.Cap.Num, &r.Counting.Cap.Den }).called("class_cap.num"),
		choice("counting.class_cap.base", []rules.Base{rules.BaseRoll, rules.BasePresent}, func(r *rules.RuleSet) *rules.Base { return &r.Counting.Cap.Base }).called("class_cap.base"),
		part("counting.class_cap.under_num", func(r *rules.RuleSet) (num, den *int64) { return &r.Counting.Cap.UnderNum, &r.Counting.Cap.UnderDen }).called("class_cap.under"),
		article("counting.class_cap.article", func(r *rules.RuleSet) *string { return &r.Counting.Cap.Article }),
	)
}

// named writes the empty value of a closed type, which is the usual one, as a word of its own: a choice needs one.
func named(f ruleField, empty string) ruleField {
	get, set := f.get, f.set
	f.get = func(r *rules.RuleSet) string {
		if value := get(r); value != "" {
			return value
		}
		return empty
	}
	f.set = func(r *rules.RuleSet, typed string) bool {
		if typed == empty {
			typed = ""
		}
		return set(r, typed)
	}
	f.kind, f.options = foldedField, append([]string(nil), f.options...)
	for i, o := range f.options {
		if o == "" {
			f.options[i] = empty
		}
	}
	return f
}

func unitField(path string, at func(*rules.RuleSet) *rules.Threshold) ruleField {
	units := []rules.Unit{rules.UnitAsVotes, rules.UnitPersons, rules.UnitWeight, rules.UnitClass}
	return named(choice(path, units, func(r *rules.RuleSet) *rules.Unit { return &at(r).By }).called("quorum.by"), "as_votes")
}

// ofField asks of what a vote's quorum is a part.
func ofField() ruleField {
	of := choice("quorum.at_vote.of", []rules.Base{"", rules.BasePresent}, func(r *rules.RuleSet) *rules.Base { return &r.Quorum.AtVote.Of })
	return named(of.called("quorum.of"), "of_roll")
}

func doubleField(path string, at func(*rules.RuleSet) *rules.Majority) ruleField {
	rulesOf := []rules.Double{rules.DoubleNone, rules.DoubleEach, rules.DoubleMost}
	return named(choice(path, rulesOf, func(r *rules.RuleSet) *rules.Double { return &at(r).Double }).called("majority.double"), "no_double")
}

// supportFields ask how many members can put something forward.
func supportFields(path string, at func(*rules.RuleSet) *rules.Support) []ruleField {
	return []ruleField{
		number(path+".percent", func(r *rules.RuleSet) *int { return &at(r).Percent }),
		capsOf(path+".caps", at),
		article(path+".article", func(r *rules.RuleSet) *string { return &at(r).Article }),
	}
}

// capsOf is the caps of a support, written "1000: 100; 10000: 500": more members than the first, and the second is enough.
func capsOf(path string, at func(*rules.RuleSet) *rules.Support) ruleField {
	return ruleField{path: path, label: "support.caps", kind: capsField,
		get: func(r *rules.RuleSet) string {
			parts := make([]string, len(at(r).Caps))
			for i, c := range at(r).Caps {
				parts[i] = fmt.Sprintf("%d: %d", c.OverMembers, c.AtMost)
			}
			return strings.Join(parts, "; ")
		},
		set: func(r *rules.RuleSet, typed string) bool {
			at(r).Caps = nil
			for part := range strings.SplitSeq(typed, ";") {
				if strings.TrimSpace(part) == "" {
					continue
				}
				over, most, _ := strings.Cut(part, ":")
				o, oerr := wholeNumber(over)
				m, merr := wholeNumber(most)
				if oerr != nil || merr != nil {
					return false
				}
				at(r).Caps = append(at(r).Caps, rules.SupportCap{OverMembers: o, AtMost: m})
			}
			return true
		}}
}

// organSections ask about challenges, information, offices and their revocation.
func organSections(classes []models.MemberClass) []ruleSection {
	office := []ruleField{
		number("office.board_least", func(r *rules.RuleSet) *int { return &r.Office.BoardLeast }),
		number("office.term_years", func(r *rules.RuleSet) *int { return &r.Office.TermYears }),
	}
	for _, c := range classes {
		office = append(office, classTick("office.no_chair.", "office.no_chair", c.Code, func(r *rules.RuleSet) *[]string { return &r.Office.NoChair }))
	}
	office = append(office, article("office.article", func(r *rules.RuleSet) *string { return &r.Office.Article }))
	return []ruleSection{
		{"challenge", []ruleField{
			number("challenge.void_years", func(r *rules.RuleSet) *int { return &r.Challenge.VoidYears }),
			number("challenge.voidable_days", func(r *rules.RuleSet) *int { return &r.Challenge.VoidableDays }),
			article("challenge.article", func(r *rules.RuleSet) *string { return &r.Challenge.Article }),
		}},
		{"information", []ruleField{
			number("information.days", func(r *rules.RuleSet) *int { return &r.Information.Days }),
			number("information.percent", func(r *rules.RuleSet) *int { return &r.Information.Percent }),
			number("information.months", func(r *rules.RuleSet) *int { return &r.Information.Months }),
			article("information.article", func(r *rules.RuleSet) *string { return &r.Information.Article }),
		}},
		{"office", office},
		{"revocation", []ruleField{
			part("revocation.num", func(r *rules.RuleSet) (num, den *int64) { return &r.Revocation.Num, &r.Revocation.Den }),
			tick("revocation.secret", func(r *rules.RuleSet) *bool { return &r.Revocation.Secret }),
			article("revocation.article", func(r *rules.RuleSet) *string { return &r.Revocation.Article }),
		}},
		{"remote", []ruleField{
			tick("remote.allowed", func(r *rules.RuleSet) *bool { return &r.Remote.Allowed }),
			article("remote.article", func(r *rules.RuleSet) *string { return &r.Remote.Article }),
			article("remote.guarantee_article", func(r *rules.RuleSet) *string { return &r.Remote.GuaranteeArticle }).called("remote.guarantee_article"),
		}},
		{"secrecy", []ruleField{
			number("secrecy.percent", func(r *rules.RuleSet) *int { return &r.Secrecy.Percent }),
			article("secrecy.article", func(r *rules.RuleSet) *string { return &r.Secrecy.Article }),
		}},
	}
}

// everyRule gives a rule set of before some rules the usual values of these, so that the form begins with them.
func everyRule(r rules.RuleSet) rules.RuleSet {
	r.SecondCall, r.Challenge, r.Information = r.SecondCall.OrUsual(), r.Challenge.OrUsual(), r.Information.OrUsual()
	r.Office, r.Revocation, r.Quorum.AtVote = r.Office.OrUsual(), r.Revocation.OrUsual(), r.Quorum.VoteOrNone()
	r.Calling, r.Remote, r.Secrecy, r.Minutes = r.CallingOrUsual(), r.Remote.OrUsual(), r.SecrecyOrUsual(), r.Minutes.OrUsual()
	r.Counting.MostVotes = int(r.Counting.Most())
	if r.Counting.Cap.Base == "" {
		r.Counting.Cap.Base = rules.BaseRoll
	}
	return r
}
