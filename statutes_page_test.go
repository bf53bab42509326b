package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"socia/platform/browsertest"
	"socia/platform/db"
)

// toPreview asks for four fifths of those present where half of the valid votes was enough, and presses the button.
const toPreview = `(() => {
	document.querySelector('[name="majorities.0.num"]').value = '4/5';
	document.querySelector('[name="majorities.0.base"][value="present"]').checked = true;
	document.querySelector('[name="ceiling.num"]').value = '';
	setTimeout(() => document.querySelector('button[value="preview"]').click(), 0);
	return '';
})()`

// What last year would have decided, in a real browser: no violation of WCAG 2.2 AA, light and dark, and nothing wider
// than the phone.
func TestPages_StatutesPreviewIsAccessible(t *testing.T) {
	t.Parallel()
	p, address := listenPlanted(t, db.SQLite)
	ctx := startBrowser(t)
	signInBrowser(t, ctx, p, address, "laia")
	visitPage(t, ctx, address+"/admin/statutes", 1280, false)
	_, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Action[chromedp.Void](func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[string](toPreview))
		return chromedp.Void{}, err
	})))
	if err != nil {
		t.Fatal(err)
	}
	told, err := chromedp.Run(ctx, chromedp.Evaluate[int]("document.querySelectorAll('#preview tbody tr').length"))
	if err != nil || told == 0 {
		t.Fatalf("%d votes are told again, %v", told, err)
	}
	if *shots != "" {
		if err := os.MkdirAll(*shots, 0o750); err != nil {
			t.Fatal(err)
		}
	}
	for _, look := range []struct {
		name  string
		width int
		dark  bool
	}{{"390", 390, false}, {"390-dark", 390, true}, {"1280", 1280, false}, {"1280-dark", 1280, true}} {
		if err := browsertest.Viewport(ctx, look.width, look.dark); err != nil {
			t.Fatal(err)
		}
		checkPage(t, ctx, "the preview of the statutes", look.width)
		if *shots != "" {
			if err := browsertest.Screenshot(ctx, filepath.Join(*shots, "statutes-preview-"+look.name+".png"), look.width, look.dark); err != nil {
				t.Fatal(err)
			}
		}
	}
}
