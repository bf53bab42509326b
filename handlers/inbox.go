package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/identity"
)

// ShowInbox lists what the reader was told.
func (h *Handlers) ShowInbox(c *fiber.Ctx) error {
	t := h.T(c)
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	notices, err := h.Identity.Inbox(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	page := pages.InboxPage{Frame: h.Frame(c, t.T("identity.inbox.title")), CSRF: h.CSRF(c)}
	for i, n := range notices {
		if i == 0 {
			page.Newest = strconv.FormatInt(int64(n.ID), 10)
		}
		page.Unread = page.Unread || n.ReadAt == nil
		page.Notices = append(page.Notices, pages.Notice{Text: noticeText(t, n), When: t.ShortTime(n.CreatedAt, coop.Location()), Href: web.OwnPath(n.Href, ""), Unread: n.ReadAt == nil})
	}
	return h.Page(c, pages.Inbox(page))
}

type readForm struct {
	UpTo int64 `form:"up_to"`
}

// ReadInbox marks what the reader has seen as read.
func (h *Handlers) ReadInbox(c *fiber.Ctx) error {
	form, err := web.Decode[readForm](c)
	if err != nil {
		return err
	}
	if err := h.Identity.ReadAll(c.UserContext(), web.Actor(c), models.InboxNoticeID(form.UpTo)); err != nil {
		return err
	}
	return h.See(c, "/inbox", "")
}

func noticeText(t *i18n.Texts, n models.InboxNotice) string {
	args := make([]any, 0, 2*len(n.Args))
	for name, value := range n.Args {
		args = append(args, name, value)
	}
	return t.T(n.Kind, args...)
}
