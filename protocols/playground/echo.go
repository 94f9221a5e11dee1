package playground

import (
	"bytes"
	"net"
	"slices"
	"time"
)

// The control characters around a message of old instruments and readers.
const (
	stx = 0x02
	etx = 0x03
)

// maxFrame is the longest message that counts as one of theirs; more is data
// that happens to begin with STX.
const maxFrame = 256

// frameGap is how long the rest of a message, up to its ETX, may take.
const frameGap = 50 * time.Millisecond

// echo sends back what it reads. A short message that begins with STX is
// answered as an instrument would: OK.
func echo(_ *World, c net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		n, err := c.Read(buf)
		if p := buf[:n]; n > 0 {
			if p[0] == stx && n <= maxFrame {
				p = answerFrames(c, p)
			}
			if _, err := c.Write(p); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// answerFrames waits for the end of a message of which p came first, and is
// what to answer.
func answerFrames(c net.Conn, p []byte) (answer []byte) {
	p = slices.Clone(p)
	_ = c.SetReadDeadline(time.Now().Add(frameGap))
	for more := make([]byte, maxFrame); !bytes.Contains(p, []byte{etx}) && len(p) < maxFrame; {
		n, err := c.Read(more)
		p = append(p, more[:n]...)
		if err != nil {
			break // a pause ends the message; a closed connection is seen at the next read
		}
	}
	_ = c.SetReadDeadline(time.Time{})
	for len(p) > 0 && p[0] == stx {
		answer = append(answer, "OK\r\n"...)
		end := bytes.IndexByte(p, etx)
		if end < 0 {
			return answer
		}
		p = p[end+1:]
	}
	return append(answer, p...)
}

func echoPacket(p []byte) []byte { return p }
