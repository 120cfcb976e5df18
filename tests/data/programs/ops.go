// What a program in Go does, by its first argument: for tools/maintain/gen-programs.
package main

import (
	"os"
	"os/exec"
	"runtime"
	"time"
)

func thread() bool {
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		done <- true
	}()
	return <-done
}

func main() {
	ok := true
	if _, err := os.Stdout.WriteString("main\n"); err != nil {
		os.Exit(1)
	}
	if len(os.Args) > 1 {
		var err error
		switch os.Args[1] {
		case "thread":
			ok = thread()
		case "spawn":
			err = exec.Command("/proc/self/exe").Run()
		case "stat":
			_, err = os.Stat("ops.file")
		case "opendir":
			_, err = os.ReadDir(".")
		case "chmod":
			err = os.Chmod("ops.file", 0644)
		case "nanosleep":
			time.Sleep(time.Millisecond)
		default:
			ok = false
		}
		ok = ok && err == nil
	}
	if !ok {
		os.Exit(1)
	}
}
