package handlers

import (
	"io"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/ledger"
	corebooks "socia/core/books"
	"socia/core/civil"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/platform/i18n"
	"socia/views/ui"

	pages "socia/views/books"
)

// entriesShown is how many entries a page of the journal has; each has two or three lines.
const entriesShown = 25

// span is the days that a page of the books is about.
type span struct {
	from, to civil.Date
	first    int // the years that the books have, 0 when they are empty
	last     int
}

// booksSpan reads the span asked for; without one it is the last year in which something was booked.
func (h *Handlers) booksSpan(c *fiber.Ctx) (s span, err error) {
	if s.first, s.last, err = h.Ledger.Years(c.UserContext(), web.Actor(c)); err != nil {
		return s, err
	}
	from, wrongFrom := web.Day("from", c.Query("from"))
	to, wrongTo := web.Day("to", c.Query("to"))
	s.from, s.to = from, to
	if c.Query("from") == "" && c.Query("to") == "" && s.last > 0 {
		s.from, s.to = yearSpan(s.last)
	}
	return s, fault.All(wrongFrom, wrongTo)
}

func yearSpan(year int) (from, to civil.Date) {
	return civil.New(year, time.January, 1), civil.New(year, time.December, 31)
}

func (s span) query() url.Values {
	return url.Values{"from": {s.from.String()}, "to": {s.to.String()}}
}

func (s span) filter(t *i18n.Texts, action string) *ui.Filter {
	return &ui.Filter{Action: action, Fields: []ui.Field{
		{Name: "from", Label: t.T("ui.word.from"), Type: "date", Value: s.from.String()}, {Name: "to", Label: t.T("ui.word.until"), Type: "date", Value: s.to.String()},
	}}
}

// years are tabs to each year of the books, the newest first.
func (s span) years(t *i18n.Texts, action string) []ui.Tab {
	var tabs []ui.Tab
	for year := s.last; year >= s.first && year > 0; year-- {
		from, to := yearSpan(year)
		tabs = append(tabs, ui.Tab{Label: strconv.Itoa(year), Href: action + "?" + span{from: from, to: to}.query().Encode(), Current: s.from == from && s.to == to})
	}
	return tabs
}

func bookTabs(c *fiber.Ctx, t *i18n.Texts) []ui.Tab {
	var tabs []ui.Tab
	for _, tab := range [][2]string{{"books.balances.title", "/books"}, {"books.journal.title", "/books/journal"}, {"books.export.title", "/books/export"}} {
		tabs = append(tabs, ui.Tab{Label: t.T(tab[0]), Href: tab[1], Current: c.Path() == tab[1]})
	}
	return tabs
}

// ShowBalances is what each account moved in a span of days.
func (h *Handlers) ShowBalances(c *fiber.Ctx) error {
	t := h.T(c)
	s, err := h.booksSpan(c)
	var b ledger.Balances
	if err == nil {
		b, err = h.Ledger.Balances(c.UserContext(), web.Actor(c), s.from, s.to)
	}
	title := t.T("books.balances.title")
	p := pages.ListPage{
		Frame: h.Frame(c, title), Title: title, Lead: t.T("books.balances.lead"), Tabs: bookTabs(c, t), Years: s.years(t, "/books"), Filter: s.filter(t, "/books"), Table: pages.Balances(t, b),
	}
	if err != nil {
		return h.booksWrong(c, p, err)
	}
	if len(b.Rows) > 0 {
		p.Kind, p.Word, p.Text = ui.Yes, t.T("books.balanced"), t.T("books.balanced_text", "Amount", t.Money(b.DebitCents, b.Currency))
	}
	if b.DebitCents != b.CreditCents {
		p.Kind, p.Word, p.Text = ui.No, t.T("books.unbalanced"), t.T("books.unbalanced_text", "Amount", t.Money(b.DebitCents-b.CreditCents, b.Currency))
	}
	return h.Page(c, pages.List(p))
}

// booksWrong shows a page of the books again with what is wrong about its days.
func (h *Handlers) booksWrong(c *fiber.Ctx, p pages.ListPage, err error) error {
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	p.Errors = e.Of(p.Filter.Fields...)
	return h.PageStatus(c, status, pages.List(p))
}

// ShowJournal is the entries of a span of days, the newest first.
func (h *Handlers) ShowJournal(c *fiber.Ctx) error {
	t := h.T(c)
	s, err := h.booksSpan(c)
	before, wrong := strconv.ParseInt(c.Query("before", "0"), 10, 64)
	if err == nil && (wrong != nil || before < 0) {
		err = fault.Invalid("", "books.page_unknown")
	}
	var page ledger.Page
	if err == nil {
		page, err = h.Ledger.Journal(c.UserContext(), web.Actor(c), s.from, s.to, before, entriesShown)
	}
	title := t.T("books.journal.title")
	p := pages.ListPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.books"), "/books", title, "")...), Title: title, Lead: t.T("books.journal.lead"), Tabs: bookTabs(c, t),
		Years: s.years(t, "/books/journal"), Filter: s.filter(t, "/books/journal"), Table: pages.Journal(t, page),
	}
	p.Frame.Wide = true
	if err != nil {
		return h.booksWrong(c, p, err)
	}
	if before > 0 {
		p.Top = "/books/journal?" + s.query().Encode()
	}
	if page.Next > 0 {
		q := s.query()
		q.Set("before", strconv.FormatInt(page.Next, 10))
		p.Pager.NextHref = "/books/journal?" + q.Encode()
	}
	return h.Page(c, pages.List(p))
}

