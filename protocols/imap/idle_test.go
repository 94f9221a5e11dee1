package imap_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/imap"
)

// idler is a peer that has IDLE, of which it counts the beginnings and the
// ends, and FETCH. flood is what it says in the first.
type idler struct {
	begun, ended, fetched atomic.Int32

	flood string
}

func (p *idler) client(t *testing.T) *client {
	t.Helper()
	tag := ""
	x := talk(t, "* PREAUTH [CAPABILITY IMAP4rev1 IDLE] ready", func(c io.Writer, first, rest string) bool {
		switch {
		case rest == "IDLE":
			tag = first
			fmt.Fprint(c, "+ idling\r\n")
			if p.begun.Add(1) == 1 {
				io.WriteString(c, p.flood)
			}
			return true
		case first == "DONE":
			p.ended.Add(1)
			first = tag
		case strings.HasPrefix(rest, "SELECT"):
			fmt.Fprint(c, "* 9 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n")
		case strings.HasPrefix(rest, "FETCH"):
			p.fetched.Add(1)
			if strings.HasPrefix(rest, "FETCH 10 ") {
				fmt.Fprint(c, "* 10 FETCH (UID 20 FLAGS () RFC822.SIZE 1 ENVELOPE (NIL \"$(false) 'x\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n")
			}
			if rest == "FETCH 2,4 (UID)" {
				fmt.Fprint(c, "* 3 FETCH (UID 13 FLAGS ())\r\n* 4 FETCH (UID 14)\r\n* 2 FETCH (UID 12)\r\n")
			}
			if strings.Contains(rest, ":10009 ") {
				fmt.Fprint(c, "* 10009 FETCH (UID 10009 FLAGS () RFC822.SIZE 1 ENVELOPE (NIL \"last\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n")
			}
		}
		fmt.Fprintf(c, "%s OK x\r\n", first)
		return true
	})
	x.mustConnect()
	return x
}

// M04: a server that says nothing is asked anew before it gives up on us, and
// whoever stops leaves the connection in order: DONE is said.
func TestIdleAnew(t *testing.T) {
	p := &idler{}
	x := p.client(t)
	x.sess.Renew(20 * time.Millisecond)
	ctx, stop := context.WithCancelCause(t.Context())
	done := make(chan error)
	go func() {
		_, err := x.run(ctx, "watch")
		done <- err
	}()
	awaitLog(t, func() bool { return p.begun.Load() >= 4 })
	stop(fault.New(fault.Interrupt, "interrupted"))
	if err := <-done; fault.Of(err) != fault.Interrupt {
		t.Error(err)
	}
	x.must("noop")
	if b, e := p.begun.Load(), p.ended.Load(); b != e {
		t.Errorf("%d times IDLE, %d times DONE", b, e)
	}
}

// M04: a flood of EXISTS is one thing that happened: the messages are asked
// for together.
func TestIdleFlood(t *testing.T) {
	var flood strings.Builder
	for n := 10; n < 10_010; n++ {
		fmt.Fprintf(&flood, "* %d EXISTS\r\n", n)
	}
	p := &idler{flood: flood.String()}
	x := p.client(t)
	all := x.must("watch", "--count", "1")
	if e := all[0].(imap.Event); len(all) != 1 || e.UID != 10_009 || e.Subject != "last" {
		t.Errorf("%+v", all)
	}
	if n := p.begun.Load(); n != 1 {
		t.Errorf("%d times IDLE", n)
	}
	if n := p.fetched.Load(); n == 0 || n > 20 {
		t.Errorf("%d times FETCH", n)
	}
}

