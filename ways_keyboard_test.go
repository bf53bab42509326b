package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"socia/core/methods"
	"socia/platform/db"
)

// A ranked paper is filled in with the keyboard alone: by the lists, by the buttons that move an option, and without
// JavaScript, where the lists are all there is.
func TestWays_RankedPaper_ByKeyboardAlone(t *testing.T) {
	t.Parallel()
	b := openBooth(t, db.SQLite)
	id := b.plans(methods.IRV, fields{"options": three}, "ca")
	here, voters := "/polls/"+strconv.Itoa(id), b.electors(id)

	b.is(voters[0].handle)
	b.goes(here)
	b.tabsTo("mark-" + voters[0].member + "-1")
	b.types("2") // the list goes to what begins so
	b.tabsTo("mark-" + voters[0].member + "-2")
	b.types("1")
	b.submitsByKey()
	b.sees("1. Berta · 2. Anna")

	b.is(voters[1].handle)
	b.goes(here)
	b.tabsTo("Puja Carla")
	b.types(" ") // comes in first
	b.tabsTo("Puja Anna")
	b.types(" ") // behind her
	b.types(kb.Enter)
	b.heard("Anna: posició 1") // and before her
	b.tabsTo("Baixa Carla")
	b.types(" ") // Carla goes out again…
	b.tabsTo("Puja Berta")
	b.types(" ")
	b.submitsByKey()
	b.sees("1. Anna · 2. Berta")

	b.scripts(false)
	b.is(voters[2].handle)
	b.goes(here)
	if buttons, err := chromedp.Run(b.tab, chromedp.Evaluate[int](`document.querySelectorAll('.step').length`)); err != nil || buttons != 0 {
		b.Errorf("without JavaScript there are %d buttons to move options, %v", buttons, err)
	}
	b.tabsTo("mark-" + voters[2].member + "-3")
	b.types(kb.ArrowDown)
	b.submitsByKey()
	b.scripts(true)
	b.goes(here)
	b.sees("1. Carla")
}

// Where a paper may use fewer ranks than there are options, the lists offer those alone, and an option that is moved up
// when all are used takes the last: whoever held it goes out.
func TestWays_RankedPaper_WithSoManyRanks_OffersNoOthers(t *testing.T) {
	t.Parallel()
	b := openBooth(t, db.SQLite)
	id := b.plans(methods.IRV, fields{"options": three, "most": "2"}, "ca")
	here, voters := "/polls/"+strconv.Itoa(id), b.electors(id)
	b.is(voters[0].handle)
	b.goes(here)
	if offered, err := chromedp.Run(b.tab, chromedp.Evaluate[string](`[...document.querySelectorAll('.paper select')].map(s => s.options.length).join()`)); err != nil || offered != "3,3,3" {
		b.Errorf("the lists have %s entries, %v", offered, err)
	}
	if _, err := chromedp.Run(b.tab, chromedp.Evaluate[string](`document.querySelector('.paper select').value = "2"`)); err != nil { // Anna, from the list
		b.Fatal(err)
	}
	b.tabsTo("Puja Berta")
	b.types(" ")
	b.heard("Berta: posició 1") // the one that is free: nobody goes out
	b.tabsTo("Puja Anna")
	b.types(" ")
	b.heard("Anna: posició 1")
	b.tabsTo("Puja Carla")
	b.types(" ")
	b.heard("Carla: posició 2")
	b.submitsByKey()
	b.sees("1. Anna · 2. Carla")
}

// tabsTo presses the tabulator until the focus is on the field with a name, or the button that is called so.
func (b *booth) tabsTo(wanted string) {
	b.Helper()
	on := ""
	for range 80 {
		b.types(kb.Tab)
		focus, err := b.focused()
		b.ok(err)
		if on = focus; on == wanted {
			return
		}
	}
	b.Fatalf("the tabulator does not reach %q; last was %q", wanted, on)
}

// focused names what has the focus. The debugger can ask it of a page whose own JavaScript is switched off too.
func (b *booth) focused() (string, error) {
	return chromedp.Run(b.tab, chromedp.Evaluate[string](`(e => e.name || e.getAttribute('aria-label') || e.innerText)(document.activeElement)`))
}

func (b *booth) types(keys string) {
	b.Helper()
	b.ok(chromedp.Do(b.tab, chromedp.KeyEvent(keys)))
}

// heard is what the status of the paper says.
func (b *booth) heard(want string) {
	b.Helper()
	said, err := chromedp.Run(b.tab, chromedp.Evaluate[string](`document.querySelector('.paper [role=status]').textContent`))
	b.ok(err)
	if !strings.Contains(said, want) {
		b.Errorf("the status says %q, want %q", said, want)
	}
}

// submitsByKey goes to the ballot's button and presses Enter.
func (b *booth) submitsByKey() {
	b.Helper()
	b.tabsTo("Vota")
	_, err := chromedp.Run(b.tab, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Action[chromedp.Void](func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		return chromedp.Void{}, chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter))
	})))
	if err != nil {
		b.Fatal(fmt.Errorf("send the ballot: %w", err))
	}
}

// scripts switches the page's own JavaScript on or off.
func (b *booth) scripts(on bool) {
	b.Helper()
	b.tells(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}
