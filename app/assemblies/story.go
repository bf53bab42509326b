package assemblies

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"socia/app/polls"
	"socia/core/civil"
	"socia/core/notice"
	"socia/core/quorum"
	"socia/core/ratio"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/db"
	"socia/platform/i18n"
	"socia/platform/markdown"
)

// story is everything that happened in an assembly, as the minutes tell it.
type story struct {
	coop     models.Cooperative
	assembly models.Assembly
	statutes rules.RuleSet
	quorum   Quorum // at the opening
	items    []models.AgendaItem
	polls    map[models.AgendaItemID][]models.Poll
	officers Officers
	proxies  []models.Proxy // in force at some moment between opening and close
	members  map[models.MemberID]models.Member
	classes  map[string]models.MemberClass
}

func storyTx(tx *db.Tx, a models.Assembly, coop models.Cooperative) (s story, err error) {
	s = story{coop: coop, assembly: a, polls: map[models.AgendaItemID][]models.Poll{}, members: map[models.MemberID]models.Member{}, classes: map[string]models.MemberClass{}}
	statutes, err := statutesOfTx(tx, a.ID)
	if err != nil {
		return s, err
	}
	s.statutes = statutes.Body
	if s.quorum, err = quorumOf(a.Opening, s.statutes); err != nil {
		return s, err
	}
	if s.items, err = agendaTx(tx, a.ID); err != nil {
		return s, err
	}
	all, err := polls.ByAssemblyTx(tx, a.ID)
	if err != nil {
		return s, err
	}
	for _, p := range all {
		s.polls[*p.AgendaItemID] = append(s.polls[*p.AgendaItemID], p)
	}
	if s.officers, err = officersTx(tx, a.ID); err != nil {
		return s, err
	}
	since := a.OpenedAt
	if since == nil {
		since = a.ClosedAt
	}
	err = tx.DB.Where("assembly_id = ? AND (revoked_at IS NULL OR revoked_at > ?)", a.ID, since).Order("id").Find(&s.proxies).Error
	if err != nil {
		return s, fmt.Errorf("read the proxies of assembly %d: %w", a.ID, err)
	}
	return s, s.namesTx(tx)
}

// namesTx reads the members and classes that the story names.
func (s *story) namesTx(tx *db.Tx) error {
	ids := append([]models.MemberID{s.officers.Chair, s.officers.Secretary}, s.officers.Tellers...)
	for _, p := range s.proxies {
		ids = append(ids, p.GiverID, p.HolderID)
	}
	members, err := membersTx(tx, ids)
	if err != nil {
		return err
	}
	s.members = members
	s.classes, err = classesTx(tx)
	return err
}

// membersTx reads members by their ids.
func membersTx(tx *db.Tx, ids []models.MemberID) (map[models.MemberID]models.Member, error) {
	byID := make(map[models.MemberID]models.Member, len(ids))
	for from := 0; from < len(ids); from += 500 { // databases bound the values of one statement
		var all []models.Member
		if err := tx.DB.Where("id IN ?", ids[from:min(from+500, len(ids))]).Find(&all).Error; err != nil {
			return nil, fmt.Errorf("read members: %w", err)
		}
		for _, m := range all {
			byID[m.ID] = m
		}
	}
	return byID, nil
}

// classesTx reads the member classes by their codes.
func classesTx(tx *db.Tx) (map[string]models.MemberClass, error) {
	var all []models.MemberClass
	if err := tx.DB.Order("position, id").Find(&all).Error; err != nil {
		return nil, fmt.Errorf("read member classes: %w", err)
	}
	byCode := make(map[string]models.MemberClass, len(all))
	for _, c := range all {
		byCode[c.Code] = c
	}
	return byCode, nil
}

// pen writes Markdown in one language.
type pen struct {
	strings.Builder
	t   *i18n.Texts
	loc *time.Location
}

func (p *pen) line(key string, args ...any)   { p.WriteString(p.t.T(key, args...) + "\n\n") }
func (p *pen) bullet(key string, args ...any) { p.WriteString("- " + p.t.T(key, args...) + "\n") }
func (p *pen) head(level int, text string) {
	p.WriteString(strings.Repeat("#", level) + " " + text + "\n\n")
}

