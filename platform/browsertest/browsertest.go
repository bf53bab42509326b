// Package browsertest opens a real browser on a page: it starts Chromium, asks axe for faults of
// accessibility and takes pictures. `make test` provides Chromium and axe; for a shell of your own,
// `tools/test --env` prints where they are.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

const (
	chromiumVariable = "SOCIA_TEST_CHROMIUM"
	axeVariable      = "SOCIA_TEST_AXE"

	// limit ends a browser whose test waits for something that never comes, long before go test gives up.
	limit = 4 * time.Minute

	// phoneWidth is the widest screen, in CSS pixels, that is shown as a phone's.
	phoneWidth = 600
	// screenHeight is the height of the window before the page is measured, in CSS pixels.
	screenHeight = 900
)

// Start opens a browser with a profile of its own and returns the chromedp context of its first
// tab. The browser ends with the test. For a second person, start a second browser.
func Start(t testing.TB) context.Context {
	t.Helper()
	// Nobody watches the page scroll: without a second thread for that, opening pages costs a quarter less.
	return start(t, chromedp.Flag("disable-threaded-compositing", true))
}

// StartForPictures is Start for a browser of which screenshots are taken.
func StartForPictures(t testing.TB) context.Context {
	t.Helper()
	return context.WithValue(start(t), pictures{}, true)
}

// pictures is where a browser's context says that it can be pictured.
type pictures struct{}

func start(t testing.TB, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	// Not the test's context: that one is over before cleanups run, and would kill the browser under them.
	limited, release := context.WithTimeout(context.Background(), limit)
	allocator, wait := chromedp.NewExecAllocator(limited, append(options(t), more...)...)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		closeTab()
		wait()
		release()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return ctx
}

// options hold what keeps a browser quiet and alone: no request of its own, no profile of anybody.
func options(t testing.TB) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)),
		chromedp.Flag("headless", "new"),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0), // Chromium's sandbox refuses root.
		chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("lang", "ca"),
		chromedp.WindowSize(1280, screenHeight),
	)
}

func chromium(t testing.TB) string {
	t.Helper()
	if path := os.Getenv(chromiumVariable); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("no Chromium: set %s or run make test", chromiumVariable)
	return ""
}

// Viewport shows the page as on a screen of that width in CSS pixels, light or dark, without
// animations. A width below 600 is a phone's: touch, and the viewport that the page asks for.
// It holds for the pages that follow too.
func Viewport(ctx context.Context, width int, dark bool) error {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	var screen []chromedp.EmulateViewportOption
	if width < phoneWidth {
		screen = append(screen, chromedp.EmulatePortrait, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	return chromedp.Do(ctx,
		chromedp.EmulateViewport(int64(width), screenHeight, screen...),
		chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, media)
			return err
		}),
	)
}

// Screenshot writes the whole page, not only its first screen, as a PNG file, as Viewport shows
// it, in a browser of StartForPictures. It makes the file's folder when there is none.
func Screenshot(ctx context.Context, path string, width int, dark bool) error {
	if filepath.Ext(path) != ".png" {
		return fmt.Errorf("screenshot %s: the file must end in .png", path)
	}
	if ctx.Value(pictures{}) == nil {
		return fmt.Errorf("screenshot %s: the browser must be one of StartForPictures", path)
	}
	if err := Viewport(ctx, width, dark); err != nil {
		return fmt.Errorf("screenshot %s: %w", path, err)
	}
	const losslessPNG = 100
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(losslessPNG))
	if err != nil {
		return fmt.Errorf("screenshot %s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return os.WriteFile(path, picture, 0o600)
}

// errNoAxe names what is missing, in one line.
var errNoAxe = errors.New("no axe-core: set " + axeVariable + " to its axe.min.js or run make test")
