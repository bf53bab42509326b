package pdf

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

const sample = `# Acta de l’assemblea general ordinària de l’Era

**Assemblea de desembre · col·laboradores, ¿qué más?**

## Convocatòria

- Convocada dilluns, 23 de novembre de 2026, 9.00 (CET), amb 18 dies d’antelació (Llei 12/2015, art. 44.1).
- Lloc: Ateneu «la Rajola», Vic — àèéíïóòúüç ñ ÀÈÉÍÏÓÒÚÜÇ Ñ l·l L·L – 18 € ≥ ≤ ½ Łódź Жук \*no\* &amp;
    1. Dins d’una llista
    2. I la segona, amb un [enllaç](https://example.org/una/adreça/llarga)

| Classe | Al cens | En persona | En remot | Per delegació | Vots presents | Sense vot |
|---|---:|---:|---:|---:|---:|---:|
| De treball | 7 | 5 | 1 | 1 | 7 | 0 |
| Col·laboradores amb un nom més llarg del que és habitual en una columna | 14 | 3 | 1 | 0 | 4 | 1 |
| Total | 161 | 48 | 21 | 11 | 80 | 3 |

## Acords

### 1. Comptes de 2026

> S’aproven els comptes anuals, tal com els ha presentat qui en porta la tresoreria, i es destina l’excedent al fons de reserva obligatori.

A favor: 1.295/21. Calia més de 1/2 dels vots a favor i en contra.

**S’aprova.**

---

L’assemblea es tanca a les 20.10.
`

func TestRender_PrintsCatalanOnSeveralPages(t *testing.T) {
	made := time.Date(2026, 12, 11, 20, 0, 0, 0, time.UTC)
	body := sample + "\n" + strings.Repeat("Una intervenció que s’allarga i torna a dir el que ja s’ha dit. ", 300) + "\n\n" + strings.Repeat("x", 4000)
	one, err := Render(Document{Title: "Acta", Author: "L’Era", Foot: "L’Era · Assemblea de desembre", Body: body, Made: made})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(one, []byte("%PDF-")) || bytes.Count(one, []byte("/Type /Page\n")) < 3 {
		t.Errorf("%d bytes are no document of several pages", len(one))
	}
	if folder := os.Getenv("SOCIA_SHOTS"); folder != "" {
		if err := os.WriteFile(folder+"/minutes.pdf", one, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRender_HostileTextIsOnlyText(t *testing.T) {
	for _, body := range []string{"", "<script>alert(1)</script>", "| a |\n|---|\n|  |", "![x](http://tracker.example/x.png)", strings.Repeat("> ", 500) + "x", "[a](javascript:alert(1))", "1. \n2. \n", "\x00\ufffd"} {
		if _, err := Render(Document{Title: body, Body: body}); err != nil {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestPieces_LoseNothing(t *testing.T) {
	s := strings.Repeat("paraula ", 2000) + strings.Repeat("y", 500)
	all := pieces(s)
	if len(all) < 8 {
		t.Errorf("%d pieces", len(all))
	}
	for _, p := range all {
		if len(p) > pieceMost+wordMost {
			t.Errorf("a piece of %d", len(p))
		}
	}
	if strings.ReplaceAll(strings.Join(all, ""), " ", "") != strings.ReplaceAll(s, " ", "") {
		t.Error("text was lost")
	}
}
