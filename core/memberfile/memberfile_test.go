package memberfile

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"socia/core/civil"
)

func known() Known {
	return Known{
		Classes: map[string]string{
			"user": "user", "Usuàries": "user", "Usuarios": "user", "worker": "worker", "Treball": "worker",
		},
		Collectives: []string{"Nord", "L'Espiga", "Col·lectiu Sud", "A-1", "A1"},
	}
}

const head = "number,name,kind,class,joined_on\n"

func TestParse_ReadsEveryColumnInThreeLanguages(t *testing.T) {
	want := Row{
		Line: 2, Number: 12, Name: "Núria Puig", Kind: Organisation, Class: "user", Collective: "L'Espiga", Email: "nuria@example.org",
		JoinedOn: civil.New(2024, time.January, 31), LeftOn: civil.New(2026, time.March, 1), Representative: "Pau", Language: "ca",
	}
	cells := `12,Núria Puig,%s,%s,l'espiga,nuria@example.org,%s,%s,Pau,%s` + "\n"
	for header, row := range map[string]string{
		"number,name,kind,class,collective,email,joined_on,left_on,representative,language\n": fmt.Sprintf(cells, "organisation", "user", "2024-01-31", "2026-03-01", "ca"),
		"Número,NOM,Tipus,Classe,Col·lectiu,Correu electrònic,Data d'alta,Data de baixa,Representant,Llengua\n": fmt.Sprintf(
			cells, "Organització", "USUÀRIES", "31/01/2024", "01/03/2026", "Català"),
		"numero,Nombre,tipo,CLASE,colectivo,correo,Fecha de alta,fecha de baja,representante,idioma\n": fmt.Sprintf(
			cells, "organizacion", "usuarios", "31-1-2024", "1-3-2026", "catalán"),
		"Núm.,nom,tipus,classe,col.lectiu,correu,data d’alta,Data baixa,representant,llengua\n": fmt.Sprintf(
			cells, "entitat", "usuaries", "31/1/2024", "1/3/2026", "CA"),
		"NU\u0301MERO,nom,tipus,classe,coŀlectiu,correu,data_d_alta,data-de-baixa,representant,llengua\n": fmt.Sprintf(
			cells, "Entitat", "User", "2024-01-31", "2026-03-01", "ca"),
	} {
		rows, faults := Parse([]byte(header+row), known())
		if len(faults) > 0 || len(rows) != 1 || rows[0] != want {
			t.Errorf("%s%s: %+v %+v", header, row, rows, faults)
		}
	}
}

func TestParse_EncodingsSeparatorsAndLineEnds(t *testing.T) {
	latin1 := "n\xfamero;nom;tipus;classe;col\xb7lectiu;data d'alta\r\n7;\x8aime \x80uro, C\xf2ia;persona;usu\xe0ries;COL\xb7LECTIU SUD;2024-02-29\r\n"
	for label, c := range map[string]struct{ data, name string }{
		"bom":           {"\ufeff" + head + "7,Mar,person,user,2024-02-29\n", "Mar"},
		"1252":          {latin1, "Šime €uro, Còia"},
		"semicolons":    {strings.ReplaceAll(head, ",", ";") + "7;Mar, Pau;person;user;2024-02-29", "Mar, Pau"},
		"old macintosh": {strings.ReplaceAll(head, "\n", "\r") + "7,Mar,person,user,2024-02-29\r", "Mar"},
		"blank lines":   {"\n\n" + head + "\n,,,,\n7,Mar,person,user,2024-02-29\n,,,,\n\n", "Mar"},
		"extra cells":   {head + "7,Mar,person,user,2024-02-29,,\n", "Mar"},
		"empty column":  {"number,name,kind,class,joined_on,\n7,Mar,person,user,2024-02-29,\n", "Mar"},
		"spaces":        {head + " 7 ,\"  Mar \n Pau\",person,user, 2024-02-29 \n", "Mar Pau"},
		"quoted header": {"\"number\",\"name\",kind,class,joined_on\n7,\"Mar \"\"M\"\"\",person,user,2024-02-29\n", `Mar "M"`},
		"mark in quote": {"number;name;kind;class;joined_on;\",,,,,,,,\"\n", ""},
	} {
		rows, faults := Parse([]byte(c.data), known())
		if c.name == "" {
			if len(faults) != 1 || faults[0].Key != keyUnknownColumn {
				t.Errorf("%s: %v", label, faults)
			}
			continue
		}
		if len(faults) > 0 || len(rows) != 1 || rows[0].Name != c.name || rows[0].Number != 7 || rows[0].JoinedOn != civil.New(2024, time.February, 29) {
			t.Errorf("%s: %+v %+v", label, rows, faults)
		}
	}
}

