package playground

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"wireline/protocols/lab"
)

// place is the host and the port of a scheme's server.
func place(t *testing.T, w *World, scheme string) (host, port string) {
	t.Helper()
	u, err := url.Parse(at(t, w, scheme, false))
	if err != nil {
		t.Fatal(err)
	}
	return u.Hostname(), u.Port()
}

// private makes a file that is its owner's alone, as programs want those with
// passwords.
func private(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// swaks sends a message, by STARTTLS and with a login, to ann.
func swaks(t *testing.T, w *World, subject string) {
	t.Helper()
	host, port := place(t, w, "smtp")
	out := run(t, "swaks", "--server", host, "--port", port, "--tls", "--auth", "PLAIN", "--auth-user", User, "--auth-password", Password,
		"--from", "bob@there.test", "--to", "ann@playground.test", "--header", "Subject: "+subject, "--body", "what swaks said\n.\nafter a dot", "--timeout", "10s")
	if !strings.Contains(out, "~> QUIT") {
		t.Errorf("swaks: %s", out)
	}
}

// What swaks sends, mpop fetches: under TLS, with the CA of the playground.
func TestSwaksAndMpop(t *testing.T) {
	w := start(t, Options{})
	swaks(t, w, "from swaks")
	ca, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	host, port := place(t, w, "pop3s")
	box := filepath.Join(t.TempDir(), "mbox")
	run(t, "mpop", "--host="+host, "--port="+port, "--user="+User, "--passwordeval=echo "+Password, "--auth=user", "--tls=on", "--tls-starttls=off",
		"--tls-trust-file="+ca, "--uidls-file="+filepath.Join(t.TempDir(), "uidls"), "--keep=off", "--delivery=mbox,"+box)
	got, err := os.ReadFile(box)
	if err != nil || strings.Count(string(got), "\nFrom bob@there.test ") != 1 || !strings.Contains(string(got), "Subject: from swaks\n") || !strings.Contains(string(got), "\nwhat swaks said\n.\nafter a dot\n") {
		t.Errorf("mpop got %v\n%s", err, got)
	}
	if n := len(w.mail.box(User, inbox).list()); n != 0 {
		t.Errorf("mpop was to take all away; %d are left", n)
	}
}

// mbsync brings an IMAP mailbox and a Maildir to the same state, both ways.
func TestMbsync(t *testing.T) {
	w := start(t, Options{})
	swaks(t, w, "from swaks")
	ca, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	host, port := place(t, w, "imaps")
	dir := t.TempDir()
	rc := private(t, filepath.Join(dir, "rc"), fmt.Sprintf(`IMAPAccount play
Host localhost
Port %s
User %s
Pass %s
SSLType IMAPS
CertificateFile %s

IMAPStore far
Account play

MaildirStore near
Path %s/mail/
Inbox %s/mail/INBOX

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
`, port, User, Password, ca, dir, dir))
	if host != loopback {
		t.Fatalf("IMAP is at %s", host)
	}
	if err := os.Mkdir(filepath.Join(dir, "mail"), 0o700); err != nil {
		t.Fatal(err)
	}
	run(t, "mbsync", "-c", rc, "-a")
	found := func() (all string) {
		t.Helper()
		files, _ := filepath.Glob(filepath.Join(dir, "mail/INBOX/*/*"))
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all += string(text)
		}
		return all
	}
	if got := found(); !strings.Contains(got, "Subject: from swaks") || strings.Count(got, "\nSubject: ") != 3 {
		t.Fatalf("the Maildir has\n%s", got)
	}
	private(t, filepath.Join(dir, "mail/INBOX/new/1.here"), "From: ann@playground.test\nSubject: from the Maildir\n\nhello\n")
	swaks(t, w, "a second")
	run(t, "mbsync", "-c", rc, "-a")
	if got := found(); !strings.Contains(got, "Subject: a second") {
		t.Errorf("the Maildir has\n%s", got)
	}
	var all string
	for _, m := range w.mail.box(User, inbox).list() {
		all += string(m.data)
	}
	if !strings.Contains(all, "Subject: from the Maildir\r\n") {
		t.Errorf("the mailbox has\n%s", all)
	}
}

