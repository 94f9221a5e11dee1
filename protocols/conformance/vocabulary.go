package conformance

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
)

// What a vocabulary promises is the same for every protocol that speaks it,
// so its tests are here and take functions: an adapter gives them its verbs,
// on a session with a server of the playground or the lab.

// GetPut tests that get gives what put wrote, whatever the bytes are.
func GetPut(t *testing.T, put func(ctx context.Context, name string, data []byte) error, get func(ctx context.Context, name string) ([]byte, error)) {
	t.Helper()
	for name, data := range contents() {
		t.Run(name, func(t *testing.T) {
			if err := put(t.Context(), name, data); err != nil {
				t.Fatalf("put: %v", err)
			}
			got, err := get(t.Context(), name)
			if err != nil {
				t.Fatalf("get: %v", err)
			}
			if !bytes.Equal(got, data) {
				t.Errorf("got %s, put %s", brief(got), brief(data))
			}
		})
	}
}

// Removed tests that get does not give what rm removed, and says so.
func Removed(t *testing.T, rm func(ctx context.Context, name string) error, get func(ctx context.Context, name string) ([]byte, error), name string) {
	t.Helper()
	if err := rm(t.Context(), name); err != nil {
		t.Fatalf("rm: %v", err)
	}
	_, err := get(t.Context(), name)
	if err == nil {
		t.Errorf("%s is still there", name)
		return
	}
	if trouble := judge(err); trouble != nil {
		t.Errorf("%v: %v", err, trouble)
	}
}

// contents are files that something is likely to go wrong with.
func contents() map[string][]byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return map[string][]byte{
		"empty":        {},
		"byte":         []byte("x"),
		"no-last-line": []byte("one\r\ntwo"),
		"lf":           []byte("one\ntwo\n"),
		"cr":           []byte("one\rtwo\r"),
		"dots":         []byte(".\r\n..\r\n.\n\r\n.\r\nend\r\n"),
		"all-bytes":    all,
		"telnet":       bytes.Repeat([]byte{0xff, 0xff, 0xfb, 0x01}, 100),
		"long-line":    []byte(strings.Repeat("x", 100_000) + "\n"),
		"megabyte":     bytes.Repeat(all, 4096),
	}
}

func brief(b []byte) string {
	if len(b) <= 60 {
		return fmt.Sprintf("%q", b)
	}
	return fmt.Sprintf("%d bytes, %q…", len(b), b[:60])
}
