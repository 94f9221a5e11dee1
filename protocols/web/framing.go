package web

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// How the end of a body is known.
type framing int

const (
	nothing framing = iota // there is none
	length                 // by a count
	chunked                // by a last chunk
	closing                // by the end of the connection
)

// frame says how the body of h ends, in answer to a request of that method
// (RFC 9112, section 6.3). Whatever two readers could take differently is
// refused.
func (h *head) frame(method string) (f framing, n int64, err error) {
	lengths := h.fields.Values("Content-Length")
	coding := h.fields.Values("Transfer-Encoding")
	if n, err = contentLength(lengths); err != nil {
		return 0, 0, err
	}
	switch {
	case len(coding) > 0 && len(lengths) > 0:
		return 0, 0, fault.New(fault.Protocol, "no HTTP response: it has both a Content-Length and a Transfer-Encoding")
	case len(coding) > 0 && h.version == "HTTP/1.0":
		return 0, 0, fault.New(fault.Protocol, "no HTTP response: HTTP/1.0 has no Transfer-Encoding")
	case len(coding) > 0 && (len(coding) > 1 || !strings.EqualFold(coding[0], "chunked")):
		return 0, 0, fault.New(fault.Unsupported, "the transfer coding %s is not supported", brief(strconv.Quote(strings.Join(coding, ", "))))
	case method == http.MethodHead, h.code == http.StatusNoContent, h.code == http.StatusNotModified:
		return nothing, n, nil
	case len(coding) > 0:
		return chunked, -1, nil
	case n >= 0:
		return length, n, nil
	default:
		return closing, -1, nil
	}
}

// contentLength is what all the values agree on; -1 when there are none.
func contentLength(values []string) (int64, error) {
	n := int64(-1)
	for _, v := range values {
		for one := range strings.SplitSeq(v, ",") {
			one = strings.TrimSpace(one)
			k, err := strconv.ParseUint(one, 10, 64)
			if err != nil || !digits(one) || k > math.MaxInt64 || n >= 0 && n != int64(k) {
				return 0, fault.New(fault.Protocol, "no HTTP response: the Content-Length is %s", brief(strconv.Quote(strings.Join(values, ", "))))
			}
			n = int64(k)
		}
	}
	return n, nil
}

// persists reports whether the connection may be used for another request.
func (h *head) persists() bool {
	if h.version == "HTTP/1.0" {
		return h.fields.has("Connection", "keep-alive")
	}
	return !h.fields.has("Connection", "close")
}
