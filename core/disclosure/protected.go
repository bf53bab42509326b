package disclosure

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// Protected is a table that has passed Protect. It has no way back to the raw
// counts. Its JSON form holds what may be seen and nothing else.
type Protected struct {
	table TableKind
	rows  []Row
	total *Row
}

// Table says which table it is.
func (p Protected) Table() TableKind { return p.table }

// Rows gives the rows in the order in which they were given.
func (p Protected) Rows() []Row { return append([]Row(nil), p.rows...) }

// Row finds a row by its key.
func (p Protected) Row(key string) (Row, bool) {
	for _, row := range p.rows {
		if row.key == key {
			return row, true
		}
	}
	return Row{}, false
}

// Total gives the sum over the rows, which may show nothing; false in tables whose
// rows share people, which have none.
func (p Protected) Total() (Row, bool) {
	if p.total == nil {
		return Row{}, false
	}
	return *p.total, true
}

// Row is what may be seen of one row. The zero Row shows nothing.
type Row struct {
	key    string
	level  Level
	band   Band
	counts Shown
}

// Key is the key of the raw row; empty for a total.
func (r Row) Key() string { return r.key }

// Level says how much may be seen.
func (r Row) Level() Level {
	if r.level == "" {
		return ShowNothing
	}
	return r.level
}

// Band gives where the share of women lies, for a row that shows a band or counts.
func (r Row) Band() (Band, bool) { return r.band, r.band != "" }

// Counts gives the counts, for a row that shows them.
func (r Row) Counts() (Shown, bool) { return r.counts, r.level == ShowCounts }

// Shown is the counts of a row that may be seen. Every cell that is shown is at
// least 5. If Apart, Another and NotStated are shown; if not, both are 0 and only
// their sum AnotherOrNotStated is. Total = Women + Men + AnotherOrNotStated.
type Shown struct {
	Women, Men         int
	Apart              bool
	Another, NotStated int
	AnotherOrNotStated int
	Total              int
}

// shown reduces a raw row to a level.
func shown(raw RawRow, level Level, apart bool) Row {
	row := Row{key: raw.Key, level: level}
	switch level {
	case ShowCounts:
		row.band, _ = bandOf(raw.Women, raw.Men)
		row.counts = Shown{Women: raw.Women, Men: raw.Men, AnotherOrNotStated: raw.Another + raw.NotStated, Total: raw.Base()}
		if apart {
			row.counts.Apart, row.counts.Another, row.counts.NotStated = true, raw.Another, raw.NotStated
		}
	case ShowBand:
		row.band, _ = bandOf(raw.Women, raw.Men)
	case ShowNothing:
	}
	return row
}

// ErrNotProtected is the error for JSON that no protected table could have written.
var ErrNotProtected = errors.New("disclosure: not a protected table")

// tableJSON and rowJSON are the written form; a cell that is absent is not shown.
type tableJSON struct {
	Table TableKind `json:"table"`
	Rows  []rowJSON `json:"rows"`
	Total *rowJSON  `json:"total,omitempty"`
}

type rowJSON struct {
	Key                string `json:"key,omitempty"`
	Level              Level  `json:"level"`
	Band               Band   `json:"band,omitempty"`
	Women              int    `json:"women,omitempty"`
	Men                int    `json:"men,omitempty"`
	Another            int    `json:"another,omitempty"`
	NotStated          int    `json:"not_stated,omitempty"`
	AnotherOrNotStated int    `json:"another_or_not_stated,omitempty"`
	Total              int    `json:"total,omitempty"`
}

// MarshalJSON writes what may be seen.
func (p Protected) MarshalJSON() ([]byte, error) {
	form := tableJSON{Table: p.table, Rows: []rowJSON{}}
	for _, row := range p.rows {
		form.Rows = append(form.Rows, row.json())
	}
	if p.total != nil {
		total := p.total.json()
		form.Total = &total
	}
	return json.Marshal(form)
}

func (r Row) json() rowJSON {
	c := r.counts
	return rowJSON{
		Key: r.key, Level: r.Level(), Band: r.band, Women: c.Women, Men: c.Men,
		Another: c.Another, NotStated: c.NotStated, AnotherOrNotStated: c.AnotherOrNotStated, Total: c.Total,
	}
}

// UnmarshalJSON reads what MarshalJSON wrote. It refuses with ErrNotProtected, or
// json's own error, whatever breaks the ladder or lets the one row without counts be
// had by subtraction, so that a stored table cannot become a way around Protect.
func (p *Protected) UnmarshalJSON(data []byte) error {
	var form tableJSON
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&form); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return ErrNotProtected
	}
	read := Protected{table: form.Table, rows: make([]Row, len(form.Rows))}
	ok := form.Table.valid() && (form.Total == nil || form.Table == Membership)
	for i, row := range form.Rows {
		read.rows[i] = row.row()
		ok = ok && read.rows[i].sound(form.Table) && read.rows[i].json() == row
	}
	if form.Total != nil {
		total := form.Total.row()
		read.total = &total
		ok = ok && total.sound(form.Table) && total.json() == *form.Total
	}
	if !ok || !read.resistsSubtraction() {
		return ErrNotProtected
	}
	*p = read
	return nil
}

func (f rowJSON) row() Row {
	row := Row{key: f.Key, level: f.Level, band: f.Band}
	if f.Level == ShowCounts {
		row.counts = Shown{
			Women: f.Women, Men: f.Men, Apart: f.Another > 0, Another: f.Another, NotStated: f.NotStated,
			AnotherOrNotStated: f.AnotherOrNotStated, Total: f.Total,
		}
	}
	return row
}

// sound says whether a row keeps the ladder by itself.
func (r Row) sound(table TableKind) bool {
	switch r.level {
	case ShowNothing:
		return r.band == ""
	case ShowBand:
		return r.band == Below || r.band == Inside || r.band == Above
	case ShowCounts:
		return r.counts.sound(table, r.band)
	}
	return false
}

func (s Shown) sound(table TableKind, band Band) bool {
	if s.Apart && (table != Membership || min(s.Another, s.NotStated) < minCell || s.Another+s.NotStated != s.AnotherOrNotStated) {
		return false
	}
	if !s.Apart && (s.Another != 0 || s.NotStated != 0) {
		return false
	}
	const most = 1 << 40 // keeps the sums below from overflowing
	if max(s.Women, s.Men, s.AnotherOrNotStated) > most || min(s.Women, s.Men, s.AnotherOrNotStated) < minCell {
		return false
	}
	expected, _ := bandOf(s.Women, s.Men)
	return s.Total >= minCountsBase && s.Total == s.Women+s.Men+s.AnotherOrNotStated && band == expected
}

// resistsSubtraction says whether the total less the rows that are shown leaves
// either several rows to guess at or nobody.
func (p Protected) resistsSubtraction() bool {
	if p.total == nil || p.total.level != ShowCounts {
		return true
	}
	left, hidden := p.total.counts, 0
	for _, row := range p.rows {
		if row.level != ShowCounts {
			hidden++
		}
		left.Women -= row.counts.Women
		left.Men -= row.counts.Men
		left.AnotherOrNotStated -= row.counts.AnotherOrNotStated
	}
	if hidden >= 2 {
		return min(left.Women, left.Men, left.AnotherOrNotStated) >= 0
	}
	return left.Women == 0 && left.Men == 0 && left.AnotherOrNotStated == 0
}
