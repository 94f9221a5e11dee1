package nntp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/nntp"
	"wireline/protocols/verb"
)

// An editor makes of a draft what it is told.
type editor struct {
	change func(string) string
	draft  string
	ended  error
	ends   int
}

func (e *editor) Edit(_ context.Context, b *verb.Blob) (*verb.Blob, func(error) error, error) {
	text, err := io.ReadAll(b)
	if err != nil {
		return nil, nil, err
	}
	e.draft = string(text)
	done := func(err error) error { e.ended, e.ends = err, e.ends+1; return err }
	changed := e.change(e.draft)
	if changed == e.draft {
		return nil, done, nil
	}
	return &verb.Blob{Name: b.Name, ReadCloser: io.NopCloser(strings.NewReader(changed))}, done, nil
}

const poster = `S: 200 ready
C: CAPABILITIES
S: 101 list
S: VERSION 2
S: READER
S: POST
S: .
`

// Without a file the editor has a draft, which is posted if it was changed and
// kept if that fails (NEWS-08).
func TestPostFromEditor(t *testing.T) {
	p := conformance.Play(t, scheme("nntp"), poster+`C: POST
S: 340 go on
C: From: ann@example.org
C: Newsgroups: misc.test
C: Subject: Hello
C~: Message-ID: <.*>
C~: Date: .*
C:
C: Typed.
C: ..
C: .
S: 240 fine
C: POST
S: 440 no longer
C: QUIT
S: 205 bye
S: close
`)
	u := connect(t, p)
	e := &editor{change: func(s string) string { return s + "Typed.\n.\n" }}
	u.ctx = files.WithEditor(u.ctx, e)
	const line = "post --from ann@example.org --to misc.test --subject Hello"
	if _, err := u.do(line); err != nil || e.ends != 1 || e.ended != nil {
		t.Errorf("%v, ended %d times with %v", err, e.ends, e.ended)
	}
	if e.draft != "From: ann@example.org\nNewsgroups: misc.test\nSubject: Hello\n\n" {
		t.Errorf("the draft is %q", e.draft)
	}
	if _, err := u.do(line); fault.Of(err) != fault.Refused || e.ends != 2 || !errors.Is(e.ended, err) {
		t.Errorf("%v, ended %d times with %v", err, e.ends, e.ended)
	}
	e.change = func(s string) string { return s }
	if _, err := u.do(line); err == nil || e.ends != 2 {
		t.Errorf("a draft left as it was: %v", err)
	}
}

// The text may be typed, whatever it begins with (NEWS-08).
func TestPostBody(t *testing.T) {
	p := conformance.Play(t, scheme("nntp"), poster+`C: POST
S: 340 go on
C: From: ann@example.org
C: Subject: Hello
C: Newsgroups: misc.test
C~: Message-ID: <.*>
C~: Date: .*
C:
C: To:all
C: .
S: 240 fine
C: POST
S: 441 no more
C: QUIT
S: 205 bye
S: close
`)
	u := connect(t, p)
	const line = "post --from ann@example.org --to misc.test --subject Hello --body To:all"
	if _, err := u.do(line); err != nil {
		t.Error(err)
	}
	if _, err := u.do(line, "standard input, which nobody reads"); fault.Of(err) != fault.Refused {
		t.Errorf("with something to read: %v", err)
	}
	two := nntp.PostArgs{Body: "x", File: verb.Input{Name: "a.txt", ReadCloser: io.NopCloser(strings.NewReader("y"))}}
	if _, err := u.Post(u.ctx, two); fault.Of(err) != fault.Usage {
		t.Errorf("two texts: %v", err)
	}
}

// The size of an article is that of its file, without what the line adds
// (NEWS-06, P01).
func TestSizeOfFile(t *testing.T) {
	p := conformance.Play(t, scheme("nntp"), poster+`C: GROUP misc.test
S: 211 2 1 2 misc.test
C: LISTGROUP misc.test 1-2
S: 211 2 1 2 misc.test
S: 1
S: 2
S: .
C: ARTICLE 1
C: ARTICLE 2
S: 220 1 <a@b>
S: Subject: x
S:
S: ..
S: ...dots
S: .
S: 220 2 <c@d>
S: Subject: y
S:
S: .
C: QUIT
S: 205 bye
S: close
`)
	u := connect(t, p)
	got := u.must("get misc.test 1-2 --to news")
	has(t, "get", got, "copied\tnews/1.eml\t25\t", "copied\tnews/2.eml\t14\t")
	b, err := (files.DiskOf(u.ctx)).Fetch(u.ctx, files.At{Path: "news/1.eml"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if text, err := io.ReadAll(b); err != nil || !bytes.Equal(text, []byte("Subject: x\r\n\r\n.\r\n..dots\r\n")) {
		t.Errorf("%q, %v", text, err)
	}
}
