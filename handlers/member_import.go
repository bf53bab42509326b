package handlers

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"socia/app/members"
	"socia/core/fault"
	"socia/core/memberfile"
	"socia/handlers/web"
	"socia/platform/i18n"
	pages "socia/views/members"
	"socia/views/ui"
)

// NewImport is the page on which a members' file is chosen.
func (h *Handlers) NewImport(c *fiber.Ctx) error {
	return h.Page(c, pages.Import(h.importPage(c, importForm{}, nil)))
}

type importForm struct {
	NewCollectives string `form:"new_collectives"`
	Data           string `form:"data"`
	Once           string `form:"once"`
}

func (f importForm) options(dryRun bool) members.ImportOptions {
	return members.ImportOptions{DryRun: dryRun, NewCollectives: f.NewCollectives == "1"}
}

// CheckImport reads a file and says what is wrong with it, or what it would do. Nothing is stored: the file comes
// along, compressed, with the form that confirms it.
func (h *Handlers) CheckImport(c *fiber.Ctx) error {
	form, err := web.Decode[importForm](c)
	var data []byte
	var report members.Report
	if err == nil {
		data, err = upload(c, "file")
	}
	if err == nil {
		report, err = h.Members.Import(c.UserContext(), web.Actor(c), data, form.options(true), "")
	}
	if err != nil {
		return h.importAgain(c, form, report, err)
	}
	packed, err := pack(data)
	if err != nil {
		return err
	}
	t := h.T(c)
	page := h.importPage(c, form, nil)
	if page.Nothing = report.Created+report.Updated == 0; !page.Nothing {
		page.Stats, page.Founded = importStats(t, report), report.NewCollectives
		page.Named = []pages.NamedMembers{
			{Title: t.T("members.import_page.created"), Names: namesOf(t, report.New), More: moreThan(t, report.Created, report.New)},
			{Title: t.T("members.import_page.updated"), Names: namesOf(t, report.Changed), More: moreThan(t, report.Updated, report.Changed)},
		}
		page.Confirm = &ui.FormAttrs{Action: "/members/import/confirmation", CSRF: h.CSRF(c), Once: web.NewOnce(), Label: t.T("members.import_page.confirm")}
		page.Hidden = []ui.Pair{{Term: "data", Text: packed}, {Term: "new_collectives", Text: form.NewCollectives}}
	}
	return h.Page(c, pages.Import(page))
}

// ConfirmImport stores what a file says.
func (h *Handlers) ConfirmImport(c *fiber.Ctx) error {
	form, err := web.Decode[importForm](c)
	var data []byte
	var report members.Report
	if err == nil {
		data, err = unpack(form.Data)
	}
	if err == nil {
		report, err = h.Members.Import(c.UserContext(), web.Actor(c), data, form.options(false), form.Once)
	}
	if err != nil {
		return h.importAgain(c, form, report, err)
	}
	return h.See(c, "/members", "members.done.imported")
}

// importAgain shows the page with what is wrong: the file's faults in a table, anything else in the summary.
func (h *Handlers) importAgain(c *fiber.Ctx, form importForm, report members.Report, err error) error {
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	page := h.importPage(c, form, e)
	if len(report.Faults) > 0 {
		page.File.Error = "" // the summary and the table say it
		page.Faults = faultTable(h.T(c), report.Faults)
	}
	return h.PageStatus(c, status, pages.Import(page))
}

func (h *Handlers) importPage(c *fiber.Ctx, form importForm, e web.Errors) pages.ImportPage {
	t := h.T(c)
	file := ui.Field{Name: "file", Label: t.T("members.import_page.file"), Hint: t.T("members.import_page.file_hint"), Error: e["file"], Accept: ".csv,text/csv,text/plain", Required: true}
	title := t.T("members.import_page.title")
	return pages.ImportPage{
		Frame: h.Frame(c, title, crumbs(t.T("members.directory.title"), "/members", title, "")...), Errors: e.Of(file), File: file,
		New:  ui.Field{Name: "new_collectives", Label: t.T("members.import_page.new_collectives"), Hint: t.T("members.import_page.new_collectives_hint"), Checked: form.NewCollectives == "1", Required: true},
		Form: ui.FormAttrs{Action: "/members/import", CSRF: h.CSRF(c), Multipart: true, Label: t.T("members.import_page.choose")}, Columns: columnTable(t),
	}
}

