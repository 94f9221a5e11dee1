package web

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"wireline/protocols/digest"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A strictProxy wants Digest, as ann with a password.
type strictProxy struct {
	stale string // added to the challenge

	mu    sync.Mutex
	nonce int
	heard []string // request lines and schemes of what was said
}

func (p *strictProxy) talk(c net.Conn) {
	in := bufio.NewReader(c)
	for through := false; ; {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		io.Copy(io.Discard, r.Body)
		said := r.Header.Get("Proxy-Authorization")
		scheme, _, _ := strings.Cut(said, " ")
		p.mu.Lock()
		p.heard = append(p.heard, strings.TrimRight(r.Method+" "+r.RequestURI+" "+scheme, " "))
		got := digest.Challenges([]string{said})
		ok := len(got) == 1 && got[0].Params["nonce"] == fmt.Sprint("n", p.nonce) && got[0].Params["uri"] == r.RequestURI && answers(got[0], "ann", "s3cr3t", r)
		if !ok && !through {
			p.nonce++
		}
		nonce := p.nonce
		p.mu.Unlock()
		switch {
		case through:
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
		case !ok:
			fmt.Fprintf(c, "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"p\"\r\nProxy-Authenticate: Digest realm=\"p\", nonce=\"n%d\", qop=\"auth\"%s\r\nContent-Length: 0\r\n\r\n", nonce, p.stale)
		case r.Method == "CONNECT":
			through = true
			io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		default:
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
		}
	}
}

// HTTP-09, HTTP-17: a proxy that wants Digest is answered, once for all that goes
// through it, whether it is asked for each thing or for tunnels; a wrong
// password ends it.
func TestProxyDigest(t *testing.T) {
	const page, wrong = "http://h.test:81/a?b", "wrong"
	for _, c := range []struct {
		name, password, how, stale string
		tunnel                     bool
		code                       int // 0: no connection
		want                       []string
	}{
		{"asked", "s3cr3t", "", "", false, 200, []string{"GET " + page + " Basic", "GET " + page + " Digest", "GET " + page + " Digest"}},
		{"asked, no Basic", "s3cr3t", "digest", "", false, 200, []string{"GET " + page, "GET " + page + " Digest", "GET " + page + " Digest"}},
		{"asked, Basic only", "s3cr3t", "basic", "", false, 407, []string{"GET " + page + " Basic", "GET " + page + " Basic"}},
		{"asked, " + wrong, wrong, "digest", "", false, 407, []string{"GET " + page, "GET " + page + " Digest", "GET " + page + " Digest"}},
		{"asked, for ever", wrong, "digest", ", stale=true", false, 407, nil},
		{"tunnel", "s3cr3t", "", "", true, 200, []string{"CONNECT h.test:81 Basic", "CONNECT h.test:81 Digest", "GET /a?b", "GET /a?b"}},
		{"tunnel, no Basic", "s3cr3t", "digest", "", true, 200, []string{"CONNECT h.test:81", "CONNECT h.test:81 Digest", "GET /a?b", "GET /a?b"}},
		{"tunnel, " + wrong, wrong, "digest", "", true, 0, []string{"CONNECT h.test:81", "CONNECT h.test:81 Digest", "CONNECT h.test:81 Digest"}},
		{"tunnel, for ever", wrong, "digest", ", stale=true", true, 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &strictProxy{stale: c.stale}
			u := url.URL{Scheme: "http", User: url.UserPassword("ann", c.password), Host: proxy(t, p.talk)}
			k := client(t, wire.Options{Proxy: u.String(), ProxyAuth: c.how, ProxyTunnel: c.tunnel})
			for range 2 {
				res, err := k.Send(t.Context(), get(t, page), nil)
				if c.code == 0 {
					if fault.Of(err) != fault.Proxy || strings.Contains(fmt.Sprint(err), c.password) && c.password != wrong {
						t.Errorf("%v", err)
					}
					continue
				}
				body(t, res, err)
				if res.Code != c.code {
					t.Errorf("%d", res.Code)
				}
				if _, said, _ := strings.Cut(res.Sent(), "Proxy-Authorization: "); !c.tunnel && (said == "") != (strings.Count(p.heard[len(p.heard)-1], " ") == 1) {
					t.Errorf("said to have sent %q", res.Sent())
				}
			}
			if c.want == nil {
				if len(p.heard) > 2*(maxRounds+1) {
					t.Errorf("asked %d times", len(p.heard))
				}
			} else if !slices.Equal(p.heard, c.want) {
				t.Errorf("the proxy heard %q", p.heard)
			}
		})
	}
}
