// Package handlers is HTTP: each handler decodes and checks a form, makes one call to app, and shows the page again
// with what is wrong, or sends the browser on. routes.go says who may use what.
package handlers

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/assemblies"
	"socia/app/equality"
	"socia/app/fees"
	"socia/app/identity"
	"socia/app/ledger"
	"socia/app/members"
	"socia/app/operations"
	"socia/app/polls"
	"socia/app/proposals"
	"socia/app/rolls"
	"socia/app/transparency"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// Services are the use cases that pages call.
type Services struct {
	Identity     *identity.Service
	Members      *members.Service
	Ledger       *ledger.Service
	Fees         *fees.Service
	Rolls        *rolls.Service
	Proposals    *proposals.Service
	Polls        *polls.Service
	Assemblies   *assemblies.Service
	Equality     *equality.Service
	Transparency *transparency.Service
	Operations   *operations.Service

	// Demo are accounts that the sign-in page offers, on a demonstration only.
	Demo []DemoAccount
}

// DemoAccount is an account of the demonstration.
type DemoAccount struct{ Handle, Passphrase, Role string }

// Handlers answers requests.
type Handlers struct {
	*web.Kit
	Services
}

// New registers every route on a server made by web.Kit.
func New(kit *web.Kit, s Services) *Handlers {
	return &Handlers{Kit: kit, Services: s}
}

// Mount adds the routes to the server.
func (h *Handlers) Mount(app *fiber.App) {
	for _, r := range h.routes() {
		if r.method == fiber.MethodGet {
			app.Add(fiber.MethodHead, r.path, h.Allow(r.policy), r.handler)
		}
		app.Add(r.method, r.path, h.Allow(r.policy), r.handler)
	}
}

// route is one row of the table in routes.go.
type route struct {
	method, path string
	policy       web.Policy
	handler      fiber.Handler
}

// Nav is the navigation that a reader may use, by what people do.
func Nav(c *fiber.Ctx, t *i18n.Texts) []ui.NavItem {
	by := web.Actor(c)
	_, member := by.Member()
	people := "/collectives" // the list that people outside may read
	if inside(by) {
		people = "/members"
	}
	all := []struct {
		item ui.NavItem
		show bool
		also []string
	}{
		{ui.NavItem{Label: t.T("ui.nav.home"), Href: "/", Icon: "home", Primary: true}, true, nil},
		{ui.NavItem{Label: t.T("ui.nav.decide"), Href: "/decide", Icon: "decide", Primary: true}, true, []string{"/proposals", "/assemblies", "/polls", "/methods", "/standing"}},
		{ui.NavItem{Label: t.T("ui.nav.fees"), Href: "/fees", Icon: "fees", Primary: true}, member || by.Has(models.RoleTreasurer, models.RoleAuditor), []string{"/payments"}},
		{ui.NavItem{Label: t.T("ui.nav.people"), Href: people, Icon: "people"}, by.SignedIn(), []string{"/members", "/collectives", "/applications", "/apply"}},
		{ui.NavItem{Label: t.T("ui.nav.books"), Href: "/books", Icon: "books"}, by.Has(models.RoleTreasurer, models.RoleAuditor, models.RoleAdministrator), nil},
		{ui.NavItem{Label: t.T("ui.nav.balance"), Href: "/balance", Icon: "balance"}, true, nil},
		{ui.NavItem{Label: t.T("ui.nav.open"), Href: "/open", Icon: "open"}, true, []string{"/statutes", "/software", "/privacy", "/accessibility"}},
		{ui.NavItem{Label: t.T("ui.nav.admin"), Href: "/admin", Icon: "admin"}, by.Has(models.RoleAdministrator), nil},
	}
	var items []ui.NavItem
	for _, n := range all {
		if !n.show {
			continue
		}
		n.item.Current = under(c.Path(), n.item.Href)
		for _, also := range n.also {
			n.item.Current = n.item.Current || under(c.Path(), also)
		}
		items = append(items, n.item)
	}
	return items
}

func under(path, root string) bool {
	return path == root || (root != "/" && len(path) > len(root) && path[:len(root)+1] == root+"/")
}

// crumbs begins with the section and ends with the page itself.
func crumbs(pairs ...string) []ui.Crumb {
	var out []ui.Crumb
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, ui.Crumb{Label: pairs[i], Href: pairs[i+1]})
	}
	return out
}

// coop is the cooperative, for its time zone and currency.
func (h *Handlers) coop(ctx context.Context) (models.Cooperative, error) {
	return h.Identity.CooperativeNow(ctx)
}

// pathID is a path with a record's id in it.
func pathID[T ~int64](before string, id T, after string) string {
	return before + strconv.FormatInt(int64(id), 10) + after
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// Row is a row of the table of routes, for tests that ask every route as every role.
type Row struct {
	Method, Path string
	Policy       web.Policy
}

// Table is the table of routes.
func Table() []Row {
	all := (&Handlers{}).routes()
	rows := make([]Row, len(all))
	for i, r := range all {
		rows[i] = Row{r.method, r.path, r.policy}
	}
	return rows
}
