package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/app/proposals"
	"socia/handlers/web"
	"socia/models"
	pages "socia/views/proposals"
	"socia/views/ui"
)

// ShowDecide is where deciding begins.
func (h *Handlers) ShowDecide(c *fiber.Ctx) error {
	t, by := h.T(c), web.Actor(c)
	list, err := h.Proposals.List(c.UserContext(), by, proposals.Filter{State: models.ProposalPublished})
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	_, member := by.Member()
	return h.Page(c, pages.Decide(pages.DecidePage{
		Frame: h.Frame(c, t.T("proposals.decide.title")), Proposals: proposalTable(t, list, coop.Location(), models.ProposalPublished), MayWrite: member,
		More: []ui.Action{{Label: t.T("proposals.decide.all"), Href: "/proposals", Kind: ui.Quiet}},
	}))
}
