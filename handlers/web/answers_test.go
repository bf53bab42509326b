package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"socia/app/identity"
	"socia/views/assets"
)

func TestFailure_PageShowsOnlyTheNumberAndTheLogTheRest(t *testing.T) {
	s := open(t, "http://example.com")
	for _, path := range []string{"/broken", "/panic", "/fiber"} {
		s.log.Reset()
		answer, body := s.get(path)
		if answer.StatusCode != 500 || strings.Contains(body, "hunter2") || strings.Contains(body, "goroutine") || strings.Contains(body, ".go:") {
			t.Errorf("%s: %d %s", path, answer.StatusCode, body)
		}
		id := regexp.MustCompile(`request failed" id=(\w+)`).FindStringSubmatch(s.log.String())
		if id == nil || !strings.Contains(body, id[1]) || strings.Count(s.log.String(), "hunter2") != 1 {
			t.Errorf("%s: the number %v is not on the page, or the log says %s", path, id, s.log)
		}
	}
	s.log.Reset()
	s.get("/admin/roles?name=Maria", s.as(s.signIn("maria")), header("User-Agent", "Maria's phone"))
	if strings.Contains(strings.ToLower(s.log.String()), "maria") {
		t.Errorf("the log holds what was asked: %s", s.log)
	}
}

// The page of a failure has a frame, and the frame may be what fails: the process lives all the same.
func TestFailure_OfTheFrameItselfIsAnsweredToo(t *testing.T) {
	s := open(t, "http://example.com")
	token := s.signIn("admin")
	s.Standing = func(context.Context, identity.Actor) (bool, bool, error) { panic(hidden) }
	answer, body := s.get("/page", s.as(token))
	if answer.StatusCode != 500 || strings.Contains(body, "hunter2") {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
	checkHeaders(t, "a broken frame", answer)
	if !strings.Contains(s.log.String(), "hunter2") {
		t.Error("the log does not say why")
	}
}

func TestFlash_OnlySentencesOfOurs(t *testing.T) {
	s := open(t, "http://example.com")
	en := header("Accept-Language", "en")
	sentence := s.Texts.For("en").T("identity.done.signed_out")
	if _, body := s.get("/page?done=identity.done.signed_out", en); !strings.Contains(body, sentence) {
		t.Errorf("the sentence is missing: %s", body)
	}
	_, plain := s.get("/page", en)
	for _, done := range []string{"x", "You+won", "identity.sign_in_wrong", "a.done.b", "%3Cscript%3Ealert(1)%3C/script%3E.done.", "identity.done.", "ui.nav.home"} {
		_, body := s.get("/page?done="+done, en)
		if strings.Count(body, "flash") != strings.Count(plain, "flash") || strings.Contains(body, "<script>alert") || strings.Contains(body, "You won") {
			t.Errorf("%s is shown", done)
		}
	}
}

func TestHead_IsGetWithoutABody(t *testing.T) {
	s := open(t, "http://example.com")
	for _, path := range []string{"/page", "/nothing", "/admin/roles", "/broken", assets.Path("socia.css")} {
		got, _ := s.get(path)
		head, body := s.get(path, func(r *http.Request) { r.Method = "HEAD" })
		if head.StatusCode != got.StatusCode || body != "" || head.Header.Get("Content-Type") != got.Header.Get("Content-Type") {
			t.Errorf("%s: HEAD %d %q, GET %d", path, head.StatusCode, body, got.StatusCode)
		}
		checkHeaders(t, "HEAD "+path, head)
	}
}

func TestLanguage_OfTheAddressThenTheAccountThenTheBrowser(t *testing.T) {
	s := open(t, "http://example.com")
	maria := s.signIn("maria") // her account reads English
	lang := regexp.MustCompile(`<html lang="([a-z-]+)"`)
	for name, c := range map[string]struct{ path, accept, token, want string }{
		"nothing":                 {"/page", "", "", "ca"},
		"Spanish browser":         {"/page", "es-ES,es;q=0.9,en;q=0.8", "", "es"},
		"English first by weight": {"/page", "ca;q=0.1,en;q=0.9", "", "en"},
		"a language we have not":  {"/page", "fr,de;q=0.9", "", "ca"},
		"and then one we have":    {"/page", "fr,es;q=0.5", "", "es"},
		"nonsense":                {"/page", ";;q=,\xff<>", "", "ca"},
		"far too long":            {"/page", strings.Repeat("a-b,", 1000), "", "ca"},
		"account":                 {"/page", "es", maria, "en"},
		"address":                 {"/page?lang=es", "en", "", "es"},
		"address before account":  {"/page?lang=ca", "es", maria, "ca"},
		"unknown in the address":  {"/page?lang=fr", "es", "", "es"},
		"markup in the address":   {"/page?lang=%22%3E%3Cscript%3E", "en", "", "en"},
		"on an error page":        {"/nothing?lang=es", "en", "", "es"},
	} {
		change := []func(*http.Request){header("Accept-Language", c.accept)}
		if c.token != "" {
			change = append(change, s.as(c.token))
		}
		_, body := s.get(c.path, change...)
		if m := lang.FindStringSubmatch(body); m == nil || m[1] != c.want {
			t.Errorf("%s: %v, want %s", name, m, c.want)
		}
	}
	answer, _ := s.post("/go?lang=es", s.fresh())
	if to, _ := url.Parse(answer.Header.Get("Location")); to.Query().Get("lang") != "es" {
		t.Errorf("the language is lost on the way to %v", to)
	}
}

// Guesses are slowed down by network: the whole of an IPv6 customer's, whatever way the address is written, and the
// one that our own proxy saw, whatever the reader claims.
func TestAddress_IsTheNetworkThatOurProxySaw(t *testing.T) {
	direct, behind := open(t, "http://example.com"), open(t, "http://example.com", "0.0.0.0")
	from := func(s *site, forwarded string) string {
		_, body := s.get("/address", header("X-Forwarded-For", forwarded))
		return body
	}
	if a, b := from(direct, "1.2.3.4"), from(direct, "5.6.7.8"); a != b || a == "1.2.3.4" {
		t.Errorf("without a proxy %q and %q are believed", a, b)
	}
	for forwarded, want := range map[string]string{
		"1.2.3.4":                       "1.2.3.4",
		"9.9.9.9, 1.2.3.4":              "1.2.3.4",
		"9.9.9.9,8.8.8.8,  1.2.3.4 ":    "1.2.3.4",
		"::ffff:1.2.3.4":                "1.2.3.4",
		"2001:db8::1":                   "2001:db8::/64",
		"2001:db8::aaaa:bbbb:cccc:dddd": "2001:db8::/64",
		"2001:DB8:0:0:1:2:3:4":          "2001:db8::/64",
		"2001:db8:0:1::1":               "2001:db8:0:1::/64",
		"x, 2001:db8:1:2:3:4:5:6":       "2001:db8:1:2::/64",
	} {
		if got := from(behind, forwarded); got != want {
			t.Errorf("%q gives %q, want %q", forwarded, got, want)
		}
	}
	if a, b := from(behind, "nonsense"), from(behind, "other nonsense"); a != b {
		t.Errorf("nonsense is told apart: %q, %q", a, b)
	}
}