func TestParse_NamesLineColumnAndKey(t *testing.T) {
	full := "number,name,kind,class,joined_on,left_on,collective,email,language\n"
	ok := "1,Mar,person,user,2024-01-01,,,,\n"
	value := func(v string) map[string]any { return map[string]any{"value": v} }
	for label, c := range map[string]struct {
		data string
		want LineFault
	}{
		"empty file":       {"", LineFault{1, 0, "", keyEmptyFile, nil}},
		"only breaks":      {"\r\n\n", LineFault{1, 0, "", keyEmptyFile, nil}},
		"no rows":          {full + "\n,,,,,,,,\n", LineFault{1, 0, "", keyNoRows, nil}},
		"utf-16":           {"\xff\xfen\x00u\x00", LineFault{1, 0, "", keyEncoding, nil}},
		"no encoding":      {full + "1,\x81\xe0\n", LineFault{2, 0, "", keyEncoding, nil}},
		"unknown column":   {"number,name,kind,class,joined_on,Shoe size\n", LineFault{1, 6, "Shoe size", keyUnknownColumn, map[string]any{"column": "Shoe size"}}},
		"column twice":     {"number,name,kind,class,joined_on,Nom\n", LineFault{1, 6, "Nom", keyDuplicateColumn, map[string]any{"column": "Nom"}}},
		"column missing":   {"number,name,kind,joined_on\n", LineFault{1, 0, "class", keyMissingColumn, map[string]any{"column": "class"}}},
		"unnamed column":   {"number,name,,kind,class,joined_on\n1,Mar,x,person,user,2024-01-01\n", LineFault{2, 3, "", keyUnnamedColumn, nil}},
		"too few cells":    {full + "1,Mar\n", LineFault{2, 0, "", keyCellCount, map[string]any{"got": 2, "want": 9}}},
		"too many cells":   {full + "1,Mar,person,user,2024-01-01,,,,,x\n", LineFault{2, 0, "", keyCellCount, map[string]any{"got": 10, "want": 9}}},
		"open quote":       {full + ok + "2,\"Mar,person\nx\n\n", LineFault{3, 0, "", keyQuotes, nil}},
		"bare quote":       {full + "1,M\"ar,person,user,2024-01-01,,,,\n", LineFault{2, 0, "", keyQuotes, nil}},
		"broken header":    {"\"number\n", LineFault{1, 0, "", keyQuotes, nil}},
		"no number":        {full + " ,Mar,person,user,2024-01-01,,,,\n", LineFault{2, 1, "number", "members.import.missing_number", nil}},
		"no name":          {full + "1,,person,user,2024-01-01,,,,\n", LineFault{2, 2, "name", "members.import.missing_name", nil}},
		"no kind":          {full + "1,Mar,,user,2024-01-01,,,,\n", LineFault{2, 3, "kind", "members.import.missing_kind", nil}},
		"no class":         {full + "1,Mar,person,,2024-01-01,,,,\n", LineFault{2, 4, "class", "members.import.missing_class", nil}},
		"no day":           {full + "1,Mar,person,user,,,,,\n", LineFault{2, 5, "joined_on", "members.import.missing_joined_on", nil}},
		"number zero":      {full + "0,Mar,person,user,2024-01-01,,,,\n", LineFault{2, 1, "number", keyBadNumber, value("0")}},
		"number negative":  {full + "-4,Mar,person,user,2024-01-01,,,,\n", LineFault{2, 1, "number", keyBadNumber, value("-4")}},
		"number long":      {full + "1234567890,Mar,person,user,2024-01-01,,,,\n", LineFault{2, 1, "number", keyBadNumber, value("1234567890")}},
		"number twice":     {full + ok + "\n" + ok, LineFault{4, 1, "number", keyDuplicateNumber, map[string]any{"number": int64(1), "first_line": 2}}},
		"number twice, 01": {full + ok + strings.Replace(ok, "1", "01", 1), LineFault{3, 1, "number", keyDuplicateNumber, map[string]any{"number": int64(1), "first_line": 2}}},
		"kind":             {full + "1,Mar,cat,user,2024-01-01,,,,\n", LineFault{2, 3, "kind", keyBadKind, value("cat")}},
		"class":            {full + "1,Mar,person,boss,2024-01-01,,,,\n", LineFault{2, 4, "class", keyUnknownClass, value("boss")}},
		"collective":       {full + "1,Mar,person,user,2024-01-01,,Oest,,\n", LineFault{2, 7, "collective", keyUnknownGroup, value("Oest")}},
		"two collectives":  {full + "1,Mar,person,user,2024-01-01,,a 1,,\n", LineFault{2, 7, "collective", keyUnknownGroup, value("a 1")}},
		"only marks":       {full + "1,Mar,person,user,2024-01-01,,---,,\n", LineFault{2, 7, "collective", keyUnknownGroup, value("---")}},
		"email":            {full + "1,Mar,person,user,2024-01-01,,,mar@,\n", LineFault{2, 8, "email", keyBadEmail, value("mar@")}},
		"email with name":  {full + "1,Mar,person,user,2024-01-01,,,Mar <mar@example.org>,\n", LineFault{2, 8, "email", keyBadEmail, value("Mar <mar@example.org>")}},
		"language":         {full + "1,Mar,person,user,2024-01-01,,,,klingon\n", LineFault{2, 9, "language", keyBadLanguage, value("klingon")}},
		"left too early":   {full + "1,Mar,person,user,2024-01-02,2024-01-01,,,\n", LineFault{2, 6, "left_on", keyLeftBeforeJoined, map[string]any{"left_on": "2024-01-01", "joined_on": "2024-01-02"}}},
		"too long":         {full + "1," + strings.Repeat("à", 201) + ",person,user,2024-01-02,,,,\n", LineFault{2, 2, "name", keyTooLong, map[string]any{"max": 200}}},
		"control":          {full + "1,Ma\x1br,person,user,2024-01-02,,,,\n", LineFault{2, 2, "name", keyBadCharacter, nil}},
		"direction":        {full + "1,Ma\u202er,person,user,2024-01-02,,,,\n", LineFault{2, 2, "name", keyBadCharacter, nil}},
		"after a break":    {full + "1,\"Mar\nPau\n\",person,boss,2024-01-02,,,,\n", LineFault{4, 4, "class", keyUnknownClass, value("boss")}},
		"row after break":  {full + "1,\"Mar\nPau\",person,user,2024-01-02,,,,\n2,,person,user,2024-01-02,,,,\n", LineFault{4, 2, "name", "members.import.missing_name", nil}},
	} {
		rows, faults := Parse([]byte(c.data), known())
		if len(rows) > 0 || len(faults) != 1 || !reflect.DeepEqual(faults[0], c.want) {
			t.Errorf("%s: rows %v, faults %+v; want %+v", label, rows, faults, c.want)
		}
		for _, f := range faults {
			if args, listed := Keys()[f.Key]; !listed || !slices.Equal(slices.Sorted(maps.Keys(f.Args)), slices.Sorted(slices.Values(args))) {
				t.Errorf("%s: %s with %v is not as Keys says", label, f.Key, f.Args)
			}
		}
	}
}

