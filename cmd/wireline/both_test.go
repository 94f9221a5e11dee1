package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"wireline/protocols/all"
	"wireline/protocols/playground"
	"wireline/repl"
)

// what is typed in a session and what is typed once are one command:
// they print the same bytes.
func TestSessionAndOnce(t *testing.T) {
	w, err := playground.Start(t.Context(), playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ca, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	run := func(do func(*repl.Shell) error) (string, error) {
		var out, errs bytes.Buffer
		c := repl.Config{Protocols: all.Protocols(), In: in, Out: &out, Err: &errs, Map: w.Map, Strict: true, Bookmarks: bookmarks(w.Services())}
		c.Options.CA = []string{ca}
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
