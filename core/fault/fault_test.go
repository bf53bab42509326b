package fault

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestError_KindAndKeyOnly(t *testing.T) {
	args := map[string]any{"name": "Maria"}
	for want, f := range map[string]*Fault{
		"invalid: people.name_missing": Invalid("name", "people.name_missing", args),
		"not found: people.unknown":    NotFound("people.unknown", args),
		"forbidden: people.no":         Forbidden("people.no", args),
		"conflict: fees.settled":       Conflict("fees.settled", args),
		"too many: login.wait":         TooMany("login.wait", args),
	} {
		if got := f.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if f.Args["name"] != "Maria" {
			t.Errorf("%s lost its arguments", want)
		}
	}
}

func TestConstructors_CopyTheirArguments(t *testing.T) {
	args := map[string]any{"max": 2}
	f := Conflict("k", args, map[string]any{"n": 3})
	args["max"] = 9
	if !reflect.DeepEqual(f.Args, map[string]any{"max": 2, "n": 3}) {
		t.Fatalf("args = %v", f.Args)
	}
	if NotFound("k").Args != nil {
		t.Fatal("no arguments must stay no arguments")
	}
}

func TestAll_NoneIsNil(t *testing.T) {
	if err := All(); err != nil {
		t.Errorf("All() = %v", err)
	}
	if err := All(nil, nil); err != nil {
		t.Errorf("All(nil, nil) = %v", err)
	}
}

func TestAll_CollectsInOrderAndOpensWhatWasCollected(t *testing.T) {
	inner, _ := As(All(Invalid("b", "k2"), Invalid("c", "k3")))
	f, ok := As(fmt.Errorf("save: %w", All(Invalid("a", "k1"), nil, inner)))
	if !ok || f.Kind != KindInvalid || f.Key != FieldsKey {
		t.Fatalf("got %+v", f)
	}
	want := []Fault{*Invalid("a", "k1"), *Invalid("b", "k2"), *Invalid("c", "k3")}
	if !reflect.DeepEqual(f.Fields, want) {
		t.Fatalf("fields = %+v", f.Fields)
	}
}

func TestAll_KeepsEveryFault(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOf(rapid.StringMatching(`[a-z]{0,4}`)).Draw(t, "fields")
		var in []*Fault
		for _, n := range names {
			in = append(in, Invalid(n, "k"), nil)
		}
		f, ok := As(All(in...))
		if ok != (len(names) > 0) {
			t.Fatalf("%d faults gave ok=%v", len(names), ok)
		}
		for i, n := range names {
			if f.Details()[i].Field != n {
				t.Fatalf("field %d is %q, want %q", i, f.Details()[i].Field, n)
			}
		}
	})
}

func TestAs_OtherErrorsAreNoFault(t *testing.T) {
	for _, err := range []error{nil, errors.New("disk full"), (*Fault)(nil)} {
		if f, ok := As(err); ok || f != nil {
			t.Errorf("As(%v) = %v, %v", err, f, ok)
		}
	}
	if f, ok := As(fmt.Errorf("a: %w", fmt.Errorf("b: %w", Forbidden("no")))); !ok || f.Key != "no" {
		t.Errorf("wrapped fault not found: %v", f)
	}
}

func TestHas_LooksIntoFields(t *testing.T) {
	err := All(Invalid("a", "k1"), Invalid("b", "k2"))
	if !Has(err, "k2") || !Has(err, FieldsKey) || Has(err, "k3") || Has(errors.New("k1"), "k1") {
		t.Fatal("Has does not tell the keys apart")
	}
}
