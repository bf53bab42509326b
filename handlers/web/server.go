package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
	rescue "github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/valyala/fasthttp"

	"socia/core/fault"
	"socia/views/assets"
	"socia/views/ui"
)

const (
	// bodyMost is the largest form; imports have their own limit.
	bodyMost = 256 << 10
	// importMost is the largest file that an import takes.
	importMost  = 12 << 20
	readTime    = 20 * time.Second
	idleTime    = 75 * time.Second
	connections = 4096
)

// Observe is told about each answered request: the route's pattern, never the address with its values.
type Observe func(method, route string, status int, took time.Duration)

// Server makes the HTTP server with everything that stands in front of the routes. imports are the routes that take files.
func (k *Kit) Server(observe Observe, proxies []string, imports ...string) *fiber.App {
	app := fiber.New(fiber.Config{
		AppName: "Sòcia", ServerHeader: "", DisableStartupMessage: true, Immutable: true,
		StrictRouting: true, CaseSensitive: true, UnescapePath: false,
		BodyLimit: importMost, ReadTimeout: readTime, IdleTimeout: idleTime, Concurrency: connections, ReadBufferSize: 8 << 10,
		EnableTrustedProxyCheck: true, TrustedProxies: proxies, ProxyHeader: proxyHeader(proxies),
		ErrorHandler: k.fail,
	})
	app.Server().HeaderReceived = func(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
		limit := bodyMost
		for _, path := range imports {
			asked, _, _ := bytes.Cut(h.RequestURI(), []byte("?"))
			if string(asked) == path {
				limit = importMost
			}
		}
		return fasthttp.RequestConfig{MaxRequestBodySize: limit}
	}
	app.Use(k.follow(observe), k.headers, rescue.New(), compress.New(compress.Config{Level: compress.LevelBestSpeed}))
	app.Get(assets.Prefix+"*", serveAsset)
	app.Use(unpacked, k.Identify, legible, k.Unforged)
	return app
}

// unpacked refuses compressed bodies: a form of a few kilobytes could unpack to gigabytes, past every limit.
func unpacked(c *fiber.Ctx) error {
	if c.Get(fiber.HeaderContentEncoding) != "" {
		return fiber.ErrUnsupportedMediaType
	}
	return c.Next()
}

func proxyHeader(proxies []string) string {
	if len(proxies) == 0 {
		return ""
	}
	return fiber.HeaderXForwardedFor
}

// follow gives the request its number, and tells how it went.
func (k *Kit) follow(observe Observe) fiber.Handler {
	return func(c *fiber.Ctx) error {
		began := time.Now()
		id := rand.Text()[:12]
		c.Locals(requestKey, id)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		c.SetUserContext(ctx)
		err := c.Next()
		if err != nil {
			err = k.fail(c, err)
		}
		route, status, took := c.Route().Path, c.Response().StatusCode(), time.Since(began)
		if observe != nil {
			observe(c.Method(), route, status, took)
		}
		k.Log.Info("request", "id", id, "method", c.Method(), "route", route, "status", status, "ms", took.Milliseconds())
		return err
	}
}

// headers gives every answer the browser's orders.
func (k *Kit) headers(c *fiber.Ctx) error {
	k.order(c)
	err := c.Next()
	if len(c.Response().Header.Peek(fiber.HeaderCacheControl)) == 0 {
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
	return err
}

// order sets the browser's orders.
func (k *Kit) order(c *fiber.Ctx) {
	h := &c.Response().Header
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	if k.origin.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// legible refuses values that no database stores, in the address or in a form: a zero byte, or bytes that are no UTF-8.
func legible(c *fiber.Ctx) error {
	for _, args := range []*fasthttp.Args{c.Context().QueryArgs(), c.Context().PostArgs()} {
		for name, value := range args.All() {
			if !stored(name) || !stored(value) {
				return fault.Invalid("", "ui.error.form")
			}
		}
	}
	return c.Next()
}

func stored(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }

func serveAsset(c *fiber.Ctx) error {
	body, contentType, ok := assets.Open(strings.TrimPrefix(c.Path(), assets.Prefix))
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, contentType)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	return c.Send(body)
}

// fail turns an error into a page. Faults say in the reader's language what is wrong; everything else is logged once
// under the request's number, and the reader sees only the number.
func (k *Kit) fail(c *fiber.Ctx, err error) (answer error) {
	id, _ := c.Locals(requestKey).(string)
	defer func() {
		// The frame around the page may be what is broken, and nobody recovers after us.
		if r := recover(); r != nil {
			k.Log.Error("error page failed", "id", id, "error", r)
			answer = c.Status(http.StatusInternalServerError).SendString("500 " + id)
		}
	}()
	// What is no request at all, or too large, comes here without having passed the others.
	k.order(c)
	c.Set(fiber.HeaderCacheControl, "no-store")
	status, text := http.StatusInternalServerError, ""
	var known *fiber.Error
	if f, ok := fault.As(err); ok {
		status, text = statusOf(f.Kind), k.Say(c, f.Details()[0])
	} else if errors.As(err, &known) {
		status = known.Code
	}
	if status >= http.StatusInternalServerError {
		k.Log.Error("request failed", "id", id, "method", c.Method(), "route", c.Route().Path, "error", err)
	}
	if f, ok := fault.As(err); ok && f.Key == "identity.form_expired" {
		return k.PageStatus(c, status, ui.ErrorPage(k.Frame(c, k.T(c).T("ui.page419.title")), 419, ""))
	}
	shown := status
	switch status {
	case 400, 403, 404, 409, 413, 429, 500, 503:
	case http.StatusMethodNotAllowed:
		shown = http.StatusNotFound
	default:
		if shown = http.StatusBadRequest; status >= 500 {
			shown = http.StatusInternalServerError
		}
	}
	if status != http.StatusInternalServerError {
		id = ""
	}
	frame := k.Frame(c, "")
	if text != "" && status != http.StatusNotFound && status != http.StatusInternalServerError {
		frame.Flash = &ui.Flash{Kind: ui.No, Text: text}
	}
	return k.PageStatus(c, status, ui.ErrorPage(frame, shown, id))
}

func statusOf(k fault.Kind) int {
	switch k {
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindForbidden:
		return http.StatusForbidden
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindTooMany:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}
