package handlers

import (
	"socia/handlers/web"
	"socia/models"
)

// routes is the one table of what there is and who may use it. testdata/routes.golden shows it as text; a test asks
// every route as every role.
func (h *Handlers) routes() []route {
	administrator := web.Roles(models.RoleAdministrator)
	facilitator := web.Roles(models.RoleFacilitator)
	return []route{
		// Signing in, one's own account.
		{"GET", "/sign-in", web.Anyone, h.NewSession},
		{"POST", "/sign-in", web.Anyone, h.CreateSession},
		{"POST", "/sign-out", web.SignedIn, h.EndSession},
		{"GET", "/sign-up", web.Anyone, h.NewAccount},
		{"POST", "/sign-up", web.Anyone, h.CreateAccount},
		{"GET", "/account", web.SignedIn, h.ShowAccount},
		{"POST", "/account/passphrase", web.SignedIn, h.ChangePassphrase},
		{"POST", "/account/language", web.SignedIn, h.ChangeLanguage},
		{"POST", "/account/sessions/:id/end", web.SignedIn, h.RevokeSession},
		{"GET", "/inbox", web.SignedIn, h.ShowInbox},
		{"POST", "/inbox/read", web.SignedIn, h.ReadInbox},

		// Gender balance: one's own declaration, the published figures.
		{"GET", "/account/gender", web.SignedIn, h.ShowGender},
		{"POST", "/account/gender", web.SignedIn, h.Declare},
		{"POST", "/account/gender/withdrawal", web.SignedIn, h.WithdrawGender},
		{"GET", "/balance", web.Anyone, h.ShowBalance},

		// Polls. An open one is hidden from people outside by app/polls.
		{"GET", "/polls/:id", web.Anyone, h.ShowPoll},
		{"GET", "/polls/:id/result.json", web.Anyone, h.PollData},
		{"POST", "/polls/:id/votes", web.Members, h.CastVotes},
		{"POST", "/polls/:id/table-votes", facilitator, h.RecordVotes},

		// Administration: roles and statutes.
		{"GET", "/admin/roles", administrator, h.ListRoles},
		{"POST", "/admin/roles", administrator, h.Appoint},
		{"POST", "/admin/roles/:id/end", administrator, h.EndTerm},
	}
}

// ImportPaths are the routes that take files, with the larger limit for bodies.
var ImportPaths = []string{}