// mutt sends, and saves what it finds in a mailbox.
func TestMutt(t *testing.T) {
	w := start(t, Options{})
	ca, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	_, smtp := place(t, w, "smtp")
	_, imap := place(t, w, "imaps")
	rc := private(t, filepath.Join(dir, "rc"), fmt.Sprintf(`set smtp_url="smtp://%[1]s:%[2]s@localhost:%[3]s/" imap_user=%[1]s imap_pass=%[2]s
set certificate_file=%[4]s ssl_starttls=yes ssl_force_tls=yes ssl_verify_host=no
set from="bob@there.test" realname="Bob" hostname="there.test" use_domain=yes copy=no record="" postponed=%[5]s/postponed
set folder=%[5]s tmpdir=%[5]s header_cache="" message_cachedir="" mail_check=0 wait_key=no confirmappend=no confirmcreate=no delete=no quit=yes
`, User, Password, smtp, ca, dir))
	send := exec.Command(lab.Need(t, "mutt"), "-n", "-F", rc, "-s", "from mutt, für Ann", "-a", private(t, filepath.Join(dir, "a.txt"), "attached\n"), "--", "ann@playground.test")
	send.Stdin, send.Env = strings.NewReader("Grüße\n"), append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8")
	if out, err := send.CombinedOutput(); err != nil {
		t.Fatalf("mutt: %v\n%s", err, out)
	}
	saved := filepath.Join(dir, "saved")
	read := lab.Command(t, "mutt", "-n", "-F", rc, "-f", "imaps://localhost:"+imap+"/INBOX",
		"-e", `push "<last-entry><decode-copy>`+saved+`<enter><exit>"`)
	read.Env = append(os.Environ(), "HOME="+dir, "TERM=xterm", "LC_ALL=C.UTF-8")
	read.SysProcAttr = nil // the terminal makes its own group
	tty, err := pty.StartWithSize(read, &pty.Winsize{Rows: 40, Cols: 120})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	screen := make(chan string, 1)
	go func() {
		var b strings.Builder
		p := make([]byte, 4096)
		for {
			n, err := tty.Read(p)
			if b.Write(p[:n]); err != nil {
				screen <- b.String()
				return
			}
		}
	}()
	done := make(chan error, 1)
	go func() { done <- read.Wait() }()
	select {
	case err = <-done:
	case <-time.After(time.Minute):
		read.Process.Kill()
		err = <-done
	}
	got, rerr := os.ReadFile(saved)
	if err != nil || rerr != nil || !strings.Contains(string(got), "Subject: from mutt, für Ann") || !strings.Contains(string(got), "Grüße") || !strings.Contains(string(got), "attached") {
		t.Errorf("mutt: %v, %v\n%s\n%q", err, rerr, got, <-screen)
	}
}

