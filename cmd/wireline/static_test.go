//go:build linux

package main

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// the program is one static binary: the kernel is asked for no
// interpreter, and no library is loaded. That it can be built for other
// systems is seen by make cross.
func TestStaticBinary(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "wireline")
	cmd := exec.Command("go", "build", "-ldflags", "-s -w", "-o", name, ".") // not -trimpath: all would be compiled anew
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := elf.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("it has a segment %v", p.Type)
		}
	}
	if libs, err := f.ImportedLibraries(); err != nil || len(libs) > 0 {
		t.Errorf("it needs %q, %v", libs, err)
	}
	cmd = exec.Command(name, "--version")
	cmd.Dir, cmd.Env = t.TempDir(), []string{}
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "wireline "+version+"\n" {
		t.Errorf("%q, %v", out, err)
	}
}
