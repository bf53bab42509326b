package handlers

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/operations"
	"socia/handlers/web"
	"socia/platform/i18n"
	pages "socia/views/admin"
	"socia/views/ui"
)

// AdminIndex lists what administrators do, with how much of it there is.
func (h *Handlers) AdminIndex(c *fiber.Ctx) error {
	t := h.T(c)
	n, err := h.Operations.Counts(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	failed := ui.BadgeCell(ui.Yes, t.T("admin.none_failed"))
	if n.DeadLetters > 0 {
		failed = ui.BadgeCell(ui.No, t.N("admin.failed", int(n.DeadLetters)))
	}
	letters := ui.Text(t.N("admin.letters", int(n.KeptLetters)))
	if host := h.Operations.MailServer(); host != "" {
		letters = ui.Text(host)
	}
	items := ui.Table{Caption: t.T("admin.title"), HideCaption: true, Columns: []ui.Column{{Label: t.T("admin.what")}, {Label: t.T("admin.now")}}}
	items.Rows = [][]ui.Cell{
		{{Text: t.T("identity.roles.title"), Href: "/admin/roles", Note: t.T("admin.roles_note")}, ui.Text(t.N("admin.terms", int(n.RunningTerms)))},
		{{Text: t.T("identity.accounts.title"), Href: "/admin/accounts", Note: t.T("admin.accounts_note")}, ui.Cell{}},
		{{Text: t.T("admin.import"), Href: "/members/import", Note: t.T("admin.import_note")}, ui.Cell{}},
		{{Text: t.T("statutes.title"), Href: "/admin/statutes", Note: t.T("admin.statutes_note")}, ui.Text(t.T("statutes.version_n", "Version", t.Number(n.StatutesVersion)))},
		{{Text: t.T("fees.bank.title"), Href: "/fees/account", Note: t.T("fees.bank.note")}, ui.Cell{}},
		{{Text: t.T("admin.mail.title"), Href: "/admin/mail", Note: t.T("admin.mail_note")}, letters},
		{{Text: t.T("admin.jobs.title"), Href: "/admin/jobs", Note: t.T("admin.jobs_note")}, failed},
		{{Text: t.T("admin.state.title"), Href: "/admin/state", Note: t.T("admin.state_note")}, ui.Cell{}},
	}
	return h.Page(c, pages.Index(pages.IndexPage{Frame: h.Frame(c, t.T("admin.title")), Items: items}))
}

func (h *Handlers) adminFrame(c *fiber.Ctx, title string) ui.Frame {
	return h.Frame(c, title, crumbs(h.T(c).T("ui.nav.admin"), "/admin", title, "")...)
}

// AdminMail shows the letters that no mail server took.
func (h *Handlers) AdminMail(c *fiber.Ctx) error {
	t := h.T(c)
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	kept, err := h.Operations.Letters(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	page := pages.MailPage{Frame: h.adminFrame(c, t.T("admin.mail.title")), Server: h.Operations.MailServer()}
	for _, m := range kept {
		page.Letters = append(page.Letters, pages.Letter{To: m.Recipient, Subject: m.Subject, When: t.ShortTime(m.SentAt, coop.Location()), Paragraphs: letterParagraphs(m.Body)})
	}
	return h.Page(c, pages.Mail(page))
}

// paragraphs cuts a plain text at its empty lines, and each part into lines.
func letterParagraphs(text string) [][]string {
	var out [][]string
	for _, part := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if part = strings.Trim(part, "\n"); part != "" {
			out = append(out, strings.Split(part, "\n"))
		}
	}
	return out
}

// AdminJobs lists work that failed for good.
func (h *Handlers) AdminJobs(c *fiber.Ctx) error {
	t := h.T(c)
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	letters, err := h.Operations.DeadLetters(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	page := pages.JobsPage{Frame: h.adminFrame(c, t.T("admin.jobs.title"))}
	page.Jobs = ui.Table{Caption: t.T("admin.jobs.title"), HideCaption: true, Empty: &ui.Empty{Title: t.T("admin.jobs.empty"), Text: t.T("admin.jobs.empty_text")},
		Columns: []ui.Column{{Label: t.T("admin.jobs.job")}, {Label: t.T("admin.jobs.when")}, {Label: t.T("admin.jobs.attempts"), Num: true}, {Label: t.T("admin.jobs.error")}, {Label: t.T("admin.jobs.again")}}}
	for _, l := range letters {
		name := t.T("admin.jobs.number", "Job", l.Job, "ID", strconv.FormatInt(l.ID, 10))
		page.Jobs.Rows = append(page.Jobs.Rows, []ui.Cell{
			ui.Text(name), ui.Text(t.ShortTime(l.FailedAt, coop.Location())), ui.Text(t.Number(l.Attempts)), ui.Text(firstLine(l.Error)),
			ui.BodyCell(pages.Rerun(page.Frame, pathID("/admin/jobs/", l.ID, "/rerun"), name)),
		})
	}
	return h.Page(c, pages.Jobs(page))
}

const errorMost = 200

// firstLine keeps a failure to what a table can hold; the log has the rest.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if runes := []rune(line); len(runes) > errorMost {
		line = string(runes[:errorMost]) + "…"
	}
	return line
}

