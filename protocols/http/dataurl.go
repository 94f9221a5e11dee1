package http

import (
	"encoding/base64"
	"io"
	"mime"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// maxShown is how much of a data: URL a message shows.
const maxShown = 40

// dataURL is what a data: URL holds (RFC 2397).
func dataURL(word string) (*verb.Blob, error) {
	bad := func(why string) error {
		return fault.New(fault.BadArgument, "%s is no data: URL: %s", web.Cut(word, maxShown), why)
	}
	if err := protocols.OneLine("url", word); err != nil {
		return nil, err
	}
	const scheme = "data:"
	if len(word) < len(scheme) || !strings.EqualFold(word[:len(scheme)], scheme) {
		return nil, bad("it does not begin with data:")
	}
	head, data, found := strings.Cut(word[len(scheme):], ",")
	if !found {
		return nil, bad("there is no comma before the data")
	}
	data, _, _ = strings.Cut(data, "#")
	text := unpercent(data, false)
	ctype, coded := strings.CutSuffix(unpercent(head, false), ";base64")
	if coded {
		clean := strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "").Replace(text)
		b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(clean, "="))
		if err != nil {
			return nil, bad("the data is not base64")
		}
		text = string(b)
	}
	switch {
	case ctype == "":
		ctype = "text/plain;charset=US-ASCII"
	case strings.HasPrefix(ctype, ";"):
		ctype = "text/plain" + ctype
	}
	if _, _, err := mime.ParseMediaType(ctype); err != nil {
		return nil, bad("it begins with " + web.Cut(ctype, maxShown) + ", which is no media type")
	}
	return &verb.Blob{Name: "data", Type: ctype, Size: int64(len(text)), ReadCloser: io.NopCloser(strings.NewReader(text))}, nil
}
