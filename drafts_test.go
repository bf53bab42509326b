package main

import (
	"testing"

	"github.com/chromedp/chromedp"

	"socia/platform/browsertest"
	"socia/platform/db"
)

// Whoever leaves a form with a long text and comes back finds it as it was; once it was sent the form is empty again,
// and after signing out nothing of it is left on the device.
func TestDrafts_AreKeptUntilSentAndForgottenAtSignOut(t *testing.T) {
	t.Parallel()
	p, address := listenPlanted(t, db.SQLite)
	tab := browsertest.Start(t)
	signInBrowser(t, tab, p, address, "marta")
	run := func(script string) string {
		t.Helper()
		said, err := chromedp.Run(tab, chromedp.Evaluate[string](script))
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	const read = `document.querySelector("[name=title]").value + "|" + document.querySelector("[name=body]").value`
	write := func() {
		visitPage(t, tab, address+"/proposals/new", 390, false)
		run(`for (const [name, text] of [["title", "Un hort"], ["body", "Amb tomàquets"]]) {
			const field = document.querySelector("[name=" + name + "]"); field.value = text; field.dispatchEvent(new Event("input")); } ""`)
		visitPage(t, tab, address+"/decide", 390, false)
		visitPage(t, tab, address+"/proposals/new", 390, false)
		if got := run(read); got != "Un hort|Amb tomàquets" {
			t.Errorf("what was typed came back as %q", got)
		}
	}
	write()
	run(`for (const field of document.querySelectorAll("[data-draft]")) field.form.dispatchEvent(new Event("submit")); ""`)
	visitPage(t, tab, address+"/proposals?done=proposals.done.drafted", 390, false)
	visitPage(t, tab, address+"/proposals/new", 390, false)
	if got := run(read); got != "|" {
		t.Errorf("what was sent is still in the form: %q", got)
	}
	write()
	visitPage(t, tab, address+"/?done=identity.done.signed_out", 390, false)
	if left := run(`Object.keys(sessionStorage).join()`); left != "" {
		t.Errorf("after signing out the device keeps %q", left)
	}
}
