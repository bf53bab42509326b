package handlers

import (
	"testing"

	"socia/app/transparency"
	"socia/models"
)

// A button says what its page does: nothing is confirmed on an assembly's page.
func TestHome_TheButtonOfAnAssembly_SaysWhereItLeads(t *testing.T) {
	for _, c := range []struct {
		need transparency.Need
		want string
	}{
		{transparency.Need{State: models.AssemblyConvened, OnRoll: true}, "home.assembly_look"},
		{transparency.Need{State: models.AssemblyConvened}, "home.assembly_look"},
		{transparency.Need{State: models.AssemblyOpen, OnRoll: true}, "home.assembly_enter"},
	} {
		if got := assemblyButton(c.need); got != c.want {
			t.Errorf("%+v: %s, want %s", c.need, got, c.want)
		}
	}
}