// table writes a table whose first column is text and whose others are figures.
func (p *pen) table(rows [][]string) {
	for i, r := range rows {
		p.WriteString("| " + strings.Join(r, " | ") + " |\n")
		if i == 0 {
			p.WriteString("|---|" + strings.Repeat("---:|", len(r)-1) + "\n")
		}
	}
	p.WriteString("\n")
}

func (p *pen) number(n int64) string { return p.t.Number(n) }

// write tells the story as Markdown.
func (s story) write(t *i18n.Texts) string {
	p := &pen{t: t, loc: s.coop.Location()}
	p.head(1, t.T("minutes.title."+s.assembly.Kind, "Cooperative", markdown.Plain(s.coop.Name)))
	p.WriteString("**" + markdown.Plain(s.assembly.Title) + "**\n\n")
	s.writeCall(p)
	s.writeTable(p)
	if unheld(s.assembly) != CalledOff {
		s.writeAttendance(p)
		s.writeProxies(p)
	}
	p.head(2, t.T("minutes.heading.agenda"))
	for n, i := range s.items {
		s.writeItem(p, n+1, i)
	}
	if end := unheld(s.assembly); end != "" {
		p.line("minutes.unheld."+string(end), "Time", t.Time(*s.assembly.ClosedAt, p.loc), "Reason", markdown.Plain(s.assembly.NotHeldReason))
	} else {
		p.line("minutes.closed", "Time", t.Time(*s.assembly.ClosedAt, p.loc))
		s.writeChallenge(p)
	}
	return strings.TrimSpace(p.String()) + "\n"
}

// writeChallenge says until when what was decided can be challenged: from the day of the assembly.
func (s story) writeChallenge(p *pen) {
	rule, day := s.statutes.Challenge.OrUsual(), civil.Of(*s.assembly.ClosedAt, p.loc)
	p.line("minutes.challenge", "Void", p.t.Date(rule.VoidUntil(day)), "Voidable", p.t.Date(rule.VoidableUntil(day)), "Article", markdown.Plain(rule.Article))
}

func (s story) writeCall(p *pen) {
	a := s.assembly
	p.head(2, p.t.T("minutes.heading.call"))
	days := notice.Days(civil.Of(*a.ConvenedAt, p.loc), civil.Of(a.FirstCallAt, p.loc), s.statutes.Notice)
	p.WriteString("- " + p.t.N("minutes.call.convened", days, "Time", p.t.Time(*a.ConvenedAt, p.loc), "Article", markdown.Plain(s.statutes.Notice.Article)) + "\n")
	p.bullet("minutes.call.first", "Time", p.t.Time(a.FirstCallAt, p.loc))
	p.bullet("minutes.call.second", "Time", p.t.Time(a.SecondCallAt, p.loc))
	if a.Place != "" {
		p.bullet("minutes.call.place", "Place", markdown.Plain(a.Place))
	}
	if a.OnlineURL != "" {
		p.bullet("minutes.call.online", "Link", markdown.Plain(a.OnlineURL))
	}
	switch a.OpenCall {
	case 1:
		p.bullet("minutes.call.opened_first", "Time", p.t.Time(*a.OpenedAt, p.loc))
	case 2:
		p.bullet("minutes.call.opened_second", "Time", p.t.Time(*a.OpenedAt, p.loc))
	}
	p.WriteString("\n")
}

// writeTable names those at the assembly's table.
func (s story) writeTable(p *pen) {
	p.head(2, p.t.T("minutes.heading.officers"))
	p.bullet("minutes.officer.chair", "Name", s.name(s.officers.Chair))
	p.bullet("minutes.officer.secretary", "Name", s.name(s.officers.Secretary))
	for _, m := range s.officers.Tellers {
		p.bullet("minutes.officer.teller", "Name", s.name(m))
	}
	p.WriteString("\n")
}

