package main

import (
	"bytes"
	"strings"
	"testing"

	"wireline/repl"
)

// what is typed in a session and what is typed once are one command:
// they print the same bytes.
func TestSessionAndOnce(t *testing.T) {
	run := world(t)
	for _, c := range []struct {
		session string // as at the prompt
		once    string // words, as another shell hands them on; blanks part them
	}{
		{`connect tcp echo 12345; send "HELLO\r\n" -q; recv --until "\n"`, `tcp send echo 12345 HELLO\r\n --recv-until \n -q`},
		{`connect tls echo 12347; send "HELLO\r\n" -q; recv --until "\n"`, `tls send echo 12347 HELLO\r\n --recv-until \n -q`},
		{`connect udp echo 4000; send ping -q; recv -t 5`, `udp send echo 4000 ping --recv 1 -t 5 -q`},
		{`connect http www:8080; get /page/1`, `http get http://www:8080/page/1`},
		{`connect https://www:8443/; get /page/2`, `http get https://www:8443/page/2`},
		{`connect http www:8080; get /echo a==b X-Id:7 --jq .method`, `http www:8080/echo a==b X-Id:7 --jq .method`},
		{`connect http www:8080; get /page/1 -q > /dev/null; links`, `http links http://www:8080/page/1`},
		{`connect ftp @ftp; ls pub; cat pub/hello.txt`, `ftp cat ftp://ann:secret@ftp:2121/pub/hello.txt`},
		{`connect ftp @ftp; ls pub`, `ftp ls ftp://ann:secret@ftp:2121/pub`},
		{`connect pop3 @mail-pop3; ls`, `pop3 ls pop3://ann:secret@mail:1110/`},
		{`connect pop3 @mail-pop3; cat 2`, `pop3 cat pop3://ann:secret@mail:1110/2`},
		{`connect imap @mail-imap; ls`, `imap ls @mail-imap`},
		{`connect imap @mail-imap; cd INBOX -q; ls`, `imap ls imap://ann:secret@mail:1143/INBOX`},
		{`connect imap @mail-imap; cd INBOX -q; cat 2`, `imap cat imap://ann:secret@mail:1143/INBOX;UID=2`},
		{`connect imap mail-imap; cd INBOX -q; search from:juergen`, `imap search imap://ann:secret@mail:1143/INBOX from:juergen`},
		{`connect nntp news:1119; ls`, `nntp ls nntp://news:1119/`},
		{`connect nntp news:1119; cd comp.lang.go -q; ls`, `nntp ls nntp://news:1119/comp.lang.go`},
		{`connect gopher hole:7070; ls`, `gopher ls gopher://hole:7070/`},
		{`connect gopher hole:7070; cat /README`, `gopher cat gopher://hole:7070/0/README`},
		{`connect finger people:7979; who ann`, `finger who people:7979 ann`},
		{`connect xmlrpc http://www:8080/RPC2; call examples.getStateName 41`, `xmlrpc call http://www:8080/RPC2 examples.getStateName 41`},
		{`connect xmlrpc http://www:8080/RPC2; ls`, `xmlrpc ls http://www:8080/RPC2`},
		{`url query 'a=1&b=2'`, `url query a=1&b=2`},
	} {
		a, err := run(func(sh *repl.Shell) error { return sh.Script("-c", c.session) })
		if err != nil || a == "" {
			t.Errorf("%s: %q, %v", c.session, a, err)
		}
		b, err := run(func(sh *repl.Shell) error { return sh.Once(strings.Fields(c.once)) })
		if err != nil || b == "" {
			t.Errorf("%s: %q, %v", c.once, b, err)
		}
		if !strings.HasSuffix(a, b) {
			t.Errorf("%s: %q\n%s: %q", c.session, a, c.once, b)
		}
	}
}

// world runs commands in shells of a playground. What they print on standard
// output is returned.
func world(t *testing.T) func(do func(*repl.Shell) error) (string, error) {
	t.Helper()
	_, c := demoConfig(t)
	return func(do func(*repl.Shell) error) (string, error) {
		var out, errs bytes.Buffer
		c := c
		c.Out, c.Err = &out, &errs
		sh := repl.New(c)
		err := do(sh)
		if cerr := sh.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			t.Log(errs.String())
		}
		return out.String(), err
	}
}

// examples are the lines of the grammar's examples, as they are typed but for
// the hosts, and its script of assertions.
var examples = []string{
	`connect tcp echo 12345; send "HELLO\r\n"; recv --until "\n" -t 2; send --hex 02 45 31 38 03; abort`,
	`connect tcp echo 12345; send --hex 0245; send "OK\r\n"; expect /OK/`,
	`connect tcp echo:12345; trace hex; send hi; recv 2 -t 5; trace off; info`,
	`connect udp echo 4000; send ping; recv -t 5`,
	`bind udp :0; sendto echo 4000 "hi"; recvfrom -t 5`,
	`listen tcp :0; let at = $last.data.local; connect tcp "$at"; @1 accept; use 3; send "hi\r\n"; @2 recv --until "\n" -t 5; sessions`,
	`connect unix /run/app.sock; send hi; recv 2 -t 5`,
	`connect tls echo 12347; cert; info`,
	`resolve localhost; resolve -x 127.0.0.1; services imaps; hostname; interfaces`,
	`socket tcp; bind 127.0.0.1 0; listen 5; info; close; explain send`,
	`http get http://www:8080/`,
	`http post http://www:8080/echo name=Ann age:=30 X-Id:7 --print HhBb`,
	"connect http www:8080/; get page/1 | cat\nlinks; cd 1; back; cd 1; get . | cat\nlinks; 2; back",
	`http www:8080/echo q==ann --json`,
	`connect xmlrpc http://www:8080/RPC2; ls; help system.listMethods; call examples.getStateName 41`,
	"connect ftp @ftp; cd pub; ls -l; cat hello.txt | cat\nraw \"NOOP\"; cd ..; close",
	`connect smtp mail 2525; caps; mail from:<a@x>; rcpt to:<ann@localhost>; rset; close`,
	`connect pop3 @mail-pop3; ls; cat 2; top 2 10; rm 1:2; rset; close`,
	`connect imap @mail-imap; cd INBOX; ls last 20; search from:juergen since:2001-01-01; flag 2 +\Flagged; raw "UID FETCH 2 (BODY.PEEK[HEADER])"`,
	`imap cat imap://ann:secret@mail:1143/INBOX;UID=2; imap ls @mail-imap`,
	`connect nntp news:1119; ls comp.lang.*; cd comp.lang.go; ls last 20; next || echo none`,
	`gopher hole:7070; 3; back; 2`,
	`connect tcp echo 12345; connect smtp mail 2525; sessions; use 1; @2 caps; timing on; explain imap search unseen`,
	`connect smtp mail 2525; assert caps has SIZE && assert time.total < 1m; mail from:<probe@x>; rcpt to:<nobody@elsewhere.example> || echo refused; assert code != 354; close`,
}

// the examples are scripts.
func TestGrammarsExamples(t *testing.T) {
	run := world(t)
	for _, line := range examples {
		out, err := run(func(sh *repl.Shell) error { return sh.Script("-c", line) })
		if err != nil {
			t.Errorf("%s: %v; it printed %q", line, err, out)
		}
	}
}
