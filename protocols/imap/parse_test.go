package imap

import (
	"bufio"
	"net/url"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// IMAP-04, X04: names in modified UTF-7, and those that only look like it.
func TestUTF7(t *testing.T) {
	for raw, name := range map[string]string{
		"INBOX": "INBOX", "&-": "&", "a&-b": "a&b", "Gr&APw-n": "Grün", "&U,BTFw-": "台北",
		"~peter/mail/&U,BTFw-/&ZeVnLIqe-": "~peter/mail/台北/日本語", "&2D3eAA-": "😀",
	} {
		if got, ok := decodeName(raw); !ok || got != name {
			t.Errorf("%s is %q, %v; want %q", raw, got, ok, name)
		}
		if got := encodeName(name); got != raw {
			t.Errorf("%q is %s, want %s", name, got, raw)
		}
	}
	for _, raw := range []string{"&", "&bad", "&bad&", "&AGE-", "&2D0-", "a\xffb", "ü", "&A-", "&AAAA"} {
		if got, ok := decodeName(raw); ok {
			t.Errorf("%q passes for %q", raw, got)
		}
	}
}

func FuzzUTF7(f *testing.F) {
	f.Add("Gr&APw-n")
	f.Fuzz(func(t *testing.T, s string) {
		if name, ok := decodeName(s); ok && encodeName(name) != s {
			t.Errorf("%q becomes %q becomes %q", s, name, encodeName(name))
		}
	})
}

// L06: sets stay ranges.
func TestSet(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "5": "5", "1:3,4": "1:4", "9,1,5:2": "1:5,9", "1:4294967295": "1:4294967295", "4294967295:1,7": "1:4294967295",
	} {
		s, err := parseSet(text)
		if err != nil || s.String() != want {
			t.Errorf("%s is %s, %v; want %s", text, s, err, want)
		}
	}
	for _, text := range []string{"0", "1:0", "x", "1,", "4294967296", "-1", "1:*", "+5"} {
		if s, err := parseSet(text); err == nil {
			t.Errorf("%s passes for %s", text, s)
		}
	}
	s, _ := parseSet("1:1000,2000,3000:3001")
	var all []string
	for _, p := range s.pieces(600) {
		if p.count() > 600 {
			t.Errorf("%s has %d", p, p.count())
		}
		all = append(all, p.String())
	}
	if got := strings.Join(all, " "); got != "1:600 601:1000,2000,3000:3001" {
		t.Error(got)
	}
	if s.count() != 1003 || !s.has(1000) || s.has(1001) || !s.has(3001) || s.has(2999) {
		t.Error("count or has")
	}
}

func FuzzSet(f *testing.F) {
	f.Add("1:5,9", uint64(3))
	f.Fuzz(func(t *testing.T, text string, n uint64) {
		s, err := parseSet(text)
		if err != nil || n == 0 || s.count() > 1_000_000 || s.count()/n > 1000 {
			return
		}
		var sum uint64
		for _, p := range s.pieces(n) {
			sum += p.count()
		}
		if sum != s.count() {
			t.Errorf("%s: %d in pieces of %d", text, sum, n)
		}
	})
}

// IMAP-08: what is typed, and what is asked for.
func TestTerms(t *testing.T) {
	s := &Session{}
	today := time.Now().Format("2-Jan-2006")
	for typed, want := range map[string]string{
		"":                       `ALL`,
		"from:alice unseen":      `FROM "alice" UNSEEN`,
		"since:2026-01-01":       `SINCE 1-Jan-2026`,
		"on:today":               `ON ` + today,
		`subject:a"b\c`:          `SUBJECT "a\"b\\c"`,
		"larger:1M":              `LARGER 1048576`,
		"hello":                  `TEXT "hello"`,
		"http://x":               `TEXT "http://x"`,
		"not seen":               `NOT SEEN`,
		"-from:x":                `NOT FROM "x"`,
		"seen or flagged":        `OR SEEN FLAGGED`,
		"to:a seen or flagged":   `TO "a" OR SEEN FLAGGED`,
		"uid:1:5 keyword:work":   `UID 1:5 KEYWORD work`,
		"header:X-Spam=yes":      `HEADER "X-Spam" "yes"`,
		"a or b or c":            `OR OR TEXT "a" TEXT "b" TEXT "c"`,
		"from:a and since:today": `FROM "a" SINCE ` + today,
		"raw:OR SUBJECT x SEEN":  `OR SUBJECT x SEEN`,
	} {
		how, err := s.criteria(strings.Fields(typed), false)
		if err != nil {
			t.Errorf("%s: %v", typed, err)
			continue
		}
		c := s.command("SEARCH")
		how(c)
		if got := strings.TrimPrefix(string(c.parts[0].text), "SEARCH "); got != want || c.err != nil {
			t.Errorf("%s asks for %s, %v; want %s", typed, got, c.err, want)
		}
	}
	for _, typed := range []string{"since:never", "or", "seen or", "not", "uid:x", "larger:big", "keyword:a(b", "older:7", "raw:Grüße", "modseq:x"} {
		if _, err := s.criteria(strings.Fields(typed), false); fault.Of(err) != fault.BadArgument {
			t.Errorf("%s: %v", typed, err)
		}
	}
}

