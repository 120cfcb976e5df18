// What a runtime in Go would do with the linux.seccomp of a config.json: compile ARCH <config.json >filter.bpf
package main

// #cgo pkg-config: winnow
// #include <winnow-compile.h>
// #include <stdlib.h>
import "C"

import (
	"fmt"
	"io"
	"os"
	"unsafe"
)

// Error is why winnow made nothing: its status, and what it says.
type Error struct {
	Status int
	Text   string
}

func (e *Error) Error() string { return fmt.Sprintf("winnow: %s (status %d)", e.Text, e.Status) }

// Compile returns the filter of a profile for one architecture, and warnings about it.
func Compile(text []byte, arch string) (filter []byte, warnings []string, err error) {
	options := (*C.struct_winnow_options)(C.calloc(1, C.size_t(unsafe.Sizeof(C.struct_winnow_options{}))))
	defer C.free(unsafe.Pointer(options))
	options.size = C.size_t(unsafe.Sizeof(*options))
	options.arch = C.CString(arch)
	defer C.free(unsafe.Pointer(options.arch))
	name := C.CString("config.json")
	defer C.free(unsafe.Pointer(name))

	var profile *C.struct_winnow_side
	bytes := C.CBytes(text)
	status := C.winnow_profile(options, name, bytes, C.size_t(len(text)), &profile)
	C.free(bytes)
	defer C.winnow_free(profile)
	if status == C.WINNOW_DONE {
		status = C.winnow_compile(profile)
	}
	for i := C.size_t(0); i < C.winnow_diagnostics(profile); i++ {
		var d C.struct_winnow_diagnostic
		d.size = C.size_t(unsafe.Sizeof(d))
		if C.winnow_diagnostic(profile, i, &d) == C.WINNOW_DONE && d.severity == C.WINNOW_WARNING {
			warnings = append(warnings, fmt.Sprintf("%d:%d: %s [%s]", d.line, d.column, C.GoString(d.text), C.GoString(d.code)))
		}
	}
	if status != C.WINNOW_DONE {
		return nil, warnings, &Error{int(status), C.GoString(C.winnow_error(profile))}
	}
	var blob C.struct_winnow_blob
	blob.size = C.size_t(unsafe.Sizeof(blob))
	C.winnow_blob(profile, 0, &blob)
	return C.GoBytes(blob.bytes, C.int(blob.length)), warnings, nil
}

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	arch := "native"
	if len(os.Args) > 1 {
		arch = os.Args[1]
	}
	filter, warnings, err := Compile(text, arch)
	for _, warning := range warnings {
		fmt.Fprintln(os.Stderr, warning)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if _, err := os.Stdout.Write(filter); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(5)
	}
}
