// Package lot draws by lot so that anybody can repeat the draw with common
// tools. A seed is made before anything is decided and only its commitment is
// published; when the decision is taken the seed is published too.
//
//	commitment  = printf '%s' SEED | sha256sum
//	key of item = printf 'socia lot 1\n%s\n%s\n%s\n' SEED WHAT ITEM | sha256sum
//
// Items are drawn in ascending order of their keys. Equations:
//
//	Order(what, items) does not depend on the order in which items are given, as names
//	Order(what, items) without one item is the same order without it
package lot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Seed is the secret of a draw until it is published: any text without a line
// break, in Sòcia 64 hexadecimal digits of randomness.
type Seed string

// SeedOf writes random bytes as a seed.
func SeedOf(random [32]byte) Seed { return Seed(hex.EncodeToString(random[:])) }

// Commitment is the SHA-256 of the seed's text in hexadecimal: published
// beforehand it binds the seed and tells nothing of it.
func (s Seed) Commitment() string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Keeps says whether a published seed is the one that was committed to.
func (s Seed) Keeps(commitment string) bool { return s.Commitment() == strings.ToLower(commitment) }

// Key is what decides the place of an item in the draw called what. No argument
// may hold a line break: one that does is cut there, so that no two draws can
// be written alike.
func (s Seed) Key(what, item string) [sha256.Size]byte {
	return sha256.Sum256([]byte("socia lot 1\n" + line(string(s)) + "\n" + line(what) + "\n" + line(item) + "\n"))
}

func line(s string) string {
	before, _, _ := strings.Cut(s, "\n")
	return before
}

// Order draws the items one after another and gives their places in the slice.
// Equal items keep the order in which they were given.
func (s Seed) Order(what string, items []string) []int {
	keys := make([][sha256.Size]byte, len(items))
	order := make([]int, len(items))
	for i, item := range items {
		keys[i], order[i] = s.Key(what, item), i
	}
	slices.SortStableFunc(order, func(a, b int) int { return bytes.Compare(keys[a][:], keys[b][:]) })
	return order
}