// RFC 5092, as curl has it too.
func TestPlace(t *testing.T) {
	for text, want := range map[string]place{
		"imap://h/":                                       {},
		"imap://ann@h/INBOX":                              {user: "ann", mailbox: "INBOX"},
		"imap://ann;AUTH=SCRAM-SHA-1@h/INBOX":             {user: "ann", mech: "SCRAM-SHA-1", mailbox: "INBOX"},
		"imap://h/INBOX;UID=5":                            {mailbox: "INBOX", uid: "5"},
		"imap://h/INBOX/;UID=5":                           {mailbox: "INBOX", uid: "5"},
		"imap://h/a%20b/Gr%C3%BCn;UIDVALIDITY=7/;UID=5":   {mailbox: "a b/Grün", validity: 7, uid: "5"},
		"imap://h/INBOX;MAILINDEX=5":                      {mailbox: "INBOX", index: "5"},
		"imap://h/INBOX;UID=5;SECTION=TEXT":               {mailbox: "INBOX", uid: "5", section: "TEXT"},
		"imap://h/INBOX/;UID=5/;SECTION=2/;PARTIAL=0.100": {mailbox: "INBOX", uid: "5", section: "2", partial: "0.100"},
		"imap://h/INBOX?SUBJECT%20x":                      {mailbox: "INBOX", search: "SUBJECT x"},
		"imap://h/a%3Bb":                                  {mailbox: "a;b"},
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := parsePlace(u); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"imap://h/INBOX;UID=x", "imap://h/INBOX;UID=0", "imap://h/INBOX;MAILINDEX=x", "imap://h/INBOX;FOO=1", "imap://h/INBOX;UIDVALIDITY=x", "imap://h/x;UID=1;URLAUTH=a:b"} {
		u, _ := url.Parse(text)
		if p, err := parsePlace(u); err == nil {
			t.Errorf("%s passes for %+v", text, p)
		}
	}
}

// The reader and everything behind it neither crash nor keep more than they
// may, whatever comes. (Q6)
func FuzzResponses(f *testing.F) {
	for _, s := range []string{
		"* 1 FETCH (UID 5 FLAGS (\\Seen) BODY[] {3}\r\nabc X {1}\r\n))\r\n",
		"* 2 FETCH (ENVELOPE (\"d\" {2}\r\nhi ((\"n\" NIL \"a\" \"b\")) NIL NIL NIL NIL NIL NIL NIL))\r\n* OK [UIDVALIDITY 3] x\r\n",
		"* ESEARCH (TAG \"X1\") UID ALL 1:4294967295\r\n* SEARCH 5 3 (MODSEQ 9)\r\n* VANISHED 1:3\r\n* 3 EXPUNGE\r\n",
		"* LIST (\\Sent) \"/\" \"Gr&APw-n\"\r\n* STATUS a (MESSAGES 3)\r\n* THREAD (1 (2)(3 4))\r\n+ go\r\nX1 OK [COPYUID 1 2 3] d\r\n",
		"* 1 FETCH (BODYSTRUCTURE ((\"a\" \"b\" (\"name*0*\" \"utf-8''x%20\") NIL NIL NIL 3)(\"message\" \"rfc822\" NIL NIL NIL NIL 1 NIL (\"x\" \"y\") 2) \"mixed\"))\r\n",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(_ *testing.T, text string, stream bool) { readAll(text, stream) })
}

// readAll has everything look at responses that does so in a session.
func readAll(text string, stream bool) {
	s := &Session{box: &selected{exists: 10}, watching: true}
	s.l = &link{in: newReader(strings.NewReader(text), mostLine), note: map[string]bool{}}
	s.l.in.stream = stream
	for {
		r, err := s.l.in.next()
		for err == nil && r.body >= 0 {
			if _, err = s.l.in.br.Discard(int(min(r.body, 1<<30))); err == nil {
				r, err = s.l.in.more()
			}
		}
		if err != nil {
			return
		}
		s.track(r.text)
		parseStatus(r.text)
		readSearch(r.text)
		name, n, _, rest := word(r.text)
		if m, err := parseMessage(uint32(n), rest); err == nil && name == "FETCH" {
			m.row(true)
			parts(m.body)
			each(uint32(n), rest, func(Item) bool { return true })
		}
		s.readFolder(rest)
		readStatus(rest)
		c := cursor{p: rest}
		for _, v := range c.rest() {
			var uids []uint32
			var depths []int
			flatten(v, 0, &uids, &depths)
		}
	}
}

func FuzzCRLF(f *testing.F) {
	f.Add("a\nb\r\nc\rd\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		var b strings.Builder
		for in, buf := (&crlf{in: bufio.NewReader(strings.NewReader(s))}), make([]byte, 3); ; {
			n, err := in.Read(buf)
			b.Write(buf[:n])
			if err != nil {
				break
			}
		}
		want := strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
		if b.String() != want {
			t.Errorf("%q becomes %q, want %q", s, b.String(), want)
		}
	})
}
