// Package web is what every handler needs: who asks, in which language, with which form; how a page, a fault or a
// redirect is answered; and the guards in front of all of them.
package web

import (
	"cmp"
	"context"
	"log/slog"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/bytebufferpool"

	"socia/app/identity"
	"socia/core/fault"
	"socia/platform/i18n"
	"socia/platform/seal"
	"socia/views/ui"
)

// Options are what the kit is told about the installation.
type Options struct {
	// BaseURL is the address that people type; its scheme decides whether cookies are for TLS only.
	BaseURL string
	Version string
}

// Standing tells the frame whether the reader may vote; ok is false for readers without membership.
type Standing func(ctx context.Context, by identity.Actor) (mayVote, ok bool, err error)

// Kit is shared by all handlers.
type Kit struct {
	Texts    *i18n.Bundle
	Log      *slog.Logger
	identity *identity.Service
	seal     *seal.Sealer
	origin   *url.URL
	options  Options
	Standing Standing
	nav      func(*fiber.Ctx, *i18n.Texts) []ui.NavItem
}

// New prepares the kit. nav gives the navigation that a reader may use.
func New(id *identity.Service, s *seal.Sealer, texts *i18n.Bundle, log *slog.Logger, nav func(*fiber.Ctx, *i18n.Texts) []ui.NavItem, o Options) (*Kit, error) {
	origin, err := url.Parse(o.BaseURL)
	if err != nil || origin.Host == "" {
		return nil, fault.Invalid("base_url", "identity.base_url_form")
	}
	return &Kit{Texts: texts, Log: log, identity: id, seal: s, origin: origin, options: o, nav: nav}, nil
}

// Actor is who asks: the zero Actor when nobody is signed in.
func Actor(c *fiber.Ctx) identity.Actor {
	a, _ := c.Locals(actorKey).(identity.Actor)
	return a
}

// T is the texts in the reader's language: the one asked for in the address, the account's, or the browser's.
func (k *Kit) T(c *fiber.Ctx) *i18n.Texts {
	if t, ok := c.Locals(textsKey).(*i18n.Texts); ok {
		return t
	}
	lang := asked(c)
	if lang == "" {
		lang = k.usual(c)
	}
	t := k.Texts.For(lang)
	c.Locals(textsKey, t)
	return t
}

// usual is the reader's language where the address asks for none: the account's, or the browser's.
func (k *Kit) usual(c *fiber.Ctx) string {
	if lang := Actor(c).Language; lang != "" {
		return lang
	}
	return i18n.Match(c.Get(fiber.HeaderAcceptLanguage))
}

// Coop is the cooperative's name, or the software's before it was set up.
func (k *Kit) coop(c *fiber.Ctx) string {
	coop, err := k.identity.CooperativeNow(c.UserContext())
	if err != nil {
		return "Sòcia"
	}
	return coop.Name
}

// Frame is what surrounds the page for this reader. Crumbs lead to the page from the second level on.
func (k *Kit) Frame(c *fiber.Ctx, title string, crumbs ...ui.Crumb) ui.Frame {
	t, by, path := k.T(c), Actor(c), c.Path()
	f := ui.Frame{
		T: t, Coop: k.coop(c), Title: title, Path: path, Crumbs: crumbs, CSRF: k.CSRF(c), SignOutAction: "/sign-out",
		Nav: k.nav(c, t), Languages: k.languages(c, t), Flash: k.flash(c, t), SignInHref: "/sign-in",
		Footer: ui.FooterLinks{Source: "/software", Licence: "/software", Accessibility: "/accessibility", Privacy: "/privacy"},
	}
	if !by.SignedIn() {
		return f
	}
	f.SignInHref, f.Robots = "", "noindex"
	f.Me = &ui.Me{Handle: by.Handle, Href: "/account"}
	f.InboxHref = "/inbox"
	if n, err := k.identity.Unread(c.UserContext(), by); err == nil {
		f.InboxCount = int(n)
	}
	if k.Standing != nil {
		if may, ok, err := k.Standing(c.UserContext(), by); err != nil {
			k.Log.Error("standing for the frame", "account", by.Account, "error", err)
		} else if ok {
			f.Standing = &ui.StandingBadge{MayVote: may, Href: "/standing"}
		}
	}
	return f
}

// languages links to the same page in each language, where its path is one of ours.
func (k *Kit) languages(c *fiber.Ctx, t *i18n.Texts) []ui.LangLink {
	path := OwnPath(c.Path(), "/")
	links := make([]ui.LangLink, 0, 3)
	for _, lang := range i18n.Languages() {
		q := url.Values{}
		for key, value := range c.Queries() {
			if key != "lang" && key != "done" {
				q.Set(key, value)
			}
		}
		q.Set("lang", lang)
		links = append(links, ui.LangLink{Lang: lang, Href: path + "?" + q.Encode(), Current: lang == t.Lang()})
	}
	return links
}

