// Measured runs a program and writes what that took: seconds by the clock, seconds of processor time, and peak memory
// in KiB. It is a process of its own because a program counts as having used the memory of the one that starts it, so
// that one has to be small.
//
//	measured PROGRAM ARGUMENTS…
package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

func main() {
	command := exec.Command(os.Args[1], os.Args[2:]...)
	command.Stderr = os.Stderr
	began := time.Now()
	err := command.Run()
	took := time.Since(began)
	if err != nil {
		panic(err)
	}
	state := command.ProcessState
	fmt.Println(took.Seconds(), (state.UserTime() + state.SystemTime()).Seconds(), state.SysUsage().(*syscall.Rusage).Maxrss)
}
