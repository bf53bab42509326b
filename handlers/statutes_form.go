package handlers

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"socia/core/fault"
	"socia/core/rules"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/statutes"
	"socia/views/ui"
)

// ruleField is one question of the statutes' form. Its name is the JSON path of the value, so that what rules.Validate
// finds lands beside it.
type ruleField struct {
	path    string
	label   string
	kind    ruleFieldKind
	options []string // of a choice; their words are under "statutes.option."
	most    int      // of a number that is stored as 0 in statutes of before its rule, so that nobody may type 0
	get     func(*rules.RuleSet) string
	set     func(r *rules.RuleSet, typed string) bool // false when it cannot be read
}

type ruleFieldKind int

const (
	wordsField ruleFieldKind = iota
	numberField
	partField
	tickField
	choiceField
	foldedField // a choice that is seldom made, as a list that folds
	capsField
)

type ruleSection struct {
	key    string
	fields []ruleField
}

func number(path string, at func(*rules.RuleSet) *int) ruleField {
	return ruleField{path: path, label: path, kind: numberField,
		get: func(r *rules.RuleSet) string { return strconv.Itoa(*at(r)) },
		set: func(r *rules.RuleSet, typed string) bool {
			n, err := strconv.Atoi(typed)
			if err == nil {
				*at(r) = n
			}
			return err == nil
		}}
}

func article(path string, at func(*rules.RuleSet) *string) ruleField {
	return ruleField{path: path, label: "article", kind: wordsField,
		get: func(r *rules.RuleSet) string { return *at(r) },
		set: func(r *rules.RuleSet, typed string) bool { *at(r) = typed; return true }}
}

func tick(path string, at func(*rules.RuleSet) *bool) ruleField {
	return ruleField{path: path, label: path, kind: tickField,
		get: func(r *rules.RuleSet) string {
			if *at(r) {
				return "1"
			}
			return ""
		},
		set: func(r *rules.RuleSet, typed string) bool { *at(r) = typed == "1"; return true }}
}

// part is a fraction written "2/3". Empty where nothing is set: a threshold that anybody reaches has none.
func part(path string, at func(*rules.RuleSet) (num, den *int64)) ruleField {
	return ruleField{path: path, label: path, kind: partField,
		get: func(r *rules.RuleSet) string {
			num, den := at(r)
			if *den == 0 {
				return ""
			}
			return fmt.Sprintf("%d/%d", *num, *den)
		},
		set: func(r *rules.RuleSet, typed string) bool {
			num, den := at(r)
			if typed == "" {
				*num, *den = 0, 0
				return true
			}
			left, right, ok := strings.Cut(typed, "/")
			n, err := strconv.ParseInt(strings.TrimSpace(left), 10, 64)
			d, derr := strconv.ParseInt(strings.TrimSpace(right), 10, 64)
			if !ok || err != nil || derr != nil {
				return false
			}
			*num, *den = n, d
			return true
		}}
}

func choice[T ~string](path string, options []T, at func(*rules.RuleSet) *T) ruleField {
	f := ruleField{path: path, label: path, kind: choiceField,
		get: func(r *rules.RuleSet) string { return string(*at(r)) },
		set: func(r *rules.RuleSet, typed string) bool { *at(r) = T(typed); return true }}
	for _, o := range options {
		f.options = append(f.options, string(o))
	}
	return f
}

func (f ruleField) called(label string) ruleField { f.label = label; return f }

func (f ruleField) upTo(most int) ruleField { f.most = most; return f }

