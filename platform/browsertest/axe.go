package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/chromedp/chromedp"
)

// A Violation is one rule of accessibility that a page breaks, and where.
type Violation struct {
	ID      string `json:"id"`      // axe's name of the rule, such as color-contrast
	Impact  string `json:"impact"`  // minor, moderate, serious or critical
	Help    string `json:"help"`    // what the rule asks for
	HelpURL string `json:"helpUrl"` // where the rule is explained
	Nodes   []Node `json:"nodes"`   // at least one
}

// A Node is one element that breaks a rule.
type Node struct {
	Target  string `json:"target"`  // CSS selector
	HTML    string `json:"html"`    // the element itself
	Summary string `json:"summary"` // what would repair it
}

// String prints the rule and every element on lines of their own, for a test's failure.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n  %s\n    %s\n    %s", n.Target, n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n    "))
	}
	return b.String()
}

// wcag22AA are axe's tags for everything that WCAG 2.2 asks for at levels A and AA. The rules that
// axe calls best practice are not among them: they are advice, and change with every version.
var wcag22AA = []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"}

// runAxe runs inside the page. It hands back only what Violation holds: axe's own answer has cycles of detail.
const runAxe = `axe.run(document, {runOnly: {type: 'tag', values: %s}, resultTypes: ['violations']})
	.then(result => result.violations.map(v => ({
		id: v.id, impact: v.impact, help: v.help, helpUrl: v.helpUrl,
		nodes: v.nodes.map(n => ({target: n.target.flat().join(' '), html: n.html, summary: n.failureSummary})),
	})))`

// Axe returns what breaks the rules with one of these tags on the page as it stands; with no tags,
// the rules of WCAG 2.2 A and AA. It works under a strict content security policy, since the
// debugger brings axe in and not the page. A page whose JavaScript is switched off cannot be asked.
func Axe(ctx context.Context, tags ...string) ([]Violation, error) {
	if len(tags) == 0 {
		tags = wcag22AA
	}
	wanted, err := json.Marshal(tags)
	if err != nil {
		return nil, err
	}
	path := os.Getenv(axeVariable)
	if path == "" {
		return nil, errNoAxe
	}
	source, err := os.ReadFile(path) //nolint:gosec // G304: the person who runs the tests names the file.
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoAxe, err)
	}
	if err := bring(ctx, string(source)); err != nil {
		return nil, fmt.Errorf("bring axe into the page: %w", err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]Violation](fmt.Sprintf(runAxe, wanted), chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, fmt.Errorf("run axe: %w", err)
	}
	return found, nil
}

// bring puts axe, half a megabyte, into a page that has not been asked before.
func bring(ctx context.Context, source string) error {
	there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`typeof window.axe?.run === 'function'`))
	if err != nil || there {
		return err
	}
	return chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](source))
}
