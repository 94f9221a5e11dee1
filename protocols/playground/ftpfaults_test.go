package playground

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/lab"
)

// A fault of ftp-data is one of a file under way, in either direction.
func TestFTPDataFaults(t *testing.T) {
	dir := t.TempDir()
	big := private(t, filepath.Join(dir, "big"), strings.Repeat("x", 1<<20))
	for _, c := range []struct {
		fault string
		exit  int
		up    bool
		left  int64 // of the download, at least and at most; -1 does not matter
	}{
		{"ftp-data:fin@1000", 18, false, 1000},
		{"ftp-data:rst@1000", 56, false, -1},
		{"ftp-data:stall@1000", 28, false, 1000},
		{"ftp-data:rst@1000", 0, true, -1},
		{"ftp-data:fin@1000", 0, true, -1},
		{"ftp:fin@1000000", -1, false, 1 << 20}, // the data are not the server's own
	} {
		w := start(t, Options{Faults: faults(t, c.fault)})
		out := filepath.Join(dir, "out")
		args := []string{"-sS", "--noproxy", "*", "-m", "3", "-u", User + ":" + Password}
		if c.up {
			args = append(args, "-T", big, at(t, w, "ftp", false)+"/pub/big")
		} else {
			args = append(args, "-o", out, at(t, w, "ftp", false)+"/pub/1MiB.bin")
		}
		said, err := exec.CommandContext(t.Context(), lab.Need(t, "curl"), args...).CombinedOutput()
		exit := 0
		if status := (*exec.ExitError)(nil); errors.As(err, &status) {
			exit = status.ExitCode()
		}
		switch {
		case c.up && exit == 0, !c.up && exit != max(c.exit, 0):
			t.Errorf("%s, up %v: curl ends with %d: %s", c.fault, c.up, exit, said)
		case c.up:
			if f, ok := w.files.get("pub/big"); ok && len(f.data) == 1<<20 {
				t.Errorf("%s: the file came whole", c.fault)
			}
		case c.left >= 0:
			if fi, err := os.Stat(out); err != nil || fi.Size() != c.left {
				t.Errorf("%s: %v, %v; want %d bytes", c.fault, fi, err, c.left)
			}
		}
		w.Close()
	}
}
