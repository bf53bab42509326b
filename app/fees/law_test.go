package fees

import (
	"testing"

	"socia/core/rules"
)

// Llei 12/2015 arts. 43.2.d and 43.3: the assembly sets what is paid, and nobody in its place: a price without the
// resolution that set it is refused.
func TestLaw_Llei12_2015_Art43_2_d_And43_3_APriceCitesTheResolutionThatSetIt(t *testing.T) {
	for _, r := range rules.Presets() {
		each(t, r.Preset, func(h *house) {
			price := PriceForm{ValidFrom: on("2026-03-01"), MinCents: 800, SuggestedCents: 800, Resolution: ""}
			_, err := h.fees.SetPrice(t.Context(), h.treasurer, h.plan, price, "")
			h.refused(err, "ui.error.required")
			price.Resolution = "Assemblea 2026/1, acord 3"
			_, err = h.fees.SetPrice(t.Context(), h.treasurer, h.plan, price, "")
			h.ok(err)
		})
	}
}
