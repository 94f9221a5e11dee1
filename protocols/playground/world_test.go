package playground

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// at is where the server of a scheme is, with the account if login.
func at(t *testing.T, w *World, scheme string, login bool) string {
	t.Helper()
	for _, s := range w.Services() {
		u, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		if u.Scheme == scheme {
			if u.Path = ""; login {
				u.User = url.UserPassword(s.User, s.Password)
			}
			return u.String()
		}
	}
	t.Fatal("no server for", scheme)
	return ""
}

const letter = "From: bob@there.test\r\nTo: ann@playground.test\r\nSubject: from curl\r\n\r\nAll see the same.\r\n"

// One world: curl stores by one protocol what it finds by others.
func TestCurlWorld(t *testing.T) {
	w := start(t, Options{})
	dir := t.TempDir()
	mail, file := filepath.Join(dir, "mail"), filepath.Join(dir, "file.txt")
	for name, text := range map[string]string{mail: letter, file: "stored by ftp\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ca, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ want, args string }{
		{"", "-T " + file + " " + at(t, w, "ftp", true) + "/pub/"},
		{"stored by ftp\n", at(t, w, "ftp", true) + "/pub/file.txt"},
		{"stored by ftp\n", at(t, w, "http", false) + "/files/pub/file.txt"},
		{"stored by ftp\r\n.\r\n", at(t, w, "gopher", false) + "/0/pub/file.txt"},
		{"file.txt", at(t, w, "gopher", false) + "/1/pub"},
		{"", "--mail-from bob@there.test --mail-rcpt ann@playground.test -T " + mail + " " + at(t, w, "smtp", true)},
		{"", "--mail-from bob@there.test --mail-rcpt ann@playground.test -T " + mail + " " + at(t, w, "smtps", true)},
		{"Subject: from curl\r\n", at(t, w, "pop3", true) + "/3"},
		{"Subject: from curl\r\n", at(t, w, "pop3s", true) + "/4"},
		{"4 ", at(t, w, "pop3", true)},
	} {
		args := append([]string{"-sS", "--noproxy", "*", "--cacert", ca}, strings.Fields(c.args)...)
		if got := run(t, "curl", args...); !strings.Contains(got, c.want) {
			t.Errorf("curl %s: %q, want %q", c.args, got, c.want)
		}
	}
}

// The same with the modules of Python, each of which ends what it began.
const pythonWorld = `
import ftplib, io, poplib, smtplib, socket, ssl, sys, urllib.request, xmlrpc.client
at = dict(a.split('://') for a in sys.argv[2:])
host = lambda scheme: (at[scheme].split(':')[0], int(at[scheme].split(':')[1]))
tls = ssl.create_default_context(cafile=sys.argv[1])

f = ftplib.FTP(timeout=10)
f.connect(*host('ftp'))
f.login('ann', 'secret')
f.storbinary('STOR pub/py.txt', io.BytesIO(b'stored by ftplib\n'))
assert 'py.txt' in [n.split('/')[-1] for n in f.nlst('pub')]
f.quit()
assert urllib.request.urlopen('http://%s/files/pub/py.txt' % at['http'], timeout=10).read() == b'stored by ftplib\n'
assert xmlrpc.client.ServerProxy('http://%s/RPC2' % at['http']).examples.getStateName(41) == 'South Dakota'

s = socket.create_connection(host('gopher'), 10)
s.sendall(b'/pub/py.txt\r\n')
assert s.makefile('rb').read() == b'stored by ftplib\r\n.\r\n'
s = socket.create_connection(host('finger'), 10)
s.sendall(b'ann\r\n')
assert b'Login: ann' in s.makefile('rb').read()

m = smtplib.SMTP(*host('smtp'), timeout=10)
m.starttls(context=tls)
m.login('ann', 'secret')
assert m.sendmail('bob@there.test', ['ann@playground.test'], 'Subject: from Python\r\n\r\n.dot\r\n') == {}
m.quit()
p = poplib.POP3(*host('pop3'), timeout=10)
p.user('ann')
p.pass_('secret')
n, _ = p.stat()
assert p.retr(n)[1][-1] == b'.dot', p.retr(n)
p.dele(n)
p.quit()
p = poplib.POP3_SSL(*host('pop3s'), timeout=10, context=tls)
p.user('ann')
p.pass_('secret')
assert p.stat()[0] == n - 1
p.quit()
print('ok')
`

func TestPythonWorld(t *testing.T) {
	w := start(t, Options{})
	ca, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-c", pythonWorld, ca}
	for _, scheme := range []string{"http", "ftp", "gopher", "finger", "smtp", "pop3", "pop3s"} {
		args = append(args, at(t, w, scheme, false))
	}
	if got := run(t, "python3", args...); got != "ok\n" {
		t.Error(got)
	}
}

// lftp mirrors, and takes what was there before for the same.
func TestLftp(t *testing.T) {
	w := start(t, Options{})
	dir := t.TempDir()
	run(t, "lftp", "-c", "set ssl:verify-certificate no; open "+at(t, w, "ftp", true)+"; mirror pub "+dir+"/pub")
	for _, name := range []string{"hello.txt", "numbers.csv", "1MiB.bin"} {
		want, _ := w.files.get("pub/" + name)
		if got, err := os.ReadFile(filepath.Join(dir, "pub", name)); err != nil || string(got) != string(want.data) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}
