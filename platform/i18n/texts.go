package i18n

import (
	"fmt"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"

	"socia/core/civil"
	"socia/core/money"
)

// Texts says things in one language. It is safe for parallel use.
type Texts struct {
	lang      string
	bundle    *Bundle
	localizer *goi18n.Localizer
	plain     map[string]string // texts without a placeholder: no template to run
	rich      map[string]bool   // texts with placeholders or plural forms
}

// Lang gives the language's code: "ca", "es" or "en".
func (t *Texts) Lang() string { return t.lang }

// Has says whether a key exists.
func (t *Texts) Has(key string) bool {
	_, ok := t.plain[key]
	return ok || t.rich[key]
}

// T gives the text of a key. Args are alternating names and values:
// T("fees.due", "Amount", t.Money(1800, "EUR"), "Day", day). Days are written as
// the language does, and cents as an amount without its currency; every other value as fmt does, so give numbers
// through Number and money through Money. A missing key gives "⟦key⟧" and a
// missing value gives "⟦key: …⟧"; both are listed by Bundle.Missing.
func (t *Texts) T(key string, args ...any) string {
	if s, ok := t.plain[key]; ok {
		return s
	}
	return t.localize(key, nil, args)
}

// N gives the text of a key for a count, in the right plural form. The text may
// use {{.Count}}, which is written as Number does, and the values of args.
func (t *Texts) N(key string, count int, args ...any) string {
	args = append([]any{"Count", t.Number(int64(count))}, args...)
	if s, ok := t.plain[key]; ok {
		return s
	}
	return t.localize(key, count, args)
}

func (t *Texts) localize(key string, count any, args []any) string {
	if !t.rich[key] {
		return t.bundle.miss(t.lang, key)
	}
	s, err := t.localizer.Localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: t.values(args), PluralCount: count,
		TemplateParser: t.bundle.parser})
	if err != nil {
		return t.bundle.miss(t.lang, key+": "+err.Error())
	}
	if strings.Contains(s, "<no value>") {
		return t.bundle.miss(t.lang, key+": a value is missing")
	}
	return s
}

// values turns alternating names and values into what a template reads.
func (t *Texts) values(args []any) map[string]any {
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name := fmt.Sprint(args[i])
		switch v := args[i+1].(type) {
		case civil.Date:
			data[name] = t.Date(v)
		case money.Cents:
			data[name] = t.Amount(int64(v))
		case interface{ Name(lang string) string }:
			data[name] = v.Name(t.lang)
		default:
			data[name] = v
		}
	}
	return data
}
