package render

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

type body struct {
	io.Reader
	closed error
	direct bool // WriteTo was given the file itself
}

func (b *body) Close() error { return b.closed }

func (b *body) WriteTo(w io.Writer) (int64, error) {
	_, b.direct = w.(*os.File)
	return io.Copy(w, b.Reader)
}

func TestBlob(t *testing.T) {
	const exact = "a\r\n\x1b\xff\x00 no end"
	b := &body{Reader: strings.NewReader(exact)}
	name := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := Show(f, io.Discard, Options{}, &verb.Blob{ReadCloser: b}); err != nil || !b.direct {
		t.Errorf("to a file: %v, directly: %v", err, b.direct)
	}
	if got, _ := os.ReadFile(name); string(got) != exact {
		t.Errorf("in the file: %q", got)
	}
	if got := shown(t, Options{}, &verb.Blob{ReadCloser: io.NopCloser(strings.NewReader(exact))}); got != exact {
		t.Errorf("piped: %q", got)
	}
	if got := shown(t, Options{Terminal: true, Raw: true}, &verb.Blob{ReadCloser: io.NopCloser(strings.NewReader(exact))}); got != exact {
		t.Errorf("raw: %q", got)
	}
	if got := shown(t, Options{Terminal: true}, &verb.Blob{ReadCloser: io.NopCloser(strings.NewReader("a\r\n\x1b\xe9t"))}); got != "a\n\\x1b\\xe9t\n" {
		t.Errorf("terminal: %q", got)
	}
	if got := shown(t, Options{Terminal: true}, &verb.Blob{ReadCloser: io.NopCloser(strings.NewReader(""))}); got != "" {
		t.Errorf("empty: %q", got)
	}
}

// The error of Close is part of the result, for it may be all there is.
func TestBlobClose(t *testing.T) {
	cut := fault.New(fault.Partial, "426 aborted")
	for _, o := range []Options{{}, {Terminal: true}, {JSON: true}} {
		err := Show(io.Discard, io.Discard, o, &verb.Blob{ReadCloser: &body{strings.NewReader("abc"), cut, false}})
		if !errors.Is(err, fault.Partial) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// A body cut short is told even where its last read said more than EOF.
func TestBlobShort(t *testing.T) {
	short := &fault.Error{Kind: fault.Partial, Text: "3 of 9 bytes", Err: io.EOF}
	for _, o := range []Options{{}, {Terminal: true}, {JSON: true}} {
		for _, first := range []string{"", "abc"} {
			r := io.MultiReader(strings.NewReader(first), failingReader{short})
			err := Show(io.Discard, io.Discard, o, &verb.Blob{ReadCloser: io.NopCloser(r)})
			if !errors.Is(err, fault.Partial) {
				t.Errorf("%+v after %q: %v", o, first, err)
			}
		}
	}
}

type failingReader struct{ error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.error }

func TestBinaryOnTerminal(t *testing.T) {
	for in, want := range map[string]bool{
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR": true, "\x1f\x8b\x08\x00": true, "\xff\xd8\xff\xe0\x10": true,
		"text": false, "h\xe9las, l'\xe9t\xe9 est pass\xe9": false, "\x1b[1mbold\x1b[0m": false, "日本": false, "": false,
	} {
		err := Show(io.Discard, io.Discard, Options{Terminal: true}, &verb.Blob{ReadCloser: io.NopCloser(strings.NewReader(in))})
		if got := err != nil; got != want || want && !strings.Contains(fault.Hint(err), "-o FILE") {
			t.Errorf("%q: %v (%s)", in, err, fault.Hint(err))
		}
	}
}
