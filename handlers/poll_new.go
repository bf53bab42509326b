package handlers

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/polls"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/money"
	"socia/core/paper"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/polls"
	"socia/views/ui"
)

// newPollForm is a new poll as it is typed. Numbers are texts, so that a page after faults shows what was typed.
type newPollForm struct {
	Method        string `form:"method"`
	Question      string `form:"question"`
	Body          string `form:"body"`
	Options       string `form:"options" validate:"max=60000"`
	Seats         string `form:"seats"`
	Most          string `form:"most"`
	Top           string `form:"top"`
	Blanks        string `form:"blanks"`
	Dots          string `form:"dots"`
	Amount        string `form:"amount"`
	StandAsides   string `form:"stand_asides"`
	Strata        string `form:"strata"`
	Reasons       string `form:"reasons"`
	Live          string `form:"live"`
	Quorum        string `form:"quorum"`
	Topic         string `form:"topic"`
	Remind        string `form:"remind"`
	Default       string `form:"default"`
	DefaultQuorum string `form:"default_quorum"`
	DefaultMost   string `form:"default_majority"`
	Alternate     string `form:"alternate"`
	ParityGroup   string `form:"parity_group"`
	ParityAtLeast string `form:"parity_at_least"`
	OpensAt       string `form:"opens_at"`
	ClosesAt      string `form:"closes_at"`
	Item          int64  `form:"item"`
	Rerun         int64  `form:"rerun"`
	Once          string `form:"once" validate:"max=64"`
	Step          string `form:"step"` // review or edit; else the poll is made
}

// NewPoll asks first for the way of deciding, then for what it needs.
func (h *Handlers) NewPoll(c *fiber.Ctx) error {
	item, _ := strconv.ParseInt(c.Query("item"), 10, 64)
	method, ok := methods.ByName(methods.Name(c.Query("method")))
	if rerun, _ := strconv.ParseInt(c.Query("rerun"), 10, 64); rerun > 0 {
		return h.newRerun(c, models.PollID(rerun))
	}
	var point models.AgendaItem
	if item != 0 {
		var err error
		if point, err = h.Assemblies.Otherwise(c.UserContext(), web.Actor(c), models.AgendaItemID(item)); err != nil {
			return err
		}
	}
	if !ok || item != 0 && method.Name == methods.Motion {
		return h.Page(c, pages.Methods(h.methodsPage(c, item)))
	}
	form := usualPlan(method)
	form.Item, form.Question = item, point.Title
	return h.Page(c, pages.New(h.newPollPage(c, form, nil)))
}

// usualPlan is what the form begins with.
func usualPlan(m methods.Method) newPollForm {
	f := newPollForm{Method: string(m.Name), Seats: "1", Most: "1", Top: "5", Blanks: "zero", Dots: "5", Reasons: string(models.ReasonsOptional), Remind: "24"}
	if m.Group == methods.Several {
		f.Seats = "3"
	}
	if m.Form == paper.Rank {
		f.Most = "" // all
	}
	if m.Name == methods.Consent || m.Name == methods.Advice {
		f.Live = "1" // objections and advice are there to be answered
	}
	return f
}

// newRerun is the form of a poll that repeats a void one.
func (h *Handlers) newRerun(c *fiber.Ctx, id models.PollID) error {
	v, err := h.Polls.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if v.Void == nil {
		return fault.Conflict("polls.not_void")
	}
	if v.RepeatedBy != nil {
		return fault.Conflict("polls.repeated_already")
	}
	s, number := v.Poll.Setup, func(n int) string { return strconv.Itoa(n) }
	form := newPollForm{
		Method: string(v.Poll.Method), Question: v.Poll.Question, Body: v.Poll.Body, Seats: number(s.Seats), Most: number(s.Most), Top: number(s.Top), Blanks: s.Blanks,
		Dots: number(s.Dots), Amount: money.Cents(s.AmountCents).String(), StandAsides: number(s.StandAsides), Reasons: string(s.Reasons), Quorum: number(s.QuorumPercent), Topic: s.Topic,
		Remind: number(s.RemindHours), ParityGroup: s.ParityGroup, ParityAtLeast: number(s.ParityAtLeast), Rerun: int64(id), Default: number(s.Default), DefaultQuorum: number(s.DefaultQuorum), DefaultMost: number(s.DefaultMajority), Alternate: ticked(s.Alternate), Strata: ticked(s.Strata), Live: ticked(s.Live),
	}
	if s.Most == 0 {
		form.Most = ""
	}
	if v.Poll.AgendaItemID != nil {
		form.Item = int64(*v.Poll.AgendaItemID)
	}
	for _, o := range v.Options {
		line := o.Label
		switch {
		case o.CostCents > 0:
			line += " | " + money.Cents(o.CostCents).String()
		case o.Number != 0:
			line += " | " + strconv.FormatInt(o.Number, 10)
		case o.Detail != "":
			line += " | " + o.Detail
		}
		form.Options += line + "\n"
	}
	return h.Page(c, pages.New(h.newPollPage(c, form, nil)))
}

