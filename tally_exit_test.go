package main_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestTally_ExitsWith2WhereTheCommandIsWrongAndWith1WhereTheFileIs(t *testing.T) {
	program := builtProgram(t, ".")
	file := filepath.Join(t.TempDir(), "ballots")
	if err := os.WriteFile(file, []byte("rank1\nAda\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for flags, want := range map[string]int{
		"--method irv": 0, "--method score": 1, "--method debian --debian-default Eva": 1,
		"--method irv --seats 2": 2, "--method nonsense": 2, "--method debian --quorum 3": 2,
	} {
		var exit *exec.ExitError
		code := 0
		if err := exec.Command(program, append([]string{"tally", file}, strings.Fields(flags)...)...).Run(); errors.As(err, &exit) { // #nosec G204 -- built above
			code = exit.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		if code != want {
			t.Errorf("%s: exit %d, not %d", flags, code, want)
		}
	}
}
