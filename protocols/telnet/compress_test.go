package telnet

import (
	"bytes"
	"compress/zlib"
	"io"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// TEL-09: MCCP2, its beginning and end in the middle of a segment, with
// commands inside; bytes split anywhere.
func TestMCCP2(t *testing.T) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write(iac(t, "'squeezed' 32 IAC IAC IAC DO NAWS 13 0"))
	z.Flush()
	z.Write(bytes.Repeat([]byte("all work and no play "), 5000))
	z.Close()
	stream := append(iac(t, "'plain' 32 IAC WILL MCCP2 IAC SB MCCP2 IAC SE"), b.Bytes()...)
	stream = append(stream, "plain again"...)
	want := "plain squeezed \xff\r" + strings.Repeat("all work and no play ", 5000) + "plain again"
	for _, size := range []int{len(stream), 1, 7} {
		s, p := pipe(t, "--compress")
		go func() {
			for rest := stream; len(rest) > 0; {
				n := min(size, len(rest))
				p.Write(rest[:n])
				rest = rest[n:]
			}
		}()
		wantText(t, s, want, "recv", "--until", "plain again")
		p.hears("IAC DO MCCP2 IAC WILL NAWS")
		if i := s.Info().(*Info); i.Compressed != int64(b.Len()) || i.Saved < 90000 {
			t.Errorf("%d bytes saved %d, want %d and more than 90000", i.Compressed, i.Saved, b.Len())
		}
		s.Close()
	}
}

// E03: a bomb ends the session; little of it is kept.
func TestMCCPBomb(t *testing.T) {
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	for range 64 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	s, p := pipe(t, "--compress")
	go p.Write(append(iac(t, "IAC WILL MCCP2 IAC SB MCCP2 IAC SE"), b.Bytes()...))
	err := s.fill(t.Context())
	for err == nil && s.End == nil {
		s.Take()
		err = s.fill(t.Context())
	}
	if fault.Of(err) != fault.Limit || s.In > 3*bombSize {
		t.Errorf("%v after %d bytes", err, s.In)
	}
}

// What is not zlib's is said to be so.
func TestMCCPGarbage(t *testing.T) {
	s, p := pipe(t, "--compress")
	p.says("IAC WILL MCCP2 IAC SB MCCP2 IAC SE 'garbage'")
	wantKind(t, s, fault.Encoding, "compressed", "recv")
}

// TEL-09: MCCP3, what we send compressed from the moment it is agreed on.
func TestMCCP3(t *testing.T) {
	s, p := pipe(t, "--compress")
	p.says("IAC WILL MCCP3 'go'")
	wantText(t, s, "go", "recv")
	must(t, s, "send", strings.Repeat("north\r\n", 1000))
	p.hears("IAC DO MCCP3 IAC SB MCCP3 IAC SE")
	z, err := zlib.NewReader(p)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 7000)
	if _, err := io.ReadFull(z, got); err != nil || string(got) != strings.Repeat("north\r\n", 1000) {
		t.Errorf("came %.40q, %v", got, err)
	}
	must(t, s, "send", "\xff")
	if n, err := io.ReadFull(z, got[:2]); err != nil || string(got[:2]) != "\xff\xff" {
		t.Errorf("came %q, %v", got[:n], err)
	}
	if i := s.Info().(*Info); i.Saved < 6000 {
		t.Errorf("saved %d", i.Saved)
	}
}
