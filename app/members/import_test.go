package members_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

const head = "Número;Nom;Tipus;Classe;Col·lectiu;Correu;Data d'alta;Data de baixa;Representant;Llengua\n"

const file = head +
	"1;Núria Puig;persona;Usuàries;Nord;nuria@exemple.cat;31/01/2024;;;ca\n" +
	"2;Forn Vell SCCL;organització;Usuarias;Sud;;2024-02-01;;Pol Mas;es\n" +
	"3;Biel;persona;worker;;;2024-02-01;2025-12-31;;\n"

func (h *house) imported(data string, o members.ImportOptions) members.Report {
	h.t.Helper()
	r, err := h.members.Import(h.t.Context(), h.admin, []byte(data), o, "")
	h.must(err)
	return r
}

func (h *house) byNumber(n int64) (m models.Member) {
	h.t.Helper()
	h.must(h.read(&m, "number = ?", n))
	return m
}

func TestImport_CreatesThenChangesOnlyWhatChanged(t *testing.T) {
	each(t, func(h *house) {
		if got := h.imported(file, members.ImportOptions{DryRun: true}); !reflect.DeepEqual(got, members.Report{Rows: 3, Created: 3, New: []members.Named{{1, "Núria Puig"}, {2, "Forn Vell SCCL"}, {3, "Biel"}}}) {
			t.Errorf("the dry run says %+v", got)
		}
		if n := h.count(&models.Member{}, "number <= 3"); n != 0 {
			t.Fatalf("the dry run stored %d members", n)
		}
		if got := h.imported(file, members.ImportOptions{}); !reflect.DeepEqual(got, members.Report{Rows: 3, Created: 3}) {
			t.Errorf("the import says %+v", got)
		}
		one := h.byNumber(1)
		p, err := h.members.Member(t.Context(), h.admin, one.ID)
		h.must(err)
		if p.Email != "nuria@exemple.cat" || p.Collective != "Nord" || p.Class.Code != "user" || p.JoinedOn != civil.New(2024, time.January, 31) || p.Language != "ca" {
			t.Errorf("imported %+v", p)
		}
		if three := h.byNumber(3); three.LeftOn != civil.New(2025, time.December, 31) || three.CollectiveID != nil || three.Language != "ca" {
			t.Errorf("imported %+v", three)
		}
		if got := h.imported(file, members.ImportOptions{}); !reflect.DeepEqual(got, members.Report{Rows: 3, Unchanged: 3}) {
			t.Errorf("the same file again: %+v", got)
		}
		change := "number,name,kind,class,joined_on,collective\n1,Núria Puig,person,worker,2024-01-31,\n2,Forn Vell SCCL,organisation,user,2024-02-01,Nord\n4,Nova,person,user,2026-01-01,\n"
		if got := h.imported(change, members.ImportOptions{DryRun: true}); !reflect.DeepEqual(got.New, []members.Named{{4, "Nova"}}) || !reflect.DeepEqual(got.Changed, []members.Named{{1, "Núria Puig"}, {2, "Forn Vell SCCL"}}) {
			t.Errorf("the dry run names %v and %v", got.New, got.Changed)
		}
		if got := h.imported(change, members.ImportOptions{}); !reflect.DeepEqual(got, members.Report{Rows: 3, Created: 1, Updated: 2}) {
			t.Errorf("a change: %+v", got)
		}
		after := h.byNumber(1)
		if after.ID != one.ID || after.ClassID != h.classes["worker"] || string(after.EmailSealed) != string(one.EmailSealed) || *after.CollectiveID != h.nord {
			t.Errorf("the change made %+v of %+v", after, one)
		}
		if two := h.byNumber(2); *two.CollectiveID != h.nord || two.Representative != "Pol Mas" {
			t.Errorf("the change made %+v", two)
		}
	})
}

func TestImport_OneBadCell_StoresNothing(t *testing.T) {
	each(t, func(h *house) {
		bad := file + "5;Mal;persona;Usuàries;Oest;;2024-02-30;;;\n"
		for _, dry := range []bool{true, false} {
			r, err := h.members.Import(t.Context(), h.admin, []byte(bad), members.ImportOptions{DryRun: dry}, "")
			h.refused(err, fault.KindInvalid, "members.import_refused")
			if len(r.Faults) != 2 || r.Faults[0].Line != 5 || r.Faults[0].Key != "members.import.unknown_collective" || r.Faults[1].Key != "members.import.bad_date" {
				t.Errorf("faults: %+v", r.Faults)
			}
		}
		if n := h.count(&models.Member{}, "number <= 5"); n != 0 {
			t.Errorf("%d members were stored", n)
		}
	})
}

