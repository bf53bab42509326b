package handlers

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/app/proposals"
	"socia/core/civil"
	"socia/core/rules"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/proposals"
	"socia/views/ui"
)

type supportForm struct {
	Member int64  `form:"member"`
	Once   string `form:"once" validate:"max=64"`
}

// SupportProposal records that a member supports a proposal.
func (h *Handlers) SupportProposal(c *fiber.Ctx) error {
	return h.support(c, "proposals.done.supported", func(by identity.Actor, id models.ProposalID, m models.MemberID, once string) error {
		return h.Proposals.Support(c.UserContext(), by, id, m, once)
	})
}

// EndSupport takes a member's support back.
func (h *Handlers) EndSupport(c *fiber.Ctx) error {
	return h.support(c, "proposals.done.support_taken_back", func(by identity.Actor, id models.ProposalID, m models.MemberID, once string) error {
		return h.Proposals.TakeBack(c.UserContext(), by, id, m, once)
	})
}

func (h *Handlers) support(c *fiber.Ctx, done string, act func(identity.Actor, models.ProposalID, models.MemberID, string) error) error {
	id, err := web.ID[models.ProposalID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[supportForm](c)
	if err != nil {
		return err
	}
	if err := act(web.Actor(c), id, models.MemberID(form.Member), form.Once); err != nil {
		return err
	}
	return h.See(c, pathID("/proposals/", id, ""), done)
}

// supportOf says how much support there is, what it obliges to, and what the reader can do.
func (h *Handlers) supportOf(c *fiber.Ctx, s proposals.Sheet, loc *time.Location) *pages.Support {
	t := h.T(c)
	box := pages.Support{Rule: supportRule(t, s.Threshold)}
	missing := s.Threshold.Needed - s.Supporters
	count, needed := t.Number(int64(s.Supporters)), t.Number(int64(s.Threshold.Needed))
	box.Word = t.T("proposals.support.of", "Count", count, "Needed", needed)
	if s.Threshold.Reached(s.Supporters) {
		box.Kind, box.Text = ui.Yes, t.T("proposals.support.obliges", "Article", s.Threshold.Rule.Article)
	} else {
		box.Kind, box.Text = ui.Wait, t.N("proposals.support.missing", missing)
		box.Bar = &ui.Bar{Title: box.Word, Parts: []ui.Part{{Label: t.N("proposals.support.have", s.Supporters), Count: int64(s.Supporters), Kind: ui.Yes}, {Label: t.N("proposals.support.lack", missing), Count: int64(missing), Kind: ui.Plain}}}
	}
	if s.Proposal.State != models.ProposalPublished {
		box.Kind, box.Bar, box.Text = ui.Plain, nil, t.T("proposals.support.over")
		return &box
	}
	if s.Changed {
		box.Changed, box.ChangeHref = t.T("proposals.support.changed"), compareHref(s.Proposal.ID, supportedVersion(s), s.Text.Number)
	}
	for _, m := range s.Mine {
		box.Mine = append(box.Mine, h.mineOf(c, s, m, loc))
	}
	return &box
}

// supportedVersion is the newest version that the reader had in front of them when they first supported.
func supportedVersion(s proposals.Sheet) int64 {
	number := int64(1)
	for _, v := range s.Versions {
		for _, m := range s.Mine {
			if m.Since != nil && m.Since.Before(s.Text.CreatedAt) && !v.CreatedAt.After(*m.Since) {
				number = max(number, v.Number)
			}
		}
	}
	return number
}

func (h *Handlers) mineOf(c *fiber.Ctx, s proposals.Sheet, m proposals.Own, loc *time.Location) pages.Mine {
	t := h.T(c)
	mine := pages.Mine{
		Member: strconv.FormatInt(int64(m.Member.ID), 10),
		Text:   t.T("proposals.support.not_yet", "Member", m.Member.Name),
		Form:   ui.FormAttrs{Action: pathID("/proposals/", s.Proposal.ID, "/support"), CSRF: h.CSRF(c), Once: web.NewOnce(), Label: t.T("proposals.support.title") + ": " + m.Member.Name},
		Act:    ui.Action{Label: t.T("proposals.support.do"), Label2: m.Member.Name},
	}
	if m.Since != nil {
		mine.Text = t.T("proposals.support.since", "Member", m.Member.Name, "Day", t.LongDate(civil.Of(*m.Since, loc)))
		mine.Form.Action += "/end"
		mine.Act = ui.Action{Label: t.T("proposals.support.undo"), Label2: m.Member.Name, Kind: ui.Quiet}
	}
	return mine
}

func supportRule(t *i18n.Texts, th proposals.Threshold) ui.Rule {
	members, needed := t.Number(int64(th.Members)), t.Number(int64(th.Needed))
	rule := ui.Rule{Title: t.T("proposals.support.rule"), Rule: t.T("proposals.support.rule_text", "Percent", t.Percent(int64(th.Rule.Percent), 100)),
		Arithmetic: []string{t.T("proposals.support.sum", "Percent", t.Percent(int64(th.Rule.Percent), 100), "Members", members, "Needed", t.Number(int64(plainShare(th))))}, Article: th.Rule.Article}
	if plainShare(th) > th.Needed {
		rule.Arithmetic = append(rule.Arithmetic, t.T("proposals.support.cap", "Needed", needed))
	}
	return rule
}

// plainShare is the part of the members that the rule takes, before any cap.
func plainShare(th proposals.Threshold) int {
	return rules.Support{Percent: th.Rule.Percent}.NeededSupporters(th.Members)
}