// flash says what the act before this page did: the redirect names a sentence of ours, nothing else is shown.
func (k *Kit) flash(c *fiber.Ctx, t *i18n.Texts) *ui.Flash {
	key := c.Query("done")
	if !strings.Contains(key, ".done.") || !t.Has(key) {
		return nil
	}
	return &ui.Flash{Kind: ui.Yes, Text: t.T(key)}
}

// Page answers with a page.
func (k *Kit) Page(c *fiber.Ctx, page templ.Component) error {
	return k.PageStatus(c, fiber.StatusOK, page)
}

// PageStatus answers with a page and a status, such as 422 for a form that has to be mended.
func (k *Kit) PageStatus(c *fiber.Ctx, status int, page templ.Component) error {
	buf := bytebufferpool.Get()
	defer bytebufferpool.Put(buf)
	if err := page.Render(c.UserContext(), buf); err != nil {
		return err
	}
	c.Status(status)
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	if lang := asked(c); lang != "" && lang != k.usual(c) {
		return c.Send(keepLanguage(buf.Bytes(), lang))
	}
	return c.Send(append([]byte(nil), buf.Bytes()...))
}

// See sends the browser to a page of ours after an act. done is the key of the sentence shown there, or "".
func (k *Kit) See(c *fiber.Ctx, path, done string) error {
	if !ownPath(path) {
		path = "/"
	}
	q := url.Values{}
	if done != "" {
		q.Set("done", done)
	}
	if lang := asked(c); lang != "" {
		q.Set("lang", lang)
	}
	if len(q) > 0 {
		sep := "?"
		path, place, _ := strings.Cut(path, "#")
		if strings.Contains(path, "?") {
			sep = "&"
		}
		if path += sep + q.Encode(); place != "" {
			path += "#" + place
		}
		return c.Redirect(path, fiber.StatusSeeOther)
	}
	return c.Redirect(path, fiber.StatusSeeOther)
}

// ownPath says whether a redirect stays here: a path, with neither host nor scheme hidden in it.
func ownPath(p string) bool {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t\x00") {
		return false
	}
	u, err := url.Parse(p)
	return err == nil && u.Host == "" && u.Scheme == ""
}

// OwnPath is a path that a reader brings with them, if it leads to a page of ours, else the fallback.
func OwnPath(p, fallback string) string {
	if ownPath(p) {
		return p
	}
	return fallback
}

// ID reads a numeric id from the path. What is no id finds nothing.
func ID[T ~int64](c *fiber.Ctx, name string) (T, error) {
	n, err := strconv.ParseInt(c.Params(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.NotFound("ui.page404.title")
	}
	return T(n), nil
}

// Say is a fault's sentence in the reader's language.
func (k *Kit) Say(c *fiber.Ctx, f fault.Fault) string { return Sentence(k.T(c), f) }

// Sentence is a fault's sentence in a language.
func Sentence(t *i18n.Texts, f fault.Fault) string {
	args := make([]any, 0, 2*len(f.Args))
	for key, value := range f.Args {
		args = append(args, key, value)
	}
	return t.T(f.Key, args...)
}

// Errors are the sentences of a form's faults by field; "" holds what belongs to no field.
type Errors map[string]string

// FormErrors turns an error into sentences by field, if it is a fault that the form can mend: wrong input or a
// conflict. Everything else, with ok false, is the error handler's.
func (k *Kit) FormErrors(c *fiber.Ctx, err error) (e Errors, status int, ok bool) {
	f, is := fault.As(err)
	if !is {
		return nil, 0, false
	}
	switch f.Kind {
	case fault.KindInvalid:
		status = fiber.StatusUnprocessableEntity
	case fault.KindConflict:
		status = fiber.StatusConflict
	case fault.KindTooMany:
		status = fiber.StatusTooManyRequests
	case fault.KindNotFound, fault.KindForbidden:
		return nil, 0, false
	}
	e = Errors{}
	for _, d := range f.Details() {
		if _, there := e[d.Field]; !there {
			e[d.Field] = k.Say(c, d)
		}
	}
	return e, status, true
}

// Of lists the errors for the summary: those of no field first, then by the fields' order.
func (e Errors) Of(fields ...ui.Field) []ui.FieldError {
	var out []ui.FieldError
	shown := map[string]bool{}
	for _, f := range fields {
		text := e[f.Name]
		if f.Anchor != "" { // of several fields of one name, the one that is wrong
			text = f.Error
		}
		if text == "" {
			continue
		}
		out = append(out, ui.FieldError{Name: cmp.Or(f.Anchor, f.Name), Text: f.Label + ": " + text})
		shown[f.Name], shown[cmp.Or(f.Anchor, f.Name)] = true, true
	}
	for name, text := range e {
		if !shown[name] {
			out = append([]ui.FieldError{{Text: text}}, out...)
		}
	}
	return out
}
