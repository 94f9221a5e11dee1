package smtp_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sink is a server that takes one message, which it keeps, and calls before
// when it is about to ask for it.
func sink(got *bytes.Buffer, before func()) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReader(c)
		fmt.Fprint(c, "220 x\r\n")
		for {
			line, err := in.ReadString('\n')
			switch {
			case err != nil:
				return
			case strings.HasPrefix(line, "EHLO"):
				fmt.Fprint(c, "250-x\r\n250 SIZE\r\n")
				continue
			case strings.HasPrefix(line, "DATA"):
				before()
				fmt.Fprint(c, "354 go\r\n")
				for err == nil && !bytes.HasSuffix(got.Bytes(), []byte("\r\n.\r\n")) {
					var piece string
					piece, err = in.ReadString('\n')
					got.WriteString(piece)
				}
			}
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

// chunks is a server of BDAT that has not to hear anything before it has
// answered.
func chunks(t *testing.T) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReaderSize(c, 4<<20)
		fmt.Fprint(c, "220 x\r\n")
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			if strings.HasPrefix(line, "EHLO") {
				fmt.Fprint(c, "250-x\r\n250-PIPELINING\r\n250 CHUNKING\r\n")
				continue
			}
			if words := strings.Fields(line); words[0] == "BDAT" {
				n, _ := strconv.Atoi(words[1])
				io.CopyN(io.Discard, in, int64(n))
			}
			c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
			if more, err := in.Peek(1); err == nil {
				t.Errorf("%q came before the answer to %q", more, line)
			}
			c.SetReadDeadline(time.Time{})
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}