// RerunJob puts work that failed back into the queue.
func (h *Handlers) RerunJob(c *fiber.Ctx) error {
	id, err := web.ID[int64](c, "id")
	if err != nil {
		return err
	}
	if err := h.Operations.Rerun(c.UserContext(), web.Actor(c), id); err != nil {
		return err
	}
	return h.See(c, "/admin/jobs", "admin.done.rerun")
}

// AdminState says how the installation is.
func (h *Handlers) AdminState(c *fiber.Ctx) error {
	t := h.T(c)
	state, err := h.Operations.State(c.UserContext(), web.Actor(c), c.Query("check") == "1")
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	page := pages.StatePage{Frame: h.adminFrame(c, t.T("admin.state.title")), Program: programPairs(t, state)}
	page.Database = []ui.Pair{
		{Term: t.T("admin.state.kind"), Text: t.T("admin.state." + string(state.Database))},
		{Term: t.T("admin.state.schema"), Text: t.T("admin.state.schema_is", "Have", t.Number(state.Schema.Have), "Need", t.Number(state.Schema.Need))},
		{Term: t.T("admin.state.zone"), Text: coop.TimeZone},
		{Term: t.T("admin.state.currency"), Text: coop.Currency},
	}
	page.Audit = auditPairs(t, state.Audit, coop.Location())
	switch {
	case !state.Audit.Checked:
		page.CheckHref = "/admin/state?check=1"
	case state.Audit.Problem != "":
		page.Kind, page.Verdict, page.Detail = ui.No, t.T("admin.state.broken"), state.Audit.Problem
	case state.Audit.Sealed == 0:
		page.Kind, page.Verdict = ui.Plain, t.T("admin.state.nothing_to_check")
	default:
		page.Kind, page.Verdict = ui.Yes, t.T("admin.state.whole")
	}
	return h.Page(c, pages.State(page))
}

func programPairs(t *i18n.Texts, s operations.State) []ui.Pair {
	mail := t.T("admin.state.mail_kept")
	if s.MailServer != "" {
		mail = s.MailServer
	}
	return []ui.Pair{
		{Term: t.T("admin.state.version"), Text: orDash(s.Version)},
		{Term: t.T("admin.state.go"), Text: s.Go},
		{Term: t.T("admin.state.base_url"), Text: orDash(s.BaseURL)},
		{Term: t.T("admin.state.listen"), Text: orDash(s.Listen)},
		{Term: t.T("admin.state.metrics"), Text: orDash(s.MetricsListen)},
		{Term: t.T("admin.state.proxies"), Text: orDash(strings.Join(s.TrustedProxies, ", "))},
		{Term: t.T("admin.state.mail"), Text: mail},
		{Term: t.T("admin.state.mail_from"), Text: orDash(s.MailFrom)},
	}
}

func auditPairs(t *i18n.Texts, a operations.Audit, zone *time.Location) []ui.Pair {
	last := t.T("admin.state.never_sealed")
	if a.SealedAt != nil {
		last = t.Time(*a.SealedAt, zone)
	}
	pairs := []ui.Pair{
		{Term: t.T("admin.state.sealed"), Text: t.Number(a.Sealed)},
		{Term: t.T("admin.state.loose"), Text: t.Number(a.Loose)},
		{Term: t.T("admin.state.last_seal"), Text: last},
	}
	if a.Root != "" {
		pairs = append(pairs, ui.Pair{Term: t.T("admin.state.root"), Body: ui.Code(a.Root)})
	}
	return pairs
}
