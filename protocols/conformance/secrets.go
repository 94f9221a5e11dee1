package conformance

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"wireline/protocols/wire"
)

// leaks tells in which form a secret is in a trace, or "". The data of one
// direction of one connection is looked at as a whole, so that it does not
// matter into how many events it fell.
func leaks(events []wire.Event, secret string) string {
	streams := map[string]*bytes.Buffer{}
	var all []*bytes.Buffer
	for _, e := range events {
		id := fmt.Sprint(e.Conn, e.What)
		if streams[id] == nil {
			streams[id] = &bytes.Buffer{}
			all = append(all, streams[id])
		}
		streams[id].Write(e.Data)
		all = append(all, bytes.NewBufferString(e.Note))
	}
	for _, b := range all {
		for _, f := range forms(secret) {
			if strings.Contains(b.String(), f.text) {
				return f.name
			}
		}
	}
	return ""
}

// A form is a way to write a secret.
type form struct{ name, text string }

// forms are those that are looked for. In base64 a secret looks different by
// where it begins; the first and last characters depend on the neighbours and
// are left out.
func forms(secret string) []form {
	all := []form{
		{"as it is", secret},
		{"percent-encoded", url.QueryEscape(secret)},
		{"in hexadecimal", hex.EncodeToString([]byte(secret))},
	}
	for i := range 3 {
		text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", i) + secret))
		all = append(all, form{"in base64", text[i+1 : len(text)-2]})
	}
	return all
}

// secrets: what the user marked as a secret is in no trace, in whatever
// argument of whatever verb it goes.
func (s *suite) secrets(t *testing.T) {
	const secret = "hush-4711-hush"
	holes := s.holes()
	each(len(holes), idle, func(i int) {
		hole := holes[i]
		t.Run(hole.String(), func(t *testing.T) {
			m := s.meet(t)
			m.wire.Secret(secret)
			hold(t, hanging, hole.String(), func() {
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				defer cancel()
				hole.fill(ctx, m.user, secret)
				m.close()
			})
			m.over()
			m.mu.Lock()
			defer m.mu.Unlock()
			if leak := leaks(m.events, secret); leak != "" {
				t.Errorf("the trace shows the secret %s", leak)
			}
		})
	})
}
