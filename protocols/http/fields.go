package http

import (
	"bytes"
	"mime"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"wireline/protocols/fault"
)

// A field is one that the body is made of.
type field struct {
	key   string
	text  string // of k=v and k=@file
	json  []byte // of k:=json and k:=@file
	file  string // of k@file
	ctype string // of file, if it was told: k@file;type=text/csv
}

type fields struct {
	form  bool
	parts bool // a form of several parts, also without a file
	all   []field
}

func (f *fields) add(it item) error {
	field := field{key: it.key, text: it.value}
	var err error
	switch it.sep {
	case "=@":
		field.text, err = readText(it.value)
	case ":=@":
		if it.value, err = readText(it.value); err == nil {
			field.json, err = reformat(it.key, it.value)
		}
	case ":=":
		field.json, err = reformat(it.key, it.value)
	case "@":
		field.text = ""
		field.file, field.ctype, _ = strings.Cut(it.value, ";type=")
	}
	f.all = append(f.all, field)
	return err
}

// payload makes the body: a form with files in it is multipart, and so is one
// without that was not asked for; the rest is JSON.
func (f *fields) payload() (payload, error) {
	if i := slices.IndexFunc(f.all, func(x field) bool { return x.file != "" && x.key == "" }); i >= 0 {
		if len(f.all) > 1 {
			return payload{}, fault.New(fault.Usage, "@%s is the whole body; it leaves no room for fields", f.all[i].file)
		}
		p, err := filePayload(f.all[i].file)
		if f.all[i].ctype != "" {
			p.ctype = f.all[i].ctype
		}
		return p, err
	}
	switch {
	case f.parts || slices.ContainsFunc(f.all, func(x field) bool { return x.file != "" }):
		return f.multipart()
	case f.form:
		var b strings.Builder
		for _, x := range f.all {
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(url.QueryEscape(x.key) + "=" + url.QueryEscape(x.value()))
		}
		return textPayload("application/x-www-form-urlencoded; charset=utf-8", b.String()), nil
	default:
		p := textPayload("application/json", f.object())
		p.accept = "application/json, */*;q=0.5"
		return p, nil
	}
}

func (x field) value() string {
	if x.json != nil {
		return string(x.json)
	}
	return x.text
}

// object is the fields as one JSON object, in their order; of several with
// one name the last counts, in the place of the first.
func (f *fields) object() string {
	var keys []string
	values := map[string]string{}
	for _, x := range f.all {
		if _, seen := values[x.key]; !seen {
			keys = append(keys, x.key)
		}
		values[x.key] = string(x.json)
		if x.json == nil {
			values[x.key] = quote(x.text)
		}
	}
	for i, k := range keys {
		keys[i] = quote(k) + ": " + values[k]
	}
	return "{" + strings.Join(keys, ", ") + "}"
}

// multipart is the fields as multipart/form-data (RFC 7578).
func (f *fields) multipart() (payload, error) {
	var p payload
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	for _, x := range f.all {
		if x.file == "" {
			if err := w.WriteField(x.key, x.value()); err != nil {
				return p, err
			}
			continue
		}
		ctype := x.ctype
		if ctype == "" {
			ctype = typeOf(x.file)
		}
		if ctype == "" {
			ctype = "application/octet-stream"
		}
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", multipart.FileContentDisposition(x.key, filepath.Base(x.file)))
		h.Set("Content-Type", ctype)
		if _, err := w.CreatePart(h); err != nil {
			return p, err
		}
		p.addText(text.String())
		text.Reset()
		if err := p.addFile(x.file); err != nil {
			return p, err
		}
	}
	if err := w.Close(); err != nil {
		return p, err
	}
	p.addText(text.String())
	p.ctype = w.FormDataContentType()
	return p, nil
}

func typeOf(file string) string { return mime.TypeByExtension(filepath.Ext(file)) }