// statutesSections are the questions, for a rule set whose majorities and for classes whose shares are asked.
func statutesSections(r rules.RuleSet, classes []models.MemberClass) []ruleSection {
	counting := []ruleField{choice("counting.method", []rules.Method{rules.MethodPerson, rules.MethodClass}, func(r *rules.RuleSet) *rules.Method { return &r.Counting.Method })}
	for _, c := range classes {
		counting = append(counting, shareField(c.Code))
	}
	counting = append(counting, number("counting.most_votes", func(r *rules.RuleSet) *int { return &r.Counting.MostVotes }).upTo(rules.MostVotesEver))
	counting = append(counting, article("counting.article", func(r *rules.RuleSet) *string { return &r.Counting.Article }))
	sections := []ruleSection{
		{"counting", counting},
		{"class_cap", capFields(classes)},
		{"proxies", []ruleField{
			tick("proxies.allowed", func(r *rules.RuleSet) *bool { return &r.Proxies.Allowed }),
			number("proxies.max_per_holder", func(r *rules.RuleSet) *int { return &r.Proxies.MaxPerHolder }),
			article("proxies.article", func(r *rules.RuleSet) *string { return &r.Proxies.Article }),
		}},
		{"arrears", []ruleField{
			choice("arrears.policy", []rules.Policy{rules.PolicyAutomatic, rules.PolicyCase, rules.PolicyNever}, func(r *rules.RuleSet) *rules.Policy { return &r.Arrears.Policy }),
			number("arrears.grace_days", func(r *rules.RuleSet) *int { return &r.Arrears.GraceDays }),
			article("arrears.article", func(r *rules.RuleSet) *string { return &r.Arrears.Article }),
			number("arrears.hearing_days", func(r *rules.RuleSet) *int { return &r.Arrears.HearingDays }),
			number("arrears.appeal_months", func(r *rules.RuleSet) *int { return &r.Arrears.AppealMonths }),
			number("arrears.appeal_answer_months", func(r *rules.RuleSet) *int { return &r.Arrears.AppealAnswerMonths }),
			article("arrears.hearing_article", func(r *rules.RuleSet) *string { return &r.Arrears.HearingArticle }).called("hearing_article"),
		}},
		{"notice", []ruleField{
			number("notice.min_days", func(r *rules.RuleSet) *int { return &r.Notice.MinDays }),
			number("notice.max_days", func(r *rules.RuleSet) *int { return &r.Notice.MaxDays }),
			number("notice.max_months", func(r *rules.RuleSet) *int { return &r.Notice.MaxMonths }),
			tick("notice.ends_counted", func(r *rules.RuleSet) *bool { return &r.Notice.EndsCounted }),
			article("notice.article", func(r *rules.RuleSet) *string { return &r.Notice.Article }),
		}},
		{"quorum_first", thresholdFields("quorum.first", func(r *rules.RuleSet) *rules.Threshold { return &r.Quorum.First })},
		{"quorum_second", thresholdFields("quorum.second", func(r *rules.RuleSet) *rules.Threshold { return &r.Quorum.Second })},
		{"quorum_at_vote", append(thresholdFields("quorum.at_vote", func(r *rules.RuleSet) *rules.Threshold { return &r.Quorum.AtVote }), ofField())},
		{"second_call", []ruleField{
			number("second_call.minutes", func(r *rules.RuleSet) *int { return &r.SecondCall.Minutes }),
			article("second_call.article", func(r *rules.RuleSet) *string { return &r.SecondCall.Article }),
		}},
	}
	for i, m := range r.Majorities {
		sections = append(sections, ruleSection{"majority_" + string(m.Decision), majorityFields(i)})
	}
	sections = append(sections, ruleSection{"ceiling", []ruleField{
		part("ceiling.num", func(r *rules.RuleSet) (num, den *int64) { return &r.Ceiling.Num, &r.Ceiling.Den }),
		article("ceiling.article", func(r *rules.RuleSet) *string { return &r.Ceiling.Article }),
	}}, ruleSection{"off_agenda", []ruleField{
		article("off_agenda.article", func(r *rules.RuleSet) *string { return &r.OffAgenda.Article }).called("off_agenda.article"),
	}}, ruleSection{"roll", []ruleField{
		article("record_date.article", func(r *rules.RuleSet) *string { return &r.RecordDate.Article }).called("record_date.article"),
		number("seniority.days", func(r *rules.RuleSet) *int { return &r.Seniority.Days }),
		article("seniority.article", func(r *rules.RuleSet) *string { return &r.Seniority.Article }),
		number("corrections.hours_before", func(r *rules.RuleSet) *int { return &r.Corrections.HoursBefore }),
		article("corrections.article", func(r *rules.RuleSet) *string { return &r.Corrections.Article }),
	}}, ruleSection{"support", supportFields("support", func(r *rules.RuleSet) *rules.Support { return &r.Support })}, ruleSection{"calling", supportFields("calling", func(r *rules.RuleSet) *rules.Support { return &r.Calling })}, ruleSection{"minutes", []ruleField{
		number("minutes.days", func(r *rules.RuleSet) *int { return &r.Minutes.Days }),
		number("minutes.tellers", func(r *rules.RuleSet) *int { return &r.Minutes.Tellers }),
		number("minutes.certificate_days", func(r *rules.RuleSet) *int { return &r.Minutes.CertificateDays }).upTo(365),
		article("minutes.article", func(r *rules.RuleSet) *string { return &r.Minutes.Article }),
	}}, ruleSection{"admission", []ruleField{
		number("admission.months", func(r *rules.RuleSet) *int { return &r.Admission.Months }),
		tick("admission.silence_admits", func(r *rules.RuleSet) *bool { return &r.Admission.SilenceAdmits }),
		article("admission.article", func(r *rules.RuleSet) *string { return &r.Admission.Article }),
	}})
	return append(sections, organSections(classes)...)
}

