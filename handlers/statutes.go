package handlers

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/core/fault"
	"socia/core/rules"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/statutes"
	"socia/views/ui"
)

// ShowStatutes is the rules in force, in words, and the versions there were.
func (h *Handlers) ShowStatutes(c *fiber.Ctx) error { return h.showStatutes(c, 0) }

// ShowStatutesVersion is one version: results name the one that they were counted under.
func (h *Handlers) ShowStatutesVersion(c *fiber.Ctx) error {
	version, err := web.ID[models.RuleSetID](c, "version")
	if err != nil {
		return err
	}
	return h.showStatutes(c, int64(version))
}

func (h *Handlers) showStatutes(c *fiber.Ctx, version int64) error {
	t := h.T(c)
	history, err := h.Identity.StatutesHistory(c.UserContext())
	if err != nil {
		return err
	}
	shown := 0
	for i, r := range history {
		if r.Version == version {
			shown = i
		}
	}
	if len(history) == 0 || (version != 0 && history[shown].Version != version) {
		return fault.NotFound("ui.page404.title")
	}
	classes, err := h.Transparency.Classes(c.UserContext())
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	title, r := t.T("statutes.title"), history[shown]
	frame := h.Frame(c, title, crumbs(t.T("ui.nav.open"), "/open", title, "")...)
	page := pages.ShowPage{Frame: frame, Title: t.T("statutes.rules_of", "Version", t.Number(r.Version)), Rules: statutesInWords(t, r.Body, classes), MayEdit: web.IsOfficer(c, models.RoleAdministrator), Preset: t.T("statutes.preset." + r.Preset)}
	if shown > 0 {
		page.Old = t.T("statutes.old_version", "Version", t.Number(r.Version))
	}
	page.History = ui.Table{Caption: t.T("statutes.history"), HideCaption: true, Columns: []ui.Column{{Label: t.T("statutes.version")}, {Label: t.T("statutes.since")}, {Label: t.T("ui.word.reason")}}}
	for _, v := range history {
		reason := v.Reason
		if key := "statutes.preset." + v.Reason; t.Has(key) {
			reason = t.T("statutes.founded_with", "Preset", t.T(key)) // the founding version has its preset for a reason
		}
		page.History.Rows = append(page.History.Rows, []ui.Cell{
			ui.LinkCell(t.T("statutes.version_n", "Version", t.Number(v.Version)), "/statutes/"+strconv.FormatInt(v.Version, 10)),
			ui.Text(t.ShortTime(v.CreatedAt, coop.Location())), ui.Text(reason),
		})
	}
	return h.Page(c, pages.Show(page))
}

// statutesDraft is a change of the statutes on its way through the form.
type statutesDraft struct {
	base     string // "current", or the preset that the form began with
	from     int64
	reason   string
	once     string
	current  models.RuleSet
	classes  []models.MemberClass
	sections []ruleSection
	typed    map[string]string
	body     rules.RuleSet
}

// EditStatutes is the form in which a copy of the statutes is changed.
func (h *Handlers) EditStatutes(c *fiber.Ctx) error {
	d, err := h.statutesDraft(c, c.Query("preset", currentBase))
	if err != nil {
		return err
	}
	d.from, d.once, d.typed = d.current.Version, web.NewOnce(), map[string]string{}
	for _, section := range d.sections {
		for _, f := range section.fields {
			d.typed[f.path] = f.get(&d.body)
		}
	}
	return h.Page(c, pages.Edit(h.editPage(c, d, nil)))
}

// currentBase begins the form with the statutes in force.
const currentBase = "current"

// statutesDraft reads what a form begins with: the statutes in force, or a preset.
func (h *Handlers) statutesDraft(c *fiber.Ctx, base string) (d statutesDraft, err error) {
	if d.current, err = h.Identity.Statutes(c.UserContext()); err != nil {
		return d, err
	}
	if d.classes, err = h.Transparency.Classes(c.UserContext()); err != nil {
		return d, err
	}
	d.base, d.body = currentBase, d.current.Body
	if preset, ok := rules.Preset(base); ok {
		d.base, d.body = base, preset
	}
	d.body = everyRule(d.body)
	d.sections = statutesSections(d.body, d.classes)
	return d, nil
}

// ChangeStatutes checks a change, shows it for review, and after that stores it.
func (h *Handlers) ChangeStatutes(c *fiber.Ctx) error {
	d, err := h.statutesDraft(c, c.FormValue("base"))
	if err != nil {
		return err
	}
	var faults []*fault.Fault
	d.body, d.typed, faults = readStatutes(c, d.body, d.sections)
	d.reason, d.once = strings.TrimSpace(web.Visible(c.FormValue("reason"))), c.FormValue(web.OnceField)
	d.from, _ = strconv.ParseInt(c.FormValue("from"), 10, 64) // what is no version is no version in force
	step := c.FormValue("step")
	if step == "edit" {
		return h.Page(c, pages.Edit(h.editPage(c, d, nil)))
	}
	change := identity.StatutesChange{From: d.from, Body: d.body, Reason: d.reason}
	if step == previewStep && d.reason == "" {
		change.Reason = previewStep // the reason is asked for on the page that shows it
	}
	if err = fault.All(append(faults, reasonLength(d.reason))...); err == nil {
		err = h.Identity.CheckStatutes(c.UserContext(), web.Actor(c), change)
	} else if checked, ok := fault.As(change.Check()); ok {
		err = fault.All(append(faults, checked)...)
	}
	changes := changedRules(h.T(c), d)
	if err == nil && step == "confirm" {
		err = h.Identity.SetStatutes(c.UserContext(), web.Actor(c), change, d.once)
	} else if err == nil && len(changes) == 0 && step != previewStep {
		err = fault.Invalid("", "statutes.nothing_changed")
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, besideFields(err, d.body))
		if !ok {
			return err
		}
		return h.PageStatus(c, status, pages.Edit(h.editPage(c, d, e)))
	}
	if step == "confirm" {
		return h.See(c, "/statutes", "statutes.done.set")
	}
	told, err := h.Polls.Retell(c.UserContext(), web.Actor(c), d.body)
	if err != nil {
		return err
	}
	page := h.reviewPage(c, d, changes)
	page.Preview = retoldPreview(h.T(c), told)
	return h.Page(c, pages.Review(page))
}

