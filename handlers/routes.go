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
	validator := web.Roles(models.RoleValidator)
	treasurer := web.Roles(models.RoleTreasurer)
	bankSetters := web.Roles(models.RoleTreasurer, models.RoleAdministrator)
	bookReaders := web.Roles(feeReaders...)
	caseDeciders := web.Roles(models.RoleTreasurer, models.RoleFacilitator)
	return []route{
		// For machines that watch the process.
		{"GET", "/healthz", web.Anyone, h.Healthz},
		{"GET", "/readyz", web.Anyone, h.Readyz},

		// The first page, and what everybody may read.
		{"GET", "/", web.Anyone, h.ShowHome},
		{"GET", "/open", web.Anyone, h.ShowOpen},
		{"GET", "/open/decisions", web.Anyone, h.ListDecisions},
		{"GET", "/statutes", web.Anyone, h.ShowStatutes},
		{"GET", "/statutes/:version", web.Anyone, h.ShowStatutesVersion},
		{"GET", "/software", web.Anyone, h.ShowSoftware},
		{"GET", "/privacy", web.Anyone, h.ShowPrivacy},
		{"GET", "/accessibility", web.Anyone, h.ShowAccessibility},

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
		// People: collectives, applications, the directory, a member, the import of a file.
		{"GET", "/collectives", web.Anyone, h.ListCollectives},
		{"POST", "/collectives", administrator, h.CreateCollective},
		{"GET", "/collectives/new", administrator, h.NewCollective},
		{"GET", "/collectives/:id", web.Insiders, h.ShowCollective},
		{"POST", "/collectives/:id", administrator, h.ChangeCollective},
		{"GET", "/collectives/:id/edit", administrator, h.EditCollective},
		{"POST", "/collectives/:id/closing", administrator, h.CloseCollective},
		{"GET", "/apply", web.SignedIn, h.NewApplication},
		{"POST", "/apply", web.SignedIn, h.CreateApplication},
		{"GET", "/applications", web.Roles(models.RoleValidator, models.RoleAdministrator), h.ListApplications},
		{"GET", "/applications/:id", web.SignedIn, h.ShowApplication},
		{"POST", "/applications/:id/withdrawal", web.SignedIn, h.WithdrawApplication},
		{"POST", "/applications/:id/admission", validator, h.AdmitApplicant},
		{"GET", "/applications/:id/refusal", validator, h.NewRefusal},
		{"POST", "/applications/:id/refusal", validator, h.RefuseApplicant},
		{"GET", "/members", web.Insiders, h.ListMembers},
		{"GET", "/members/import", administrator, h.NewImport},
		{"POST", "/members/import", administrator, h.CheckImport},
		{"POST", "/members/import/confirmation", administrator, h.ConfirmImport},
		{"GET", "/members/:id", web.Insiders, h.ShowMember},
		{"POST", "/members/:id", web.Insiders, h.ChangeMember},
		{"GET", "/members/:id/edit", web.Insiders, h.EditMember},
		{"GET", "/members/:id/departure", web.Insiders, h.NewDeparture},
		{"POST", "/members/:id/departure", web.Insiders, h.Leave},
		{"POST", "/members/:id/departure/withdrawal", web.Insiders, h.WithdrawDeparture},
		{"GET", "/members/:id/account", administrator, h.NewLink},
		{"POST", "/members/:id/account", administrator, h.LinkAccount},
		{"GET", "/members/:id/account/unlinking", administrator, h.AskUnlink},
		{"POST", "/members/:id/account/unlinking", administrator, h.UnlinkAccount},
		// Deciding: proposals. A draft is hidden from everybody but its author by app/proposals.
		{"GET", "/decide", web.Anyone, h.ShowDecide},
		{"GET", "/proposals", web.Anyone, h.ListProposals},
		{"GET", "/proposals/new", web.Members, h.NewProposal},
		{"POST", "/proposals", web.Members, h.CreateProposal},
		{"GET", "/proposals/:id", web.Anyone, h.ShowProposal},
		{"GET", "/proposals/:id/edit", web.Members, h.EditProposal},
		{"POST", "/proposals/:id/versions", web.Members, h.ReviseProposal},
		{"GET", "/proposals/:id/versions/:number", web.Anyone, h.ShowVersion},
		{"GET", "/proposals/:id/compare", web.Anyone, h.CompareVersions},
		{"GET", "/proposals/:id/publication", web.Members, h.AskPublish},
		{"POST", "/proposals/:id/publication", web.Members, h.PublishProposal},
		{"GET", "/proposals/:id/withdrawal", web.Members, h.AskWithdraw},
		{"POST", "/proposals/:id/withdrawal", web.Members, h.WithdrawProposal},
		{"POST", "/proposals/:id/support", web.Members, h.SupportProposal},
		{"POST", "/proposals/:id/support/end", web.Members, h.EndSupport},

		// Standing and rolls. What of a roll a reader sees is decided by app/rolls.
		{"GET", "/standing", web.SignedIn, h.ShowStanding},
		{"GET", "/assemblies/:id/roll", web.Insiders, h.ShowRoll},
		{"POST", "/assemblies/:id/roll/corrections", facilitator, h.CorrectRoll},

		// Polls. An open one is hidden from people outside by app/polls.
		{"GET", "/polls", web.Anyone, h.ListPolls},
		{"GET", "/polls/new", facilitator, h.NewPoll},
		{"POST", "/polls", facilitator, h.CreatePoll},
		{"GET", "/polls/:id", web.Anyone, h.ShowPoll},
		{"GET", "/polls/:id/result.json", web.Anyone, h.PollData},
		{"GET", "/polls/:id/papers.csv", web.Insiders, h.PollPapers},
		{"GET", "/polls/:id/draw.tsv", web.Insiders, h.PollDraw},
		{"GET", "/polls/:id/closing", facilitator, h.AskClosePollNow},
		{"POST", "/polls/:id/closing", facilitator, h.ClosePollNow},
		{"GET", "/polls/:id/voiding", facilitator, h.AskVoid},
		{"POST", "/polls/:id/voiding", facilitator, h.VoidPoll},
		{"POST", "/polls/:id/declarations", web.Members, h.DeclareForParity},
		{"POST", "/polls/:id/resolutions", facilitator, h.ResolveObjection},
		{"POST", "/polls/:id/confirmations", web.Insiders, h.ConfirmAnswer},
		{"POST", "/polls/:id/outcome", web.Insiders, h.SettlePoll},
		{"GET", "/delegations", web.Members, h.ListDelegations},
		{"POST", "/delegations", web.Members, h.GiveDelegation},
		{"POST", "/delegations/:id/revocation", web.Members, h.RevokeDelegation},
		{"POST", "/polls/:id/votes", web.Members, h.CastVotes},
		{"POST", "/polls/:id/table-votes", facilitator, h.RecordVotes},

		// The ways of deciding, explained.
		{"GET", "/methods", web.Anyone, h.ListMethods},
		{"GET", "/methods/:name", web.Anyone, h.ShowMethod},

		// Assemblies. Drafts are hidden from others by app/assemblies, and so are minutes that are not approved.
		{"GET", "/assemblies", web.Insiders, h.ListAssemblies},
		{"GET", "/assemblies/new", facilitator, h.NewAssembly},
		{"POST", "/assemblies", facilitator, h.CreateAssembly},
		{"GET", "/assemblies/:id", web.Insiders, h.ShowAssembly},
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
		{"GET", "/assemblies/:id/quorum", web.Insiders, h.ShowQuorum},
		{"POST", "/assemblies/:id/arrivals", web.Insiders, h.CheckIn},
		{"POST", "/assemblies/:id/departures", web.Insiders, h.CheckOut},
		{"POST", "/assemblies/:id/opening", facilitator, h.OpenAssembly},
		{"GET", "/assemblies/:id/cancellation", facilitator, h.AskCancel},
		{"POST", "/assemblies/:id/cancellation", facilitator, h.CancelAssembly},
		{"GET", "/assemblies/:id/closing", facilitator, h.AskClose},
		{"POST", "/assemblies/:id/closing", facilitator, h.CloseAssembly},
		{"POST", "/assemblies/:id/polls", facilitator, h.OpenPoll},
		{"GET", "/assemblies/:id/polls/:poll/closing", facilitator, h.AskClosePoll},
		{"POST", "/assemblies/:id/polls/:poll/closing", facilitator, h.ClosePoll},
		{"GET", "/assemblies/:id/proxy", web.Members, h.NewProxy},
		{"POST", "/assemblies/:id/proxy", web.Members, h.GiveProxy},
		{"GET", "/assemblies/:id/proxies", facilitator, h.ListProxies},
		{"POST", "/assemblies/:id/proxies", facilitator, h.RecordProxy},
		{"POST", "/assemblies/:id/proxies/:proxy/revocation", web.Insiders, h.RevokeProxy},
		{"GET", "/assemblies/:id/minutes", web.Insiders, h.ShowMinutes},
		{"POST", "/assemblies/:id/minutes", web.Insiders, h.DraftMinutes},
		{"GET", "/assemblies/:id/minutes/edit", web.Insiders, h.EditMinutes},
		{"POST", "/assemblies/:id/minutes/revisions", web.Insiders, h.ReviseMinutes},
		{"POST", "/assemblies/:id/minutes/approvals", web.Members, h.ApproveMinutes},
		{"GET", "/assemblies/:id/minutes.md", web.Insiders, h.MinutesMarkdown},
		{"GET", "/assemblies/:id/minutes.pdf", web.Insiders, h.MinutesPDF},

		// Administration: roles, statutes, the installation itself.
		{"GET", "/admin", administrator, h.AdminIndex},
		{"GET", "/admin/statutes", administrator, h.EditStatutes},
		{"POST", "/admin/statutes", administrator, h.ChangeStatutes},
		{"GET", "/admin/mail", administrator, h.AdminMail},
		{"GET", "/admin/jobs", administrator, h.AdminJobs},
		{"POST", "/admin/jobs/:id/rerun", administrator, h.RerunJob},
		{"GET", "/admin/state", administrator, h.AdminState},
		// Fees. What a member may see of whom is decided by app/fees; who has left still sees their own.
		{"GET", "/fees", web.SignedIn, h.ShowFees},
		{"GET", "/fees/members/:id", web.SignedIn, h.ShowMemberFees},
		{"GET", "/fees/members/:id/subscription", web.Insiders, h.NewSubscription},
		{"POST", "/fees/members/:id/subscription", web.Insiders, h.CreateSubscription},
		{"GET", "/fees/members/:id/waiver", treasurer, h.NewWaiver},
		{"POST", "/fees/members/:id/waiver", treasurer, h.CreateWaiver},
		{"GET", "/fees/members/:id/case", treasurer, h.NewCase},
		{"POST", "/fees/members/:id/case", treasurer, h.CreateCase},
		{"GET", "/fees/account", bankSetters, h.EditBankAccount},
		{"POST", "/fees/account", bankSetters, h.SetBankAccount},
		{"GET", "/fees/overview", bookReaders, h.ListDebtors},
		{"GET", "/fees/overview.csv", bookReaders, h.ExportDebtors},
		{"GET", "/fees/unsubscribed", bookReaders, h.ListUnsubscribed},
		{"GET", "/fees/plans", web.Insiders, h.ListPlans},
		{"GET", "/fees/plans/new", treasurer, h.NewPlan},
		{"POST", "/fees/plans", treasurer, h.CreatePlan},
		{"GET", "/fees/plans/:id", web.Insiders, h.ShowPlan},
		{"POST", "/fees/plans/:id/prices", treasurer, h.CreatePrice},
		{"GET", "/fees/plans/:id/archive", treasurer, h.ReviewArchive},
		{"POST", "/fees/plans/:id/archive", treasurer, h.ArchivePlan},
		{"GET", "/fees/waivers", bookReaders, h.ListWaivers},
		{"GET", "/fees/cases", web.Roles(caseSeers...), h.ListCases},
		{"GET", "/fees/cases/:id", web.SignedIn, h.ShowCase},
		{"POST", "/fees/cases/:id/notification", caseDeciders, h.NotifyCase},
		{"POST", "/fees/cases/:id/statement", web.SignedIn, h.StateCase},
		{"POST", "/fees/cases/:id/received-statement", caseDeciders, h.ReceiveStatement},
		{"POST", "/fees/cases/:id/decision", caseDeciders, h.DecideCase},
		{"POST", "/fees/cases/:id/appeal", web.SignedIn, h.AppealCase},
		{"POST", "/fees/cases/:id/received-appeal", caseDeciders, h.ReceiveAppeal},
		{"POST", "/fees/cases/:id/appeal-answer", caseDeciders, h.AnswerAppeal},
		{"GET", "/payments", bookReaders, h.ListPayments},
		{"GET", "/payments/new", treasurer, h.NewPayment},
		{"POST", "/payments/review", treasurer, h.ReviewPayment},
		{"POST", "/payments", treasurer, h.CreatePayment},
		{"GET", "/payments/:id", web.SignedIn, h.ShowPayment},
		{"GET", "/payments/:id/reversal", treasurer, h.NewReversal},
		{"POST", "/payments/:id/reversal", treasurer, h.CreateReversal},

		// Books.
		{"GET", "/books", bookReaders, h.ShowBalances},
		{"GET", "/books/journal", bookReaders, h.ShowJournal},
		{"GET", "/books/export", bookReaders, h.NewExport},
		{"GET", "/books/export/journal", bookReaders, h.ExportJournal},

		// Administration: roles, statutes, the installation itself.
		{"GET", "/admin/accounts", administrator, h.ListAccounts},
		{"GET", "/admin/accounts/:id", administrator, h.ShowAccountFile},
		{"POST", "/admin/accounts/:id/disabling", administrator, h.DisableAccount},
		{"POST", "/admin/accounts/:id/enabling", administrator, h.EnableAccount},
		{"GET", "/admin/roles", administrator, h.ListRoles},
		{"POST", "/admin/roles", administrator, h.Appoint},
		{"GET", "/admin/roles/:id/end", administrator, h.AskEndTerm},
		{"POST", "/admin/roles/:id/end", administrator, h.EndTerm},
	}
}

// ImportPaths are the routes that take files, with the larger limit for bodies.
var ImportPaths = []string{"/members/import", "/members/import/confirmation"}