func (s story) writeAttendance(p *pen) {
	p.head(2, p.t.T("minutes.heading.attendance"))
	row := func(name string, c models.ClassPresence) []string {
		return []string{name, p.number(c.Roll), p.number(c.InPerson), p.number(c.Remote), p.number(c.Represented), p.number(c.Votes()), p.number(c.WithoutVote)}
	}
	rows := [][]string{{
		p.t.T("minutes.column.class"), p.t.T("minutes.column.roll"), p.t.T("minutes.column.in_person"), p.t.T("minutes.column.remote"),
		p.t.T("minutes.column.represented"), p.t.T("minutes.column.votes"), p.t.T("minutes.column.without_vote"),
	}}
	for _, c := range s.quorum.Classes {
		rows = append(rows, row(s.class(p, c.Class), c))
	}
	p.table(append(rows, row(p.t.T("minutes.column.total"), s.quorum.Total)))
	if s.assembly.OpenCall != 0 {
		v := s.quorum.At(s.assembly.OpenCall)
		p.WriteString(quorumSentence(p.t, v) + "\n\n")
		for _, k := range v.Classes {
			p.bullet("minutes.quorum.of_class", "Class", s.class(p, k.Class), "Present", p.number(k.Present), "Of", p.number(k.Roll), "Needed", k.Needed.String())
		}
		if len(v.Classes) > 0 {
			p.WriteString("\n")
		}
	}
}

// quorumSentence says what was needed, what there was, and by which article.
func quorumSentence(t *i18n.Texts, v quorum.Verdict) string {
	args := []any{"Present", weight(t, v), "Of", v.Of.String(), "Needed", v.Needed.String(), "Article", markdown.Plain(v.Article), "Votes", t.Number(v.Votes), "Fixed", t.Number(v.MinVotes)}
	switch {
	case v.Any && v.Weighed:
		return t.T("minutes.quorum.class_any", args...)
	case v.Any:
		return t.T("minutes.quorum.any", args...)
	case v.ByVotes && (v.Weighed || len(v.Classes) > 0):
		return t.T("minutes.quorum.fixed", args...)
	case len(v.Classes) > 0:
		return t.T("minutes.quorum.each_class", args...)
	case v.Weighed && v.Strict:
		return t.T("minutes.quorum.class_more", args...)
	case v.Weighed:
		return t.T("minutes.quorum.class", args...)
	}
	return t.T("minutes.quorum.person", args...)
}

// weight is a number of votes; by class, what the classes weigh, in per cent and exactly.
func weight(t *i18n.Texts, v quorum.Verdict) string {
	if !v.Weighed || v.Of.IsZero() {
		return v.Present.String()
	}
	share := v.Present.Div(v.Of)
	return t.PercentRat(share.Rat()) + " (" + v.Present.String() + ")"
}

func (s story) writeProxies(p *pen) {
	p.head(2, p.t.T("minutes.heading.proxies"))
	if len(s.proxies) == 0 {
		p.line("minutes.proxy.none")
		return
	}
	for _, x := range s.proxies {
		if x.RevokedAt == nil {
			p.bullet("minutes.proxy.whole", "Giver", s.name(x.GiverID), "Holder", s.name(x.HolderID))
			continue
		}
		p.bullet("minutes.proxy.until", "Giver", s.name(x.GiverID), "Holder", s.name(x.HolderID), "Time", p.t.Clock(*x.RevokedAt, p.loc))
	}
	p.WriteString("\n")
}

func (s story) writeItem(p *pen, n int, i models.AgendaItem) {
	p.head(3, fmt.Sprintf("%d. %s", n, markdown.Plain(i.Title)))
	if body := strings.TrimSpace(i.Body); body != "" {
		p.WriteString("> " + strings.ReplaceAll(body, "\n", "\n> ") + "\n\n")
	}
	if i.Decision == "" && len(s.polls[i.ID]) == 0 {
		p.line("minutes.item.information")
		return
	}
	if len(s.polls[i.ID]) == 0 {
		p.line("minutes.item.not_voted")
	}
	for _, poll := range s.polls[i.ID] {
		s.writePoll(p, poll)
	}
}

