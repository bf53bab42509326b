package web

import (
	"bytes"
	"regexp"

	"github.com/gofiber/fiber/v2"
)

// asked is the language that the address asks for; "" without one.
func asked(c *fiber.Ctx) string {
	switch lang := c.Query("lang"); lang {
	case "ca", "es", "en":
		return lang
	}
	return ""
}

var (
	// inside is a link or a form's address that stays here: its path with its question, and the place after #.
	inside = regexp.MustCompile(`(<(?:a|form)\b[^>]*?\s(?:href|action)=")(/[^"#]*)(#[^"]*)?"`)
	// search is a form that asks by its fields, which replace the question of its address.
	search = regexp.MustCompile(`<form\b[^>]*\smethod="get"[^>]*>`)
)

// keepLanguage lets every link and form of a page carry the language that its address asks for, so that a choice lasts
// without a cookie. Links to a page in another language keep theirs.
func keepLanguage(page []byte, lang string) []byte {
	page = inside.ReplaceAllFunc(page, func(link []byte) []byte {
		part := inside.FindSubmatch(link)
		if bytes.Contains(part[2], []byte("lang=")) || bytes.HasPrefix(part[2], []byte("//")) {
			return link
		}
		sep := "?"
		if bytes.Contains(part[2], []byte("?")) {
			sep = "&amp;"
		}
		return bytes.Join([][]byte{part[1], part[2], []byte(sep + "lang=" + lang), part[3], []byte(`"`)}, nil)
	})
	return search.ReplaceAllFunc(page, func(form []byte) []byte {
		return append(append([]byte(nil), form...), `<input type="hidden" name="lang" value="`+lang+`">`...)
	})
}
