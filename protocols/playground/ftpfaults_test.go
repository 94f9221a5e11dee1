package playground

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/lab"
)

// A fault of ftp-data is one of a file under way, in either direction and
// whoever connects, under TLS too.
func TestFTPDataFaults(t *testing.T) {
	dir := t.TempDir()
	big := private(t, filepath.Join(dir, "big"), strings.Repeat("x", 1<<20))
	for _, c := range []struct {
		fault string
		exit  int
		up    bool
		left  int64 // of the download, at least and at most; -1 does not matter
		how   string
	}{
		{"ftp-data:fin@1000", 18, false, 1000, ""},
		{"ftp-data:rst@1000", 56, false, -1, ""},
		{"ftp-data:stall@1000", 28, false, 1000, ""},
		{"ftp-data:rst@1000", 0, true, -1, ""},
		{"ftp-data:fin@1000", 0, true, -1, ""},
		{"ftp:fin@1000000", -1, false, 1 << 20, ""}, // the data are not the server's own
		{"ftp-data:fin@1000", 18, false, 1000, "-P 127.0.0.1"},
		{"ftp-data:rst@1000", 56, false, -1, "-P 127.0.0.1"},
		{"ftp-data:stall@1000", 28, false, 1000, "-P 127.0.0.1"},
		{"ftp-data:stall@1000", 28, false, 1000, "-P 127.0.0.1 --disable-eprt"},
		{"ftp-data:rst@1000", 0, true, -1, "-P 127.0.0.1"},
		{"ftp-data:fin@1000", 0, true, -1, "-P 127.0.0.1"},
		{"ftp:fin@1000000", -1, false, 1 << 20, "-P 127.0.0.1"},
	} {
		t.Run(strings.ReplaceAll(strings.TrimSpace(fmt.Sprint(c.fault, " up ", c.up, " ", c.how)), ":", " "), func(t *testing.T) {
			t.Parallel()
			w := start(t, Options{Faults: faults(t, c.fault)})
			out := filepath.Join(t.TempDir(), "out")
			patience := "20"
			if strings.Contains(c.fault, Stall) {
				patience = "6"
			}
			args := []string{"-sS", "--noproxy", "*", "-m", patience, "-u", User + ":" + Password}
			args = append(args, strings.Fields(c.how)...)
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
			case c.up && exit == 0, !c.up && exit != max(c.exit, 0) && (exit != 8 && exit != 10 || c.how == ""): // these: the end was there before curl looked for a beginning
				t.Errorf("%s, up %v %s: curl ends with %d: %s", c.fault, c.up, c.how, exit, said)
			case c.up:
				if f, ok := w.files.get("pub/big"); ok && len(f.data) == 1<<20 {
					t.Errorf("%s %s: the file came whole", c.fault, c.how)
				}
			case c.left >= 0 && exit == max(c.exit, 0):
				if fi, err := os.Stat(out); err != nil || fi.Size() != c.left {
					t.Errorf("%s %s: %v, %v; want %d bytes", c.fault, c.how, fi, err, c.left)
				}
			}
		})
	}
}

// Active mode under TLS, which curl cannot: nothing goes wrong, something
// does, a second TLS and an address that is not the client's are refused.
func TestFTPActiveTLS(t *testing.T) {
	for name, args := range map[string][]string{"nothing": nil, "ftp-data": {"ftp-data:rst@5000"}} {
		t.Run(name, func(t *testing.T) {
			w := start(t, Options{Faults: faults(t, args...)})
			if got := run(t, "python3", "-c", pyActive, w.Map("tcp", "ftp:21"), name); got != "well\n" {
				t.Error(got)
			}
		})
	}
}

const pyActive = `
import ftplib, io, ssl, sys
host, port = sys.argv[1].split(":")
context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
f = ftplib.FTP_TLS(context=context, timeout=10)
f.connect(host, int(port)); f.login("ann", "secret"); f.prot_p(); f.set_pasv(False)
assert f.sendcmd("NOOP").startswith("200")
try: f.sendcmd("AUTH TLS"); raise SystemExit("TLS twice")
except ftplib.error_perm as e: assert str(e).startswith("503"), e
try: f.sendcmd("PORT 10,0,0,7,9,9"); raise SystemExit("another host")
except ftplib.error_perm: pass
whole = bytes(range(256)) * 400
def trip():
    f.storbinary("STOR /pub/a", io.BytesIO(whole))
    back = []; f.retrbinary("RETR /pub/a", back.append)
    return b"".join(back)
if sys.argv[2] == "nothing":
    assert trip() == whole
    f.quit()
else:
    try: trip(); raise SystemExit("nothing went wrong")
    except (OSError, ftplib.Error, EOFError): pass
print("well")
`
