package tally

// Result is what a count found.
type Result struct{ Approved bool }
