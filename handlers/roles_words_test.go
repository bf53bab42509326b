package handlers

import (
	"testing"

	"socia/platform/i18n"
)

func TestRoles_TheFirstTermsReasonIsASentence(t *testing.T) {
	b, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"ca": "En posar en marxa el programa", "es": "Al poner en marcha el programa", "en": "When the program was set up"} {
		if got := termReason(b.For(lang), "setup"); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	if got := termReason(b.For("ca"), "Acord del 3 de maig"); got != "Acord del 3 de maig" {
		t.Errorf("what somebody wrote is changed: %q", got)
	}
}