func (s story) writePoll(p *pen, poll models.Poll) {
	if poll.ClosedAt != nil && poll.Count != nil {
		s.writeCount(p, poll)
		return
	}
	r := poll.Result
	if poll.ClosedAt == nil || r == nil {
		return
	}
	p.line("minutes.poll.when", "Opened", p.t.Clock(poll.OpenedAt, p.loc), "Closed", p.t.Clock(*poll.ClosedAt, p.loc))
	s.writeVotes(p, *r)
	if r.Method == rules.MethodClass {
		p.line("minutes.poll.by_class", "Article", markdown.Plain(r.CountingArticle))
	} else {
		p.line("minutes.poll.by_person", "Article", markdown.Plain(r.CountingArticle))
	}
	s.writeSteps(p, only(r.Steps, capKeys))
	if !r.Base.IsZero() {
		p.line("minutes.poll."+needed(r.Majority), "Fraction", ratio.New(r.Majority.Num, r.Majority.Den).String(), "Base", r.Base.String(),
			"Bound", r.Bound.String(), "For", r.For.String(), "Of", p.t.T("minutes.base."+string(r.Majority.Base)), "Article", markdown.Plain(r.Article))
	}
	s.writeSteps(p, only(r.Steps, halfKeys))
	p.WriteString("**" + p.t.T("minutes.outcome."+string(r.Outcome)) + "**\n\n")
}

// capKeys are the steps of a cap, halfKeys those of a majority of the classes and of the quorum of a vote: the minutes
// say these in the words of the result's page.
var (
	capKeys  = []string{tally.StepCapAll, tally.StepCapUnder, tally.StepInsideCap, tally.StepCappedWeight}
	halfKeys = []string{
		tally.StepClassHalf, tally.StepClassesEach, tally.StepClassesMost,
		tally.StepQuorum, tally.StepQuorumMore, tally.StepQuorumVotes, tally.StepQuorumClass, tally.StepTurnout,
	}
)

// only keeps the steps that have one of some keys.
func only(steps []tally.Step, keys []string) []tally.Step {
	return slices.DeleteFunc(slices.Clone(steps), func(s tally.Step) bool { return !slices.Contains(keys, s.Key) })
}

// writeSteps writes steps of core/tally, if there are any.
func (s story) writeSteps(p *pen, steps []tally.Step) {
	for _, step := range steps {
		args := make([]any, 0, 2*len(step.Args))
		for name, value := range step.Args {
			switch name {
			case "class":
				value = s.class(p, value)
			case "article":
				value = markdown.Plain(value)
			}
			args = append(args, name, value)
		}
		p.bullet(step.Key, args...)
	}
	if len(steps) > 0 {
		p.WriteString("\n")
	}
}

func needed(m rules.Majority) string {
	if m.Strict {
		return "more_than"
	}
	return "at_least"
}

// writeVotes is the table of a result: votes of each class, and by class what they weigh.
func (s story) writeVotes(p *pen, r tally.Result) {
	head := []string{
		p.t.T("minutes.column.class"), p.t.T("minutes.column.votes"), p.t.T("minutes.column.for"), p.t.T("minutes.column.against"),
		p.t.T("minutes.column.abstain"), p.t.T("minutes.column.not_cast"),
	}
	row := func(name string, c tally.ClassCount) []string {
		return []string{name, p.number(c.Present), p.number(c.For), p.number(c.Against), p.number(c.Abstain), p.number(c.NotCast())}
	}
	byClass := r.Weighted()
	rows := [][]string{head}
	if byClass {
		rows[0] = append(rows[0], p.t.T("minutes.column.weight"))
	}
	lines := slices.SortedFunc(slices.Values(r.Lines), func(a, b tally.Line) int {
		return cmp.Compare(s.classes[a.Count.Class].Position, s.classes[b.Count.Class].Position)
	})
	for _, l := range lines {
		cells := row(s.class(p, l.Count.Class), l.Count)
		if byClass {
			cells = append(cells, l.Weight.String())
		}
		rows = append(rows, cells)
	}
	total := row(p.t.T("minutes.column.total"), r.Total)
	if byClass {
		total = append(total, "")
	}
	p.table(append(rows, total))
}

func (s story) class(p *pen, code string) string {
	if c, ok := s.classes[code]; ok {
		return markdown.Plain(c.Name(p.t.Lang()))
	}
	return markdown.Plain(code)
}

// name is how the minutes name a member: the name others see, and the number.
func (s story) name(id models.MemberID) string {
	m, ok := s.members[id]
	if !ok {
		return "–"
	}
	return fmt.Sprintf("%s (%d)", markdown.Plain(m.Name), m.Number)
}
