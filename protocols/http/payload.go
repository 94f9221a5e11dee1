package http

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// A payload is the body of a request: pieces of text and files, one after the
// other. The zero payload is none.
type payload struct {
	ctype  string // Content-Type, if it is known
	accept string // Accept, if the body hints at one
	size   int64  // -1 when unknown: it is sent chunked
	pieces []piece
	once   io.ReadCloser // can be read but once; pieces are empty
}

type piece struct{ text, file string }

func textPayload(ctype, text string) payload {
	p := payload{ctype: ctype}
	p.addText(text)
	return p
}

// setText makes text the body: JSON if that is what it is, else what curl
// takes it for.
func (r *request) setText(text string) {
	ctype := "application/x-www-form-urlencoded"
	if strings.ContainsAny(text[:1], "{[") && json.Valid([]byte(text)) {
		ctype = "application/json"
	}
	if r.body.once != nil { // the standard input of a script is not meant
		_ = r.body.once.Close()
	}
	if r.body = textPayload(ctype, text); !r.typed["content-type"] {
		r.fields.Set("Content-Type", ctype)
	}
}

func filePayload(name string) (payload, error) {
	p := payload{ctype: typeOf(name)}
	return p, p.addFile(name)
}

// inputPayload is what < or a pipe feeds.
func inputPayload(in verb.Input) payload {
	return payload{ctype: typeOf(in.Name), size: in.Size, once: in.ReadCloser}
}

// look waits for the first byte of what is piped in, of unknown size: when there
// is none there is no body. A script's standard input is a pipe, too.
func (p *payload) look(ctx context.Context) error {
	if p.once == nil || p.size >= 0 {
		return nil
	}
	from, first, done := p.once, make([]byte, 1), make(chan error, 1)
	go func() {
		_, err := io.ReadFull(from, first)
		done <- err
	}()
	select {
	case err := <-done:
		var f *fault.Error
		switch {
		case err == nil:
			p.once = struct {
				io.Reader
				io.Closer
			}{io.MultiReader(bytes.NewReader(first), from), from}
		case err == io.EOF:
			_ = from.Close()
			*p = payload{}
		case errors.As(err, &f):
			return err
		default:
			return fault.New(fault.ReadLocal, "the body cannot be read: %w", err)
		}
		return nil
	case <-ctx.Done():
		return web.Ended(ctx)
	}
}

func (p *payload) empty() bool { return p.once == nil && len(p.pieces) == 0 }

func (p *payload) addText(s string) {
	p.pieces = append(p.pieces, piece{text: s})
	if p.size >= 0 {
		p.size += int64(len(s))
	}
}

func (p *payload) addFile(name string) error {
	fi, err := os.Stat(name)
	switch {
	case err != nil:
		return unreadable(name, err)
	case fi.IsDir():
		return unreadable(name, errors.New("is a directory"))
	case !fi.Mode().IsRegular():
		p.size = -1
	case p.size >= 0:
		p.size += fi.Size()
	}
	p.pieces = append(p.pieces, piece{file: name})
	return nil
}

// again reports whether the body can be sent once more.
func (p *payload) again() bool { return p.once == nil }

// open begins to read the body.
func (p *payload) open() io.ReadCloser {
	if p.once != nil {
		return p.once
	}
	return &pieces{left: p.pieces}
}

// pieces reads them one after the other, opening each file when it is due.
type pieces struct {
	left []piece
	text *strings.Reader
	file *os.File
}

func (r *pieces) Read(b []byte) (int, error) {
	for {
		var from io.Reader
		switch {
		case r.file != nil:
			from = r.file
		case r.text != nil:
			from = r.text
		case len(r.left) == 0:
			return 0, io.EOF
		case r.left[0].file == "":
			r.text = strings.NewReader(r.left[0].text)
			continue
		default:
			f, err := os.Open(r.left[0].file)
			if err != nil {
				return 0, unreadable(r.left[0].file, err)
			}
			r.file = f
			continue
		}
		n, err := from.Read(b)
		if err == io.EOF {
			err = r.Close()
			r.text, r.file, r.left = nil, nil, r.left[1:]
		} else if err != nil {
			err = unreadable(r.left[0].file, err)
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (r *pieces) Close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	if errors.Is(err, fs.ErrClosed) {
		return nil
	}
	return err
}

// unreadable is an error about a file, without the name of the system call.
func unreadable(name string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	e := fault.New(fault.ReadLocal, "%s: %w", name, err)
	e.Phase = "file"
	return e
}
