package web

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// block is headers as HTTP/2 has them.
func block(pairs ...string) []byte {
	var b bytes.Buffer
	e := hpack.NewEncoder(&b)
	for i := 0; i < len(pairs); i += 2 {
		e.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]})
	}
	return b.Bytes()
}

// inPieces writes headers that are too long for a frame.
func inPieces(w *http2.Framer, id uint32, b []byte) {
	const most = 16 << 10
	w.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: b[:most]})
	for b = b[most:]; len(b) > most; b = b[most:] {
		w.WriteContinuation(id, false, b[:most])
	}
	w.WriteContinuation(id, true, b)
}

// framed is a server of HTTP/2 that answers the first request on a connection
// as f says, and then hangs up.
func framed(t *testing.T, f func(w *http2.Framer, id uint32)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.CopyN(io.Discard, c, int64(len(http2.ClientPreface)))
			w := http2.NewFramer(c, c)
			w.AllowIllegalWrites = true
			w.WriteSettings()
			for {
				frame, err := w.ReadFrame()
				if err != nil {
					break
				}
				if h, ok := frame.(*http2.HeadersFrame); ok {
					read := make(chan struct{})
					go func() { defer close(read); io.Copy(io.Discard, c) }()
					f(w, h.StreamID)
					c.(*net.TCPConn).CloseWrite()
					<-read
					break
				}
			}
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return "http://" + l.Addr().String()
}

// H01, L08, T01: a server of HTTP/2 that sends what it may not, or too much of
// it, is an error within its limits.
func TestFrames(t *testing.T) {
	ok := block(":status", "200", "content-length", "10")
	head := func(w *http2.Framer, id uint32, b []byte, end bool) {
		w.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: b, EndHeaders: true, EndStream: end})
	}
	for name, c := range map[string]struct {
		f     func(w *http2.Framer, id uint32)
		kinds []*fault.Kind
	}{
		"nothing":               {func(*http2.Framer, uint32) {}, []*fault.Kind{fault.Empty, fault.Recv, fault.Partial}},
		"short body":            {func(w *http2.Framer, id uint32) { head(w, id, ok, false); w.WriteData(id, true, []byte("abc")) }, []*fault.Kind{fault.Partial}},
		"long body":             {func(w *http2.Framer, id uint32) { head(w, id, ok, false); w.WriteData(id, true, make([]byte, 20)) }, []*fault.Kind{fault.Protocol}},
		"the end of it all":     {func(w *http2.Framer, id uint32) { head(w, id, ok, false); w.WriteData(id, false, []byte("abc")) }, []*fault.Kind{fault.Partial, fault.Recv}},
		"a reset":               {func(w *http2.Framer, id uint32) { head(w, id, ok, false); w.WriteRSTStream(id, http2.ErrCodeInternal) }, []*fault.Kind{fault.Protocol, fault.Recv}},
		"going away":            {func(w *http2.Framer, id uint32) { w.WriteGoAway(0, http2.ErrCodeNo, []byte("bye\x1b[2J\r\n")) }, []*fault.Kind{fault.Protocol, fault.Recv, fault.Empty}},
		"no status":             {func(w *http2.Framer, id uint32) { head(w, id, block("a", "b"), true) }, []*fault.Kind{fault.Protocol}},
		"a status that is none": {func(w *http2.Framer, id uint32) { head(w, id, block(":status", "2OO"), true) }, []*fault.Kind{fault.Protocol}},
		"two lengths": {func(w *http2.Framer, id uint32) {
			head(w, id, block(":status", "200", "content-length", "1", "content-length", "2"), false)
			w.WriteData(id, true, []byte("ab"))
		}, []*fault.Kind{fault.Protocol}},
		"data for nobody":      {func(w *http2.Framer, id uint32) { w.WriteData(0, true, []byte("x")) }, []*fault.Kind{fault.Protocol}},
		"a frame that is none": {func(w *http2.Framer, id uint32) { w.WriteRawFrame(http2.FrameHeaders, 0xff, id, []byte{9}) }, []*fault.Kind{fault.Protocol, fault.Partial}},
		"a window that bursts": {func(w *http2.Framer, id uint32) { w.WriteWindowUpdate(0, 1<<31-1); w.WriteWindowUpdate(0, 1<<31-1) }, []*fault.Kind{fault.Protocol}},
		"many interim responses": {func(w *http2.Framer, id uint32) {
			for range 1000 {
				head(w, id, block(":status", "103"), false)
			}
		}, []*fault.Kind{fault.Limit}},
		"a long header": {func(w *http2.Framer, id uint32) {
			inPieces(w, id, block(":status", "200", "a", strings.Repeat("x", maxHead+1000)))
		}, []*fault.Kind{fault.Limit, fault.Protocol}},
		"long headers": {func(w *http2.Framer, id uint32) {
			pairs := []string{":status", "200"}
			for i := range 40 {
				pairs = append(pairs, fmt.Sprint("a", i), strings.Repeat("x", maxHead/39))
			}
			inPieces(w, id, block(pairs...))
		}, []*fault.Kind{fault.Limit}},
		"headers without an end": {func(w *http2.Framer, id uint32) {
			w.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block(":status", "200")})
			for b := block("a", strings.Repeat("x", 8<<10)); w.WriteContinuation(id, false, b) == nil; {
			}
		}, []*fault.Kind{fault.Limit, fault.Protocol}},
		"pings": {func(w *http2.Framer, id uint32) {
			for range 1000 {
				w.WritePing(false, [8]byte{})
			}
			time.Sleep(50 * time.Millisecond)
		}, []*fault.Kind{fault.Empty, fault.Recv, fault.Partial, fault.Timeout}},
	} {
		t.Run(name, func(t *testing.T) {
			r := get(t, framed(t, c.f))
			r.Version = "2"
			res, err := client(t, wire.Options{}).Do(t.Context(), r)
			if err == nil {
				_, err = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
			got := fault.Of(err)
			for _, k := range c.kinds {
				if got == k {
					if text := err.Error(); strings.ContainsAny(text, "\x1b\r\n") || strings.Contains(text, "http2:") {
						t.Errorf("it says %q", text)
					}
					return
				}
			}
			t.Errorf("%v is a %v", err, got)
		})
	}
}
