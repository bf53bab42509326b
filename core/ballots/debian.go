package ballots

import (
	"bytes"
	"strconv"
)

// readDebian reads a tally sheet: a head in any words (and any character set),
// then a line for each vote,
//
//	V: 45123245-  6524617fc241314119683ac3aa923033
//
// with a place for each option: a digit or a letter (A is 10) is its rank, "-"
// leaves it unranked. Where the head lists the options, in lines such as
// "||/  Option 3-------->: Name", there are as many places as the highest number
// in it; else as many as the first vote has. Only the order of ranks counts: numbers may be left out,
// and equal ones are one rank. What follows the vote is its receipt and is not
// read. Options are named "0", "1", …, by their place.
func readDebian(f *file) error {
	listed := 0
	for {
		line, at, ok, err := f.nextLine()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		vote, found := bytes.CutPrefix(line, []byte("V:"))
		switch {
		case found:
			blank := len(vote) - len(bytes.TrimLeft(vote, " \t"))
			if err := f.sheetVote(vote[blank:], at.plus(2+blank), listed); err != nil {
				return err
			}
		case len(f.Options) > 0 && len(bytes.TrimSpace(line)) > 0:
			return at.wrong("after the first vote a line must begin with V:")
		default:
			listed = max(listed, listedOption(line))
		}
	}
	if len(f.Options) == 0 {
		return f.here().wrong("no line begins with V:, there is no vote")
	}
	return nil
}

// listedOption is the number of the option that a line of the head names, 0 when it names none.
func listedOption(line []byte) int {
	number, found := bytes.CutPrefix(bytes.TrimLeft(line, " \t|/\\"), []byte("Option "))
	arrow := bytes.IndexByte(number, '-')
	if !found || arrow < 0 || !bytes.HasPrefix(bytes.TrimLeft(number[arrow:], "-"), []byte(">:")) {
		return 0
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(number[:arrow])))
	if err != nil {
		return 0
	}
	return n
}

// sheetVote reads one vote; the first one says how many options there are, unless the head has listed them.
func (f *file) sheetVote(vote []byte, at place, listed int) error {
	if i := bytes.IndexAny(vote, " \t"); i >= 0 {
		vote = vote[:i]
	}
	if len(vote) == 0 {
		return at.wrong("the vote is missing")
	}
	if listed > 0 && len(vote) != listed {
		return at.wrong("the vote has %d places, and the head lists %d options", len(vote), listed)
	}
	if len(f.Options) == 0 {
		for i := range vote {
			if _, err := f.add(strconv.Itoa(i), at); err != nil {
				return err
			}
		}
	}
	if len(vote) != len(f.Options) {
		return at.wrong("the vote has %d places, the first one had %d", len(vote), len(f.Options))
	}
	return f.sortVote(vote, at)
}

// highestRank is the rank of the letter Z.
const highestRank = 35

// sortVote puts the options in the order of their ranks.
func (f *file) sortVote(vote []byte, at place) error {
	f.marks = f.marks[:0]
	for i, c := range vote {
		if c != '-' && sheetRank(c) == 0 {
			return at.plus(i).wrong("%q is no rank: a digit from 1, a letter, or - for unranked", c)
		}
	}
	for rank := 1; rank <= highestRank; rank++ {
		tied := Mark(0)
		for i, c := range vote {
			if sheetRank(c) == rank {
				f.marks = append(f.marks, Mark(i)|tied)
				tied = Equal
			}
		}
	}
	f.Papers++
	return f.hand(1)
}

// sheetRank is the rank that a character means, 0 for none.
func sheetRank(c byte) int {
	switch {
	case c >= '1' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 10
	}
	return 0
}
