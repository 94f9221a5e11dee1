package lab

import (
	"os"
	"os/user"
	"testing"
)

// SSH is OpenSSH's dynamic forwarding, a proxy for SOCKS 4, 4a and 5. Its
// sshd is one of the test's own, at the other end of a pipe.
func SSH(t testing.TB) Server {
	t.Helper()
	sshd := Need(t, "sshd")
	me, err := user.Current()
	if err != nil {
		t.Fatal("lab:", err)
	}
	if me.Uid == "0" {
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil { // which only its package's service makes
			t.Fatal("lab:", err)
		}
	}
	dir := t.TempDir()
	if out, err := Command(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir+"/key").CombinedOutput(); err != nil {
		t.Fatalf("lab: ssh-keygen: %v: %s", err, out)
	}
	return Server{
		Program: "ssh",
		Args: []string{"-F", "none", "-N", "-D", "{{.Addr}}", "-i", literal(dir) + "/key",
			"-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
			"-o", "ExitOnForwardFailure=yes", "-o", "ProxyCommand=" + sshd + " -i -f {{.Path `sshd_config`}}", me.Username + "@lab"},
		Files: map[string]string{"sshd_config": `
HostKey ` + literal(dir) + `/key
AuthorizedKeysFile ` + literal(dir) + `/key.pub
StrictModes no
UsePAM no
PasswordAuthentication no
PidFile none
`},
		URL: "socks4a://{{.Addr}}",
	}
}
