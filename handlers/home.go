package handlers

import (
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/app/transparency"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/home"
	"socia/views/ui"
)

// ShowHome is what waits for the reader, or for guests what the cooperative is.
func (h *Handlers) ShowHome(c *fiber.Ctx) error {
	by := web.Actor(c)
	if !by.SignedIn() {
		return h.showWelcome(c)
	}
	t := h.T(c)
	home, err := h.Transparency.Home(c.UserContext(), by)
	if err != nil {
		return err
	}
	zone := home.Coop.Location()
	page := pages.HomePage{
		Frame: h.Frame(c, t.T("ui.nav.home")), Greeting: greeting(t, by, home.Now.In(zone)),
		Decisions: decisionsTable(t, home.Decisions, zone),
	}
	if home.Applied != 0 {
		page.Applied = pathID("/applications/", home.Applied, "")
	}
	for _, n := range home.Needs {
		page.Needs = append(page.Needs, todo(t, home.Coop, n))
	}
	if len(page.Needs) > 0 {
		page.Count = t.N("home.count", len(page.Needs))
	}
	return h.Page(c, pages.Home(page))
}

// greeting calls the reader by their member's name, or by their handle, as the time of day has it.
func greeting(t *i18n.Texts, by identity.Actor, local time.Time) string {
	name := by.Handle
	if m, ok := by.Member(); ok {
		name = m.Name
	}
	switch hour := local.Hour(); {
	case hour >= 6 && hour < 14:
		return t.T("home.morning", "Name", name)
	case hour >= 14 && hour < 21:
		return t.T("home.afternoon", "Name", name)
	}
	return t.T("home.evening", "Name", name)
}

// todo says a need in one sentence and gives it its one button.
func todo(t *i18n.Texts, coop models.Cooperative, n transparency.Need) ui.TodoItem {
	zone, name := coop.Location(), n.Name
	item := ui.TodoItem{Urgent: n.Urgent}
	button := func(key, href string) {
		item.Action = ui.Action{Label: t.T(key), Label2: name, Href: href, Kind: ui.Quiet}
		if n.Urgent {
			item.Action.Kind = ui.Main
		}
	}
	switch n.Kind {
	case transparency.NeedVote:
		item.Text, item.When = t.T("home.vote", "Name", name), voteWhen(t, n, zone)
		button("home.vote_do", pathID("/polls/", n.ID, ""))
	case transparency.NeedFacilitate:
		item.Text, item.When = t.T("home.facilitate."+string(n.State), "Name", name), capital(t.Time(*n.At, zone))
		button("home.facilitate_do."+string(n.State), pathID("/assemblies/", n.ID, ""))
	case transparency.NeedAssembly:
		item.Text, item.When = assemblyWords(t, n, zone)
		button(assemblyButton(n), pathID("/assemblies/", n.ID, ""))
	case transparency.NeedStatement:
		item.Text, item.When = t.T("home.statement", "Member", name), t.T("home.statement_open")
		if !n.On.IsZero() {
			item.When = t.T("home.statement_when", "Day", t.Date(n.On))
		}
		button("home.statement_do", pathID("/fees/cases/", n.ID, ""))
	case transparency.NeedSuspended:
		item.Text, item.When = t.T("home.suspended", "Member", name), t.T("home.suspended_when")
		if n.Final {
			item.When = t.T("home.suspended_final")
		}
		button("home.suspended_do", pathID("/fees/cases/", n.ID, ""))
	case transparency.NeedOverdue:
		item.Text, item.When = payText(t, coop, n), t.N("home.overdue_when", int(n.Count), "Day", t.LongDate(n.On))
		button("home.pay_do", pathID("/fees/members/", n.ID, ""))
	case transparency.NeedPay:
		item.Text, item.When = payText(t, coop, n), t.N("home.pay_when", int(n.Count), "Day", t.LongDate(n.On))
		button("home.pay_do", pathID("/fees/members/", n.ID, ""))
	case transparency.NeedChoose:
		item.Text, item.When = t.T("home.choose"), t.T("home.choose_when")
		if n.Several {
			item.Text = t.T("home.of_member", "Member", name, "Text", item.Text)
		}
		button("home.choose_do", pathID("/fees/members/", n.ID, "/subscription"))
	case transparency.NeedMinutes:
		item.Text, item.When = t.T("home.minutes", "Name", name), t.T("home.minutes_when")
		button("home.minutes_do", pathID("/assemblies/", n.ID, "/minutes"))
	case transparency.NeedApplication:
		item.Text, item.When = t.N("home.applications", int(n.Count), "Name", name), t.T("home.applications_when", "Day", t.LongDate(n.On))
		button("home.applications_do", "/applications")
	case transparency.NeedCases:
		item.Text, item.When = t.N("home.cases", int(n.Count)), t.T("home.cases_when")
		button("home.cases_do", "/fees/cases")
	case transparency.NeedApply:
		item.Text, item.When = t.T("home.apply"), t.T("home.apply_when")
		button("home.apply_do", "/apply")
	case transparency.NeedSupport:
		item.Text, item.When = t.N("home.support", int(n.Count)), t.T("home.support_when")
		button("home.support_do", "/proposals")
	case transparency.NeedNotices:
		item.Text = t.N("home.notices", int(n.Count))
		button("home.notices_do", "/inbox")
	}
	return item
}

