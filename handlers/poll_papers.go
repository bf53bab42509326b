package handlers

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"socia/app/polls"
	"socia/core/ballots"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/paper"
	"socia/handlers/web"
	"socia/models"
	pages "socia/views/polls"
)

// typedPaper is what was typed on a paper; Blank is the tick of a blank vote beside marks.
type typedPaper struct {
	polls.Ballot
	Blank bool
}

// ballotsOf reads the papers of a ballot: those that are cast, and everything that was typed, also on papers on which
// nothing was marked. A field's name is what it says of which member: choice-ID, marks-ID, mark-ID-POSITION, blank-ID,
// reason-ID.
func ballotsOf(c *fiber.Ctx, method methods.Method, options int) (ballots []polls.Ballot, typed []typedPaper, err error) {
	papers := map[models.MemberID]*pages.PaperValues{}
	var order []models.MemberID
	for key, value := range c.Request().PostArgs().All() {
		what, rest, _ := strings.Cut(string(key), "-")
		id, position, _ := strings.Cut(rest, "-")
		switch what {
		case "choice", "marks", "mark", "blank", "reason":
		default:
			continue
		}
		n, parseErr := strconv.ParseInt(id, 10, 64)
		if parseErr != nil {
			err = fault.Invalid("choice", "polls.choose")
			continue
		}
		member := models.MemberID(n)
		if papers[member] == nil {
			papers[member] = &pages.PaperValues{Lines: map[string]string{}}
			order = append(order, member)
		}
		fill(papers[member], what, position, strings.Clone(string(value)))
	}
	was := wasOf(c)
	for _, member := range order {
		values := papers[member]
		b := polls.Ballot{Member: member, Reason: strings.TrimSpace(web.Visible(values.Reason))}
		values.Was = string(was[member])
		filled := pages.PaperText(method, options, *values)
		if filled.Given {
			b.Choice = models.Choice(filled.Text)
			ballots = append(ballots, b)
		}
		if filled.Both {
			err = fault.Join(err, fault.Invalid(paperField("choice", member), "polls.blank_and_marks"))
		}
		typed = append(typed, typedPaper{Ballot: b, Blank: filled.Both})
	}
	return ballots, typed, err
}

func fill(p *pages.PaperValues, what, position, value string) {
	switch what {
	case "choice":
		p.Choice = value
	case "marks":
		p.Marks = append(p.Marks, value)
	case "mark":
		p.Lines[position] = value
	case "blank":
		p.Blank = value != ""
	case "reason":
		p.Reason = value
	}
}

// wasOf reads what the papers of a form showed before they were filled in.
func wasOf(c *fiber.Ctx) map[models.MemberID]models.Choice {
	was := map[models.MemberID]models.Choice{}
	for key, value := range c.Request().PostArgs().All() {
		if id, ok := strings.CutPrefix(string(key), "was-"); ok {
			if n, err := strconv.ParseInt(id, 10, 64); err == nil {
				was[models.MemberID(n)] = models.Choice(strings.Clone(string(value)))
			}
		}
	}
	return was
}

// PollPapers is the papers of a closed poll as a file that `socia tally` and other programs count again: each way of
// filling in, how many votes say it, and a column for each option. It names nobody.
func (h *Handlers) PollPapers(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	options, papers, err := h.Polls.Papers(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	method, _, err := h.Polls.Asked(c.UserContext(), id)
	if err != nil {
		return err
	}
	head, names := ballots.MarksByOption, make([]string, len(options))
	if method.Form == paper.Rank {
		head = ballots.RanksByOption
	}
	for i, o := range options {
		names[i] = o.Label
	}
	var out strings.Builder
	if err := ballots.WriteCSV(&out, head, names, papers); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, "attachment; filename=\"poll-"+strconv.FormatInt(int64(id), 10)+"-papers.csv\"")
	return c.SendString(out.String())
}

// PollDraw is a draw as a file from which anybody can repeat it.
func (h *Handlers) PollDraw(c *fiber.Ctx) error {
	id, err := web.ID[models.PollID](c, "id")
	if err != nil {
		return err
	}
	file, err := h.Polls.DrawFile(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/tab-separated-values; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, "attachment; filename=\"poll-"+strconv.FormatInt(int64(id), 10)+"-draw.tsv\"")
	return c.SendString(file)
}
