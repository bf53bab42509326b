package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/core/fault"
	"socia/models"
)

type localsKey int

const (
	actorKey localsKey = iota
	textsKey
	tokenKey
	requestKey
)

const (
	// anonymousLasts is how long a form for people who are not signed in may stay open.
	anonymousLasts = 12 * time.Hour
	csrfField      = "csrf"
	macBytes       = 16
)

// cookieName has the __Host- prefix where there is TLS: no other host of the domain can set it.
func (k *Kit) cookieName() string {
	if k.origin.Scheme == "https" {
		return "__Host-socia"
	}
	return "socia"
}

// Identify finds out who asks. A token that no longer holds is forgotten.
func (k *Kit) Identify(c *fiber.Ctx) error {
	token := c.Cookies(k.cookieName())
	if token == "" {
		return c.Next()
	}
	by, err := k.identity.Resolve(c.UserContext(), token)
	if err != nil {
		return err
	}
	if by.SignedIn() {
		c.Locals(actorKey, by)
		c.Locals(tokenKey, token)
	} else {
		k.DropCookie(c)
	}
	return c.Next()
}

// SetCookie keeps a session's token on the device.
func (k *Kit) SetCookie(c *fiber.Ctx, token string) {
	c.Cookie(&fiber.Cookie{Name: k.cookieName(), Value: token, Path: "/", HTTPOnly: true, Secure: k.origin.Scheme == "https", SameSite: fiber.CookieSameSiteLaxMode, MaxAge: 30 * 24 * 3600})
}

// DropCookie forgets the session's token on the device.
func (k *Kit) DropCookie(c *fiber.Ctx) {
	c.Cookie(&fiber.Cookie{Name: k.cookieName(), Value: "", Path: "/", HTTPOnly: true, Secure: k.origin.Scheme == "https", SameSite: fiber.CookieSameSiteLaxMode, Expires: time.Unix(1, 0)})
}

// Allow lets only those on to a route whom its policy names.
func (k *Kit) Allow(p Policy) fiber.Handler {
	return func(c *fiber.Ctx) error {
		by := Actor(c)
		switch {
		case p.Allows(by):
			return c.Next()
		case p.signIn && !by.SignedIn() && (c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead):
			return k.See(c, "/sign-in?next="+url.QueryEscape(c.OriginalURL()), "")
		case !by.SignedIn():
			return fault.Forbidden("identity.sign_in_needed")
		case p.refuse != "":
			return fault.Forbidden(p.refuse)
		}
		return fault.Forbidden("identity.role_needed")
	}
}

// CSRF is the token that this reader's forms carry. It is bound to the session, or for readers who are not signed in
// to the hour; each page shows it under another mask, so that compression tells nothing about it.
func (k *Kit) CSRF(c *fiber.Ctx) string {
	if token, ok := c.Locals(tokenKey).(string); ok {
		return mask(k.sessionMAC(token))
	}
	issued := make([]byte, 8)
	binary.BigEndian.PutUint64(issued, uint64(time.Now().Unix())) //nolint:gosec // the seconds since 1970 are not negative
	return base64.RawURLEncoding.EncodeToString(issued) + "." + mask(k.anonymousMAC(issued))
}

func (k *Kit) sessionMAC(token string) []byte {
	return k.seal.MAC("csrf/session", []byte(token))[:macBytes]
}

func (k *Kit) anonymousMAC(issued []byte) []byte {
	return k.seal.MAC("csrf/anonymous", issued)[:macBytes]
}

// Unforged refuses what another site may have made a browser send: every unsafe method needs our own origin and our token.
func (k *Kit) Unforged(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	if !k.ownOrigin(c) || !k.ownToken(c) {
		return fault.Forbidden("identity.form_expired")
	}
	return c.Next()
}

func (k *Kit) ownOrigin(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" || origin == "null" {
		// Browsers send an origin with every form; tools that do not are stopped by the token. A page with
		// Referrer-Policy no-referrer would send null: ours have none.
		return origin == ""
	}
	u, err := url.Parse(origin)
	if err != nil || (k.origin.Scheme == "https" && u.Scheme != "https") {
		return false // who can change what goes over an open line could write its pages
	}
	return u.Host == k.origin.Host || u.Host == c.Hostname() || u.Host == string(c.Request().Host())
}

func (k *Kit) ownToken(c *fiber.Ctx) bool {
	given := c.Get("X-CSRF-Token")
	if given == "" {
		given = c.FormValue(csrfField)
	}
	if token, ok := c.Locals(tokenKey).(string); ok {
		return unmaskEquals(given, k.sessionMAC(token))
	}
	head, tail, ok := strings.Cut(given, ".")
	issued, err := base64.RawURLEncoding.DecodeString(head)
	if !ok || err != nil || len(issued) != 8 {
		return false
	}
	age := time.Now().Unix() - int64(binary.BigEndian.Uint64(issued)) //nolint:gosec // a time that does not fit is refused below
	return age >= 0 && age < int64(anonymousLasts/time.Second) && unmaskEquals(tail, k.anonymousMAC(issued))
}

func mask(secret []byte) string {
	out := make([]byte, 2*len(secret))
	_, _ = rand.Read(out[:len(secret)]) // crypto/rand never fails
	subtle.XORBytes(out[len(secret):], out[:len(secret)], secret)
	return base64.RawURLEncoding.EncodeToString(out)
}

func unmaskEquals(masked string, secret []byte) bool {
	raw, err := base64.RawURLEncoding.DecodeString(masked)
	if err != nil || len(raw) != 2*len(secret) {
		return false
	}
	subtle.XORBytes(raw[len(secret):], raw[:len(secret)], raw[len(secret):])
	return subtle.ConstantTimeCompare(raw[len(secret):], secret) == 1
}

// Address is where a request comes from, cut to the network, for slowing guesses down. It is never logged. A proxy of
// ours adds the address that it saw at the end of what the reader claims; an IPv6 customer has a whole /64.
func Address(c *fiber.Ctx) string {
	claimed := c.IP()
	ip, err := netip.ParseAddr(strings.TrimSpace(claimed[strings.LastIndexByte(claimed, ',')+1:]))
	if err != nil {
		return c.Context().RemoteIP().String()
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}

// Device says in two words what somebody signs in with, so that they know their sessions apart.
func Device(c *fiber.Ctx) string {
	ua := c.Get(fiber.HeaderUserAgent)
	browser, system := "", ""
	for _, b := range []string{"Firefox", "Edg", "Chrome", "Safari"} {
		if strings.Contains(ua, b) {
			browser = strings.Replace(b, "Edg", "Edge", 1)
			break
		}
	}
	for _, s := range []string{"Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"} {
		if strings.Contains(ua, s) {
			system = s
			break
		}
	}
	return strings.TrimSpace(browser + " " + system)
}

// IsOfficer says whether an actor holds one of the roles; a shorter word for pages.
func IsOfficer(c *fiber.Ctx, roles ...models.Role) bool { return Actor(c).Has(roles...) }