func importStats(t *i18n.Texts, r members.Report) []ui.Stat {
	return []ui.Stat{
		{Label: t.T("members.import_page.rows"), Value: t.Number(int64(r.Rows))}, {Label: t.T("members.import_page.created"), Value: t.Number(int64(r.Created))},
		{Label: t.T("members.import_page.updated"), Value: t.Number(int64(r.Updated))}, {Label: t.T("members.import_page.unchanged"), Value: t.Number(int64(r.Unchanged))},
	}
}

func namesOf(t *i18n.Texts, some []members.Named) (names []string) {
	for _, m := range some {
		names = append(names, t.T("fees.member.named", "Name", m.Name, "Number", m.Number))
	}
	return names
}

// moreThan says how many members are not named.
func moreThan(t *i18n.Texts, all int, named []members.Named) string {
	if all == len(named) {
		return ""
	}
	return t.N("members.import_page.more", all-len(named))
}

func faultTable(t *i18n.Texts, faults []memberfile.LineFault) *ui.Table {
	table := ui.Table{Caption: t.T("members.import_page.faults"), NoRowHead: true, Columns: []ui.Column{{Label: t.T("members.import_page.line"), Num: true}, {Label: t.T("members.import_page.column")}, {Label: t.T("members.import_page.wrong")}}}
	for _, f := range faults {
		f = inWordsOf(t, f)
		column := f.ColumnName
		if f.Column > 0 {
			column = columnLetters(f.Column) + " · " + column
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(t.Number(int64(f.Line))), ui.Text(orDash(column)), ui.Text(web.Sentence(t, fault.Fault{Key: f.Key, Args: f.Args}))})
	}
	return &table
}

// inWordsOf names a column that the file lacks as the reader may write it.
func inWordsOf(t *i18n.Texts, f memberfile.LineFault) memberfile.LineFault {
	key := "members.column." + f.ColumnName
	if f.Column > 0 || !t.Has(key) {
		return f
	}
	f.ColumnName = t.T(key)
	f.Args = map[string]any{"column": f.ColumnName}
	return f
}

// columnLetters names a column as spreadsheets do: 1 is A, 27 is AA.
func columnLetters(n int) string {
	letters := ""
	for ; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

// columnTable says which columns a file may have.
func columnTable(t *i18n.Texts) ui.Table {
	table := ui.Table{Caption: t.T("members.import_page.columns"), HideCaption: true, Columns: []ui.Column{{Label: t.T("members.import_page.column")}, {Label: t.T("members.import_page.says")}}}
	for _, name := range []string{"number", "name", "kind", "class", "joined_on", "collective", "email", "left_on", "representative", "language", "votes"} {
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(t.T("members.column." + name)), ui.Text(t.T("members.column." + name + "_says"))})
	}
	return table
}

// upload reads a file of a form.
func upload(c *fiber.Ctx, field string) ([]byte, error) {
	header, err := c.FormFile(field)
	if err != nil || header.Size == 0 {
		return nil, fault.Invalid(field, "ui.error.file_missing")
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, memberfile.MaxBytes+1))
}

// pack makes a file short enough to travel in a form; unpack(pack(data)) == data.
func pack(data []byte) (string, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
}

func unpack(packed string) ([]byte, error) {
	r, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(packed)))
	if err != nil {
		return nil, fault.Invalid("file", "ui.error.file_missing")
	}
	data, err := io.ReadAll(io.LimitReader(r, memberfile.MaxBytes+1))
	if err != nil {
		return nil, fault.Invalid("file", "ui.error.file_missing")
	}
	return data, nil
}
