package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/app/proposals"
	"socia/app/transparency"
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
	page := pages.DecidePage{
		Frame: h.Frame(c, t.T("proposals.decide.title")), Proposals: proposalTable(t, list, coop.Location(), models.ProposalPublished), MayWrite: member,
		More: []ui.Action{{Label: t.T("proposals.decide.all"), Href: "/proposals", Kind: ui.Quiet}},
	}
	if web.Insiders.Allows(by) {
		page.More = append(page.More, ui.Action{Label: t.T("proposals.decide.all_assemblies"), Href: "/assemblies", Kind: ui.Quiet})
	}
	if err := h.addNeeds(c, &page); err != nil {
		return err
	}
	return h.Page(c, pages.Decide(page))
}

// addNeeds adds what waits for the reader to decide: open votes, and assemblies to come or to prepare.
func (h *Handlers) addNeeds(c *fiber.Ctx, page *pages.DecidePage) error {
	if !web.Actor(c).SignedIn() {
		return nil
	}
	home, err := h.Transparency.Home(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	for _, n := range home.Needs {
		switch n.Kind {
		case transparency.NeedVote:
			page.Votes = append(page.Votes, todo(h.T(c), home.Coop, n))
		case transparency.NeedFacilitate, transparency.NeedAssembly, transparency.NeedMinutes:
			page.Assemblies = append(page.Assemblies, todo(h.T(c), home.Coop, n))
		case transparency.NeedStatement, transparency.NeedSuspended, transparency.NeedOverdue, transparency.NeedPay,
			transparency.NeedApplication, transparency.NeedApply, transparency.NeedSupport, transparency.NeedNotices,
			transparency.NeedCases, transparency.NeedChoose:
		}
	}
	return nil
}
