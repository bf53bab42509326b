// Package i18n says every text of the software in Catalan, Spanish and English,
// and writes dates, money and numbers as each language does.
//
// Texts live in locales/<area>.<lang>.json: one flat object whose keys start
// with the area ("fees.title"). A text that depends on a number is an object
// with "one" and "other". Placeholders are {{.Name}}; a Catalan text writes {{de .Name}},
// {{del .Day}}, {{al .Day}} or {{el .Day}} where the word before depends on how the value begins.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	gotemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

// The languages of the software; Catalan is the one people get when nothing else is known.
const (
	Catalan = "ca"
	Spanish = "es"
	English = "en"
	Default = Catalan
)

// Languages lists the codes of every language that is complete, the default first.
func Languages() []string { return []string{Catalan, Spanish, English} }

// NameOf gives a language's name in that language ("Català"), or "" for an unknown code.
func NameOf(lang string) string {
	return map[string]string{Catalan: "Català", Spanish: "Español", English: "English"}[lang]
}

//go:embed locales/*.json
var locales embed.FS

// Bundle holds the texts of all languages. It is safe for parallel use.
type Bundle struct {
	texts  map[string]*Texts
	parser *withArticles

	mu      sync.Mutex
	missing map[string]bool
}

// Load reads the embedded texts. It fails on a malformed file, on a key outside
// its file's area and on a key that two lines of one file define.
func Load() (*Bundle, error) { return load(locales) }

func load(files fs.FS) (*Bundle, error) {
	inner := goi18n.NewBundle(language.Catalan)
	b := &Bundle{texts: map[string]*Texts{}, parser: &withArticles{gotemplate.TextParser{Funcs: catalan}}, missing: map[string]bool{}}
	for _, lang := range Languages() {
		b.texts[lang] = &Texts{lang: lang, bundle: b, plain: map[string]string{}, rich: map[string]bool{}}
	}
	names, err := fs.Glob(files, "locales/*.json")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	for _, name := range names {
		if err := b.read(files, name, inner); err != nil {
			return nil, err
		}
	}
	for lang, t := range b.texts {
		t.localizer = goi18n.NewLocalizer(inner, lang)
	}
	return b, nil
}

// read adds one file of texts to the bundle.
func (b *Bundle) read(files fs.FS, name string, inner *goi18n.Bundle) error {
	area, lang, ok := nameParts(name)
	t := b.texts[lang]
	if !ok || t == nil {
		return fmt.Errorf("texts %s: the name is not <area>.<ca|es|en>.json", name)
	}
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("read texts %s: %w", name, err)
	}
	if err := onlyOnce(raw); err != nil {
		return fmt.Errorf("texts %s: %w", name, err)
	}
	file, err := goi18n.ParseMessageFileBytes(raw, name, map[string]goi18n.UnmarshalFunc{"json": json.Unmarshal})
	if err != nil {
		return fmt.Errorf("parse texts %s: %w", name, err)
	}
	for _, m := range file.Messages {
		if !strings.HasPrefix(m.ID, area+".") {
			return fmt.Errorf("texts %s: key %q does not start with %q", name, m.ID, area+".")
		}
		if m.One != "" && m.Many == "" {
			m.Many = m.Other // Romance languages have a form for whole millions ("un milió de"); figures in digits do not need it.
		}
		if m.One == "" && !strings.Contains(m.Other, "{{") {
			t.plain[m.ID] = m.Other
		} else {
			t.rich[m.ID] = true
		}
	}
	return inner.AddMessages(language.MustParse(lang), file.Messages...)
}

// nameParts splits "locales/fees.ca.json" into "fees" and "ca".
func nameParts(name string) (area, lang string, ok bool) {
	parts := strings.Split(path.Base(name), ".")
	if len(parts) != 3 {
		return "", "", false
	}
	return parts[0], parts[1], true
}

// onlyOnce refuses a JSON object that defines a key twice: encoding/json would silently keep the last.
func onlyOnce(raw []byte) error {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	if _, err := dec.Token(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return err
		}
		key, _ := tok.(string)
		if seen[key] {
			return fmt.Errorf("key %q is there twice", key)
		}
		seen[key] = true
		var value any
		if err := dec.Decode(&value); err != nil {
			return err
		}
	}
	return nil
}

// For gives the texts of a language; an unknown code gives the default language.
func (b *Bundle) For(lang string) *Texts {
	if t, ok := b.texts[lang]; ok {
		return t
	}
	return b.texts[Default]
}

// matcher knows the languages in the order of Languages.
var matcher = language.NewMatcher([]language.Tag{language.Catalan, language.Spanish, language.English})

// Match chooses the language for an Accept-Language header; Catalan when nothing fits.
func Match(accept string) string {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return Default
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return Default
	}
	return Languages()[i]
}

// Missing lists the keys that were asked for and do not exist, as "lang key", sorted.
// A server that has any is wrong; tests assert that the list is empty.
func (b *Bundle) Missing() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]string, 0, len(b.missing))
	for k := range b.missing {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func (b *Bundle) miss(lang, key string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.missing[lang+" "+key] = true
	return "⟦" + key + "⟧"
}
