package pop3_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/lab"
)

func TestScratchRace(t *testing.T) {
	r := lab.Start(t, lab.DovecotPOP3(password, ""))
	mail, _ := r.Shared("mail")
	for _, dir := range []string{"", "new", "cur", "tmp"} {
		dir = filepath.Join(mail, "ann", dir)
		os.MkdirAll(dir, 0o777)
		os.Chmod(dir, 0o777)
	}
	text := "From: a@x\nSubject: x\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n\n" + strings.Repeat(strings.Repeat("y", 72)+"\n", 237)
	for i := range 20000 {
		os.WriteFile(filepath.Join(mail, "ann", "cur", fmt.Sprintf("%d.M1P1Q%d.lab,S=%d,W=%d:2,", 1700000000+i, i, len(text), len(text)+strings.Count(text, "\n"))), []byte(text), 0o666)
	}
	out := t.TempDir()
	run := func(name string, args ...string) {
		cmd := exec.Command(args[0], args[1:]...)
		began := time.Now()
		b, err := cmd.CombinedOutput()
		ps := cmd.ProcessState
		t.Logf("%-12s %6.2f s  cpu %5.2f s  %v %s", name, time.Since(began).Seconds(), (ps.UserTime() + ps.SystemTime()).Seconds(), err, b[:min(len(b), 150)])
	}
	url := fmt.Sprintf("pop3://ann:%s@127.0.0.1:%d/", password, r.Port)
	mpop := func(kind, to string) []string {
		return []string{"mpop", "--host=127.0.0.1", fmt.Sprintf("--port=%d", r.Port), "--user=ann", "--passwordeval=echo " + password, "--auth=user", "--pipelining=on", "--keep=on", "--quiet",
			"--uidls-file=" + to + ".u", "--delivery=" + kind + "," + to}
	}
	run("warm", "/usr/bin/time", "-f", "%M KB", "/tmp/wl-p", "pop3", "ls", url, "--short", "-q", "-o", out+"/ls")
	for i := range 3 {
		to := fmt.Sprintf("%s/%d", out, i)
		os.WriteFile(to+"m.mbox", nil, 0o600)
		run("mpop mbox", mpop("mbox", to+"m.mbox")...)
		run("ours mbox", "/usr/bin/time", "-f", "%M KB", "/tmp/wl-p", "pop3", "get", url, "all", "--mbox", to+"o.mbox")
		os.MkdirAll(to+"m/new", 0o700)
		os.MkdirAll(to+"m/cur", 0o700)
		os.MkdirAll(to+"m/tmp", 0o700)
		run("mpop maildir", mpop("maildir", to+"m")...)
		run("ours maildir", "/usr/bin/time", "-f", "%M KB", "/tmp/wl-p", "pop3", "get", url, "all", "--maildir", to+"o")
		run("rm", "rm", "-r", to+"m", to+"o", to+"m.mbox", to+"o.mbox")
	}
	run("ours ls", "/usr/bin/time", "-f", "%M KB", "/tmp/wl-p", "pop3", "ls", url)
}