// NewExport asks for a span of days and a format.
func (h *Handlers) NewExport(c *fiber.Ctx) error {
	s, err := h.booksSpan(c)
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.PageStatus(c, status, pages.Export(h.exportPage(c, s, e)))
	}
	return h.Page(c, pages.Export(h.exportPage(c, s, nil)))
}

func (h *Handlers) exportPage(c *fiber.Ctx, s span, e web.Errors) pages.ExportPage {
	t := h.T(c)
	title := t.T("books.export.title")
	p := pages.ExportPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.books"), "/books", title, "")...), Title: title, Lead: t.T("books.export.lead"), Tabs: bookTabs(c, t), Action: "/books/export/journal",
		From: ui.Field{Name: "from", Label: t.T("books.export.from"), Value: s.from.String(), Error: e["from"]}, To: ui.Field{Name: "to", Label: t.T("books.export.to"), Value: s.to.String(), Error: e["to"]},
		Format: ui.Field{Name: "format", Label: t.T("books.export.format"), Value: c.Query("format", string(ledger.CSV)), Required: true, Error: e["format"], Options: []ui.Option{
			{Value: string(ledger.CSV), Label: t.T("books.export.csv"), Hint: t.T("books.export.csv_hint")},
			{Value: string(ledger.Hledger), Label: t.T("books.export.hledger"), Hint: t.T("books.export.hledger_hint")},
		}},
		Note: t.T("books.export.note"),
	}
	for i, tab := range p.Tabs {
		p.Tabs[i].Current = tab.Href == "/books/export"
	}
	p.Errors = e.Of(p.From, p.To, p.Format)
	return p
}

// ExportJournal writes the journal to a file of its own first and then sends it, so that memory does not grow with
// the books and nobody ever gets half a journal that looks whole.
func (h *Handlers) ExportJournal(c *fiber.Ctx) error {
	journal, err := h.journalAsked(c)
	if err != nil {
		return h.exportWrong(c, err)
	}
	file, err := os.CreateTemp("", "socia-journal-*")
	if err != nil {
		return err
	}
	// The name goes at once; the file itself lives until it was sent.
	if err := os.Remove(file.Name()); err != nil {
		return err
	}
	if err := h.Ledger.Export(c.UserContext(), web.Actor(c), file, journal); err != nil {
		_ = file.Close()
		return h.exportWrong(c, err)
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		_ = file.Close()
		return err
	}
	kind, ending := "text/csv; charset=utf-8", ".csv"
	if journal.Format == ledger.Hledger {
		kind, ending = "text/plain; charset=utf-8", ".journal"
	}
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+h.T(c).T("books.export.file")+journalDays(journal)+ending+`"`)
	return c.SendStream(file, int(size))
}

func journalDays(j ledger.Journal) string {
	days := ""
	for _, day := range []civil.Date{j.From, j.To} {
		if !day.IsZero() {
			days += "-" + day.String()
		}
	}
	return days
}

func (h *Handlers) journalAsked(c *fiber.Ctx) (j ledger.Journal, err error) {
	t := h.T(c)
	from, wrongFrom := web.Day("from", c.Query("from"))
	to, wrongTo := web.Day("to", c.Query("to"))
	j = ledger.Journal{From: from, To: to, Language: t.Lang(), Words: journalWords(t)}
	faults := []*fault.Fault{wrongFrom, wrongTo}
	if j.Format, err = ledger.ParseFormat(c.Query("format")); err != nil {
		if f, ok := fault.As(err); ok {
			faults = append(faults, f)
		}
	}
	for _, column := range corebooks.CSVColumns() {
		j.Header = append(j.Header, t.T("books.column."+column))
	}
	return j, fault.All(faults...)
}

// journalWords says the kinds of entries and what they come from.
func journalWords(t *i18n.Texts) map[string]string {
	return map[string]string{
		corebooks.KindCharge: t.T("books.entry_kind.charge"), corebooks.KindPayment: t.T("books.entry_kind.payment"),
		corebooks.KindApplication: t.T("books.entry_kind.application"), corebooks.KindReversal: t.T("books.entry_kind.reversal"),
		"allocation": t.T("books.entry_kind.application"), corebooks.SourceEntry: t.T("books.word.entry"),
	}
}

func (h *Handlers) exportWrong(c *fiber.Ctx, err error) error {
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	page := h.exportPage(c, span{}, e)
	page.From.Value, page.To.Value = c.Query("from"), c.Query("to")
	return h.PageStatus(c, status, pages.Export(page))
}