func TestParse_Dates(t *testing.T) {
	for cell, want := range map[string]string{
		"2026-01-31": "2026-01-31", "31/01/2026": "2026-01-31", "31-1-2026": "2026-01-31", "1/2/2026": "2026-02-01", "29/02/2024": "2024-02-29",
		"30/02/2024": "", "2026-13-01": "", "2026-1-31": "", "31/01/26": "", "00/01/2026": "", "2026/01/31": "", "31/01-2026": "", "31/01/2026/": "",
		"31/01/2026-": "", "--": "", "//": "", "31//2026": "", "+1/01/2026": "", "31 de gener": "", "45000": "",
		"001/01/2026": "", "2026-01-31T00:00": "",
	} {
		rows, faults := Parse([]byte(head+"1,Mar,person,user,"+cell+"\n"), known())
		switch {
		case want == "" && (len(faults) != 1 || faults[0].Key != keyBadDate):
			t.Errorf("%q: %v %v", cell, rows, faults)
		case want != "" && (len(faults) > 0 || rows[0].JoinedOn.String() != want):
			t.Errorf("%q: %v %v, want %s", cell, rows, faults, want)
		}
	}
}

func TestParse_AYearOutOfRange_IsNamedAsThat(t *testing.T) {
	for _, cell := range []string{"28/02/1830", "1899-12-31", "2200-01-01"} {
		_, faults := Parse([]byte(head+"1,Mar,person,user,"+cell+"\n"), known())
		want := LineFault{2, 5, "joined_on", keyBadYear, map[string]any{"value": cell, "first": 1900, "last": 2199}}
		if len(faults) != 1 || !reflect.DeepEqual(faults[0], want) {
			t.Errorf("%s: %+v", cell, faults)
		}
	}
	if _, faults := Parse([]byte(head+"1,Mar,person,user,30/02/1830\n"), known()); len(faults) != 1 || faults[0].Key != keyBadDate {
		t.Errorf("a day that does not exist: %+v", faults)
	}
}