var thousands = regexp.MustCompile(`^[0-9]{1,3}([., \x{a0}][0-9]{3})+$`)

// wholeNumber reads 10000, and also 10.000 as people write it.
func wholeNumber(typed string) (int, error) {
	typed = strings.TrimSpace(typed)
	if thousands.MatchString(typed) {
		typed = strings.NewReplacer(".", "", ",", "", " ", "", "\u00a0", "").Replace(typed)
	}
	return strconv.Atoi(typed)
}

// shareField asks for one class's share. Every class has one, with members or not: somebody may join it.
func shareField(code string) ruleField {
	return ruleField{path: "counting.shares." + code, label: "counting.share", kind: numberField,
		get: func(r *rules.RuleSet) string {
			if share, ok := r.Counting.ShareOf(code); ok {
				return strconv.FormatInt(share, 10)
			}
			return ""
		},
		set: func(r *rules.RuleSet, typed string) bool {
			if typed == "" {
				return true
			}
			n, err := strconv.ParseInt(typed, 10, 64)
			r.Counting.Shares = append(r.Counting.Shares, rules.ClassShare{Class: code, Share: n})
			return err == nil || r.Counting.Method != rules.MethodClass
		}}
}

func thresholdFields(path string, at func(*rules.RuleSet) *rules.Threshold) []ruleField {
	return []ruleField{
		tick(path+".any", func(r *rules.RuleSet) *bool { return &at(r).Any }).called("quorum.any"),
		part(path+".num", func(r *rules.RuleSet) (num, den *int64) { return &at(r).Num, &at(r).Den }).called("quorum.part"),
		tick(path+".strict", func(r *rules.RuleSet) *bool { return &at(r).Strict }).called("strict"),
		number(path+".min_votes", func(r *rules.RuleSet) *int { return &at(r).MinVotes }).called("quorum.min_votes"),
		unitField(path+".by", at),
		article(path+".article", func(r *rules.RuleSet) *string { return &at(r).Article }),
	}
}

func majorityFields(i int) []ruleField {
	path, at := fmt.Sprintf("majorities.%d", i), func(r *rules.RuleSet) *rules.Majority { return &r.Majorities[i] }
	return []ruleField{
		part(path+".num", func(r *rules.RuleSet) (num, den *int64) { return &at(r).Num, &at(r).Den }).called("majority.part"),
		tick(path+".strict", func(r *rules.RuleSet) *bool { return &at(r).Strict }).called("strict"),
		choice(path+".base", []rules.Base{rules.BaseValid, rules.BaseCast, rules.BasePresent, rules.BaseRoll}, func(r *rules.RuleSet) *rules.Base { return &at(r).Base }).called("majority.base"),
		doubleField(path+".double", at),
		article(path+".article", func(r *rules.RuleSet) *string { return &at(r).Article }),
	}
}

const articleMost = 120