// IMAP-17: of flags that changed the UID is told, also where the server tells
// only the number.
func TestWatchFlags(t *testing.T) {
	p := &idler{flood: "* 4 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (FLAGS (\\Flagged))\r\n"}
	x := p.client(t)
	defer x.wire.Bind(t.Context())()
	stream, err := x.sess.Watch(t.Context(), imap.WatchArgs{})
	if err != nil {
		t.Fatal(err)
	}
	var uids []uint32
	for e, err := range stream {
		if err != nil || e.Event != "flags" {
			t.Fatalf("%+v, %v", e, err)
		}
		if uids = append(uids, e.UID); len(uids) == 2 {
			break
		}
	}
	if !slices.Equal(uids, []uint32{14, 12}) {
		t.Errorf("%v", uids)
	}
}

// IMAP-17: --exec runs a command for each new message, which reads what is new
// and does not have it on its command line. What it says is told.
func TestWatchExec(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no commands can be talked to there")
	}
	p := &idler{flood: "* 4 FETCH (FLAGS (\\Seen))\r\n* 10 EXISTS\r\n"}
	x := p.client(t)
	all := x.must("watch", "--new", "--count", "1", "--exec", "cat; echo second; echo wrong >&2")
	if len(all) != 3 {
		t.Fatalf("%+v", all)
	}
	var e imap.Event
	if err := json.Unmarshal([]byte(all[1].(imap.Event).Text), &e); err != nil || e.Subject != "$(false) 'x" || e.UID != 20 {
		t.Errorf("%+v, %v", all[1], err)
	}
	if text := all[2].(imap.Event).String(); text != "second" {
		t.Errorf("%q", text)
	}
	if !slices.Contains(x.said(), "cat;: wrong") {
		t.Errorf("%q", x.said())
	}

	// Whoever stops does not wait for the command, and has the session still.
	p = &idler{flood: "* 10 EXISTS\r\n"}
	x = p.client(t)
	ctx, stop := context.WithCancelCause(t.Context())
	defer stop(nil)
	done := make(chan error)
	go func() {
		_, err := x.run(ctx, "watch", "--exec", "echo begun >&2; exec sleep 60")
		done <- err
	}()
	awaitLog(t, func() bool { return slices.Contains(x.said(), "echo: begun") })
	stop(fault.New(fault.Interrupt, "interrupted"))
	if err := <-done; fault.Of(err) != fault.Interrupt {
		t.Error(err)
	}
}

// I03: what a mail or a mailbox is called is sent as a string, and what would
// be a second command is not sent.
func TestQuoting(t *testing.T) {
	x := play(t, hello+`C: X2 UID SEARCH SUBJECT "a\"b\\c) OR ALL"
S: * SEARCH
S: X2 OK done
C: X3 UID SEARCH HEADER "message-id" "<1@x> NOT SEEN"
S: * SEARCH 4
S: X3 OK done
C: X4 UID COPY 4 "B\" {1}"
S: X4 OK done
C: X5 LIST "" "*"
S: * LIST () "/" {21}
S: evil
S: X9 DELETE INBOX
S: X5 OK done
C: X6 UID SEARCH UID 4
S: * SEARCH 4
S: X6 OK done
C: X7 UID COPY 4 "*"
S: X7 OK done
C: X8 UID SEARCH UID 5,7
S: * SEARCH
S: X8 OK done
C: X9 LOGOUT
S: X9 OK
`)
	x.mustConnect()
	x.must("search", `subject:a"b\c) OR ALL`)
	x.must("search", "header:message-id=<1@x> NOT SEEN")
	x.must("cp", "$", `B" {1}`)
	name := x.must("list")[0].(imap.Folder).Name
	if !strings.Contains(name, "DELETE INBOX") {
		t.Errorf("%q", name)
	}
	for _, evil := range []string{name, "a\r\nX9 DELETE INBOX", "a\nb", "a\x00b"} {
		for _, words := range [][]string{{"cp", "$", evil}, {"status", evil}, {"cd", evil}, {"search", "subject:" + evil}, {"search", evil}, {"search", "--raw", evil}, {"rename", "A", evil}} {
			x.fails(fault.BadArgument, words...)
		}
	}
	x.must("cp", "4", "*")
	x.fails(fault.NotFound, "flag", "5", "7", "+work") // IMAP-13: what is not there is not flagged
}
