//go:build unix

package line

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// piped is an input that has s to read, and then ends.
func piped(t testing.TB, s string) *input {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() { io.WriteString(w, s); w.Close() }()
	in, err := newInput(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.release(); r.Close() })
	return in
}

func TestKeys(t *testing.T) {
	none := string(keyNone)
	for _, c := range []struct{ typed, want string }{
		{"ab\r", "ab\r"},
		{"\t", string(keyTab)},
		{"\x1b[A\x1bOA\x10", string(keyUp) + string(keyUp) + string(keyUp)},
		{"\x1b[1;5C\x1b[1;3C\x1bf", strings.Repeat(string(keyWordRight), 3)},
		{"\x1b[5D\x1bOd", strings.Repeat(string(keyWordLeft), 2)},
		{"\x1b[3~\x1b[3;5~", string(keyDelete) + string(keyKillWord)},
		{"\x1b[200~a\x1b[201~b", string(keyPaste) + "b"},
		{"\x1b]0;title\x07x", none + "x"},
		{"\x1bP1$r\r\n\x1b\\x", none + "x"},
		{"\x1b[5;200Rx", none + "x"},
		{"\x1b\r", none + "\r"},
		{"\x1b\x1b[A", none + string(keyUp)},
		{"\x1bOMx", "\rx"},
		{"\x00\x1c", none + none},
		{"文\uFDD0", "文\uFFFD"},
		{"\u0085\u202E", "\uFFFD\u202E"},
	} {
		got, err := io.ReadAll(newKeys(piped(t, c.typed)))
		if err != nil || string(got) != c.want {
			t.Errorf("%q became %q, %v; want %q", c.typed, got, err, c.want)
		}
	}
}

// No input may reach the library as NUL, which it takes for the end, nor as
// a control character or a stand-in that it was not given for.
func FuzzKeys(f *testing.F) {
	for _, s := range []string{"ls\r", "\x1b[200~a\x1b[201~", "\x1bP\x1b\\", "\x1b[1;5D\x1b[M abc", "\xe6\x96z", "\x1bO\x1b[99999999999999~"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<12 {
			return
		}
		got, err := io.ReadAll(newKeys(piped(t, s)))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(got) {
			switch {
			case r < 0x20 && !strings.ContainsRune("\x01\x02\x03\x04\x05\x06\x08\n\r", r),
				r == runeNewline, r == runeTab, r > keyNone && r <= lastInside:
				t.Fatalf("%q let %U through", s, r)
			}
		}
	})
}

func TestPasteTooLarge(t *testing.T) {
	k := newKeys(piped(t, "\x1b[200~"+strings.Repeat("x", maxPaste+10)+"\x1b[201~y"))
	got, _ := io.ReadAll(k)
	if string(got) != string(keyPaste)+"y" || k.pasted() != "" {
		t.Errorf("%q", got)
	}
}

func TestInputWaits(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	in, err := newInput(r)
	if err != nil {
		t.Fatal(err)
	}
	defer in.release()
	b := make([]byte, 8)
	if _, err := in.read(t.Context(), b, time.Millisecond); !errors.Is(err, errNoInput) {
		t.Errorf("in time: %v", err)
	}
	cause := errors.New("cause")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(time.Millisecond, func() { cancel(cause) })
	if _, err := in.read(ctx, b, 0); !errors.Is(err, cause) {
		t.Errorf("cancelled: %v", err)
	}
	time.AfterFunc(time.Millisecond, in.interrupt)
	if _, err := in.read(t.Context(), b, 0); !errors.Is(err, ErrInterrupt) {
		t.Errorf("interrupted: %v", err)
	}
	w.WriteString("abcdef")
	if n, err := in.read(t.Context(), b[:2], 0); string(b[:n]) != "ab" || err != nil {
		t.Errorf("%q, %v", b[:n], err)
	}
	in.giveBack([]byte("AB"))
	if n, err := in.read(t.Context(), b, 0); string(b[:n]) != "ABcdef" || err != nil {
		t.Errorf("%q, %v", b[:n], err)
	}
	time.AfterFunc(time.Millisecond, in.close)
	if _, err := in.read(t.Context(), b, 0); err != io.EOF {
		t.Errorf("closed: %v", err)
	}
}

// L14
func TestPlain(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
		kind *fault.Kind
	}{
		{"a\nb\r\n\nlast", []string{"a", "b", "", "last"}, nil},
		{"", nil, nil},
		{strings.Repeat("x", maxLine) + "\n", []string{strings.Repeat("x", maxLine)}, nil},
		{"a\n" + strings.Repeat("x", maxLine+1), []string{"a"}, fault.ReadLocal},
		{"a\nb\x00c\n", []string{"a"}, fault.ReadLocal},
		{"a\xff\n", []string{"a\uFFFD"}, nil},
	} {
		p := &plain{in: piped(t, c.in)}
		var got []string
		var err error
		for err == nil {
			var l string
			if l, err = p.ReadLine("unseen"); err == nil {
				got = append(got, l)
			}
		}
		if c.kind == nil && err != io.EOF || c.kind != nil && fault.Of(err) != c.kind {
			t.Errorf("%.20q: %v", c.in, err)
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%.20q gave %.40q", c.in, got)
		}
	}
}
