package sortition

import (
	"fmt"
	"slices"
	"strings"
)

// Command prints the keys and items of a File in the order drawn, with a POSIX
// shell, awk and sha256sum. $1 is the name of the file. It prints what the lines
// "drawn" and "substitute" of the file say together.
const Command = `awk -F'\t' '$1=="seed"||$1=="what"||$1=="person"{print $1; print $2}' "$1" | while IFS= read -r a && IFS= read -r b; do ` +
	`case $a in seed) s=$b;; what) w=$b;; person) printf '%s\t%s\n' "$(printf 'socia lot 1\n%s\n%s\n%s\n' "$s" "$w" "$b" | sha256sum | cut -c1-64)" "$b";; ` +
	`esac; done | LC_ALL=C sort`

// File writes the text from which anybody can repeat the draw. It is in UTF-8
// and in no language: a line for each fact, its fields separated by tabs, the
// first of which is one of these words, in this order:
//
//	socia-sortition  1, the version of this form
//	commitment       SHA-256 of the seed, published beforehand
//	seed             the seed
//	what             the name of the draw
//	key              how a key is made
//	command          Command
//	quota            places, stratum
//	person           item, stratum; in the order of the bytes of the items
//	drawn            number, key, item, stratum
//	substitute       number, key, item, stratum
//
// There are no IDs in it: the items are what is published. Equation: Draw from
// the lines seed, what, quota and person gives the lines drawn and substitute.
func (d Drawn) File() string {
	var b strings.Builder
	line := func(fields ...any) {
		for i, f := range fields {
			if i > 0 {
				b.WriteByte('\t')
			}
			fmt.Fprint(&b, f)
		}
		b.WriteByte('\n')
	}
	line("socia-sortition", 1)
	line("commitment", d.Commitment)
	line("seed", d.Seed)
	line("what", d.What)
	line("key", `printf 'socia lot 1\n%s\n%s\n%s\n' SEED WHAT ITEM | sha256sum`)
	line("command", Command)
	for _, q := range d.Quotas {
		line("quota", q.Places, q.Stratum)
	}
	people := slices.Concat(d.Members, d.Substitutes)
	slices.SortFunc(people, func(a, b Place) int { return strings.Compare(a.Item, b.Item) })
	for _, p := range people {
		line("person", p.Item, p.Stratum)
	}
	for i, p := range d.Members {
		line("drawn", i+1, p.Key, p.Item, p.Stratum)
	}
	for i, p := range d.Substitutes {
		line("substitute", i+1, p.Key, p.Item, p.Stratum)
	}
	return b.String()
}
