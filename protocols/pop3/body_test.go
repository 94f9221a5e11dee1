package pop3

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"

	"wireline/protocols/command"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// read is what is made of a message as it comes, through a buffer of so many
// bytes, and what is left behind it.
func read(text string, room int, slow bool) (got, left string, err error) {
	var in io.Reader = strings.NewReader(text)
	if slow {
		in = iotest.OneByteReader(in)
	}
	a, b := net.Pipe()
	b.Close()
	c := &control{Conn: command.Conn{Conn: new(wire.Dialer).Own(a)}, bulk: bufio.NewReaderSize(in, room)}
	defer c.Conn.Close()
	body := newBody(c)
	var out bytes.Buffer
	_, err = body.WriteTo(&out)
	rest, _ := io.ReadAll(c.bulk)
	return out.String(), string(rest), err
}

// P01: a message ends only at CR LF, dot, CR LF, and is byte for byte what it
// was.
func TestBody(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for text, want := range map[string]string{
		".\r\n":                          "",
		"a\r\n.\r\n":                     "a\r\n",
		"..\r\n.\r\n":                    ".\r\n",
		"a\n.\n+OK injected\r\n.\r\n":    "a\n.\n+OK injected\r\n",
		"a\r\n.\nb\r\n.\r\n":             "a\r\n\nb\r\n",
		"a\r.\r\n\r\n.\r\n":              "a\r.\r\n\r\n",
		"a\r\n.\rb\r\n.\r\n":             "a\r\n\rb\r\n",
		"...\r\n..x\r\n.\r\n":            "..\r\n.x\r\n",
		long + "\r\n..\r\n.\r\n":         long + "\r\n.\r\n",
		long + "\r" + long + "\r\n.\r\n": long + "\r" + long + "\r\n",
	} {
		for _, room := range []int{16, 17, 18, 4096, 4097, 64 << 10} {
			for _, slow := range []bool{false, true} {
				got, left, err := read(text+"+OK next\r\n", room, slow)
				if got != want || left != "+OK next\r\n" || err != nil {
					t.Errorf("%.40q through %d bytes: %.40q, then %.20q, %v", text, room, got, left, err)
				}
			}
		}
	}
	for _, text := range []string{"", "a", "a\r\n", "a\r\n.", "a\r\n.\r", "a\r\n.\n", ".", "\r\n..\r\n"} {
		if _, _, err := read(text, 16, false); fault.Of(err) != fault.Partial {
			t.Errorf("%q is whole: %v", text, err)
		}
	}
}

// stuff is a message as a server sends it.
func stuff(text string) string {
	text = strings.ReplaceAll("\r\n"+text, "\r\n.", "\r\n..")[2:]
	if !strings.HasSuffix(text, "\r\n") && text != "" {
		text += "\r\n"
	}
	return text + ".\r\n"
}

func FuzzBody(f *testing.F) {
	f.Add("a\r\n.\r\nb\n.\n", 16, "+OK")
	f.Fuzz(func(t *testing.T, text string, room int, next string) {
		if room < 16 || room > 10_000 {
			room = 16
		}
		want := text
		if want != "" && !strings.HasSuffix(want, "\r\n") {
			want += "\r\n"
		}
		got, left, err := read(stuff(text)+next, room, len(text) < 100)
		if got != want || left != next || err != nil {
			t.Errorf("%q through %d bytes: %q, then %q, %v", text, room, got, left, err)
		}
		if _, _, err := read(text, room, false); err != nil && fault.Of(err) != fault.Partial {
			t.Error(err)
		}
	})
}

func FuzzStatus(f *testing.F) {
	f.Add("+OK [X] text\r\n")
	f.Fuzz(func(t *testing.T, line string) {
		r, ok := status(line)
		if ok && !strings.HasPrefix(line, "+OK") && !strings.HasPrefix(line, "-ERR") {
			t.Errorf("%q is a reply: %+v", line, r)
		}
		s := &Session{greet: r}
		if stamp := s.timestamp(); stamp != "" && !strings.Contains(line, stamp) {
			t.Errorf("%q has the timestamp %q", line, stamp)
		}
	})
}
