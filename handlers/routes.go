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

		// Assemblies. Drafts are hidden from others by app/assemblies, and so are minutes that are not approved.
		{"GET", "/assemblies", web.Officers, h.ListAssemblies},
		{"GET", "/assemblies/new", facilitator, h.NewAssembly},
		{"POST", "/assemblies", facilitator, h.CreateAssembly},
		{"GET", "/assemblies/:id", web.Officers, h.ShowAssembly},
		{"POST", "/assemblies/:id", facilitator, h.UpdateAssembly},
		{"GET", "/assemblies/:id/edit", facilitator, h.EditAssembly},
		{"GET", "/assemblies/:id/items/new", facilitator, h.NewItem},
		{"POST", "/assemblies/:id/items", facilitator, h.CreateItem},
		{"GET", "/assemblies/:id/items/:item", facilitator, h.EditItem},
		{"POST", "/assemblies/:id/items/:item", facilitator, h.UpdateItem},
		{"POST", "/assemblies/:id/items/:item/position", facilitator, h.MoveItem},
		{"POST", "/assemblies/:id/items/:item/removal", facilitator, h.RemoveItem},
		{"GET", "/assemblies/:id/notice", facilitator, h.ReviewNotice},
		{"POST", "/assemblies/:id/notice", facilitator, h.Convene},
		{"GET", "/assemblies/:id/officers", facilitator, h.EditOfficers},
		{"POST", "/assemblies/:id/officers", facilitator, h.NameOfficers},
		{"GET", "/assemblies/:id/desk", facilitator, h.ShowDesk},
		{"POST", "/assemblies/:id/arrivals", web.Officers, h.CheckIn},
		{"POST", "/assemblies/:id/departures", web.Officers, h.CheckOut},
		{"POST", "/assemblies/:id/opening", facilitator, h.OpenAssembly},
		{"POST", "/assemblies/:id/closing", facilitator, h.CloseAssembly},
		{"POST", "/assemblies/:id/polls", facilitator, h.OpenPoll},
		{"POST", "/assemblies/:id/polls/:poll/closing", facilitator, h.ClosePoll},
		{"GET", "/assemblies/:id/proxy", web.Members, h.NewProxy},
		{"POST", "/assemblies/:id/proxy", web.Members, h.GiveProxy},
		{"GET", "/assemblies/:id/proxies", facilitator, h.ListProxies},
		{"POST", "/assemblies/:id/proxies", facilitator, h.RecordProxy},
		{"POST", "/assemblies/:id/proxies/:proxy/revocation", web.Officers, h.RevokeProxy},
		{"GET", "/assemblies/:id/minutes", web.Officers, h.ShowMinutes},
		{"POST", "/assemblies/:id/minutes", web.Officers, h.DraftMinutes},
		{"GET", "/assemblies/:id/minutes/edit", web.Officers, h.EditMinutes},
		{"POST", "/assemblies/:id/minutes/revisions", web.Officers, h.ReviseMinutes},
		{"POST", "/assemblies/:id/minutes/approvals", web.Members, h.ApproveMinutes},
		{"GET", "/assemblies/:id/minutes.md", web.Officers, h.MinutesMarkdown},
		{"GET", "/assemblies/:id/minutes.pdf", web.Officers, h.MinutesPDF},

		// Administration: roles and statutes.
		{"GET", "/admin/roles", administrator, h.ListRoles},
		{"POST", "/admin/roles", administrator, h.Appoint},
		{"POST", "/admin/roles/:id/end", administrator, h.EndTerm},
	}
}

// ImportPaths are the routes that take files, with the larger limit for bodies.
var ImportPaths = []string{}