// readStatutes applies what was typed to a copy of the rule set that the form began with.
func readStatutes(c *fiber.Ctx, base rules.RuleSet, sections []ruleSection) (r rules.RuleSet, typed map[string]string, faults []*fault.Fault) {
	r, typed = base, map[string]string{}
	r.Majorities = append([]rules.Majority(nil), base.Majorities...)
	r.Counting.Shares, r.Counting.Cap.Classes, r.Office.NoChair = nil, nil, nil
	for _, section := range sections {
		for _, f := range section.fields {
			sent := c.FormValue(f.path)
			text := strings.TrimSpace(web.Visible(sent))
			switch {
			case !utf8.ValidString(sent) || strings.ContainsRune(sent, 0):
				text = ""
				faults = append(faults, fault.Invalid(f.path, "ui.error.characters"))
			case utf8.RuneCountInString(text) > articleMost:
				faults = append(faults, fault.Invalid(f.path, "statutes.too_long", map[string]any{"most": articleMost}))
			case !f.set(&r, text):
				faults = append(faults, fault.Invalid(f.path, f.unreadable()))
			case text == "" && f.kind == wordsField && f.required(): // a rule that is left empty whole would be read as one of before it
				faults = append(faults, fault.Invalid(f.path, "rules.article_missing"))
			case f.most > 0 && f.get(&r) == "0": // likewise
				faults = append(faults, fault.Invalid(f.path, "rules.out_of_range", map[string]any{"min": 1, "max": f.most}))
			}
			typed[f.path] = text
		}
	}
	if !r.Weighs() {
		r.Counting.Shares = nil
	}
	return r, typed, faults
}

// required says whether an article must be there even when its rule is left out.
func (f ruleField) required() bool {
	return f.path != "ceiling.article" && f.path != "counting.class_cap.article"
}

func (f ruleField) unreadable() string {
	switch f.kind {
	case partField:
		return "statutes.part_form"
	case capsField:
		return "statutes.caps_form"
	case wordsField, numberField, tickField, choiceField, foldedField:
	}
	return "ui.error.number"
}

// besideFields moves faults to the fields that the form has: a fraction is one field, so are all caps, and shares go by
// their class.
func besideFields(err error, r rules.RuleSet) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.KindInvalid {
		return err
	}
	var moved []*fault.Fault
	for _, d := range f.Details() {
		d.Field = strings.Replace(d.Field, ".den", ".num", 1)
		switch {
		case d.Field == "counting.shares":
			d.Field = "counting.method"
		case d.Field == "counting.class_cap.classes" && len(r.Counting.Cap.Classes) > 0:
			d.Field += "." + r.Counting.Cap.Classes[0]
		case strings.Contains(d.Field, ".caps."):
			d.Field, _, _ = strings.Cut(d.Field, ".caps.")
			d.Field += ".caps"
		}
		for i, s := range r.Counting.Shares {
			if strings.HasPrefix(d.Field, fmt.Sprintf("counting.shares.%d.", i)) {
				d.Field = "counting.shares." + s.Class
			}
		}
		moved = append(moved, &d)
	}
	return fault.All(moved...)
}

// statutesFieldsets draws the questions with what was typed and what is wrong.
func statutesFieldsets(t *i18n.Texts, sections []ruleSection, classes []models.MemberClass, typed map[string]string, e web.Errors) (sets []pages.Fieldset, all []ui.Field) {
	for _, section := range sections {
		set := pages.Fieldset{Title: t.T("statutes.section." + section.key)}
		for _, f := range section.fields {
			field := f.draw(t, classes, typed[f.path], e[f.path])
			set.Fields = append(set.Fields, field)
			named := field
			named.Label = set.Title + ", " + field.Label
			all = append(all, named)
		}
		sets = append(sets, set)
	}
	return sets, all
}

func (f ruleField) draw(t *i18n.Texts, classes []models.MemberClass, typed, wrong string) ui.Field {
	label := "statutes.field." + f.label
	field := ui.Field{Name: f.path, Value: typed, Error: wrong, Required: true, Autocomplete: "off"}
	if code := f.class(); code != "" {
		field.Label, field.Required = t.T(label, "Class", className(classes, code, t.Lang())), false
	} else {
		field.Label = t.T(label)
	}
	if t.Has(label + "_hint") {
		field.Hint = t.T(label + "_hint")
	}
	switch f.kind {
	case wordsField:
		field.MaxLength, field.Required = articleMost, f.required()
	case capsField:
		field.MaxLength, field.Required = articleMost, false
	case numberField:
		field.Width, field.Inputmode = ui.Digits, "numeric"
	case partField:
		field.Width, field.Required = ui.Digits, strings.HasPrefix(f.path, "majorities.") || f.path == "revocation.num"
	case tickField:
		field.Type, field.Checked, field.Value, field.Required = "checkbox", typed == "1", "1", false
	case choiceField, foldedField:
		if f.kind == foldedField {
			field.Type = "select"
		}
		for _, o := range f.options {
			field.Options = append(field.Options, ui.Option{Value: o, Label: t.T("statutes.option." + o)})
		}
	}
	return field
}
