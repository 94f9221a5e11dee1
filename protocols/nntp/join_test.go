package nntp_test

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// yenc encodes one part, as posters do.
func yenc(name string, whole []byte, part, total, from, to int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "=ybegin part=%d total=%d line=64 size=%d name=%s\r\n=ypart begin=%d end=%d\r\n", part, total, len(whole), name, from+1, to)
	column := 0
	for _, c := range whole[from:to] {
		if e := c + 42; e == 0 || e == '\n' || e == '\r' || e == '=' {
			b.WriteString("=" + string([]byte{e + 64}))
			column += 2
		} else {
			b.WriteByte(e)
			column++
		}
		if column >= 64 {
			b.WriteString("\r\n")
			column = 0
		}
	}
	fmt.Fprintf(&b, "\r\n=yend size=%d part=%d pcrc32=%08x crc32=%08x\r\n", to-from, part, crc32.ChecksumIEEE(whole[from:to]), crc32.ChecksumIEEE(whole))
	return b.String()
}

func uuencode(data []byte) string {
	var b strings.Builder
	for len(data) > 0 {
		line := data[:min(45, len(data))]
		data = data[len(line):]
		b.WriteByte(byte(' ' + len(line)))
		for i := 0; i < len(line); i += 3 {
			var x uint32
			for k := range 3 {
				x <<= 8
				if i+k < len(line) {
					x |= uint32(line[i+k])
				}
			}
			for shift := 18; shift >= 0; shift -= 6 {
				c := byte(x >> shift & 63)
				if c == 0 {
					c = '`' - ' '
				}
				b.WriteByte(' ' + c)
			}
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

// articles is a script in which the first of some bodies are asked for.
func articles(asked int, bodies ...string) string {
	n := len(bodies)
	var b strings.Builder
	which := strings.TrimSuffix(fmt.Sprint("1-", n), "-1")
	fmt.Fprintf(&b, "%sC: GROUP g.x\nS: 211 %d 1 %d g.x\nC: LISTGROUP g.x %s\nS: 211 %d 1 %d g.x\n", hail, n, n, which, n, n)
	for i := range bodies {
		fmt.Fprintf(&b, "S: %d\n", i+1)
	}
	b.WriteString("S: .\n")
	for i, body := range bodies[:asked] {
		body = strings.ReplaceAll("\r\n"+body, "\r\n.", "\r\n..")[2:]
		fmt.Fprintf(&b, "C: BODY %d\nS: 222 %d <%d@x>\nS-raw: %q\n", i+1, i+1, i+1, body+".\r\n")
	}
	return b.String()
}

// A file in several articles comes out as it went in, or not at all (NEWS-09).
func TestJoin(t *testing.T) {
	whole := make([]byte, 5000)
	for i := range whole {
		whole[i] = byte(i * i >> 3)
	}
	one, two := yenc("../f.bin", whole, 1, 2, 0, 3000), yenc("../f.bin", whole, 2, 2, 3000, 5000)
	uu := uuencode(whole)
	cut := 63 * 40
	for name, c := range map[string]struct {
		bodies []string
		kind   *fault.Kind
	}{
		"yEnc":            {[]string{"Hello\r\n" + one, two}, nil},
		"uuencoded":       {[]string{"begin 644 f.bin\r\n" + uu + "`\r\nend\r\n"}, nil},
		"uu, in two":      {[]string{"Hello\r\nbegin 644 f.bin\r\n" + uu[:cut] + "-- \r\nbob\r\n", "and so on\r\n\r\n" + uu[cut:] + "`\r\nend\r\n"}, nil},
		"a part missing":  {[]string{one}, fault.Partial},
		"another order":   {[]string{two, one}, fault.Protocol},
		"damaged":         {[]string{strings.Replace(one, "pcrc32=", "pcrc32=1", 1), two}, fault.Partial},
		"without its end": {[]string{one[:len(one)-60]}, fault.Partial},
		"too short":       {[]string{strings.Replace(one, "=yend size=3000", "=yend size=3001", 1), two}, fault.Partial},
		"another file":    {[]string{one, yenc("g", whole[:4000], 2, 2, 3000, 4000)}, fault.Protocol},
		"too much":        {[]string{strings.Replace(yenc("f", whole, 1, 1, 0, 5000), "size=5000 name", "size=4999 name", 1)}, fault.Protocol},
		"no file":         {[]string{"just text\r\n"}, fault.NotFound},
		"uu without end":  {[]string{"begin 644 f.bin\r\n" + uu}, fault.Partial},
	} {
		asked := len(c.bodies)
		switch name {
		case "another order", "damaged", "too short":
			asked = 1
		}
		t.Run(name, func(t *testing.T) {
			script := articles(asked, c.bodies...)
			if name == "no file" {
				script += "C: HEAD 1\nS: 221 1 <1@x>\nS: Subject: x\nS: .\n"
			}
			u := connect(t, serve(t, script))
			got, err := u.do("save g.x 1-" + fmt.Sprint(len(c.bodies)) + " --decode")
			if fault.Of(err) != c.kind {
				t.Fatalf("%v", err)
			}
			if c.kind == nil && !bytes.Equal([]byte(got), whole) {
				t.Errorf("%d bytes, or others than the %d of the file", len(got), len(whole))
			}
		})
	}
}

// A message that some articles have a part of each is put together in the
// order of its parts, and only if all are there (NEWS-09, RFC 2046).
func TestPartial(t *testing.T) {
	message := "Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBA\r\n==\r\n"
	cut := strings.Index(message, "Content-Transfer")
	parts := []string{message[:cut], message[cut:]}
	type head struct {
		id            string
		number, total int
	}
	for name, c := range map[string]struct {
		heads []head
		asked string // the articles, in the order of the parts
		kind  *fault.Kind
	}{
		"in order":     {[]head{{"m", 1, 0}, {"m", 2, 2}}, "12", nil},
		"other order":  {[]head{{"m", 2, 2}, {"m", 1, 2}}, "21", nil},
		"one missing":  {[]head{{"m", 1, 3}, {"m", 3, 3}}, "", fault.Partial},
		"no last":      {[]head{{"m", 1, 0}, {"m", 2, 0}}, "", fault.Partial},
		"another":      {[]head{{"m", 1, 0}, {"n", 2, 2}}, "", fault.Protocol},
		"twice":        {[]head{{"m", 1, 2}, {"m", 1, 2}}, "", fault.Protocol},
		"none of them": {[]head{{"", 0, 0}}, "", fault.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			bodies := []string{parts[0], parts[1]}
			if c.asked == "21" {
				bodies = []string{parts[1], parts[0]}
			}
			script := articles(2, bodies...)
			for i, h := range c.heads {
				kind := "text/plain"
				if h.id != "" {
					kind = fmt.Sprintf("message/partial; id=%q; number=%d", h.id, h.number)
				}
				if h.total > 0 {
					kind += fmt.Sprintf("; total=%d", h.total)
				}
				script += fmt.Sprintf("C: HEAD %d\nS: 221 %d <%d@x>\nS: Content-Type: %s\nS: .\n", i+1, i+1, i+1, kind)
			}
			for _, n := range c.asked {
				script += fmt.Sprintf("C: BODY %c\nS: 222 %c <%c@x>\nS-raw: %q\n", n, n, n, bodies[n-'1']+".\r\n")
			}
			u := connect(t, serve(t, script))
			got, err := u.do("save g.x 1-2")
			if fault.Of(err) != c.kind {
				t.Fatalf("%v", err)
			}
			if c.kind == nil && got != "PK\x03\x04" {
				t.Errorf("the file is %q", got)
			}
		})
	}
}