func TestParse_JoiningAfterToday_IsRefused_LeavingIsNot(t *testing.T) {
	k := known()
	k.Today = civil.New(2026, time.November, 23)
	_, faults := Parse([]byte(head+"1,Mar,person,user,2026-11-23\n2,Pau,person,user,24/11/2026\n"), k)
	want := LineFault{3, 5, "joined_on", keyJoinsLater, map[string]any{"value": "24/11/2026"}}
	if len(faults) != 1 || !reflect.DeepEqual(faults[0], want) {
		t.Errorf("joining: %+v", faults)
	}
	if rows, faults := Parse([]byte("number,name,kind,class,joined_on,left_on\n1,Mar,person,user,2026-11-23,2027-01-01\n"), k); len(rows) != 1 {
		t.Errorf("leaving: %+v", faults)
	}
}

func TestParse_Addresses(t *testing.T) {
	for address, want := range map[string]bool{
		"a@b.cat": true, "nuria.puig+soci@cal-pep.coop": true, "núria@l-hort.cat": true, "o'neill@example.org": true, "1@x.y2": true,
		"a": false, "a@b": false, "@b.cat": false, "a@.cat": false, "a@b..cat": false, "a..b@c.cat": false, ".a@b.cat": false, "a@b@c.cat": false,
		"a b@c.cat": false, "a@-b.cat": false, "a@b_c.cat": false, "<a@b.cat>": false, "a@b.cat,c@d.cat": false, "a(x)@b.cat": false,
		"a@[127.0.0.1]": false, strings.Repeat("a", 65) + "@b.cat": false, "a@" + strings.Repeat("b", 64) + ".cat": false,
	} {
		if got := IsAddress(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

func TestParse_AFileHasLimits(t *testing.T) {
	rows := func(n int, class string) []byte {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			fmt.Fprintf(&b, "%d,Mar,person,%s,2024-01-01\n", i+1, class)
		}
		return []byte(b.String())
	}
	if got, faults := Parse(rows(MaxRows, "user"), known()); len(got) != MaxRows || len(faults) > 0 {
		t.Errorf("%d rows and %d faults at the limit", len(got), len(faults))
	}
	if _, faults := Parse(rows(MaxRows+1, "user"), known()); len(faults) != 1 || faults[0].Key != keyTooManyRows || faults[0].Line != MaxRows+2 {
		t.Errorf("past the limit: %v", faults)
	}
	if _, faults := Parse(rows(MaxFaults+50, "boss"), known()); len(faults) != MaxFaults {
		t.Errorf("%d faults reported", len(faults))
	}
	if _, faults := Parse(make([]byte, MaxBytes+1), known()); len(faults) != 1 || faults[0].Key != keyTooLarge {
		t.Errorf("too many bytes: %v", faults)
	}
	// Repeated numbers must not slip past the count of rows.
	if _, faults := Parse([]byte(head+strings.Repeat("1,Mar,person,user,2024-01-01\n", MaxRows+5)), known()); len(faults) != MaxFaults {
		t.Errorf("%d faults of one number", len(faults))
	}
}

func TestParse_ACodeWinsOverAName(t *testing.T) {
	k := Known{Classes: map[string]string{"worker": "w", "w": "w", "friend": "worker"}}
	rows, faults := Parse([]byte(head+"1,Mar,person,worker,2024-01-01\n"), k)
	if len(faults) > 0 || rows[0].Class != "worker" {
		t.Errorf("%v %v", rows, faults)
	}
}

// cell quotes a text as RFC 4180 says.
func cell(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func TestParse_ReadsBackWhatWasWritten(t *testing.T) {
	word := rapid.StringMatching(`[A-Za-zàéíòúçñ",;'·]{1,12}( [A-Za-zàéü\n]{1,8})?`)
	rapid.Check(t, func(t *rapid.T) {
		comma := rapid.SampledFrom([]string{",", ";"}).Draw(t, "comma")
		text := strings.Join([]string{"number", "name", "kind", "class", "joined_on", "representative"}, comma) + "\r\n"
		var want []Row
		for n := range rapid.IntRange(1, 6).Draw(t, "rows") {
			day := civil.New(2000, time.January, 1).AddDays(rapid.IntRange(0, 9999).Draw(t, "day"))
			name, rep := word.Draw(t, "name"), word.Draw(t, "representative")
			line := 1 + strings.Count(text, "\n")
			text += strings.Join([]string{fmt.Sprint(n + 1), cell(name), "persona", "Treball", day.String(), cell(rep)}, comma) + "\r\n"
			want = append(want, Row{Line: line, Number: int64(n + 1), Name: squeeze(name), Kind: Person, Class: "worker", JoinedOn: day, Representative: squeeze(rep)})
		}
		rows, faults := Parse([]byte(text), known())
		if len(faults) > 0 || !slices.Equal(rows, want) {
			t.Fatalf("%q\n got %+v %+v\nwant %+v", text, rows, faults, want)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(head + "1,Mar,person,user,2024-01-01\n"))
	f.Add([]byte("\ufeffn\xfamero;nom;tipus;classe;data d'alta\r\n7;\"a\nb\";persona;user;1/2/2024"))
	f.Add([]byte("number,name,kind,class,collective,email,joined_on,left_on,representative,language\n1,\"a\"\"b\",entitat,user,Nord,a@b.c,1-2-2024,2024-01-01,x,es\n"))
	f.Add([]byte("\xff\xfe\x00"))
	f.Add([]byte(",\"\n\"\r;;"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, faults := Parse(data, known())
		if (len(rows) == 0) == (len(faults) == 0) {
			t.Fatalf("%d rows and %d faults", len(rows), len(faults))
		}
		lines := 1 + strings.Count(string(data), "\n") + strings.Count(string(data), "\r")
		numbers := map[int64]bool{}
		for _, r := range rows {
			if r.Line < 1 || r.Line > lines || r.Number < 1 || r.Name == "" || r.JoinedOn.IsZero() || numbers[r.Number] {
				t.Fatalf("a row that cannot be: %+v", r)
			}
			numbers[r.Number] = true
		}
		for _, fault := range faults {
			if _, listed := Keys()[fault.Key]; !listed || fault.Line < 1 || fault.Line > lines || fault.Column < 0 {
				t.Fatalf("a fault that cannot be: %+v", fault)
			}
		}
	})
}

func TestParse_NewCollectives_KeepTheFirstSpelling(t *testing.T) {
	k := known()
	k.NewCollectives = true
	rows, faults := Parse([]byte("number,name,kind,class,joined_on,collective\n1,A,person,user,2024-01-01,L'Era\n2,B,person,user,2024-01-01,l’era\n3,C,person,user,2024-01-01,nord\n"), k)
	if len(faults) > 0 {
		t.Fatalf("faults: %v", faults)
	}
	for i, want := range []string{"L'Era", "L'Era", "Nord"} {
		if rows[i].Collective != want {
			t.Errorf("row %d: %q, want %q", i, rows[i].Collective, want)
		}
	}
}

func TestParse_VotesAreOptional_FromOneToWhatTheStatutesGrant(t *testing.T) {
	k := known()
	for cell, want := range map[string]int64{"": 0, "1": 1, "2": -1, "0": -1, "-1": -1, "x": -1, "101": -1} {
		for _, most := range []int64{0, 5} {
			k.MostVotes = most
			if most == 5 && cell == "2" {
				want = 2
			}
			for _, header := range []string{"vots", "Votos", "VOTES"} {
				rows, faults := Parse([]byte("number,name,kind,class,joined_on,"+header+"\n7,Mar,person,user,2024-02-29,"+cell+"\n"), k)
				if refused := want < 0; refused != (len(faults) == 1 && faults[0].Key == "members.import.bad_votes" && faults[0].Args["most"] == max(1, most)) || !refused && rows[0].Votes != want {
					t.Errorf("%q of at most %d: %+v %+v", cell, most, rows, faults)
				}
			}
		}
	}
}
