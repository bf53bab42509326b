package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"socia/platform/browsertest"
	"socia/platform/db"
)

func TestQuorum_IsAFragmentWithThePagesOwnPolicy(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	jordi, marta := h.as("jordi"), h.as("marta")
	here := jordi.convene()
	marta.shows(here+"?lang=en", `data-live-src="`+here+`/quorum?lang=en&amp;at=page"`, `href="`+here+`?lang=en#quorum"`)
	fragment := marta.see(here + "/quorum?lang=en&at=page")
	if strings.Contains(fragment, "<html") || !strings.Contains(fragment, "Votes present and represented right now") {
		t.Errorf("the fragment is %s", fragment)
	}
	jordi.shows(here+"/desk", `at=desk"`, `<details id="classes">`)
	if status, _, _ := (guest{h, ""}).send(http.MethodGet, here+"/quorum", nil); status != http.StatusSeeOther {
		t.Errorf("people outside get %d", status)
	}
	jordi.do(here+"/cancellation", "reason", "x")
	if status, _, _ := marta.send(http.MethodGet, here+"/quorum", nil); status != http.StatusConflict {
		t.Errorf("of a closed assembly: %d", status)
	}
	if page := marta.see(here); strings.Contains(page, "data-live-src") {
		t.Error("the page of a closed assembly asks for its quorum")
	}
}

// TestDesk_InABrowser_CountsWhoArrivesElsewhere opens the desk and lets another desk check somebody in.
func TestDesk_InABrowser_CountsWhoArrivesElsewhere(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	here := h.as("jordi").convene()
	h.Clock.Move(time.Date(2026, 12, 10, 17, 10, 0, 0, time.UTC))
	jordi := h.as("jordi")
	browser := browsertest.Start(t)
	h.ok(chromedp.Do(browser, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{Name: "socia", Value: jordi.token, URL: h.address})
		return err
	}), chromedp.Navigate(h.address+here+"/desk")))
	const text = `document.querySelector("[data-live-src]").textContent`
	before, err := chromedp.Run(browser, chromedp.Evaluate[string](text))
	h.ok(err)
	jordi.do(here+"/arrivals", "who", h.number("nuria"), "mode", "in_person", "desk", "1")
	h.Clock.Move(time.Date(2026, 12, 10, 17, 10, 3, 0, time.UTC)) // a count may be two seconds old
	after, err := chromedp.Run(browser, chromedp.Evaluate[string](`new Promise(done => {
		const place = document.querySelector("[data-live-src]"), before = place.textContent;
		new MutationObserver(() => place.textContent !== before && done(place.textContent)).observe(place, {childList: true, subtree: true});
		setTimeout(() => done(place.textContent), 15000);
	})`, chromedp.EvalAwaitPromise))
	h.ok(err)
	if after == before || strings.Contains(after, "<") {
		t.Errorf("the desk does not count who arrived at another desk: it says %q", after)
	}
}
