// Package identity has the pages on which people sign in, see to their account and hold roles.
package identity

import (
	"socia/views/ui"
)

// SignInPage asks for handle and passphrase.
type SignInPage struct {
	Frame  ui.Frame
	Form   ui.FormAttrs
	Errors []ui.FieldError
	Handle ui.Field
	Secret ui.Field
	Next   string
	SignUp string // where an account is made, on the same way
	// Demo are accounts that anybody may try, on a demonstration only.
	Demo []DemoAccount
}

// DemoAccount is an account of the demonstration.
type DemoAccount struct{ Handle, Passphrase, Role string }

// SignUpPage makes an account.
type SignUpPage struct {
	Frame  ui.Frame
	Lead   string
	Next   string // where the person wanted to go; "" for their account
	SignIn string // where those sign in who have an account, on the same way
	Form   ui.FormAttrs
	Errors []ui.FieldError
	Fields []ui.Field
}

// AccountPage is one's own account: memberships, roles, language, passphrase, devices.
type AccountPage struct {
	Frame      ui.Frame
	Members    []ui.Pair
	Roles      []ui.Pair
	Applied    *Applied // the newest application that made no member; nil without one
	MayApply   bool
	Language   ui.Field
	Errors     []ui.FieldError
	Passphrase []ui.Field
	CSRF       string
	Sessions   []SessionRow
}

// Applied is an application for membership and how it stands.
type Applied struct {
	Text, Word string
	Kind       ui.Kind
	Href       string
}

// SessionRow is one signed-in device.
type SessionRow struct {
	Device, Since, Seen string
	EndHref             string
	Current             bool
}

// InboxPage lists what an account was told.
type InboxPage struct {
	Frame   ui.Frame
	CSRF    string
	Newest  string
	Unread  bool
	Notices []Notice
}

// Notice is one thing that an account was told.
type Notice struct {
	Text, When, Href string
	Unread           bool
}

// RolesPage lists who holds which role, and appoints.
type RolesPage struct {
	Frame  ui.Frame
	Errors []ui.FieldError
	Form   ui.FormAttrs
	Fields []ui.Field
	Terms  ui.Table
}

// AccountsPage is where administrators find an account.
type AccountsPage struct {
	Frame  ui.Frame
	Lead   string
	Filter ui.Filter
	Table  ui.Table
	Pager  ui.Pager
}

// AccountFilePage is one account as administrators see it: what it may do, what was done to it, and the act to do.
type AccountFilePage struct {
	Frame    ui.Frame
	Title    string
	Since    string
	Disabled bool
	Own      bool
	Members  []ui.Pair
	Roles    []ui.Pair
	Acts     ui.Table
	Errors   []ui.FieldError
	Form     ui.FormAttrs
	Reason   ui.Field
}