func voteWhen(t *i18n.Texts, n transparency.Need, zone *time.Location) string {
	when := t.T("home.vote_open")
	if n.At != nil {
		when = t.T("home.vote_closes", "When", t.Time(*n.At, zone))
	}
	if n.Count > 1 {
		return when + " " + t.N("home.vote_several", int(n.Count))
	}
	return when + " " + t.T("home.vote_not_yet")
}

func assemblyWords(t *i18n.Texts, n transparency.Need, zone *time.Location) (text, when string) {
	roll := t.T("home.off_roll")
	if n.OnRoll {
		roll = t.T("home.on_roll")
	}
	if n.State == models.AssemblyOpen {
		return t.T("home.assembly_open", "Name", n.Name), capital(placeWords(t, n.Place, n.Online)) + ". " + roll
	}
	return n.Name, capital(t.Time(*n.At, zone)) + ", " + placeWords(t, n.Place, n.Online) + ". " + roll
}

func assemblyButton(n transparency.Need) string {
	if n.State == models.AssemblyOpen {
		return "home.assembly_enter"
	}
	return "home.assembly_look"
}

func placeWords(t *i18n.Texts, place string, online bool) string {
	switch {
	case place != "" && online:
		return t.T("home.place_both", "Place", place)
	case place != "":
		return place
	}
	return t.T("home.place_online")
}

// capital begins a sentence: days and places are written small in the middle of one.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

func payText(t *i18n.Texts, coop models.Cooperative, n transparency.Need) string {
	text := t.N("home.fees", int(n.Count), "Amount", t.Money(n.Cents, coop.Currency))
	if n.Several {
		text = t.T("home.of_member", "Member", n.Name, "Text", text)
	}
	return text
}

func (h *Handlers) showWelcome(c *fiber.Ctx) error {
	t := h.T(c)
	open, err := h.Transparency.Open(c.UserContext())
	if err != nil {
		return err
	}
	zone := open.Coop.Location()
	shown := open.Decisions.Decisions[:min(5, len(open.Decisions.Decisions))]
	page := pages.WelcomePage{Frame: h.Frame(c, ""), SetUp: open.Coop.ID != 0, Decisions: decisionsTable(t, shown, zone)}
	page.Stats = []ui.Stat{
		{Label: t.T("home.welcome.members"), Value: t.Number(open.Members)},
		{Label: t.T("home.welcome.collectives"), Value: strconv.Itoa(len(open.Collectives)), Href: "/open#collectives"},
	}
	if n := open.Next; n != nil {
		page.Next = []ui.TodoItem{{Text: n.Title, When: capital(t.Time(n.At, zone)) + ", " + placeWords(t, n.Place, n.Online), Action: ui.Action{Label: t.T("home.welcome.agenda"), Label2: n.Title, Href: pathID("/assemblies/", n.ID, ""), Kind: ui.Quiet}}}
	}
	return h.Page(c, pages.Welcome(page))
}
