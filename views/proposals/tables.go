package proposals

import (
	"socia/platform/i18n"
	"socia/views/ui"
)

// helpTable says what can be written and how it will look.
func helpTable(t *i18n.Texts) ui.Table {
	table := ui.Table{Caption: t.T("proposals.help.title"), HideCaption: true, Keep: true, NoRowHead: true,
		Columns: []ui.Column{{Label: t.T("proposals.help.write")}, {Label: t.T("proposals.help.get")}}}
	for _, row := range [][2]string{
		{"# …", t.T("proposals.help.heading")},
		{"**…**", t.T("proposals.help.strong")},
		{"*…*", t.T("proposals.help.emphasis")},
		{"- …", t.T("proposals.help.list")},
		{"1. …", t.T("proposals.help.numbers")},
		{"> …", t.T("proposals.help.quote")},
		{"[…](https://…)", t.T("proposals.help.link")},
		{"| … | … |", t.T("proposals.help.table")},
	} {
		table.Rows = append(table.Rows, []ui.Cell{ui.BodyCell(ui.Code(row[0])), ui.Text(row[1])})
	}
	return table
}
