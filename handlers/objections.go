package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/polls"
	"socia/core/fault"
	"socia/core/methods"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/polls"
	"socia/views/ui"
)

type resolutionForm struct {
	Member int64                `form:"member"`
	How    models.ResolutionHow `form:"how"`
	Words  string               `form:"words"`
}

// ResolveObjection proposes how an objection is answered.
func (h *Handlers) ResolveObjection(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[resolutionForm](c)
	if err == nil {
		err = h.Polls.Resolve(c.UserContext(), web.Actor(c), id, models.PollResolution{MemberID: models.MemberID(form.Member), How: form.How, Words: form.Words})
	}
	c.Locals(typedKey, form)
	return h.pollAct(c, id, err, "polls.done.resolved")
}

type confirmationForm struct {
	Resolution int64  `form:"resolution"`
	Says       string `form:"says"`
}

// What who objects says of the answer.
const (
	saysAgree  = "agree"
	saysStands = "stands"
)

// ConfirmAnswer takes what who objects says of the answer to their objection.
func (h *Handlers) ConfirmAnswer(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[confirmationForm](c)
	if err == nil && form.Says != saysAgree && form.Says != saysStands {
		err = fault.Invalid("says", "ui.error.choose")
	}
	if err == nil {
		err = h.Polls.Confirm(c.UserContext(), web.Actor(c), id, form.Resolution, form.Says == saysAgree)
	}
	return h.pollAct(c, id, err, "polls.done.confirmed")
}

// answering fills in again the answer to an objection that could not be stored.
func (h *Handlers) answering(c *fiber.Ctx, p *pages.BallotPage, e web.Errors) []ui.FieldError {
	form, ok := c.Locals(typedKey).(resolutionForm)
	member := pathID("", models.MemberID(form.Member), "")
	for i, o := range p.Objections {
		if !ok || o.Form == nil || o.Hidden[0].Text != member {
			continue
		}
		p.Objections[i].Open = true
		o.Fields[0].Value, o.Fields[0].Error = string(form.How), e["how"]
		o.Fields[1].Value, o.Fields[1].Error = form.Words, e["words"]
		return e.Of(o.Fields...)
	}
	return e.Of()
}

// objections are those of a poll, with the form that answers them if the reader facilitates, and the one that says whether
// the answer is agreed to if the reader may cast the vote of who objects.
func (h *Handlers) objections(c *fiber.Ctx, v polls.View, facilitates bool) (all []pages.Objection) {
	t := h.T(c)
	written := map[models.MemberID]int{} // who wrote words: where they stand
	for _, o := range v.Objections {
		if at, told := written[o.Delegate]; o.Delegate != 0 && told {
			all[at].Delegated = append(all[at].Delegated, o.Name)
			continue
		}
		written[o.Member] = len(all)
		row := pages.Objection{Name: o.Name, Word: pages.Word(t, v.Poll.Method, string(o.Choice)), Reason: o.Reason}
		if o.Delegate != 0 {
			row.ByDelegation = t.T("polls.named.delegate", "Name", o.By)
		}
		if r := o.Resolution; r != nil {
			row.Answered, row.Agreed = t.T("polls.objections."+string(r.How))+": "+r.Words, agreedText(t, v, o)
		}
		open := v.Poll.ClosedAt == nil && v.Poll.Method == methods.Consent
		if open && o.Yours && row.Agreed != "" {
			row.Confirm = h.confirmation(c, v, o)
		}
		if open && facilitates && (o.Agreed == nil || !*o.Agreed) {
			h.addAnswer(c, v, o, &row)
		}
		all = append(all, row)
	}
	return all
}

// heard says what was said so far: objections to all, advice to whoever asks for it.
func heard(t *i18n.Texts, v polls.View) pages.Heard {
	if !v.Decides || v.Poll.ClosedAt != nil || v.Poll.Waits {
		return pages.Heard{Title: t.T("polls.objections.title")}
	}
	said := pages.Heard{Title: t.T("polls.advice.so_far"), Text: t.T("polls.advice.only_you")}
	if len(v.Objections) == 0 {
		said.Text = t.T("polls.advice.none_yet")
	}
	return said
}

// agreedText says whether the answer to an objection was agreed to; "" for one that needs no agreement.
func agreedText(t *i18n.Texts, v polls.View, o polls.Objection) string {
	switch {
	case o.Resolution.How == models.ObjectionUpheld:
		return ""
	case o.Agreed != nil && *o.Agreed:
		return t.T("polls.objections.agreed")
	case o.Agreed != nil:
		return t.T("polls.objections.stands")
	case v.Poll.ClosedAt != nil:
		return t.T("polls.objections.unconfirmed")
	}
	return t.T("polls.objections.waiting")
}

// confirmation is the form of who objects.
func (h *Handlers) confirmation(c *fiber.Ctx, v polls.View, o polls.Objection) *pages.ActForm {
	t := h.T(c)
	says := ui.Field{
		Name: "says", Type: "radios", Label: t.T("polls.objections.confirm", "Name", o.Name), Hint: t.T("polls.objections.confirm_hint"), Required: true, Anchor: "says-" + pathID("", o.Member, ""),
		Options: []ui.Option{{Value: saysAgree, Label: t.T("polls.objections.agree")}, {Value: saysStands, Label: t.T("polls.objections.stand")}},
	}
	if o.Agreed != nil {
		says.Value = saysStands
		if *o.Agreed {
			says.Value = saysAgree
		}
	}
	return &pages.ActForm{
		Form:   ui.FormAttrs{Action: pollHref(v.Poll.ID) + "/confirmations", CSRF: h.CSRF(c), Label: t.T("polls.objections.confirm", "Name", o.Name)},
		Hidden: []ui.Pair{{Term: "resolution", Text: strconv.FormatInt(o.Resolution.ID, 10)}}, Fields: []ui.Field{says}, Submit: t.T("polls.objections.confirm_do"),
	}
}

// addAnswer adds the form with which who facilitates answers an objection.
func (h *Handlers) addAnswer(c *fiber.Ctx, v polls.View, o polls.Objection, row *pages.Objection) {
	t, id := h.T(c), pathID("", o.Member, "")
	row.Form = &ui.FormAttrs{Action: pollHref(v.Poll.ID) + "/resolutions", CSRF: h.CSRF(c), Label: t.T("polls.objections.answer_to", "Name", o.Name)}
	row.Hidden = []ui.Pair{{Term: "member", Text: id}}
	hows := ui.Field{Name: "how", Type: "select", Label: t.T("polls.objections.how"), Required: true, Anchor: "how-" + id}
	if o.Resolution != nil {
		hows.Value = string(o.Resolution.How)
	}
	for _, how := range []models.ResolutionHow{models.ResolvedByAmendment, models.ObjectionWithdrawn, models.ObjectionEased, models.ObjectionUpheld} {
		hows.Options = append(hows.Options, ui.Option{Value: string(how), Label: t.T("polls.objections." + string(how))})
	}
	words := ui.Field{Name: "words", Type: "area", Label: t.T("polls.objections.words"), Required: true, Rows: 3, Anchor: "words-" + id}
	row.Fields = []ui.Field{hows, words}
}