// The modules for mail and news, each of which ends what it began.
const pythonReaders = `
import email, imaplib, nntplib, poplib, smtplib, ssl, sys, time
at = dict(a.split('://') for a in sys.argv[2:])
host = lambda scheme: (at[scheme].split(':')[0], int(at[scheme].split(':')[1]))
tls = ssl.create_default_context(cafile=sys.argv[1])
ok = lambda r: (r[0] == 'OK' or sys.exit(repr(r))) and r[1]

m = smtplib.SMTP_SSL(*host('smtps'), timeout=10, context=tls)
m.login('ann', 'secret')
m.sendmail('bob@there.test', ['ann@playground.test'], 'Subject: seen by both\r\n\r\nhello\r\n')
try:
    m.sendmail('bob@there.test', ['nobody@playground.test'], 'Subject: x\r\n\r\n')
    sys.exit('mail for nobody was taken')
except smtplib.SMTPRecipientsRefused as e:
    assert e.recipients['nobody@playground.test'][0] == 550
m.quit()

for make in (lambda: imaplib.IMAP4(*host('imap'), timeout=10), lambda: imaplib.IMAP4_SSL(*host('imaps'), timeout=10, ssl_context=tls)):
    i = make()
    if isinstance(i, imaplib.IMAP4) and not isinstance(i, imaplib.IMAP4_SSL):
        ok(i.starttls(tls))
    ok(i.login('ann', 'secret'))
    n = int(ok(i.select('INBOX'))[0])
    found = ok(i.search(None, 'SUBJECT', '"seen by both"'))[0].split()
    assert len(found) == 1, found
    text = ok(i.fetch(found[0], '(FLAGS BODY.PEEK[])'))[0][1]
    assert email.message_from_bytes(text)['Subject'] == 'seen by both'
    ok(i.store(found[0], '+FLAGS', r'(\Flagged)'))
    assert ok(i.search(None, 'FLAGGED'))[0].split() == found
    ok(i.store(found[0], '-FLAGS', r'(\Flagged)'))
    ok(i.create('Work'))
    assert any(b'Work' in line for line in ok(i.list()))
    ok(i.append('Work', r'(\Seen)', imaplib.Time2Internaldate(time.time()), b'Subject: appended\r\n\r\nbody\r\n'))
    ok(i.copy(found[0], 'Work'))
    assert int(ok(i.select('Work'))[0]) == 2
    ok(i.store('1', '+FLAGS', r'(\Deleted)'))
    ok(i.expunge())
    assert b'seen by both' in ok(i.fetch('1', '(BODY[HEADER.FIELDS (SUBJECT)])'))[0][1]
    ok(i.close())
    ok(i.delete('Work'))
    i.logout()
p = poplib.POP3(*host('pop3'), timeout=10)
p.stls(tls)
p.user('ann')
p.pass_('secret')
assert p.stat()[0] == n and b'Subject: seen by both' in p.top(n, 0)[1]
p.quit()

for make in (lambda: nntplib.NNTP(*host('nntp'), timeout=10), lambda: nntplib.NNTP_SSL(*host('nntps'), timeout=10, ssl_context=tls)):
    s = make()
    groups = {g.group: g for g in s.list()[1]}
    name = next(g for g in groups if groups[g].flag == 'y')
    _, count, first, last, _ = s.group(name)
    s.post(('From: ann@playground.test\r\nNewsgroups: %s\r\nSubject: from nntplib\r\n\r\nhello\r\n.dot\r\n' % name).encode().splitlines(True))
    _, count2, _, last2, _ = s.group(name)
    assert last2 == last + 1, (last, last2)
    over = s.over((last2, last2))[1]
    assert over[0][1]['subject'] == 'from nntplib', over
    assert s.body(last2)[1].lines == [b'hello', b'.dot']
    ident = over[0][1]['message-id']
    assert b'Subject: from nntplib' in s.head(ident)[1].lines
    try:
        s.group('private.ann')
        sys.exit('a private group is open')
    except nntplib.NNTPTemporaryError as e:
        assert e.response[:3] in ('480', '411'), e.response
    s.login('ann', 'secret')
    s.group('private.ann')
    s.quit()
print('ok')
`

func TestPythonReaders(t *testing.T) {
	w := start(t, Options{})
	ca, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-W", "ignore", "-c", pythonReaders, ca}
	for _, scheme := range []string{"smtps", "imap", "imaps", "pop3", "nntp", "nntps"} {
		args = append(args, at(t, w, scheme, false))
	}
	if got := run(t, "python3", args...); got != "ok\n" {
		t.Error(got)
	}
}

// What lftp stores, under TLS or not, everybody finds.
func TestLftpStores(t *testing.T) {
	w := start(t, Options{})
	dir := t.TempDir()
	private(t, filepath.Join(dir, "one.txt"), "one\n")
	private(t, filepath.Join(dir, "two.txt"), "two\n")
	run(t, "lftp", "-c", "set ssl:verify-certificate no; set ftp:ssl-force yes; open "+at(t, w, "ftp", true)+"; mirror -R "+dir+" pub/mirrored; mv pub/mirrored/two.txt pub/mirrored/three.txt")
	for name, text := range map[string]string{"one.txt": "one\n", "three.txt": "two\n"} {
		if got := run(t, "curl", "-sS", "--noproxy", "*", at(t, w, "http", false)+"/files/pub/mirrored/"+name); got != text {
			t.Errorf("%s: %q", name, got)
		}
		if got := run(t, "curl", "-sS", "--noproxy", "*", at(t, w, "gopher", false)+"/0/pub/mirrored/"+name); !strings.HasPrefix(got, strings.TrimSpace(text)) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
