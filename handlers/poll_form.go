package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/core/methods"
	"socia/core/paper"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/polls"
	"socia/views/ui"
)

// newPollPage is the form of a new poll: first what is asked, then what the method needs, then how it is held.
func (h *Handlers) newPollPage(c *fiber.Ctx, form newPollForm, e web.Errors) pages.NewPage {
	t := h.T(c)
	method, _ := methods.ByName(methods.Name(form.Method))
	title := t.T("polls.new.title", "Method", methodName(t, method.Name))
	if form.Once == "" {
		form.Once = web.NewOnce()
	}
	p := pages.NewPage{
		Frame: h.Frame(c, title, consultationCrumbs(t, title)...), Title: title, Lead: t.T("methods.lead." + form.Method), Explained: "/methods/" + form.Method,
		Form:   ui.FormAttrs{Action: "/polls", CSRF: h.CSRF(c), Once: form.Once},
		Hidden: []ui.Pair{{Term: "method", Text: form.Method}, {Term: "item", Text: strconv.FormatInt(form.Item, 10)}, {Term: "rerun", Text: strconv.FormatInt(form.Rerun, 10)}},
		Back:   "/polls/new",
	}
	f := planFields{t: t, form: form, e: e}
	p.Asked, p.Method, p.Held = f.asked(method), f.method(method), f.held(method)
	var all []ui.Field
	for _, fields := range [][]ui.Field{p.Asked, p.Method, p.Held} {
		all = append(all, fields...)
	}
	p.Errors = e.Of(all...)
	return p
}

// planFields draws the fields of a new poll.
type planFields struct {
	t    *i18n.Texts
	form newPollForm
	e    web.Errors
}

func (f planFields) field(name, value string) ui.Field {
	return ui.Field{Name: name, Label: f.t.T("polls.field." + name), Value: value, Error: f.e[name]}
}

func (f planFields) hinted(name, value string) ui.Field {
	field := f.field(name, value)
	field.Hint = f.t.T("polls.field." + name + "_hint")
	return field
}

func (f planFields) number(name, value string, required bool) ui.Field {
	field := f.hinted(name, value)
	field.Type, field.Width, field.Required, field.Min = "number", ui.Digits, required, "0"
	return field
}

func (f planFields) tick(name, value string) ui.Field {
	field := f.hinted(name, "1")
	field.Type, field.Checked = "checkbox", value != ""
	return field
}

func (f planFields) asked(m methods.Method) []ui.Field {
	question := f.field("question", f.form.Question)
	question.Required, question.MaxLength, question.Autocomplete = true, 300, "off"
	body := f.hinted("body", f.form.Body)
	body.Type, body.Rows = "area", 5
	fields := []ui.Field{question, body}
	if !m.Offers() {
		return fields
	}
	options := f.field("options", f.form.Options)
	options.Type, options.Rows, options.Required = "area", 8, true
	switch {
	case m.Group == methods.Money:
		options.Hint = f.t.T("polls.field.options_cost")
	case m.Name == methods.Times:
		options.Hint = f.t.T("polls.field.options_times")
	case m.Parity() || m.Ranks():
		options.Hint = f.t.T("polls.field.options_candidates")
	default:
		options.Hint = f.t.T("polls.field.options_hint")
	}
	return append(fields, options)
}

func (f planFields) method(m methods.Method) (fields []ui.Field) {
	if m.Seats {
		fields = append(fields, f.number("seats", f.form.Seats, true))
	}
	if m.Form == paper.Rank {
		most := f.number("most", f.form.Most, false)
		most.Label, most.Hint = f.t.T("polls.field.most_ranks"), f.t.T("polls.field.most_ranks_hint")
		fields = append(fields, most)
	}
	switch m.Name {
	case methods.Debian:
		fields = append(fields, f.number("default", f.form.Default, false), f.number("default_quorum", f.form.DefaultQuorum, false), f.number("default_majority", f.form.DefaultMost, false))
	case methods.Choose:
		fields = append(fields, f.number("most", f.form.Most, true))
	case methods.Score:
		top := f.field("top", f.form.Top)
		top.Type, top.Required, top.Options = "radios", true, []ui.Option{{Value: "5", Label: f.t.T("polls.field.top_5")}, {Value: "10", Label: f.t.T("polls.field.top_10")}}
		blanks := f.field("blanks", f.form.Blanks)
		blanks.Type, blanks.Required = "radios", true
		blanks.Options = []ui.Option{{Value: "zero", Label: f.t.T("polls.field.blanks_zero")}, {Value: "average", Label: f.t.T("polls.field.blanks_average")}}
		fields = append(fields, top, blanks)
	case methods.Dots:
		fields = append(fields, f.number("dots", f.form.Dots, true))
	case methods.Greedy, methods.EqualShares:
		amount := f.hinted("amount", f.form.Amount)
		amount.Type, amount.Required = "money", true
		fields = append(fields, amount)
	case methods.Consensus:
		fields = append(fields, f.number("stand_asides", f.form.StandAsides, false))
	case methods.Sortition:
		fields = append(fields, f.tick("strata", f.form.Strata))
	case methods.Motion, methods.Consent, methods.Advice, methods.Approval, methods.OptIn, methods.Times, methods.IRV, methods.Scottish, methods.WIGM, methods.Meek,
		methods.Schulze, methods.RankedPairs, methods.Borda:
	}
	if m.Ranks() {
		alternate := f.tick("alternate", f.form.Alternate)
		if m.Parity() {
			alternate.Hint = f.t.T("polls.field.alternate_or_least_hint")
		}
		fields = append(fields, alternate)
	}
	if m.Parity() || m.Ranks() {
		group := f.hinted("parity_group", f.form.ParityGroup)
		if m.Parity() {
			fields = append(fields, f.number("parity_at_least", f.form.ParityAtLeast, false))
		}
		fields = append(fields, group)
	}
	return fields
}

func (f planFields) held(m methods.Method) (fields []ui.Field) {
	if m.Answer != methods.None {
		reasons := f.field("reasons", f.form.Reasons)
		reasons.Type, reasons.Required = "radios", true
		for _, r := range []models.Reasons{models.ReasonsNone, models.ReasonsOptional, models.ReasonsRequired} {
			reasons.Options = append(reasons.Options, ui.Option{Value: string(r), Label: f.t.T("polls.reasons." + string(r))})
		}
		fields = append(fields, reasons, f.tick("live", f.form.Live))
	}
	closes := f.hinted("closes_at", f.form.ClosesAt)
	closes.Type, closes.Width = "datetime-local", ui.Half
	if f.form.Item != 0 {
		closes.Hint = f.t.T("polls.field.closes_at_item")
		return append(fields, closes)
	}
	closes.Required = true
	opens := f.hinted("opens_at", f.form.OpensAt)
	opens.Type, opens.Width = "datetime-local", ui.Half
	fields = append(fields, opens, closes)
	if m.Answer == methods.None {
		return fields
	}
	topic := f.hinted("topic", f.form.Topic)
	topic.MaxLength, topic.Autocomplete, topic.Width = 60, "off", ui.Half
	return append(fields, f.number("quorum", f.form.Quorum, false), f.number("remind", f.form.Remind, false), topic)
}
