package nntp_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
)

// A server that wants to be told that a reader has come is told, and in which
// group (NEWS-01; RFC 3977, section 5.3.2).
func TestModeWanted(t *testing.T) {
	u := play(t, hail+`C: GROUP g.x
S: 211 3 4 6 g.x
C: STAT 5
S: 401 MODE-READER
C: MODE READER
S: 201 ready
C: CAPABILITIES
S: 101 capability list
S: VERSION 2
S: READER
S: .
C: GROUP g.x
S: 211 3 4 6 g.x
C: STAT 5
S: 223 5 <5@x>
`+bye)
	u.must("cd g.x")
	has(t, "stat", u.must("stat 5"), "5 <5@x>")
	u.Close()
}

// Lines of a list that make no sense are counted, and an error in the end
// (NEWS-04, N01).
func TestOddList(t *testing.T) {
	u := play(t, hail+`C: LIST NEWSGROUPS g.*
S: 215 follow
S: g.x	About x
S: .
C: LIST ACTIVE g.*
S: 215 follow
S: g.x 2 1 y
S: g.y two 1 y
S: g.z 99999999999999999999 1 y
S: .
`+bye)
	if _, err := u.do("ls g.*"); fault.Of(err) != fault.Protocol || !strings.Contains(err.Error(), "2 of 3 lines") {
		t.Errorf("ls: %v", err)
	}
	u.Close()
}

// What is kept of lists is bounded: descriptions of groups, and the articles
// of threads (L03).
func TestKept(t *testing.T) {
	long := strings.Repeat("x", 60_000)
	peer := func(replies ...string) *conformance.Peer {
		return conformance.Serve(t, scheme("nntp"), func(c net.Conn) {
			in := bufio.NewScanner(c)
			for _, reply := range append([]string{"200 ready", "101 follow\r\nVERSION 2\r\nREADER\r\nOVER\r\n."}, replies...) {
				if io.WriteString(c, reply+"\r\n"); !in.Scan() {
					return
				}
			}
			for n := range 1200 {
				line := fmt.Sprintf("g.x%d\t%s\r\n", n, long)
				if len(replies) > 0 {
					line = fmt.Sprintf("%d\t%s\ta@x\td\t<%d@x>\t\t1\t1\r\n", n+1, long, n)
				}
				if n == 0 {
					line = "215 follow\r\n" + line
					if len(replies) > 0 {
						line = strings.Replace(line, "215", "224", 1)
					}
				}
				if _, err := io.WriteString(c, line); err != nil {
					return
				}
			}
			io.WriteString(c, ".\r\n")
		})
	}
	if _, err := connect(t, peer()).do("ls g.*"); fault.Of(err) != fault.Limit {
		t.Errorf("descriptions: %v", err)
	}
	if _, err := connect(t, peer("211 9999 1 9999 g.x")).do("ls g.x all --thread"); fault.Of(err) != fault.Limit {
		t.Errorf("threads: %v", err)
	}
}

// The names of groups are asked for once, and serve completion for a while
// (NEWS-13).
func TestCompleteOnce(t *testing.T) {
	u := play(t, hail+`C: LIST ACTIVE g*
S: 215 follow
S: g.y 2 1 y
S: g.x 2 1 y
S: .
`+bye)
	for _, c := range [][2]string{{"g", "g.x g.y"}, {"g.x", "g.x"}, {"g.z", ""}} {
		if got, err := u.Complete(t.Context(), "group", c[0]); err != nil || strings.Join(got, " ") != c[1] {
			t.Errorf("%s: %q, %v", c[0], got, err)
		}
	}
	u.Close()
}
