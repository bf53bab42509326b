package web

import (
	"crypto/rand"
	"errors"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"

	"socia/core/civil"
	"socia/core/fault"
	"socia/core/money"
)

// OnceField is the hidden field by which a form that is sent twice has one effect.
const OnceField = "once"

var validate = newValidator()

func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	return v
}

// NewOnce makes the token of a form.
func NewOnce() string { return rand.Text() }

// Decode reads a form into a struct with `form` tags, trims its texts and checks its `validate` tags. The values are
// returned even when they are wrong, so that the page can show them again.
func Decode[F any](c *fiber.Ctx) (F, error) {
	var form F
	// The parser would also take JSON and XML, which no page of ours sends.
	sent := strings.ToLower(c.Get(fiber.HeaderContentType))
	if !strings.HasPrefix(sent, fiber.MIMEApplicationForm) && !strings.HasPrefix(sent, fiber.MIMEMultipartForm) {
		return form, fault.Invalid("", "ui.error.form")
	}
	if err := c.BodyParser(&form); err != nil {
		return form, fault.Invalid("", "ui.error.form")
	}
	if !clean(reflect.ValueOf(&form).Elem()) {
		return form, fault.Invalid("", "ui.error.form")
	}
	err := validate.Struct(form)
	if err == nil {
		return form, nil
	}
	wrong, ok := err.(validator.ValidationErrors) //nolint:errorlint // Struct returns this type unwrapped
	if !ok {
		return form, err
	}
	faults := make([]*fault.Fault, len(wrong))
	for i, w := range wrong {
		faults[i] = fieldFault(w)
	}
	return form, fault.All(faults...)
}

// clean trims every text, drops the invisible marks with which one name passes for another, and refuses what no database stores: a zero byte, or bytes that are no UTF-8.
func clean(v reflect.Value) bool {
	for i := range v.NumField() {
		f := v.Field(i)
		switch f.Kind() { //nolint:exhaustive // only texts and their lists need cleaning
		case reflect.String:
			if !cleanText(f) {
				return false
			}
		case reflect.Slice:
			for j := range f.Len() {
				if f.Index(j).Kind() == reflect.String && !cleanText(f.Index(j)) {
					return false
				}
			}
		}
	}
	return true
}

func cleanText(v reflect.Value) bool {
	typed := v.String()
	v.SetString(strings.TrimSpace(Visible(strings.ReplaceAll(typed, "\r\n", "\n"))))
	return utf8.ValidString(typed) && !strings.ContainsRune(typed, 0)
}

// Visible is a text without control characters, except ends of lines and tabs, and without marks that turn its direction.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
}

// CleanLine is one line that came in an address, for searching: without what no database stores, and not too long.
func CleanLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	if runes := []rune(strings.TrimSpace(s)); len(runes) > 100 {
		return string(runes[:100])
	}
	return strings.TrimSpace(s)
}

func fieldFault(w validator.FieldError) *fault.Fault {
	args := map[string]any{"Max": w.Param(), "Min": w.Param()}
	switch w.Tag() {
	case "required":
		return fault.Invalid(w.Field(), "ui.error.required")
	case "max":
		return fault.Invalid(w.Field(), "ui.error.too_long", args)
	case "min":
		return fault.Invalid(w.Field(), "ui.error.too_short", args)
	case "email":
		return fault.Invalid(w.Field(), "ui.error.email")
	case "oneof":
		return fault.Invalid(w.Field(), "ui.error.choose")
	}
	return fault.Invalid(w.Field(), "ui.error.form")
}

// Day reads a date field; the zero day when it is empty.
func Day(field, typed string) (civil.Date, *fault.Fault) {
	if typed == "" {
		return civil.Date{}, nil
	}
	d, err := civil.Parse(typed)
	if at, slashed := time.Parse("2/1/2006", typed); err != nil && slashed == nil {
		d, err = civil.Of(at, time.UTC), nil
	}
	if err != nil {
		return civil.Date{}, fault.Invalid(field, "ui.error.date")
	}
	return d, nil
}

// Cents reads an amount of money; empty is wrong.
func Cents(field, typed string) (int64, *fault.Fault) {
	if typed == "" {
		return 0, fault.Invalid(field, "ui.error.required")
	}
	amount, err := money.Parse(typed)
	switch {
	case errors.Is(err, money.ErrAmbiguous):
		return 0, fault.Invalid(field, "ui.error.amount_ambiguous")
	case errors.Is(err, money.ErrDecimals):
		return 0, fault.Invalid(field, "ui.error.amount_decimals")
	case err != nil:
		return 0, fault.Invalid(field, "ui.error.amount")
	}
	return int64(amount), nil
}
