package web_test

import (
	"slices"
	"testing"

	"socia/handlers/web"
	"socia/views/ui"
)

// A field of several with one name leads to its anchor; a message that none of them shows is told before all.
func TestErrorsOf_NoMessageIsLost(t *testing.T) {
	e := web.Errors{"minutes": "Too few."}
	shown := e.Of(ui.Field{Name: "minutes", Label: "Minutes", Anchor: "minutes-1"}, ui.Field{Name: "minutes", Label: "Minutes", Anchor: "minutes-2", Error: "Too few."})
	if want := []ui.FieldError{{Name: "minutes-2", Text: "Minutes: Too few."}}; !slices.Equal(shown, want) {
		t.Errorf("%+v", shown)
	}
	lost := e.Of(ui.Field{Name: "minutes", Label: "Minutes", Anchor: "minutes-1"})
	if want := []ui.FieldError{{Text: "Too few."}}; !slices.Equal(lost, want) {
		t.Errorf("%+v", lost)
	}
}
