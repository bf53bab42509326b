package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"socia/core/ratio"
)

// flagsOf are the flags that only some methods know, by the methods that do.
var flagsOf = map[string][]string{
	"overvote": {"irv"}, "skipped": {"irv"}, "repeated": {"irv"}, "batch": {"irv"}, "write-in": {"irv"},
	"top": {"score"}, "blanks": {"score"},
	"sure-losers": {"stv-wigm"}, "unranked": {"borda"},
	"debian-default": {"debian"}, "quorum": {"debian"}, "supermajority": {"debian"},
}

// Validate refuses what is wrong whatever the file says: the program then exits as it does for any wrong command line.
func (t *tallyCommand) Validate(line *kong.Context) error {
	given := map[string]bool{}
	for _, on := range line.Path {
		if on.Flag != nil {
			given[on.Flag.Name] = true
		}
	}
	if _, known := tallyMethods[t.Method]; !known {
		return nil // kong says which methods there are
	}
	for _, flag := range line.Flags() {
		if methods, some := flagsOf[flag.Name]; some && given[flag.Name] && !slices.Contains(methods, t.Method) {
			return fmt.Errorf("--%s belongs to --method %s, and this is %s", flag.Name, strings.Join(methods, ", "), t.Method)
		}
	}
	switch {
	case t.Seats < 0 || given["seats"] && t.Seats == 0:
		return errors.New("--seats must be 1 or more")
	case t.Method == "irv" && t.Seats > 1:
		return errors.New("irv elects 1: for more --seats there are stv-scottish, stv-wigm and stv-meek")
	case t.Top < 0 || given["top"] && t.Top == 0:
		return errors.New("--top must be 1 or more")
	}
	return t.validateDebian()
}

// validateDebian checks what compares with the default option.
func (t *tallyCommand) validateDebian() error {
	switch {
	case t.Quorum < 0:
		return errors.New("--quorum must be 0 or more")
	case t.DebianDefault == "" && (t.Quorum != 0 || len(t.Supermajority) > 0):
		return errors.New("--quorum and --supermajority compare with the default option: say --debian-default")
	}
	for name, times := range t.Supermajority {
		if name == t.DebianDefault {
			return fmt.Errorf("--supermajority %s=%s: it is the default option, which is not compared with itself", name, times)
		}
		if n, err := ratio.Parse(times); err != nil || n.Cmp(ratio.Int(1)) < 0 {
			return fmt.Errorf("--supermajority %s=%s: N must be a whole number or a fraction from 1", name, times)
		}
	}
	return nil
}
