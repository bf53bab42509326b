package polls

import (
	"slices"
	"strings"

	"socia/core/consent"
	"socia/core/count"
	"socia/core/methods"
	"socia/core/quorum"
	"socia/core/ratio"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// Story tells how a count went: a sentence first, then a chart, then every round.
type Story struct {
	Kind     ui.Kind
	Word     string
	Sentence string
	Notes    []string  // quorum, weights, parity, lots
	Rules    []ui.Rule // of the statutes: the quorum of a vote, what each class's votes weigh
	Chart    *ui.Chart
	Summary  *ui.Table // every option in every round
	Rounds   []ui.Round
	Pairs    *ui.Table
	Paths    *ui.Table // of Schulze's method, where no option beats all others
	Lot      *LotTold
}

// SoFar tells how the count of an open poll stands. Nothing of a lot is told, nor what follows from it: the seed is
// nobody's to know yet, and the lot is drawn at the close.
func SoFar(t *i18n.Texts, poll models.Poll, method methods.Method, c models.PollCount, classes map[string]string) Story {
	s := Tell(t, poll, method, c, classes)
	s.Kind, s.Word, s.Lot = ui.Plain, t.T("polls.so_far.word"), nil
	if c.Quorum != nil {
		s.Notes[0] = tookPart(t, "polls.so_far.turnout", *c.Quorum)
	}
	if c.Void() { // it is not, before it closes
		s.Sentence = notYet(t, c.AtVote, c.Quorum, classes)
		return s
	}
	if c.Result == nil || len(c.Result.Lots) == 0 {
		return s
	}
	s.Sentence, s.Notes, s.Rounds, s.Summary = t.T("polls.so_far.tied"), nil, nil, nil // notes name whom parity lets in
	s.Chart = plain(s.Chart)
	return s
}

// Voided tells the figures of a poll that does not count: nobody is chosen by them, so nothing says so.
func Voided(t *i18n.Texts, poll models.Poll, s Story) Story {
	s.Kind, s.Word, s.Sentence, s.Chart = ui.Plain, t.T("polls.void.word"), t.T("polls.void.sentence"), plain(s.Chart)
	s.Summary, s.Rounds, s.Paths, s.Lot = nil, nil, nil, nil
	if poll.Setup.ParityAtLeast > 0 || poll.Setup.Alternate {
		s.Notes = nil // they name whom the rule would have let in
	}
	return s
}

// plain is a chart that picks out nobody.
func plain(c *ui.Chart) *ui.Chart {
	if c == nil {
		return nil
	}
	chart := *c
	chart.Items = slices.Clone(chart.Items)
	for i := range chart.Items {
		chart.Items[i].Kind = ui.Plain
	}
	return &chart
}

// LotTold is what anybody needs to draw a lot again.
type LotTold struct {
	Seed, Commitment string
	Title, Text      string
	Draws            []string
	Strata           []StratumTold
}

// StratumTold is who was drawn, of a class or of everybody, and who takes their places if they cannot, in that order.
type StratumTold struct {
	Title, Instead     string
	Drawn, Substitutes []string
}

// teller tells one result.
type teller struct {
	t       *i18n.Texts
	r       count.Result
	method  methods.Method
	setup   models.PollSetup
	weights []models.PollWeight
	classes map[string]string // the names of the classes that weights are of
	decided bool
}

// Tell tells the count of a poll.
func Tell(t *i18n.Texts, poll models.Poll, method methods.Method, c models.PollCount, classes map[string]string) Story {
	s := Story{Kind: ui.Plain}
	if q := c.Quorum; q != nil {
		s.Notes = append(s.Notes, tookPart(t, "polls.story.quorum", *q))
	}
	s.Rules = rulesOf(t, c, classes)
	switch {
	case c.Void() && c.AtVote != nil && !c.AtVote.OK:
		s.Kind, s.Word, s.Sentence = ui.No, t.T("polls.outcome.no_quorum"), t.T("polls.sentence.no_quorum")
	case c.Void():
		s.Kind, s.Word, s.Sentence = ui.No, t.T("polls.outcome.no_quorum"), t.T("polls.story.no_quorum")
	case c.Answers != nil:
		answered(t, &s, method, *c.Answers)
		return s
	case c.Result != nil && !c.Result.Valid.Ratio().IsZero() && c.Result.NothingApproved():
		s.Kind, s.Word, s.Sentence = ui.No, t.T("polls.outcome.nothing_approved"), t.T("polls.story.nothing_approved", "Option", c.Result.Options[*c.Result.Default])
	case !c.Decided():
		s.Kind, s.Word, s.Sentence = ui.No, t.T("polls.outcome.undecided"), t.T(undecidedKey(c.Result))
	}
	if c.Result == nil {
		return s
	}
	k := teller{t: t, r: *c.Result, method: method, setup: poll.Setup, weights: c.Weights, classes: classes, decided: s.Word == ""}
	if c.Result.Valid.Ratio().IsZero() {
		return s // a count of nothing tells nothing, whatever the lot would have said
	}
	s.Notes = append(s.Notes, k.weighed(c.Weighing)...)
	if c.Rounded && !k.alike() {
		s.Notes = append(s.Notes, t.T("polls.story.rounded"))
	}
	s.Chart = k.chart()
	if c.Void() {
		return s
	}
	if k.decided {
		s.Kind, s.Word, s.Sentence = ui.Yes, t.T(DecidedKey(method)), k.sentence()
	}
	s.Notes = append(s.Notes, k.measured()...)
	s.Notes = append(s.Notes, k.parity(c.Plain, c.Declared)...)
	s.Summary, s.Rounds, s.Pairs = k.summary(), k.rounds(), k.pairs()
	if c.Plain != nil && poll.Setup.Alternate && len(s.Rounds) > 0 {
		s.Rounds[0].Title = t.T("polls.story.before_alternating")
	}
	s.Paths = k.paths()
	if s.Lot = k.lots(poll); s.Lot != nil {
		s.Lot.Strata = k.strata(c.Strata)
	}
	return s
}

// tookPart tells how many took part and how many have to, in a text.
func tookPart(t *i18n.Texts, key string, q models.PollQuorum) string {
	return t.T(key, "TookPart", t.Number(q.TookPart), "Electors", t.Number(q.Electors), "Percent", q.Percent, "Needed", t.Number(q.Needed))
}

// notYet tells what an open vote lacks to count: the quorum of the statutes, with its figures, and what it asks itself.
func notYet(t *i18n.Texts, atVote *quorum.Verdict, asks *models.PollQuorum, classes map[string]string) string {
	var lacks []string
	if atVote != nil && !atVote.OK {
		lacks = append(append(lacks, t.T("polls.so_far.no_quorum")), inWords(t, tally.QuorumSteps(*atVote), classes)...)
	}
	if asks != nil && !asks.Reached() {
		lacks = append(lacks, t.T("polls.so_far.no_turnout"))
	}
	return strings.Join(lacks, " ")
}

// undecidedKey tells nobody's votes from votes that decide nothing.
func undecidedKey(r *count.Result) string {
	if r == nil || r.Valid.Ratio().IsZero() {
		return "polls.sentence.no_votes"
	}
	return "polls.story.nothing_wins"
}

// DecidedKey is the text of what a poll by a method has come to: chosen, elected, shared out, drawn, a list.
func DecidedKey(m methods.Method) string {
	if m.Name == methods.OptIn {
		return "polls.outcome.decided_opt_in"
	}
	return "polls.outcome.decided_" + string(m.Group)
}

// sentence is what a person would say first.
func (k teller) sentence() string {
	if k.method.Name == methods.OptIn {
		return k.t.T("polls.story.opt_in")
	}
	return k.t.N("polls.story."+string(k.method.Group), len(k.r.Winners), "Names", k.names(k.r.Winners))
}

// weighed tells what a vote of each class weighs. Where all votes are of one class they are told as votes.
func (k teller) weighed(why *models.PollWeighing) []string {
	if len(k.weights) == 0 {
		return nil
	}
	if k.alike() && len(k.weights) > 1 {
		return []string{k.t.T("polls.story.same_weight")}
	}
	if k.alike() {
		return []string{k.t.T("polls.story.one_class", "Class", k.classes[k.weights[0].Class])}
	}
	parts, scale := k.parts(), k.scale() // 1 and 1 of an average: only the proportion of the weights says something
	each := make([]string, 0, len(k.weights))
	for _, w := range k.weights {
		each = append(each, k.t.N("polls.story.weight", int(w.Votes), "Class", k.classes[w.Class], "Weight", k.decimals(ratio.Int(w.Weight).Mul(ratio.New(parts, scale)))))
	}
	weighed := "polls.story.weighed"
	if why != nil && why.Method == rules.MethodPerson {
		weighed = "polls.story.capped"
	}
	if k.average() {
		weighed = "polls.story.weighed_average"
	}
	return []string{k.t.T(weighed), strings.Join(each, " ")}
}

// rulesOf is the arithmetic of the statutes beside the method's own.
func rulesOf(t *i18n.Texts, c models.PollCount, classes map[string]string) (all []ui.Rule) {
	if v := c.AtVote; v != nil {
		all = append(all, ui.Rule{
			Title: t.T("polls.rule.at_vote"), Rule: t.T("polls.rule.at_vote_text"),
			Arithmetic: inWords(t, tally.QuorumSteps(*v), classes), Article: v.Article, ArticleHref: "/statutes",
		})
	}
	if w := c.Weighing; w != nil {
		rule := "polls.rule.weighing_by_class"
		if w.Method == rules.MethodPerson {
			rule = "polls.rule.weighing_capped"
		}
		all = append(all, ui.Rule{
			Title: t.T("polls.rule.weighing"), Rule: t.T(rule),
			Arithmetic: inWords(t, w.Steps, classes), Article: w.Article, ArticleHref: "/statutes",
		})
	}
	return all
}

// measured tells what the options had to reach, or what there was to spend.
func (k teller) measured() (notes []string) {
	if blank := k.r.Papers.Ratio().Sub(k.r.Valid.Ratio()); k.method.Answer == methods.Papers && !k.average() && !blank.IsZero() {
		key := "polls.story.blank"
		if k.method.Name == methods.OptIn {
			key = "polls.story.not_in"
		}
		notes = append(notes, k.t.T(key, "Votes", k.blanks(count.Of(blank))))
	}
	switch {
	case k.method.Group == methods.Money:
		left := k.setup.AmountCents
		for _, cost := range k.funded() {
			left -= cost
		}
		notes = append(notes, k.t.T("polls.story.amount", "Amount", k.money(k.setup.AmountCents), "Left", k.money(left)))
		notes = append(notes, k.shares()...)
	case k.method.Name == methods.IRV:
		notes = append(notes, k.t.T("polls.story.more_than_half"))
	case k.r.Quota != "":
		last := k.r.Rounds[len(k.r.Rounds)-1].Quota
		if last != "" && last.Ratio().Cmp(k.r.Quota.Ratio()) != 0 {
			notes = append(notes, k.t.T("polls.story.quota_falls", "Quota", k.votes(k.r.Quota), "Last", k.votes(last)))
		} else {
			notes = append(notes, k.t.T("polls.story.quota", "Quota", k.votes(k.r.Quota)))
		}
	case k.compares() && k.beatsAll() >= 0:
		notes = append(notes, k.t.T("polls.story.beats_all", "Option", k.name(k.beatsAll())))
	case k.compares():
		notes = append(notes, k.t.T("polls.story.beats_all_none"))
	}
	return notes
}

// parity tells what the parity rule changed, and whether too few candidates had declared to be of the group for it.
func (k teller) parity(plain *count.Result, declared *models.PollDeclared) (notes []string) {
	args := []any{"AtLeast", k.setup.ParityAtLeast, "Group", k.setup.ParityGroup, "With", k.names(k.r.Winners)}
	short := declared != nil && declared.Candidates() < k.setup.ParityAtLeast
	switch {
	case plain != nil && k.setup.Alternate:
		notes = append(notes, k.t.T("polls.story.alternate", append(args, "Without", k.names(plain.Winners))...))
	case plain != nil:
		notes = append(notes, k.t.T("polls.story.parity", append(args, "Without", k.names(plain.Winners))...))
	case k.setup.ParityAtLeast > 0 && !short:
		notes = append(notes, k.t.T("polls.story.parity_kept", args...))
	}
	if !short {
		return notes
	}
	missed := k.t.T("polls.story.parity_short", args...)
	if declared.Inside { // the number can say of each who was elected whether they declared it
		missed += " " + k.t.T("polls.story.parity_elected", "Elected", k.t.Number(int64(declared.Of(k.r.Winners))))
	}
	return append(notes, missed)
}

func (k teller) name(option int) string {
	if option < 0 || option >= len(k.r.Options) {
		return "–"
	}
	return k.r.Options[option]
}

// names lists options; where a name has a comma of its own, another mark parts them.
func (k teller) names(options []int) string {
	all, mark := make([]string, len(options)), ", "
	for i, o := range options {
		all[i] = k.name(o)
		if strings.Contains(all[i], ",") {
			mark = "; "
		}
	}
	return strings.Join(all, mark)
}

func (k teller) lots(poll models.Poll) *LotTold {
	if len(k.r.Lots) == 0 && k.method.Name != methods.Sortition {
		return nil
	}
	l := LotTold{Seed: poll.Seed, Commitment: Commitment(poll), Title: k.t.T("polls.lot.title"), Text: k.t.T("polls.lot.text")}
	for _, d := range k.r.Lots {
		if k.method.Name == methods.Sortition {
			l.Draws = append(l.Draws, k.t.N("polls.story.drawn", one(k.figure(k.r.Papers)), "What", d.What, "Number", k.figure(k.r.Papers)))
			continue
		}
		l.Draws = append(l.Draws, k.t.N("polls.story.draw", len(d.Chosen), "What", d.What, "Among", k.names(d.Among), "Chosen", k.names(d.Chosen)))
	}
	return &l
}

// strata tells who was drawn of each class, in a draw that keeps their proportions, or of everybody.
func (k teller) strata(all []models.PollStratum) (told []StratumTold) {
	for _, s := range all {
		one := StratumTold{Title: k.t.T("polls.story.all_drawn"), Instead: k.t.T("polls.story.substitutes")}
		if s.Class != "" {
			one.Title = k.t.N("polls.story.stratum", s.Places, "Class", k.classes[s.Class], "Places", k.t.Number(int64(s.Places)))
			one.Instead = k.t.T("polls.story.substitutes_class")
		}
		for _, i := range s.Drawn {
			one.Drawn = append(one.Drawn, k.name(i))
		}
		for _, i := range s.Substitutes {
			one.Substitutes = append(one.Substitutes, k.name(i))
		}
		told = append(told, one)
	}
	return told
}

// answered tells how a poll ended that is never a tally.
func answered(t *i18n.Texts, s *Story, m methods.Method, a models.PollAnswers) {
	s.Kind = ui.No
	if a.Agreed {
		s.Kind = ui.Yes
	}
	s.Word, s.Sentence = t.T("polls.outcome."+a.Outcome), t.T("polls.story."+string(m.Name)+"_"+a.Outcome)
	if a.Outcome == string(consent.Consented) && a.Resolved() > 0 {
		s.Sentence = t.T("polls.story.consent_resolved")
	}
	s.Notes = append(s.Notes, said(t, m, a)...)
}

// said tells how many gave each answer, how objections were answered, and how many said nothing.
func said(t *i18n.Texts, m methods.Method, a models.PollAnswers) (notes []string) {
	var given, resolved []string
	for _, word := range m.Words {
		if n := a.Given[word]; n > 0 {
			given = append(given, Word(t, m.Name, word)+": "+t.Number(n))
		}
	}
	for _, of := range []struct {
		key string
		n   int64
	}{{"polls.story.amended", a.Amended}, {"polls.story.withdrawn", a.Withdrawn}, {"polls.story.eased", a.Eased}} {
		if of.n > 0 {
			resolved = append(resolved, t.N(of.key, int(of.n)))
		}
	}
	for _, all := range [][]string{given, resolved} {
		if len(all) > 0 {
			notes = append(notes, strings.Join(all, " · "))
		}
	}
	if a.Agreed && a.Amended > 0 {
		notes = append(notes, t.T("polls.story.as_amended"))
	}
	if a.Silent != nil && *a.Silent > 0 {
		notes = append(notes, t.N("polls.story.silent", int(*a.Silent)))
	}
	return notes
}