func TestImport_NewCollectives_WhenToldTo(t *testing.T) {
	each(t, func(h *house) {
		data := head + "1;A;persona;user;Oest;;2024-01-01;;;\n2;B;persona;user;OEST;;2024-01-01;;;\n"
		r := h.imported(data, members.ImportOptions{NewCollectives: true})
		if !reflect.DeepEqual(r.NewCollectives, []string{"Oest"}) {
			t.Errorf("founded %v", r.NewCollectives)
		}
		if a, b := h.byNumber(1), h.byNumber(2); *a.CollectiveID != *b.CollectiveID {
			t.Error("one collective became two")
		}
		if r = h.imported(data, members.ImportOptions{}); r.Unchanged != 2 {
			t.Errorf("again: %+v", r)
		}
	})
}

func TestImport_JoiningAfterTheStoredLeaving_IsAFaultOfItsLine(t *testing.T) {
	each(t, func(h *house) {
		h.imported(file, members.ImportOptions{})
		r, err := h.members.Import(t.Context(), h.admin, []byte(head+"3;Biel;persona;worker;;;2026-02-01;;;\n"), members.ImportOptions{}, "")
		h.refused(err, fault.KindInvalid, "members.import_refused")
		if len(r.Faults) != 1 || r.Faults[0].Line != 2 || r.Faults[0].Key != "members.import.left_before_joined" {
			t.Errorf("faults: %+v", r.Faults)
		}
	})
}

func TestImport_JoiningAfterToday_StoresNothing(t *testing.T) {
	each(t, func(h *house) {
		r, err := h.members.Import(t.Context(), h.admin, []byte(head+"3;Biel;persona;worker;;;2030-02-01;;;\n"), members.ImportOptions{}, "")
		h.refused(err, fault.KindInvalid, "members.import_refused")
		if len(r.Faults) != 1 || r.Faults[0].Line != 2 || r.Faults[0].Column != 7 || r.Faults[0].Key != "members.import.joins_later" {
			t.Errorf("faults: %+v", r.Faults)
		}
	})
}

func TestImport_OnlyAdministratorsAndTheCommandLine(t *testing.T) {
	each(t, func(h *house) {
		for _, by := range []identity.Actor{h.plain, h.validator, h.treasurer, h.stranger} {
			_, err := h.members.Import(t.Context(), by, []byte(file), members.ImportOptions{DryRun: true}, "")
			h.refused(err, fault.KindForbidden, "identity.role_needed")
		}
		_, err := h.members.Import(t.Context(), identity.System, []byte(file), members.ImportOptions{}, "")
		h.must(err)
		if n := h.count(&models.AuditLine{}, "act = 'members.imported' AND account_id IS NULL AND detail LIKE '%\"created\":3%'"); n != 1 {
			t.Errorf("%d audit lines", n)
		}
	})
}

func TestImport_SentTwice_AnswersTheSame(t *testing.T) {
	each(t, func(h *house) {
		first, err := h.members.Import(t.Context(), h.admin, []byte(file), members.ImportOptions{}, "f")
		h.must(err)
		second, err := h.members.Import(t.Context(), h.admin, []byte(file), members.ImportOptions{}, "f")
		h.must(err)
		if !reflect.DeepEqual(first, second) || second.Created != 3 {
			t.Errorf("%+v, then %+v", first, second)
		}
	})
}

func TestImport_NextAdmissionGetsTheNumberAfterTheFile(t *testing.T) {
	each(t, func(h *house) {
		h.imported(head+"5000;A;persona;user;;;2024-01-01;;;\n", members.ImportOptions{})
		id, err := h.members.Admit(t.Context(), h.validator, h.apply(h.stranger, "Estranya"), "")
		h.must(err)
		if got := h.stored(id).Number; got != 5001 {
			t.Errorf("number %d", got)
		}
	})
}

func TestImport_ManyMembers(t *testing.T) {
	each(t, func(h *house) {
		const rows = 2_500 // more than one batch
		if got, want := h.imported(register("user", rows), members.ImportOptions{}), (members.Report{Rows: rows, Created: rows}); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		if got, want := h.imported(register("worker", rows), members.ImportOptions{}), (members.Report{Rows: rows, Updated: rows}); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		if l, err := h.members.Directory(t.Context(), h.admin, members.Filter{Search: "persona 2499"}, 0); err != nil || l.Total != 1 {
			t.Errorf("found %d, %v", l.Total, err)
		}
	})
}

// BenchmarkImport50000 brings a large register in and then changes every row of it.
func BenchmarkImport50000(b *testing.B) {
	const rows = 50_000
	created, changed := register("user", rows), register("worker", rows)
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		b.Run(string(flavor), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				c := clock.At(noon)
				h := open(b, dbtest.Open(b, flavor, c), c)
				b.StartTimer()
				h.imported(created, members.ImportOptions{})
				h.imported(changed, members.ImportOptions{})
			}
		})
	}
}

// register is a file of so many members of one class.
func register(class string, rows int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range rows {
		fmt.Fprintf(&b, "%d;Persona %d;persona;%s;Nord;p%d@exemple.cat;2024-01-01;;;ca\n", 1000+i, i, class, i)
	}
	return b.String()
}
