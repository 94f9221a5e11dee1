// Package lab runs real servers and clients, of Debian packages, for tests.
//
// A test says what it needs and starts it:
//
//	r := lab.Start(t, lab.Nginx(files))
//	get(t, r.URL+"index.html")
//
// Servers listen on free ports of the loopback, keep their files in a
// directory of the test, and end with it.
package lab

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// programs gives the package of each program; packages.txt lists the same
// packages for install.sh.
var programs = map[string]string{
	"curl":        "curl",
	"dovecot":     "dovecot-imapd",
	"fish":        "fish",
	"gophernicus": "gophernicus",
	"innd":        "inn2",
	"lftp":        "lftp",
	"microsocks":  "microsocks",
	"mbsync":      "isync",
	"mutt":        "mutt",
	"mandoc":      "mandoc",
	"molly-brown": "molly-brown",
	"mpop":        "mpop",
	"nc.openbsd":  "netcat-openbsd",
	"ncat":        "ncat",
	"nginx":       "nginx",
	"nnrpd":       "inn2",
	"openssl":     "openssl",
	"pop3-login":  "dovecot-pop3d",
	"postfix":     "postfix",
	"proftpd":     "proftpd-mod-crypto",
	"python3":     "python3",
	"smtp-sink":   "postfix",
	"smtp-source": "postfix",
	"socat":       "socat",
	"ssh":         "openssh-client",
	"ssh-keygen":  "openssh-client",
	"sshd":        "openssh-server",
	"swaks":       "swaks",
	"telnet":      "inetutils-telnet",
	"telnetd":     "inetutils-telnetd",
	"tinyproxy":   "tinyproxy-bin",
	"zsh":         "zsh",
}

// Need returns the path of a program. Where it is missing the test is
// skipped, or fails when CI=true or LAB=all.
func Need(t testing.TB, program string) string {
	t.Helper()
	pkg, ok := programs[program]
	if !ok {
		t.Fatalf("lab: %s is not one of its programs", program)
	}
	path, err := find(program)
	if err == nil {
		return path
	}
	if Required() {
		t.Fatalf("lab: no %s; apt-get install %s", program, pkg)
	}
	t.Skipf("no %s; apt-get install %s", program, pkg)
	return ""
}

// Required reports whether a missing program is a failure.
func Required() bool {
	return os.Getenv("CI") == "true" || os.Getenv("LAB") == "all"
}

// find looks in PATH, and where servers are kept that PATH often lacks.
func find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err == nil || runtime.GOOS == "windows" {
		return path, err
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/sbin", "/usr/lib/dovecot", "/usr/lib/news/bin"} {
		if path, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return path, nil
		}
	}
	return "", err
}

// Command is a program to be run by the test, as a client of what it tests.
// It is killed with all it started when the test ends, or after 30 seconds.
func Command(t testing.TB, program string, args ...string) *exec.Cmd {
	t.Helper()
	path := Need(t, program)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, path, args...)
	group(cmd)
	cmd.Cancel = func() error { return kill(cmd.Process) }
	cmd.WaitDelay = time.Second
	return cmd
}
