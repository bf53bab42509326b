package proposals

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/aymanbagabas/go-udiff/lcs"

	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Change says what became of a piece of text; a closed type.
type Change string

// What can become of a piece.
const (
	Same  Change = "same"
	Gone  Change = "gone"
	Added Change = "added"
)

// Piece is a run of words with one fate. Its text is plain: whoever shows it escapes it.
type Piece struct {
	Change Change
	Text   string
}

// Comparison is what changed from one version to another, word by word.
type Comparison struct {
	Proposal    models.Proposal
	From, To    models.ProposalVersion
	Title, Body []Piece
}

// Compare compares two versions of a proposal; the older one comes first, whichever is named first.
func (s *Service) Compare(ctx context.Context, by identity.Actor, id models.ProposalID, a, b int64) (c Comparison, err error) {
	if a > b {
		a, b = b, a
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if c.Proposal, err = takeTx(tx, by, id, ""); err != nil {
			return err
		}
		if c.From, err = versionTx(tx, id, a); err != nil {
			return err
		}
		c.To, err = versionTx(tx, id, b)
		return err
	})
	if err != nil {
		return Comparison{}, err
	}
	c.Title, c.Body = Words(c.From.Title, c.To.Title), Words(c.From.Body, c.To.Body)
	return c, nil
}

func versionTx(tx *db.Tx, id models.ProposalID, number int64) (v models.ProposalVersion, err error) {
	err = tx.DB.Where("proposal_id = ? AND number = ?", id, number).Take(&v).Error
	if db.Missing(err) {
		return v, fault.NotFound("proposals.version_not_found")
	}
	if err != nil {
		return v, fmt.Errorf("read version %d of proposal %d: %w", number, id, err)
	}
	return v, nil
}

// word is a word, a run of blanks, a line's end, or one other sign.
var word = regexp.MustCompile(`[\p{L}\p{M}\p{N}·’']+|[ \t]+|\n|.`)

// Words compares two texts word by word. With every p of the result:
//
//	the texts of Same and Gone, joined  == before
//	the texts of Same and Added, joined == after
func Words(before, after string) []Piece {
	a, b := word.FindAllString(before, -1), word.FindAllString(after, -1)
	var p pieces
	at := 0
	for _, d := range lcs.DiffLines(a, b) {
		p.same(strings.Join(a[at:d.Start], ""))
		p.gone += strings.Join(a[d.Start:d.End], "")
		p.added += strings.Join(b[d.ReplStart:d.ReplEnd], "")
		at = d.End
	}
	p.same(strings.Join(a[at:], ""))
	p.flush()
	return p.done
}

// pieces collects changes that stand side by side into one, so that a rewritten sentence reads as one.
type pieces struct {
	done        []Piece
	gone, added string
}

// same ends the change before it, unless it is but a blank between two changed words.
func (p *pieces) same(text string) {
	if text == "" {
		return
	}
	if (p.gone != "" || p.added != "") && strings.Trim(text, " \t") == "" {
		p.gone += text
		p.added += text
		return
	}
	p.flush()
	p.done = append(p.done, Piece{Same, text})
}

func (p *pieces) flush() {
	// A blank taken into both sides at the end of a change was no change.
	tail := commonBlank(p.gone, p.added)
	p.gone, p.added = strings.TrimSuffix(p.gone, tail), strings.TrimSuffix(p.added, tail)
	if p.gone != "" {
		p.done = append(p.done, Piece{Gone, p.gone})
	}
	if p.added != "" {
		p.done = append(p.done, Piece{Added, p.added})
	}
	if tail != "" {
		p.done = append(p.done, Piece{Same, tail})
	}
	p.gone, p.added = "", ""
}

func commonBlank(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[len(a)-1-i] == b[len(b)-1-i] && (a[len(a)-1-i] == ' ' || a[len(a)-1-i] == '\t') {
		i++
	}
	return a[len(a)-i:]
}