func ticked(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// CreatePoll puts a question to all who may vote, or, on an agenda item, to those present and represented.
func (h *Handlers) CreatePoll(c *fiber.Ctx) error {
	form, err := web.Decode[newPollForm](c)
	var id models.PollID
	switch {
	case err != nil:
	case form.Step == "":
		id, err = h.createPoll(c, form)
	default:
		err = h.checkPoll(c, form)
	}
	if _, known := methods.ByName(methods.Name(form.Method)); known && form.Step == editStep {
		return h.Page(c, pages.New(h.newPollPage(c, form, nil)))
	}
	if err == nil && form.Step != "" {
		return h.reviewPoll(c, form)
	}
	if err == nil {
		return h.See(c, pathID("/polls/", id, ""), "polls.done.planned")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	if _, known := methods.ByName(methods.Name(form.Method)); !known { // no form of ours says so: begin again with the ways
		page := h.methodsPage(c, form.Item)
		page.Frame.Flash = &ui.Flash{Kind: ui.No, Text: h.T(c).T("ui.error.choose")}
		return h.PageStatus(c, status, pages.Methods(page))
	}
	return h.PageStatus(c, status, pages.New(h.newPollPage(c, form, e)))
}

func (h *Handlers) createPoll(c *fiber.Ctx, form newPollForm) (models.PollID, error) {
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return 0, err
	}
	plan, wrong := form.plan(coop.Location())
	if wrong != nil {
		return 0, fault.Join(wrong, h.Polls.CheckPlan(c.UserContext(), plan, form.Item == 0))
	}
	if form.Item != 0 {
		return h.Assemblies.PutToVote(c.UserContext(), web.Actor(c), models.AgendaItemID(form.Item), plan.Question, plan.ClosesAt, form.Once)
	}
	return h.Polls.Plan(c.UserContext(), web.Actor(c), plan, form.Once)
}

// editStep is the button that leads from a review back to the form.
const editStep = "edit"

// checkPoll says what is wrong with a poll before it is shown for review.
func (h *Handlers) checkPoll(c *fiber.Ctx, form newPollForm) error {
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	plan, wrong := form.plan(coop.Location())
	return fault.Join(wrong, h.Polls.CheckPlan(c.UserContext(), plan, form.Item == 0))
}

// reviewPoll shows what a poll will be, before it is made and those who may vote are told.
func (h *Handlers) reviewPoll(c *fiber.Ctx, form newPollForm) error {
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	t, drawn := h.T(c), h.newPollPage(c, form, nil)
	p := pages.PollReviewPage{Frame: drawn.Frame, Title: t.T("polls.review.title"), Lead: t.T("polls.review.lead"), Do: t.T("polls.new.do"), Form: drawn.Form, Hidden: drawn.Hidden}
	p.Review.Rows = []ui.Pair{{Term: t.T("polls.head.method"), Text: methodName(t, methods.Name(form.Method))}}
	for _, f := range slices.Concat(drawn.Asked, drawn.Method, drawn.Held) {
		if words := typedWords(t, f, coop.Location()); words != "" {
			p.Review.Rows = append(p.Review.Rows, ui.Pair{Term: f.Label, Text: words})
		}
		if f.Type != "checkbox" || f.Checked {
			p.Hidden = append(p.Hidden, ui.Pair{Term: f.Name, Text: f.Value})
		}
	}
	return h.Page(c, pages.Review(p))
}

// typedWords says what was typed into a field as a person reads it; nothing of an empty field.
func typedWords(t *i18n.Texts, f ui.Field, loc *time.Location) string {
	switch {
	case f.Type == "checkbox" && f.Checked:
		return t.T("ui.word.yes")
	case f.Type == "checkbox":
		return ""
	case f.Name == "opens_at" && f.Value == "":
		return t.T("polls.review.now")
	case f.Type == "datetime-local" && f.Value != "":
		if at, wrong := hour(f.Name, f.Value, loc); wrong == nil {
			return t.Time(at, loc)
		}
	case f.Name == "options":
		return strings.Join(strings.FieldsFunc(f.Value, func(r rune) bool { return r == '\n' || r == '\r' }), " · ")
	}
	for _, o := range f.Options {
		if o.Value == f.Value {
			return o.Label
		}
	}
	return f.Value
}

// plan reads what was typed.
func (f newPollForm) plan(loc *time.Location) (polls.Plan, error) {
	r := planReader{}
	p := polls.Plan{Question: polls.Question{Question: f.Question, Body: f.Body, Method: methods.Name(f.Method), RerunOf: models.PollID(f.Rerun)}}
	s := &p.Setup
	s.Topic, s.Reasons, s.Live, s.ParityGroup = f.Topic, models.Reasons(f.Reasons), f.Live != "", f.ParityGroup
	s.QuorumPercent, s.RemindHours = r.number("quorum", f.Quorum), r.number("remind", f.Remind)
	method, _ := methods.ByName(p.Method)
	if method.Answer == methods.None {
		s.Reasons, s.Live = models.ReasonsNone, false
	}
	if method.Seats {
		s.Seats = r.number("seats", f.Seats)
	}
	if method.Parity() {
		s.ParityAtLeast = r.number("parity_at_least", f.ParityAtLeast)
	}
	if method.Ranks() {
		s.Alternate = f.Alternate != ""
	}
	if method.Form == paper.Rank {
		s.Most = r.number("most", f.Most)
	}
	switch method.Name {
	case methods.Debian:
		s.Default, s.DefaultQuorum, s.DefaultMajority = r.number("default", f.Default), r.number("default_quorum", f.DefaultQuorum), r.number("default_majority", f.DefaultMost)
	case methods.Choose:
		s.Most = r.number("most", f.Most)
	case methods.Score:
		s.Top, s.Blanks = r.number("top", f.Top), f.Blanks
	case methods.Dots:
		s.Dots = r.number("dots", f.Dots)
	case methods.Greedy, methods.EqualShares:
		cents, wrong := web.Cents("amount", f.Amount)
		r.add(wrong)
		s.AmountCents = cents
	case methods.Consensus:
		s.StandAsides = r.number("stand_asides", f.StandAsides)
	case methods.Sortition:
		s.Strata = f.Strata != ""
	case methods.Motion, methods.Consent, methods.Advice, methods.Approval, methods.OptIn, methods.Times, methods.IRV, methods.Scottish, methods.WIGM, methods.Meek,
		methods.Schulze, methods.RankedPairs, methods.Borda:
	}
	if method.Answer == methods.None {
		s.Reasons = models.ReasonsNone // nobody votes
	}
	if method.Offers() {
		p.Options = r.options(f.Options, method)
	}
	if f.OpensAt != "" {
		p.OpensAt = r.hour("opens_at", f.OpensAt, loc)
	}
	if f.ClosesAt != "" {
		p.ClosesAt = r.hour("closes_at", f.ClosesAt, loc)
	}
	return p, fault.All(r.wrong...)
}

// planReader collects what cannot be read.
type planReader struct{ wrong []*fault.Fault }

func (r *planReader) add(f *fault.Fault) {
	if f != nil {
		r.wrong = append(r.wrong, f)
	}
}

func (r *planReader) number(field, typed string) int {
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		r.add(fault.Invalid(field, "ui.error.number"))
	}
	return n
}

