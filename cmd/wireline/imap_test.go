//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// A mailbox to live in, at the prompt: what is unread is marked and counted,
// watch tells above the prompt while other commands run, and messages go to
// another session (IMAP-05, IMAP-07, IMAP-14, IMAP-17, IMAP-20, X-07, X-08).
func TestMailbox(t *testing.T) {
	dir := t.TempDir()
	draft, secret := filepath.Join(dir, "draft.eml"), filepath.Join(dir, "secret")
	if err := os.WriteFile(draft, []byte("Subject: a draft\nFrom: ann@x.test\n\nhello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(secret, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := sit(t, "demo")
	p.sees("wireline> ")
	p.types("connect imap mail:1143 -u ann -m INBOX --password-file " + secret + "\r")
	p.sees("[1] imap ann@mail:1143/INBOX (2, 2 new)> ")
	p.types("ls\r")
	p.sees("UID  FLAGS  DATE")
	p.sees("1    new    ")
	p.sees("2 new)> ")
	p.types("watch &\r")
	p.sees("job 1: watch")
	p.types("put " + draft + " --flags \\Flagged\r")
	p.sees("bytes put into INBOX as 3")
	p.sees(" new 3 from ann@x.test: a draft")
	p.sees("(3, 3 new)> ")
	p.types("flag 3 +\\Seen -\\Flagged\r")
	p.sees("1 message flagged")
	p.sees("(3, 2 new)> ")
	p.types("connect imaps://ann@mail:993/Archive -k --password-file " + secret + "\r")
	p.sees("Archive (0)> ")
	p.types("@1 cp last @2:Drafts\r")
	p.sees("1 message, ")
	p.sees("copied to @2:Drafts as 1")
	p.types("@1 cp 3 @2:None\r")
	p.sees("hint: mkdir makes the mailbox")
	p.types("@1 cp 3 @1:Archive\r")
	p.sees("cp 3 Archive copies within it")
	p.types("status Drafts\r")
	p.sees("messages:     1")
	p.types("kill 1\r")
	p.sees("job 1 killed: watch")
}
