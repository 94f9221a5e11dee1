package imap_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/imap"
)

const twoInAnMbox = "From ann Thu Jan  1 00:00:00 1970\nSubject: one\n\n>From here\n\nFromage\n\nFrom bob Thu Jan  1 00:00:00 1970\nSubject: two\n\nend\n\n"

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// IMAP-15: the messages of an mbox go in one command where the server can, and
// come back as they were; those with a NUL go as a literal that may have one.
func TestDovecotPut(t *testing.T) {
	x := at(t, dovecot(t, 0, "").URL+"INBOX")
	x.mustConnect()
	put := x.must("put", write(t, twoInAnMbox), "--mbox", "--flags", `\Flagged`)[0].(imap.Stored)
	if put.Messages != 2 || put.UIDs != "1:2" || put.UID != 0 || put.UIDValidity == 0 {
		t.Errorf("%+v", put)
	}
	if raw := x.must("cat", "1", "--raw")[0].(string); raw != "Subject: one\r\n\r\nFrom here\r\n\r\nFromage\r\n" {
		t.Errorf("%q", raw)
	}
	if raw := x.must("cat", "2", "--raw")[0].(string); raw != "Subject: two\r\n\r\nend\r\n" {
		t.Errorf("%q", raw)
	}
	if f := x.must("search", "flagged")[0].(imap.Found); f.UIDs != "1:2" {
		t.Errorf("%+v", f)
	}
	if put := x.must("put", write(t, "Subject: x\n\na\x00b\n"))[0].(imap.Stored); put.UID != 3 || put.UIDs != "3" {
		t.Errorf("%+v", put)
	}
	x.fails(fault.BadArgument, "put", write(t, "Subject: x\n\n"), "--mbox")
	x.fails(fault.NotFound, "put", write(t, "Subject: x\n\n"), "None")
	x.must("noop")
}

// IMAP-15: without MULTIAPPEND they go one by one, and it is said how far.
func TestPutOneByOne(t *testing.T) {
	x := play(t, hello+`C: X2 APPEND "INBOX" {38}
S: + go
C: Subject: one
C: 
C: From here
C: 
C: Fromage
C: 
S: X2 OK [APPENDUID 7 20] done
C: X3 APPEND "INBOX" {21}
S: + go
C: Subject: two
C: 
C: end
C: 
S: X3 NO [OVERQUOTA] full
C: X4 LOGOUT
S: X4 OK
`)
	x.mustConnect()
	err := x.fails(fault.Refused, "put", write(t, twoInAnMbox), "--mbox")
	if err == nil || !strings.Contains(err.Error(), "1 message was put before it") {
		t.Error(err)
	}
	x.fails(fault.Unsupported, "put", write(t, "a\x00b"))
}

// IMAP-23: a server with BINARY decodes parts, also those that it was not
// asked to if it cannot.
func TestDovecotBinary(t *testing.T) {
	r := dovecot(t, 0, "")
	x := at(t, r.URL+"INBOX")
	x.mustConnect()
	x.must("put", write(t, "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe\n--b\nContent-Type: application/x; name=a.bin\nContent-Transfer-Encoding:\n base64\n\nAAECAw==\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\nin\n--b\nContent-Type: text/plain\nContent-Transfer-Encoding: x-odd\n\nas it is\n--b--\n"))
	var sent []string
	watchSent(x, &sent)
	for part, want := range map[string]string{"1": "Grüße\n", "2": "\x00\x01\x02\x03", "3": "Subject: inner\r\n\r\nin", "4": "as it is"} {
		if got := x.must("cat", "1."+part)[0].(string); strings.TrimRight(got, "\n") != strings.TrimRight(want, "\n") {
			t.Errorf("%s: %q, want %q", part, got, want)
		}
	}
	if got := x.must("save", "1.2")[0].(string); got != "\x00\x01\x02\x03" { // IMAP-12
		t.Errorf("%q", got)
	}
	x.must("attachments", "1")
	if all := strings.Join(sent, ""); !strings.Contains(all, "BINARY.PEEK[2]") {
		t.Errorf("BINARY was not used: %q", all)
	}
}
