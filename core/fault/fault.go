// Package fault says what a person did wrong, or may not do, in a form that
// every layer understands: a kind that becomes an HTTP status, a key that
// becomes a sentence in the reader's language, and the field it belongs to.
// Every other error is a failure of the software, and its text is never shown.
package fault

import "errors"

// Kind is what sort of refusal it is. It is a closed type: the constants below
// are all of its values.
type Kind uint8

// The kinds of fault and the HTTP status that suits each.
const (
	KindInvalid   Kind = iota + 1 // the input is wrong: 422
	KindNotFound                  // there is no such thing: 404
	KindForbidden                 // this person may not: 403
	KindConflict                  // the thing is no longer in the state for it: 409
	KindTooMany                   // too often or too much: 429
)

// String names the kind in English, for logs.
func (k Kind) String() string {
	switch k {
	case KindInvalid:
		return "invalid"
	case KindNotFound:
		return "not found"
	case KindForbidden:
		return "forbidden"
	case KindConflict:
		return "conflict"
	case KindTooMany:
		return "too many"
	}
	return "unknown"
}

// FieldsKey is the message key of a fault that All has put together.
const FieldsKey = "fault.fields"

// Fault is one refusal. Key names its message; Args fill the message; Field is
// the name of the form field, empty when it belongs to none. Fields holds the
// single faults when All has collected several.
type Fault struct {
	Kind   Kind
	Key    string
	Field  string
	Args   map[string]any
	Fields []Fault
}

// Error gives kind and key only: arguments may hold personal data, and errors
// end up in logs.
func (f *Fault) Error() string { return f.Kind.String() + ": " + f.Key }

// Details lists the single faults: those that All collected, or the fault
// itself. It is never empty.
func (f *Fault) Details() []Fault {
	if len(f.Fields) > 0 {
		return f.Fields
	}
	return []Fault{*f}
}

// Invalid says that a field is wrong. Field is empty when the whole input is.
func Invalid(field, key string, args ...map[string]any) *Fault {
	return &Fault{Kind: KindInvalid, Field: field, Key: key, Args: merge(args)}
}

// NotFound says that there is no such thing, or none that this person may know of.
func NotFound(key string, args ...map[string]any) *Fault {
	return &Fault{Kind: KindNotFound, Key: key, Args: merge(args)}
}

// Forbidden says that this person may not do it.
func Forbidden(key string, args ...map[string]any) *Fault {
	return &Fault{Kind: KindForbidden, Key: key, Args: merge(args)}
}

// Conflict says that the thing is not, or no longer, in a state that allows it.
func Conflict(key string, args ...map[string]any) *Fault {
	return &Fault{Kind: KindConflict, Key: key, Args: merge(args)}
}

// TooMany says that it was tried too often, or that there is too much of it.
func TooMany(key string, args ...map[string]any) *Fault {
	return &Fault{Kind: KindTooMany, Key: key, Args: merge(args)}
}

// All collects the faults of a form into one invalid Fault with Key FieldsKey
// and the single ones, in order, in Fields. Nil faults are left out, collected
// ones are opened, and without any the answer is a nil error.
func All(faults ...*Fault) error {
	var fields []Fault
	for _, f := range faults {
		if f != nil {
			fields = append(fields, f.Details()...)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &Fault{Kind: KindInvalid, Key: FieldsKey, Fields: fields}
}

// Join collects the faults of several checks of one form, as All does. An error
// that is no fault of a field is the answer by itself: it is not the form that is wrong.
func Join(checks ...error) error {
	var faults []*Fault
	for _, err := range checks {
		if err == nil {
			continue
		}
		f, ok := As(err)
		if !ok || f.Kind != KindInvalid || f.Details()[0].Field == "" {
			return err
		}
		faults = append(faults, f)
	}
	return All(faults...)
}

// As finds the Fault in an error, however it is wrapped.
func As(err error) (*Fault, bool) {
	var f *Fault
	if errors.As(err, &f) && f != nil {
		return f, true
	}
	return nil, false
}

// Has says whether an error is a Fault with the key, itself or in its Fields.
func Has(err error, key string) bool {
	f, ok := As(err)
	if !ok {
		return false
	}
	for _, d := range f.Details() {
		if d.Key == key {
			return true
		}
	}
	return f.Key == key
}

// merge joins the optional arguments; later ones win.
func merge(args []map[string]any) map[string]any {
	var all map[string]any
	for _, m := range args {
		for k, v := range m {
			if all == nil {
				all = make(map[string]any)
			}
			all[k] = v
		}
	}
	return all
}
