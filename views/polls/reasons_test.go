package polls

import (
	"slices"
	"testing"

	"socia/core/methods"
)

// The reason told is the one that decided: how many can come, then how many say yes; times equal in both all win.
func TestTell_Times_SaysWhyATimeComesFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why    string
		papers []string
		says   map[string][]string
	}{
		{"more can come", []string{"2,0,0", "1,2,0"}, map[string][]string{
			"ca": {"Dl és l’hora a què més gent pot venir (2 membres)."},
			"es": {"Dl es la hora a la que puede venir más gente (2 miembros)."},
			"en": {"Dl is the time at which the most can come (2 members)."},
		}},
		{"more say yes", []string{"2,1,0", "2,2,0"}, map[string][]string{
			"ca": {"Dl passa al davant: hi pot venir tanta gent com a Dm (2 membres), i més gent hi diu «sí» i no «si cal»."},
			"es": {"Dl pasa delante: puede venir tanta gente como a Dm (2 miembros), y más gente dice «sí» y no «si hace falta»."},
			"en": {"Dl comes first: as many can come as to Dm (2 members), and more say “yes”, not “if need be”."},
		}},
		{"two are equal, a third has fewer yes", []string{"2,2,1"}, map[string][]string{
			"ca": {"Dl passa al davant: hi pot venir tanta gent com a Dc (1 membre), i més gent hi diu «sí» i no «si cal». Dl empata amb Dm: hi pot venir la mateixa quantitat de gent (1 membre), i la mateixa quantitat hi diu «sí» i no «si cal».", "Dm passa al davant: hi pot venir tanta gent com a Dc (1 membre), i més gent hi diu «sí» i no «si cal». Dm empata amb Dl: hi pot venir la mateixa quantitat de gent (1 membre), i la mateixa quantitat hi diu «sí» i no «si cal»."},
			"es": {"Dl pasa delante: puede venir tanta gente como a Dc (1 miembro), y más gente dice «sí» y no «si hace falta». Dl empata con Dm: puede venir la misma cantidad de gente (1 miembro), y la misma cantidad dice «sí» y no «si hace falta».", "Dm pasa delante: puede venir tanta gente como a Dc (1 miembro), y más gente dice «sí» y no «si hace falta». Dm empata con Dl: puede venir la misma cantidad de gente (1 miembro), y la misma cantidad dice «sí» y no «si hace falta»."},
			"en": {"Dl comes first: as many can come as to Dc (1 member), and more say “yes”, not “if need be”. Dl ties with Dm: as many can come (1 member), and as many say “yes”, not “if need be”.", "Dm comes first: as many can come as to Dc (1 member), and more say “yes”, not “if need be”. Dm ties with Dl: as many can come (1 member), and as many say “yes”, not “if need be”."},
		}},
	} {
		for language, want := range c.says {
			s := tellIn(t, language, Tell, methods.Times, methods.Setup{}, named("Dl", "Dm", "Dc"), c.papers)
			if !slices.Equal(s.acts(), want) {
				t.Errorf("%s, %s: %q", c.why, language, s.acts())
			}
		}
	}
}
