// Package methods has the pages that explain the ways of deciding.
package methods

import (
	"embed"

	"socia/core/methods"
	"socia/views/ui"
)

//go:embed explained
var explained embed.FS

// Draw is the name under which the explanation of how a lot is repeated is kept
// beside those of the methods.
const Draw methods.Name = "lot"

// Explanation is the Markdown that explains a method, or Draw, in a language.
func Explanation(lang string, name methods.Name) (string, bool) {
	_, known := methods.ByName(name)
	if !known && name != Draw {
		return "", false
	}
	text, err := explained.ReadFile("explained/" + lang + "/" + string(name) + ".md")
	return string(text), err == nil
}

// ListPage lists all the ways of deciding, by the question that they answer.
type ListPage struct {
	Frame  ui.Frame
	Groups []Group
}

// Group is a question and the ways of answering it.
type Group struct {
	ID, Question string
	Ways         []Way
}

// Way is a way of deciding, what it is for in a sentence, and where it is explained.
type Way struct{ Name, Lead, Href string }

// ShowPage explains one way of deciding.
type ShowPage struct {
	Frame      ui.Frame
	Name, Lead string
	Body       ui.SafeHTML
	Question   string // that the others answer too
	Others     []Way
}