// previewStep shows what would change before there is a reason for it, or a change.
const previewStep = "preview"

const reasonMost = 500

func reasonLength(reason string) *fault.Fault {
	if len([]rune(reason)) > reasonMost {
		return fault.Invalid("reason", "statutes.too_long", map[string]any{"most": reasonMost})
	}
	return nil
}

func (h *Handlers) editPage(c *fiber.Ctx, d statutesDraft, e web.Errors) pages.EditPage {
	t := h.T(c)
	title := t.T("statutes.edit")
	sets, all := statutesFieldsets(t, d.sections, d.classes, d.typed, e)
	reason := reasonField(t, d, e)
	page := pages.EditPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.admin"), "/admin", title, "")...), Errors: e.Of(append(all, reason)...), Sections: sets, Reason: reason,
		Form: ui.FormAttrs{Action: "/admin/statutes", CSRF: h.CSRF(c), Once: d.once}, Hidden: d.hidden(), Warning: weightedWarning(t, d),
	}
	for _, base := range []string{currentBase, rules.PresetCatalan, rules.PresetSpanish, rules.PresetAssociation} {
		page.Bases = append(page.Bases, ui.Tab{Label: t.T("statutes.preset." + base), Href: "/admin/statutes?preset=" + base, Current: base == d.base})
	}
	return page
}

func (d statutesDraft) hidden() []ui.Pair {
	return []ui.Pair{{Term: "base", Text: d.base}, {Term: "from", Text: strconv.FormatInt(d.from, 10)}}
}

// weightedWarning reminds that Llei 12/2015 art. 48.1 knows no weighted vote in worker and consumer cooperatives.
// It is no refusal: the software does not know which kind the cooperative is.
func weightedWarning(t *i18n.Texts, d statutesDraft) string {
	if d.body.Preset == rules.PresetCatalan && d.body.Counting.Method == rules.MethodClass {
		return t.T("statutes.weighted_warning")
	}
	return ""
}

func (h *Handlers) reviewPage(c *fiber.Ctx, d statutesDraft, changes []pages.Change) pages.ReviewPage {
	t := h.T(c)
	title := t.T("statutes.review")
	hidden := d.hidden()
	if d.reason != "" {
		hidden = append(hidden, ui.Pair{Term: "reason", Text: d.reason})
	}
	for _, section := range d.sections {
		for _, f := range section.fields {
			hidden = append(hidden, ui.Pair{Term: f.path, Text: d.typed[f.path]})
		}
	}
	return pages.ReviewPage{
		Frame:   h.Frame(c, title, crumbs(t.T("ui.nav.admin"), "/admin", t.T("statutes.edit"), "/admin/statutes", title, "")...),
		Form:    ui.FormAttrs{Action: "/admin/statutes", CSRF: h.CSRF(c), Once: d.once},
		Hidden:  hidden,
		Reason:  d.reason,
		Warning: weightedWarning(t, d),
		Changes: changes,
		Ask:     reasonField(t, d, nil),
	}
}

func reasonField(t *i18n.Texts, d statutesDraft, e web.Errors) ui.Field {
	return ui.Field{Name: "reason", Label: t.T("statutes.field.reason"), Hint: t.T("statutes.field.reason_hint"), Value: d.reason, Error: e["reason"], Required: true, MaxLength: reasonMost, Rows: 3}
}

// changedRules pairs what the rules say now with what they would say. A rule that only one side has stands alone.
func changedRules(t *i18n.Texts, d statutesDraft) []pages.Change {
	before, after := statutesInWords(t, d.current.Body, d.classes), statutesInWords(t, d.body, d.classes)
	none := pages.Rule{Words: t.T("statutes.no_such_rule")}
	find := func(all []pages.Rule, name string) pages.Rule {
		for _, w := range all {
			if w.Name == name {
				return w
			}
		}
		none.Name = name
		return none
	}
	var changes []pages.Change
	for _, is := range after {
		if was := find(before, is.Name); was != is {
			changes = append(changes, pages.Change{Name: is.Name, Was: was, Is: is})
		}
	}
	for _, was := range before {
		if is := find(after, was.Name); is == none {
			changes = append(changes, pages.Change{Name: was.Name, Was: was, Is: is})
		}
	}
	return changes
}
