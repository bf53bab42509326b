package identity

import "socia/views/ui"

func demoTable(p SignInPage) ui.Table {
	t := p.Frame.T
	table := ui.Table{Caption: t.T("identity.demo.title"), HideCaption: true, Columns: []ui.Column{{Label: t.T("identity.demo.role")}, {Label: t.T("identity.field.handle")}, {Label: t.T("identity.field.passphrase")}}}
	for _, d := range p.Demo {
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(d.Role), ui.BodyCell(ui.Code(d.Handle)), ui.BodyCell(ui.Code(d.Passphrase))})
	}
	return table
}

func (p AccountPage) sessionTable() ui.Table {
	t := p.Frame.T
	table := ui.Table{Caption: t.T("identity.account.sessions"), HideCaption: true, Columns: []ui.Column{{Label: t.T("identity.account.device")}, {Label: t.T("identity.account.since")}, {Label: t.T("identity.account.seen")}, {Label: t.T("identity.account.state")}}}
	for _, s := range p.Sessions {
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(s.Device), ui.Text(s.Since), ui.Text(s.Seen), ui.BodyCell(endSession(p, s))})
	}
	return table
}

func (p InboxPage) todo() []ui.TodoItem {
	items := make([]ui.TodoItem, len(p.Notices))
	for i, n := range p.Notices {
		items[i] = ui.TodoItem{Text: n.Text, When: n.When, Urgent: n.Unread}
		if n.Href != "" {
			items[i].Action = ui.Action{Label: p.Frame.T.T("identity.inbox.open"), Label2: n.Text, Href: n.Href, Kind: ui.Quiet}
		}
	}
	return items
}
