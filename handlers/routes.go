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
	treasurer := web.Roles(models.RoleTreasurer)
	bookReaders := web.Roles(feeReaders...)
	caseDeciders := web.Roles(models.RoleTreasurer, models.RoleFacilitator)
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

		// Polls. An open one is hidden from people outside by app/polls.
		{"GET", "/polls/:id", web.Anyone, h.ShowPoll},
		{"GET", "/polls/:id/result.json", web.Anyone, h.PollData},
		{"POST", "/polls/:id/votes", web.Members, h.CastVotes},
		{"POST", "/polls/:id/table-votes", facilitator, h.RecordVotes},

		// Fees. What a member may see of whom is decided by app/fees.
		{"GET", "/fees", web.Officers, h.ShowFees},
		{"GET", "/fees/members/:id", web.Officers, h.ShowMemberFees},
		{"GET", "/fees/members/:id/subscription", web.Officers, h.NewSubscription},
		{"POST", "/fees/members/:id/subscription", web.Officers, h.CreateSubscription},
		{"GET", "/fees/members/:id/waiver", treasurer, h.NewWaiver},
		{"POST", "/fees/members/:id/waiver", treasurer, h.CreateWaiver},
		{"GET", "/fees/members/:id/case", treasurer, h.NewCase},
		{"POST", "/fees/members/:id/case", treasurer, h.CreateCase},
		{"GET", "/fees/overview", bookReaders, h.ListDebtors},
		{"GET", "/fees/overview.csv", bookReaders, h.ExportDebtors},
		{"GET", "/fees/plans", web.Officers, h.ListPlans},
		{"GET", "/fees/plans/new", treasurer, h.NewPlan},
		{"POST", "/fees/plans", treasurer, h.CreatePlan},
		{"GET", "/fees/plans/:id", web.Officers, h.ShowPlan},
		{"POST", "/fees/plans/:id/prices", treasurer, h.CreatePrice},
		{"POST", "/fees/plans/:id/archive", treasurer, h.ArchivePlan},
		{"GET", "/fees/waivers", bookReaders, h.ListWaivers},
		{"GET", "/fees/cases", web.Roles(caseSeers...), h.ListCases},
		{"GET", "/fees/cases/:id", web.Officers, h.ShowCase},
		{"POST", "/fees/cases/:id/statement", web.Members, h.StateCase},
		{"POST", "/fees/cases/:id/decision", caseDeciders, h.DecideCase},
		{"POST", "/fees/cases/:id/appeal", web.Members, h.AppealCase},
		{"POST", "/fees/cases/:id/appeal-answer", caseDeciders, h.AnswerAppeal},
		{"GET", "/payments", bookReaders, h.ListPayments},
		{"GET", "/payments/new", treasurer, h.NewPayment},
		{"POST", "/payments/review", treasurer, h.ReviewPayment},
		{"POST", "/payments", treasurer, h.CreatePayment},
		{"GET", "/payments/:id", web.Officers, h.ShowPayment},
		{"GET", "/payments/:id/reversal", treasurer, h.NewReversal},
		{"POST", "/payments/:id/reversal", treasurer, h.CreateReversal},

		// Books.
		{"GET", "/books", bookReaders, h.ShowBalances},
		{"GET", "/books/journal", bookReaders, h.ShowJournal},
		{"GET", "/books/export", bookReaders, h.NewExport},
		{"GET", "/books/export/journal", bookReaders, h.ExportJournal},

		// Administration: roles and statutes.
		{"GET", "/admin/roles", administrator, h.ListRoles},
		{"POST", "/admin/roles", administrator, h.Appoint},
		{"POST", "/admin/roles/:id/end", administrator, h.EndTerm},
	}
}

// ImportPaths are the routes that take files, with the larger limit for bodies.
var ImportPaths = []string{}
