package web

import (
	"bytes"
	"encoding/base64"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

func TestCSRF_OnlyTheReadersOwnTokenFromOurOwnPagesPasses(t *testing.T) {
	s := open(t, "http://example.com")
	mine, hers := s.signIn("admin"), s.signIn("maria")
	own := mask(s.sessionMAC(mine))
	token := func(v string) url.Values { return url.Values{"csrf": {v}} }
	nothing := func(*http.Request) {}
	for name, c := range map[string]struct {
		form   url.Values
		change func(*http.Request)
		as     string
		want   int
	}{
		"signed in":                     {token(own), nothing, mine, 200},
		"signed in, another mask":       {token(mask(s.sessionMAC(mine))), nothing, mine, 200},
		"signed in, in a header":        {nil, header("X-CSRF-Token", own), mine, 200},
		"our own origin":                {token(own), header("Origin", "http://example.com"), mine, 200},
		"same-origin":                   {token(own), header("Sec-Fetch-Site", "same-origin"), mine, 200},
		"anonymous":                     {s.fresh(), nothing, "", 200},
		"anonymous, nearly old":         {token(s.anonymous(time.Now().Add(-anonymousLasts + time.Minute))), nothing, "", 200},
		"missing":                       {nil, nothing, mine, 403},
		"missing, anonymous":            {nil, nothing, "", 403},
		"empty":                         {token(""), nothing, mine, 403},
		"wrong":                         {token(mask(make([]byte, macBytes))), nothing, mine, 403},
		"cut":                           {token(own[:len(own)-2]), nothing, mine, 403},
		"somebody else's":               {token(mask(s.sessionMAC(hers))), nothing, mine, 403},
		"another session of one's own":  {token(mask(s.sessionMAC(s.signIn("admin")))), nothing, mine, 403},
		"anonymous one, signed in":      {s.fresh(), nothing, mine, 403},
		"session's one, signed out":     {token(own), nothing, "", 403},
		"session's one, forged cookie":  {token(mask(s.sessionMAC("x"))), nothing, "x", 403},
		"anonymous, expired":            {token(s.anonymous(time.Now().Add(-anonymousLasts))), nothing, "", 403},
		"anonymous, from the future":    {token(s.anonymous(time.Now().Add(time.Hour))), nothing, "", 403},
		"anonymous, other instant":      {token(base64.RawURLEncoding.EncodeToString([]byte("12345678")) + own), nothing, "", 403},
		"another origin":                {token(own), header("Origin", "http://evil.example"), mine, 403},
		"a subdomain":                   {token(own), header("Origin", "http://a.example.com"), mine, 403},
		"another port":                  {token(own), header("Origin", "http://example.com:8080"), mine, 403},
		"our name in another":           {token(own), header("Origin", "http://example.com.evil.example"), mine, 403},
		"our name as a user":            {token(own), header("Origin", "http://example.com@evil.example"), mine, 403},
		"no origin, by name":            {token(own), header("Origin", "null"), mine, 403},
		"cross-site":                    {token(own), header("Sec-Fetch-Site", "cross-site"), mine, 403},
		"same-site":                     {token(own), header("Sec-Fetch-Site", "same-site"), mine, 403},
		"cross-site without any origin": {s.fresh(), header("Sec-Fetch-Site", "cross-site"), "", 403},
		"forwarded host of a stranger": {token(own), func(r *http.Request) {
			r.Header.Set("Origin", "http://evil.example")
			r.Header.Set("X-Forwarded-Host", "evil.example")
		}, mine, 403},
	} {
		before := s.writes
		change := []func(*http.Request){c.change}
		if c.as != "" {
			change = append(change, s.as(c.as))
		}
		answer, _ := s.post("/write", c.form, change...)
		if answer.StatusCode != c.want || (s.writes > before) != (c.want == 200) {
			t.Errorf("%s: %d, %d writes", name, answer.StatusCode, s.writes-before)
		}
	}
}

func TestCSRF_EveryUnsafeMethodAndTheMultipartForm(t *testing.T) {
	s := open(t, "http://example.com")
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		answer, _ := s.ask(httptest.NewRequest(method, "/write", nil))
		if answer.StatusCode != 403 {
			t.Errorf("%s without a token: %d", method, answer.StatusCode)
		}
	}
	for token, want := range map[string]int{s.anonymous(time.Now()): 200, "": 403, "x.y": 403} {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		_ = w.WriteField("csrf", token)
		part, err := w.CreateFormFile("file", "a.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte("a;b\n"))
		_ = w.Close()
		r := httptest.NewRequest("POST", "/write", &body)
		r.Header.Set("Content-Type", w.FormDataContentType())
		if answer, _ := s.ask(r); answer.StatusCode != want {
			t.Errorf("multipart with %q: %d", token, answer.StatusCode)
		}
	}
	if s.writes != 1 {
		t.Errorf("%d writes", s.writes)
	}
}

func TestCSRF_PlainOriginIsNotOursWhereThereIsTLS(t *testing.T) {
	s := open(t, "https://example.com")
	for origin, want := range map[string]int{"https://example.com": 200, "http://example.com": 403, "https://evil.example": 403} {
		if answer, _ := s.post("/write", s.fresh(), header("Origin", origin)); answer.StatusCode != want {
			t.Errorf("%s: %d", origin, answer.StatusCode)
		}
	}
}

func TestCSRF_PagesShowAnotherMaskEachTime(t *testing.T) {
	s := open(t, "http://example.com")
	token := s.signIn("admin")
	s.app.Get("/form", func(c *fiber.Ctx) error { return c.SendString(s.Frame(c, "").CSRF + " " + s.CSRF(c)) })
	seen := map[string]bool{}
	for range 3 {
		_, body := s.get("/form", s.as(token))
		for _, shown := range strings.Fields(body) {
			if seen[shown] || !unmaskEquals(shown, s.sessionMAC(token)) || strings.Contains(body, token) {
				t.Errorf("the same mask, a wrong token, or the session's own token: %s", body)
			}
			seen[shown] = true
		}
	}
	if len(seen) != 6 {
		t.Errorf("%d tokens on six forms", len(seen))
	}
}

var hostilePaths = []string{
	"//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
	"data:text/html,x", "https://evil.example", "http:evil.example", "https:/evil.example", "evil.example", "@evil.example", "", " //evil.example",
	"/\t/evil.example", "/\n/evil.example", "/\r\nSet-Cookie: a=b", "/%", "?//evil.example", "\u2028//evil.example",
}
