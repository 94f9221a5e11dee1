//go:build unix

package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// canary is a password that must be nowhere but on the wire.
const canary = "S3CR3T-tanstaaf"

// evilMailbox answers a client of IMAP, with what does something to a terminal
// in every place where a server has words of its own.
func evilMailbox(t *testing.T, c net.Conn) {
	t.Helper()
	const evil = "\x1b]52;c;ZXZpbA==\x07\x1b]0;title\x1b\\\x1b[6n\x9b6n\x1b[2J\u202e"
	subject := fmt.Sprintf("=?utf-8?b?%s?=", base64.StdEncoding.EncodeToString([]byte(evil+"subject")))
	literal := func(s string) string { return fmt.Sprintf("{%d}\r\n%s", len(s), s) }
	fmt.Fprintf(c, "* OK [CAPABILITY IMAP4rev1 IDLE] %sgreeting\r\n", evil)
	in, idle := bufio.NewReader(c), ""
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		tag, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word, _, _ := strings.Cut(rest, " "); {
		case word == "CAPABILITY":
			fmt.Fprint(c, "* CAPABILITY IMAP4rev1 IDLE\r\n")
		case word == "LIST":
			fmt.Fprintf(c, "* LIST (\\%s) \"/\" %s\r\n* LIST () \"/\" \"B&-&&ZZ\"\r\n", "Marked", literal(evil+"box"))
		case word == "SELECT":
			fmt.Fprintf(c, "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] %s\r\n* OK [ALERT] %salert\r\n", evil, evil)
		case strings.Contains(rest, "ENVELOPE"):
			fmt.Fprintf(c, "* 1 FETCH (UID 1 FLAGS (%s) RFC822.SIZE 1 ENVELOPE (NIL %s ((%s NIL %s %s)) NIL NIL NIL NIL NIL NIL NIL))\r\n",
				"\\Seen", literal(subject), literal(evil+"name"), literal(evil+"local"), literal("host"+evil))
		case strings.HasPrefix(rest, "UID FETCH"):
			text := "Subject: " + subject + "\r\nFrom: " + evil + "\r\n\r\n" + evil + "text\r\n"
			fmt.Fprintf(c, "* 1 FETCH (UID 1 BODY[] %s)\r\n", literal(text))
		case word == "IDLE":
			idle = tag
			fmt.Fprintf(c, "+ %sidling\r\n* OK [ALERT] %swatched\r\n", evil, evil)
			continue
		case tag == "DONE":
			tag = idle
		case word == "STATUS" || word == "NOOP":
			fmt.Fprintf(c, "* XYZ %s\r\n%s NO [%s] %srefused\r\n", evil, tag, "X"+evil, evil)
			continue
		}
		fmt.Fprintf(c, "%s OK %sdone\r\n", tag, evil)
	}
}

// X01, X02, X03, X04: what a server of IMAP says in a greeting, a refusal, an
// alert, a name, a subject, a message or a trace does nothing to the terminal.
// C07, C08: a password that was typed is in no history, trace or error.
func TestHostileMailbox(t *testing.T) {
	addr, client := peer(t)
	p := sit(t)
	p.sees("wireline> ")
	p.types("trace line\r")
	p.types("connect imap://ann:" + canary + "@" + addr + "/INBOX\r")
	c := client()
	go evilMailbox(t, c)
	p.sees("connected to")
	for _, step := range [][2]string{
		{"ls -m", "box"}, {"ls", "subject"}, {"cat 1", "text"}, {"headers 1", "Subject"}, {"status x", "refused"}, {"noop", "refused"},
		{"info", "greeting"}, {"watch &", "watched"}, {"kill 1", "job 1"}, {"cd \t\t", "box"},
	} {
		p.types(step[0] + "\r")
		p.sees(step[1])
	}
	p.types("\x15login -u ann:" + canary + "\r")
	p.sees("logged in as")
	p.types("echo the end\r")
	p.sees("the end\r\n")
	p.leaves()
	p.mu.Lock()
	screen := p.screen.String()
	p.mu.Unlock()
	for _, bad := range []string{"\x1b]", "\x1b[6n", "\x1b[2J", "\x9b", "==\x07", "\u202e", "\u009b"} {
		if i := strings.Index(screen, bad); i >= 0 {
			t.Errorf("%q reached the terminal: %q", bad, screen[max(0, i-80):min(len(screen), i+40)])
		}
	}
	plain := escapes.ReplaceAllString(screen, "")
	for _, typed := range []string{"imap://ann:" + canary, "login -u ann:" + canary} {
		plain = strings.ReplaceAll(plain, typed, "")
	}
	for _, form := range []string{canary, base64.StdEncoding.EncodeToString([]byte("\x00ann\x00" + canary))} {
		if i := strings.Index(plain, form); i >= 0 {
			t.Errorf("the password was shown: %q", plain[max(0, i-80):min(len(plain), i+40)])
		}
	}
	kept := 0
	err := filepath.WalkDir(p.cmd.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		kept += len(b)
		if strings.Contains(string(b), canary) {
			t.Errorf("%s has the password", path)
		}
		return err
	})
	if err != nil || kept == 0 {
		t.Errorf("%d bytes were kept, %v", kept, err)
	}
}
