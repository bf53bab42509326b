package polls

import (
	"strconv"
	"strings"

	"socia/core/methods"
	"socia/core/paper"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// Paper is one ballot paper: radios of one choice, boxes to tick, or a line for each option.
type Paper struct {
	Legend string
	One    *ui.Field // one of several words or options
	Many   *ui.Field // any of several
	Lines  []ui.Field
	Ranked bool // Lines are ranks: a script may move them about
	Blank  *ui.Field
	Was    *ui.Pair // hidden: what the paper says already, beside a blank vote's tick
	Reason *ui.Field
	Error  string
	ID     string
	Hint   string
	Fold   Fold
}

// Fold is how a paper of the table's long list is folded away: a paper of many marks wholly, of any other the reason.
type Fold struct {
	Whole, Reason bool
	Says          string // what is read of it while it is folded
}

// FoldedAway folds a paper where that makes a list shorter, and nothing that is wrong with it is hidden.
func (p Paper) FoldedAway(says string) Paper {
	right := p.Error == "" && (p.Reason == nil || p.Reason.Error == "")
	p.Fold = Fold{Whole: right && p.One == nil, Reason: right && p.One != nil && p.Reason != nil && p.Reason.Value == "" && !p.Reason.Required, Says: says}
	return p
}

// PaperOf is what a paper is drawn from: whose it is, what it says, what is wrong with it.
type PaperOf struct {
	Member int64
	Legend string
	Counts string // that it counts as several votes
	Says   string // the vote's text; may be what was typed and is wrong
	Reason string
	Error  string
	Why    string  // what is wrong with the reason
	Costs  []int64 // of the options in cents, where there are any
	Was    string  // what was cast before
	Reader string  // who reads the advice as it comes
	Blank  bool    // the blank vote was ticked beside marks
}

// blankChoice is the radio of a paper that says nothing.
const blankChoice = "blank"

// NewPaper draws a paper of a poll.
func NewPaper(t *i18n.Texts, method methods.Method, poll models.Poll, options []string, of PaperOf) Paper {
	id := strconv.FormatInt(of.Member, 10)
	p := Paper{Legend: of.Legend, Error: of.Error, ID: id, Hint: strings.TrimSpace(of.Counts + " " + paperHint(t, method, poll, len(options)))}
	field := ui.Field{Name: "choice-" + id, Label: of.Legend, Value: of.Says, Error: of.Error, Required: true, Hint: p.Hint}
	says, err := paper.Parse(of.Says)
	if err != nil || len(says) != len(options) {
		says = blankPaper(len(options))
	}
	switch {
	case method.Answer == methods.Words:
		for _, word := range method.Words {
			field.Options = append(field.Options, ui.Option{Value: word, Label: Word(t, method.Name, word), Hint: wordHint(t, method.Name, word)})
		}
		p.One = &field
	case method.Form == paper.Choose && poll.Setup.Most <= 1, method.Form == paper.OptIn:
		field.Value = oneOf(says, of.Says)
		for i, o := range options {
			field.Options = append(field.Options, ui.Option{Value: strconv.Itoa(i + 1), Label: o})
		}
		field.Options = append(field.Options, ui.Option{Value: blankChoice, Label: blankWord(t, method)})
		p.One = &field
	case method.Form == paper.Choose, method.Form == paper.Approve:
		field.Name, field.Anchor = "marks-"+id, field.Name // what is wrong leads here as on every paper
		for i, o := range options {
			field.Options = append(field.Options, ui.Option{Value: strconv.Itoa(i + 1), Label: o})
			if i < len(of.Costs) && of.Costs[i] > 0 {
				field.Options[i].Hint = t.Money(of.Costs[i], euros)
			}
			if says[i] > 0 {
				field.Values = append(field.Values, strconv.Itoa(i+1))
			}
		}
		p.Many = &field
	default:
		p.Ranked = method.Form == paper.Rank
		for i, o := range options {
			p.Lines = append(p.Lines, line(t, method, poll, o, "mark-"+id+"-"+strconv.Itoa(i+1), says[i], len(options)))
		}
	}
	if p.One == nil {
		p.Blank = &ui.Field{Name: "blank-" + id, Label: t.T("polls.paper.blank_tick"), Checked: of.Blank || of.Says != "" && says.IsBlank()}
		p.Was = &ui.Pair{Term: "was-" + id, Text: of.Was}
	}
	p.Reason = reason(t, method, poll, of, id)
	return p
}

// blankWord is what a paper says on which no option is marked.
func blankWord(t *i18n.Texts, m methods.Method) string {
	if m.Form == paper.OptIn {
		return t.T("polls.paper.not_in")
	}
	return t.T("polls.paper.blank")
}

func blankPaper(n int) paper.Paper {
	p := make(paper.Paper, n)
	for i := range p {
		p[i] = paper.Blank
	}
	return p
}

// oneOf is the radio that a paper has marked.
func oneOf(says paper.Paper, text string) string {
	for i, m := range says {
		if m > 0 {
			return strconv.Itoa(i + 1)
		}
	}
	if text == "" {
		return ""
	}
	return blankChoice
}

func paperHint(t *i18n.Texts, m methods.Method, poll models.Poll, options int) string {
	if m.Answer == methods.Words {
		return ""
	}
	switch m.Form {
	case paper.Choose:
		return t.N("polls.paper.choose", max(poll.Setup.Most, 1))
	case paper.Approve:
		if m.Group == methods.Money {
			return t.T("polls.paper.fund")
		}
		return t.T("polls.paper.approve")
	case paper.Score:
		return t.T("polls.paper.score", "Top", poll.Setup.Top) + " " + t.T(blanksKey(poll))
	case paper.Dots:
		return t.N("polls.paper.dots", poll.Setup.Dots)
	case paper.OptIn:
		return t.T("polls.paper.opt_in")
	case paper.Times:
		return t.T("polls.paper.times")
	case paper.Rank:
		return rankHint(t, m, poll.Setup.Most, options)
	case paper.Motion, paper.Consent, paper.Consensus, paper.Advice:
	}
	return ""
}

// rankHint says how to rank, and how far where the poll bounds it.
func rankHint(t *i18n.Texts, m methods.Method, most, options int) string {
	hint := t.N("polls.paper.rank", options)
	if m.HasTies() {
		hint = t.T("polls.paper.rank_ties")
	}
	if most > 0 && most < options {
		hint += " " + t.N("polls.paper.most_ranks", most)
	}
	return hint
}

func blanksKey(poll models.Poll) string {
	if poll.Setup.Blanks == methods.BlanksAverage {
		return "polls.paper.blanks_average"
	}
	return "polls.paper.blanks_zero"
}

// line is the field of one option.
func line(t *i18n.Texts, m methods.Method, poll models.Poll, label, name string, mark, options int) ui.Field {
	f := ui.Field{Name: name, Label: label, Free: true, Width: ui.Digits}
	if mark != paper.Blank {
		f.Value = strconv.Itoa(mark)
	}
	if m.Form == paper.Dots {
		f.Type, f.Min, f.Max, f.Required = "number", "0", strconv.Itoa(poll.Setup.Dots), true
		if f.Value == "" {
			f.Value = "0"
		}
		return f
	}
	f.Options = []ui.Option{{Value: "", Label: "–"}}
	f.Width = ui.Short
	switch m.Form { //nolint:exhaustive // the other forms have no line for each option, or are ranks
	case paper.Times:
		for _, mark := range []int{paper.Yes, paper.IfNeedBe, paper.No} {
			f.Options = append(f.Options, ui.Option{Value: strconv.Itoa(mark), Label: t.T("polls.times." + strconv.Itoa(mark))})
		}
	case paper.Score:
		for score := poll.Setup.Top; score >= 0; score-- {
			f.Options = append(f.Options, ui.Option{Value: strconv.Itoa(score), Label: strconv.Itoa(score)})
		}
	default:
		for rank := 1; rank <= ranksOf(poll, options) || rank <= mark && rank <= options; rank++ { // what is typed and wrong is not lost
			f.Options = append(f.Options, ui.Option{Value: strconv.Itoa(rank), Label: t.T("polls.paper.rank_number", "Number", rank)})
		}
	}
	return f
}

// ranksOf is how many ranks a paper may use.
func ranksOf(poll models.Poll, options int) int {
	if poll.Setup.Most > 0 {
		return min(poll.Setup.Most, options)
	}
	return options
}

func reason(t *i18n.Texts, m methods.Method, poll models.Poll, of PaperOf, id string) *ui.Field {
	if poll.Setup.Reasons == models.ReasonsNone && m.Group != methods.Together {
		return nil
	}
	f := ui.Field{
		Name: "reason-" + id, Label: t.T("polls.paper.reason"), Value: of.Reason, Error: of.Why, Rows: 3, MaxLength: 2000, Required: poll.Setup.Reasons == models.ReasonsRequired,
		Why: &ui.Why{Reason: t.T("polls.paper.reason_why"), SeenBy: t.T("polls.paper.reason_seen"), Kept: t.T("polls.paper.reason_kept")},
	}
	if m.Name == methods.Advice {
		f.Label, f.Hint = t.T("polls.paper.advice"), t.T("polls.paper.reason_advice")
		f.Why.Reason, f.Why.SeenBy = t.T("polls.paper.advice_why"), t.T("polls.paper.advice_seen", "Name", of.Reader)
		if of.Reader != "" {
			f.Hint += " " + t.T("polls.paper.advice_reader", "Name", of.Reader)
		}
	}
	if m.Name == methods.Consent {
		f.Hint = t.T("polls.paper.reason_consent")
	}
	if m.Name == methods.Consensus {
		f.Hint = t.T("polls.paper.reason_consensus")
	}
	return &f
}

// Word is a word of a method as people say it.
func Word(t *i18n.Texts, m methods.Name, word string) string {
	if m == methods.Motion {
		return t.T("polls.choice." + word)
	}
	return t.T("polls.word." + string(m) + "." + word)
}

func wordHint(t *i18n.Texts, m methods.Name, word string) string {
	if m == methods.Motion || m == methods.Advice {
		return ""
	}
	return t.T("polls.word." + string(m) + "." + word + "_hint")
}

// Says tells a vote in words: "1. Anna · 2. Berta", "Consent", "Blank".
func Says(t *i18n.Texts, m methods.Method, options []string, text string) string {
	if m.Answer == methods.Words {
		return Word(t, m.Name, text)
	}
	p, err := paper.Parse(text)
	if err != nil || len(p) != len(options) {
		return text
	}
	if p.Given() == 0 && m.Form != paper.Score && m.Form != paper.Times || p.IsBlank() {
		return blankWord(t, m)
	}
	var parts []string
	if m.Form == paper.Rank {
		for i, tied := range p.Ranks() {
			names := make([]string, len(tied))
			for j, o := range tied {
				names[j] = options[o]
			}
			parts = append(parts, strconv.Itoa(i+1)+". "+strings.Join(names, " = "))
		}
		return strings.Join(parts, " · ")
	}
	for i, mark := range p {
		switch {
		case mark == paper.Blank:
		case m.Form == paper.Times:
			parts = append(parts, options[i]+": "+t.T("polls.times."+strconv.Itoa(mark)))
		case m.Form == paper.Score, m.Form == paper.Dots && mark > 0:
			parts = append(parts, options[i]+": "+strconv.Itoa(mark))
		case mark > 0:
			parts = append(parts, options[i])
		}
	}
	return strings.Join(parts, " · ")
}

// Filled is what the fields of a paper say: the text of a vote, whether anything was filled in, and whether a blank vote
// was ticked beside marks, so that nobody knows which of the two is meant.
type Filled struct {
	Text  string
	Given bool
	Both  bool
}

// PaperText reads the fields of a paper back into the text of a vote. Values are those of one paper, by the name before
// its member. A form shows what was cast before: beside those marks, as they stood, a blank vote that is ticked is what is
// new, and so are marks beside a tick that stood there. Only marks and a tick that are both new say two things.
func PaperText(m methods.Method, options int, values PaperValues) Filled {
	if m.Answer == methods.Words {
		return Filled{Text: values.Choice, Given: values.Choice != ""}
	}
	p, marked := marksOf(m, options, values)
	blank := blankPaper(options)
	switch {
	case !marked:
		return Filled{Text: blank.String(), Given: values.Blank || values.Choice == blankChoice}
	case !values.Blank || values.Was == blank.String():
		return Filled{Text: p.String(), Given: true}
	case p.String() == values.Was:
		return Filled{Text: blank.String(), Given: true}
	}
	return Filled{Text: p.String(), Given: true, Both: true}
}

// marksOf reads the marks of a paper, and says whether there is any.
func marksOf(m methods.Method, options int, values PaperValues) (p paper.Paper, marked bool) {
	p = blankPaper(options)
	set := func(position, mark string) {
		i, err := strconv.Atoi(position)
		n, wrong := strconv.Atoi(mark)
		if err != nil || i < 1 || i > options {
			return
		}
		marked = true
		if wrong != nil || n < 0 || n > 999_999 {
			n = 999_999 // no paper has such a mark: it is refused with the option's name
		}
		p[i-1] = n
	}
	if values.Choice != "" && values.Choice != blankChoice {
		set(values.Choice, "1")
	}
	for _, position := range values.Marks {
		set(position, "1")
	}
	for position, mark := range values.Lines {
		if mark != "" && (m.Form != paper.Dots || mark != "0") {
			set(position, mark)
		}
	}
	return p, marked
}

// PaperValues are the fields of one paper as they were sent.
type PaperValues struct {
	Choice string
	Marks  []string
	Lines  map[string]string // position: mark
	Blank  bool
	Reason string
	Was    string // what the form showed before it was filled in
}