func (r *planReader) hour(field, typed string, loc *time.Location) *time.Time {
	at, wrong := hour(field, typed, loc)
	r.add(wrong)
	at = at.UTC()
	return &at
}

// options reads a line for each option: its name, and after a bar what the method wants to know: what it costs, or the
// number of the member who is a candidate.
func (r *planReader) options(typed string, m methods.Method) (all []polls.NewOption) {
	for line := range strings.SplitSeq(typed, "\n") {
		label, more, _ := strings.Cut(line, "|")
		o := polls.NewOption{Label: strings.Join(strings.Fields(label), " ")}
		more = strings.TrimSpace(more)
		if o.Label == "" && more == "" {
			continue
		}
		switch {
		case m.Group == methods.Money:
			cents, wrong := web.Cents("options", more)
			if wrong != nil {
				r.add(fault.Invalid("options", "polls.setup.cost", map[string]any{"Option": o.Label}))
			}
			o.CostCents = cents
		case (m.Parity() || m.Ranks()) && more != "":
			n, err := strconv.ParseInt(more, 10, 64)
			if err != nil || n < 1 {
				r.add(fault.Invalid("options", "polls.setup.candidate", map[string]any{"Option": o.Label}))
				n = 0 // told once
			}
			o.Number = n
		case more != "":
			o.Detail = more
		}
		all = append(all, o)
	}
	return all
}

// methodsPage lists the ways of deciding.
func (h *Handlers) methodsPage(c *fiber.Ctx, item int64) pages.MethodsPage {
	t := h.T(c)
	title := t.T("polls.methods.title")
	p := pages.MethodsPage{Frame: h.Frame(c, title, consultationCrumbs(t, title)...), Title: title}
	var group methods.Group
	for _, m := range methods.All() {
		if item != 0 && (m.Name == methods.Motion || m.Name == methods.Sortition) {
			continue
		}
		if m.Group != group {
			group = m.Group
			p.Groups = append(p.Groups, pages.MethodGroup{Title: t.T("methods.group." + string(group))})
		}
		g := &p.Groups[len(p.Groups)-1]
		href := "/polls/new?method=" + string(m.Name)
		if item != 0 {
			href += "&item=" + strconv.FormatInt(item, 10)
		}
		g.Methods = append(g.Methods, ui.Way{
			Name: methodName(t, m.Name), Lead: t.T("methods.lead." + string(m.Name)), Href: href,
			More: ui.Link{Label: t.T("polls.methods.how"), Href: "/methods/" + string(m.Name)}, MoreLabel: t.T("polls.methods.how_of", "Method", methodName(t, m.Name)),
		})
	}
	return p
}

func methodName(t *i18n.Texts, m methods.Name) string { return t.T("methods.name." + string(m)) }

func consultationCrumbs(t *i18n.Texts, title string) []ui.Crumb {
	return crumbs(t.T("ui.nav.decide"), "/decide", t.T("polls.list.title"), "/polls", title, "")
}
