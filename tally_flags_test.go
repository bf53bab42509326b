package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// What is wrong whatever the file says is a wrong command line.
func TestTally_AWrongCommandIsRefusedBeforeTheFileIsRead(t *testing.T) {
	for flags, want := range map[string]string{
		"--method borda --seats=-1":                                     "--seats must be 1 or more",
		"--method borda --seats 0":                                      "--seats must be 1 or more",
		"--method irv --seats 2":                                        "irv elects 1: for more --seats there are",
		"--method score --top 0":                                        "--top must be 1 or more",
		"--method score --top=-5":                                       "--top must be 1 or more",
		"--method debian --quorum 3":                                    "say --debian-default",
		"--method debian --supermajority B=2":                           "say --debian-default",
		"--method debian --debian-default A --quorum=-3":                "--quorum must be 0 or more",
		"--method debian --debian-default A --supermajority B=x":        "--supermajority B=x: N must be a whole number or a fraction from 1",
		"--method debian --debian-default A --supermajority B=0":        "--supermajority B=0: N must be",
		"--method debian --debian-default A --supermajority A=2":        "--supermajority A=2: it is the default option",
		"--method schulze --overvote end":                               "--overvote belongs to --method irv, and this is schulze",
		"--method schulze --overvote skip":                              "--overvote belongs to --method irv", // though it is what irv does anyway
		"--method stv-meek --no-batch":                                  "--batch belongs to --method irv",
		"--method schulze --quorum 3":                                   "--quorum belongs to --method debian",
		"--method stv-meek --sure-losers":                               "--sure-losers belongs to --method stv-wigm",
		"--method approval --top 5":                                     "--top belongs to --method score",
		"--method debian --unranked nothing --debian-default Whoever":   "--unranked belongs to --method borda",
		"--method nonsense --seats=-1":                                  "--method must be one of",
		"--method irv --skipped any --no-batch --write-in A":            "",
		"--method debian --debian-default A --quorum 3 --seats 2":       "",
		"--method debian --debian-default A --supermajority B=3/2":      "",
		"--method score --top 5 --blanks left-out --seed abc --seats 3": "",
	} {
		var command tallyCommand
		parser, err := kong.New(&command)
		if err != nil {
			t.Fatal(err)
		}
		_, err = parser.Parse(append([]string{"no-such-file"}, strings.Fields(flags)...))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", flags, err, want)
		}
	}
}
