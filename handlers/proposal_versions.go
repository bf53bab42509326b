package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/proposals"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/markdown"
	pages "socia/views/proposals"
	"socia/views/ui"
)

// ShowVersion is one version of a proposal's text.
func (h *Handlers) ShowVersion(c *fiber.Ctx) error {
	id, err := web.ID[models.ProposalID](c, "id")
	if err != nil {
		return err
	}
	number, err := web.ID[int64](c, "number")
	if err != nil {
		return err
	}
	_, v, err := h.Proposals.Read(c.UserContext(), web.Actor(c), id, number)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	t := h.T(c)
	page := pages.VersionPage{
		Frame: h.Frame(c, v.Title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("proposals.list.title"), "/proposals", v.Title, pathID("/proposals/", id, ""), t.T("proposals.version.named", "Version", number), "")...),
		Meta:  t.T("proposals.version.meta", "Version", number, "When", t.Time(v.CreatedAt, coop.Location())), Body: ui.SafeHTML(markdown.HTML(v.Body)),
		Acts: []ui.Action{{Label: t.T("proposals.version.current"), Href: pathID("/proposals/", id, ""), Kind: ui.Quiet}},
	}
	if number > 1 {
		page.Acts = append(page.Acts, ui.Action{Label: t.T("proposals.compare.with", "Version", number-1), Href: compareHref(id, number-1, number), Kind: ui.Quiet})
	}
	return h.Page(c, pages.Version(page))
}

// CompareVersions shows what changed between two versions; without from and to, in the last change.
func (h *Handlers) CompareVersions(c *fiber.Ctx) error {
	id, err := web.ID[models.ProposalID](c, "id")
	if err != nil {
		return err
	}
	s, err := h.Proposals.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	from, err := versionQuery(c, "from", max(1, s.Text.Number-1))
	if err != nil {
		return err
	}
	to, err := versionQuery(c, "to", s.Text.Number)
	if err != nil {
		return err
	}
	x, err := h.Proposals.Compare(c.UserContext(), web.Actor(c), id, from, to)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Compare(h.comparePage(c, s, x)))
}

// versionQuery reads a version's number from the address; what is none names no version.
func versionQuery(c *fiber.Ctx, name string, otherwise int64) (int64, error) {
	if c.Query(name) == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(c.Query(name), 10, 64)
	if err != nil {
		return 0, fault.NotFound("proposals.version_not_found")
	}
	return n, nil
}

func (h *Handlers) comparePage(c *fiber.Ctx, s proposals.Sheet, x proposals.Comparison) pages.ComparePage {
	t, id := h.T(c), s.Proposal.ID
	p := pages.ComparePage{
		Frame: h.Frame(c, t.T("proposals.compare.title"), crumbs(t.T("ui.nav.decide"), "/decide", t.T("proposals.list.title"), "/proposals", s.Text.Title, pathID("/proposals/", id, ""), t.T("proposals.compare.title"), "")...),
		Lead:  t.T("proposals.compare.lead", "From", x.From.Number, "To", x.To.Number),
		Same:  x.From.Title == x.To.Title && x.From.Body == x.To.Body, Title: diffParts(x.Title), Body: diffParts(x.Body),
	}
	from := ui.Field{Name: "from", Label: t.T("proposals.compare.from"), Value: strconv.FormatInt(x.From.Number, 10), Required: true, Width: ui.Half}
	for _, v := range s.Versions {
		from.Options = append(from.Options, ui.Option{Value: strconv.FormatInt(v.Number, 10), Label: t.T("proposals.version.named", "Version", v.Number)})
	}
	to := from
	to.Name, to.Label, to.Value = "to", t.T("proposals.compare.to"), strconv.FormatInt(x.To.Number, 10)
	p.Choose = ui.Filter{Action: pathID("/proposals/", id, "/compare"), Fields: []ui.Field{from, to}}
	return p
}

func diffParts(pieces []proposals.Piece) []ui.DiffPart {
	parts := make([]ui.DiffPart, len(pieces))
	for i, p := range pieces {
		parts[i].Text = p.Text
		switch p.Change {
		case proposals.Same:
			parts[i].Kind = ui.Same
		case proposals.Gone:
			parts[i].Kind = ui.Removed
		case proposals.Added:
			parts[i].Kind = ui.Added
		}
	}
	return parts
}
