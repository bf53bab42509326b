package polls

import (
	"strings"
	"testing"

	"socia/core/methods"
	"socia/core/paper"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// A paper offers the ranks that it may use, and no other; what was typed and is wrong is not lost.
func TestNewPaper_RankMenus_OfferOnlyTheRanksAllowed(t *testing.T) {
	t.Parallel()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	options := []string{"Anna", "Berta", "Carla", "Dina"}
	for _, m := range methods.All() {
		if m.Form != paper.Rank {
			continue
		}
		for most, want := range map[int]string{0: " 1 2 3 4", 1: " 1", 2: " 1 2", 3: " 1 2 3", 4: " 1 2 3 4"} {
			poll := models.Poll{Setup: models.PollSetup{Setup: methods.Setup{Most: most}}}
			for _, says := range []string{"", "1,,,"} {
				for _, line := range NewPaper(texts.For("ca"), m, poll, options, PaperOf{Member: 1, Says: says}).Lines {
					if got := offered(line.Options); got != want {
						t.Errorf("%s with %d ranks offers%s, want%s", m.Name, most, got, want)
					}
				}
			}
		}
		poll := models.Poll{Setup: models.PollSetup{Setup: methods.Setup{Most: 2}}}
		lines := NewPaper(texts.For("ca"), m, poll, options, PaperOf{Member: 1, Says: "1,2,3,"}).Lines
		if lines[2].Value != "3" || offered(lines[2].Options) != " 1 2 3" || offered(lines[1].Options) != " 1 2" {
			t.Errorf("%s: a third rank of two is shown as %q of%s", m.Name, lines[2].Value, offered(lines[2].Options))
		}
	}
}

func offered(options []ui.Option) string {
	var all strings.Builder
	for _, o := range options {
		if o.Value != "" {
			_, _ = all.WriteString(" " + o.Value)
		}
	}
	return all.String()
}
