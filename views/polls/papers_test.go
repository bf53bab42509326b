package polls

import (
	"testing"

	"socia/views/ui"
)

// In a long list a paper of many marks is folded away, of any other only the reason; what is wrong, typed or asked for is not.
func TestFoldedAway_HidesNothingThatNeedsAnEye(t *testing.T) {
	one, reason := &ui.Field{}, &ui.Field{}
	for name, c := range map[string]struct {
		paper Paper
		want  Fold
	}{
		"many marks":              {Paper{Reason: reason}, Fold{Whole: true}},
		"many marks, wrong":       {Paper{Reason: reason, Error: "wrong"}, Fold{}},
		"wrong reason":            {Paper{Reason: &ui.Field{Error: "wrong"}}, Fold{}},
		"one word":                {Paper{One: one, Reason: reason}, Fold{Reason: true}},
		"one word, no reason":     {Paper{One: one}, Fold{}},
		"one word, wrong":         {Paper{One: one, Reason: reason, Error: "wrong"}, Fold{}},
		"a reason that was typed": {Paper{One: one, Reason: &ui.Field{Value: "És car."}}, Fold{}},
		"a reason that is asked":  {Paper{One: one, Reason: &ui.Field{Required: true}}, Fold{}},
	} {
		c.want.Says = "Núm. 64"
		if got := c.paper.FoldedAway("Núm. 64").Fold; got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
