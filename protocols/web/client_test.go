package web

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// T15: a connection that the server has closed meanwhile is replaced, unless
// that could do something twice.
func TestStale(t *testing.T) {
	for _, c := range []struct {
		method string
		want   *fault.Kind
	}{{"GET", nil}, {"PUT", nil}, {"POST", fault.Empty}} {
		addr := peer(t, func(n int, r *http.Request) string {
			if n == 2 {
				return "" // hangs up instead of an answer
			}
			return "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"
		})
		k := client(t, wire.Options{})
		res, err := k.Do(t.Context(), get(t, addr))
		body(t, res, err)
		r := get(t, addr)
		r.Method, r.Body = c.method, Text("a")
		res, err = k.Do(t.Context(), r)
		if fault.Of(err) != c.want && !(c.want != nil && fault.Of(err) == fault.Recv) {
			t.Errorf("%s: %v", c.method, err)
		}
		if err == nil {
			body(t, res, nil)
		}
	}
}

// Bytes behind a response are nobody's: the connection is not used again.
func TestBytesBehind(t *testing.T) {
	for _, text := range []string{
		"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
	} {
		addr := peer(t, func(n int, r *http.Request) string {
			if r.URL.Path == "/two" {
				return "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
			}
			return text
		})
		k := client(t, wire.Options{})
		res, err := k.Do(t.Context(), get(t, addr+"/one"))
		body(t, res, err)
		res, err = k.Do(t.Context(), get(t, addr+"/two"))
		if got := body(t, res, err); got != "good" || k.Counts().Connections != 2 {
			t.Errorf("%q on %d connections", got, k.Counts().Connections)
		}
	}
}

// HTTP-06: a connection that the server says it will close is not used again,
// though it still stands.
func TestConnectionClose(t *testing.T) {
	for _, text := range []string{
		"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
		"HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 1\r\n\r\nx",
		"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx",
	} {
		addr := peer(t, func(int, *http.Request) string { return text })
		k := client(t, wire.Options{})
		for range 2 {
			res, err := k.Do(t.Context(), get(t, addr))
			body(t, res, err)
		}
		want := 2
		if strings.Contains(text, "keep-alive") {
			want = 1
		}
		if n := k.Counts().Connections; n != want {
			t.Errorf("%q: %d connections, want %d", text, n, want)
		}
	}
}

// A response that nobody asked for, such as the 408 that ends an idle
// connection, is not the answer to the next request.
func TestUnasked(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan net.Conn, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 1; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			c.Read(make([]byte, 4096))
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d", n)
			if n == 1 {
				first <- c
			}
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	k := client(t, wire.Options{})
	res, err := k.Do(t.Context(), get(t, "http://"+l.Addr().String()))
	body(t, res, err)
	io.WriteString(<-first, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 4\r\n\r\nlate")
	for w := k.Wire.Last(); w.Quiet(); { // it is on its way
		runtime.Gosched()
	}
	res, err = k.Do(t.Context(), get(t, "http://"+l.Addr().String()))
	if got := body(t, res, err); got != "2" || res.Code != 200 {
		t.Errorf("%d %q", res.Code, got)
	}
}

// S10: a connection that was made, or believed, in another way is not used.
func TestOtherWay(t *testing.T) {
	addr := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "x") }).URL
	k := client(t, wire.Options{})
	for i, o := range []wire.Options{{}, {TOFU: true}, {Ciphers: []string{"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}}, {NoProxy: "h.example"}, {ProxyUser: "ann:secret"}, {SNI: "h.example"}, {Insecure: true}} {
		k.Wire.Options = o
		for range 2 {
			res, err := k.Do(t.Context(), get(t, addr))
			body(t, res, err)
		}
		if n := k.Counts().Connections; n != i+1 {
			t.Errorf("%+v: %d connections, want %d", o, n, i+1)
		}
	}
}

// S10, H03, C01: whatever says whom to reach, and how, tells connections apart.
// What does not is listed, so that nobody forgets a new option.
func TestConnectionKey(t *testing.T) {
	same := " ConnectTime IdleTime ReplyTime TLS KeyLog NoDelay Keepalive TTL TOS Buffer Cleartext "
	same += "Cert Key ALPN " // which a session keeps
	r := get(t, "https://h.example/")
	k := &Client{Wire: &wire.Dialer{}}
	plain := k.key(r)
	for i := range reflect.TypeFor[wire.Options]().NumField() {
		var o wire.Options
		f, name := reflect.ValueOf(&o).Elem().Field(i), reflect.TypeFor[wire.Options]().Field(i).Name
		switch f.Kind() {
		case reflect.Bool:
			f.SetBool(true)
		case reflect.String:
			f.SetString("x")
		case reflect.Slice:
			f.Set(reflect.ValueOf([]string{"x"}))
		}
		k.Wire.Options = o
		if got := k.key(r) != plain; got == strings.Contains(same, " "+name+" ") {
			t.Errorf("%s: another connection: %v", name, got)
		}
	}
	k.Wire.Options = wire.Options{}
	for _, c := range []*Request{{Socket: "/s"}, {Version: "2"}, {NoCert: true}, {URL: parsed(t, "http://h.example/")}, {URL: parsed(t, "https://h.example:8443/")}} {
		if c.URL == nil {
			c.URL = r.URL
		}
		if k.key(c) == plain {
			t.Errorf("%+v shares a connection", c)
		}
	}
}

// HTTP-12: versions, as the server sees them.
func TestVersions(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		w.Header().Set("Trailer", "X-End")
		fmt.Fprintf(w, "%s %s %s %s", r.Proto, r.Host, b, r.Header.Get("Authorization"))
		w.Header().Set("X-End", "yes")
	})
	plain := httptest.NewUnstartedServer(handler)
	plain.Config.Protocols = new(http.Protocols)
	plain.Config.Protocols.SetHTTP1(true)
	plain.Config.Protocols.SetUnencryptedHTTP2(true)
	plain.Start()
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(handler)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(secure.Close)
	for _, c := range []struct{ base, version, want string }{
		{plain.URL, "", "HTTP/1.1"}, {plain.URL, "1.1", "HTTP/1.1"}, {plain.URL, "1.0", "HTTP/1.0"}, {plain.URL, "2", "HTTP/2.0"},
		{secure.URL, "", "HTTP/1.1"}, {secure.URL, "2", "HTTP/2.0"},
	} {
		var trace strings.Builder
		k := client(t, wire.Options{Insecure: true})
		k.Wire.Trace = func(e wire.Event) { trace.Write(e.Data) }
		for range 3 {
			r := get(t, c.base+"/x")
			r.Method, r.Body, r.Version = "POST", Text("hello"), c.version
			r.Fields = Fields{{"Authorization", "Bearer S3CR3T-T0K3N"}}
			res, err := k.Do(t.Context(), r)
			got := body(t, res, err)
			if got != c.want+" "+r.URL.Host+" hello Bearer S3CR3T-T0K3N" {
				t.Errorf("%s %q: %s", c.base, c.version, got)
			}
			if c.version != "1.0" && res.Trailers.Get("x-end") != "yes" {
				t.Errorf("%s %q: trailers %v", c.base, c.version, res.Trailers)
			}
		}
		if n := k.Counts(); n.Requests != 3 || n.Connections != map[bool]int{true: 3, false: 1}[c.version == "1.0"] {
			t.Errorf("%s %q: %+v", c.base, c.version, n)
		}
		if c.version == "2" && strings.Contains(trace.String(), "S3CR3T") {
			t.Errorf("%s %q: a secret in the trace", c.base, c.version)
		}
	}
}

// HTTP-19: a unix socket.
func TestUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) })}
	done := make(chan error)
	go func() { done <- srv.Serve(l) }()
	t.Cleanup(func() { srv.Close(); <-done })
	r := get(t, "http://virtual.example/x")
	r.Socket = path
	res, err := client(t, wire.Options{}).Do(t.Context(), r)
	if got := body(t, res, err); got != "virtual.example" {
		t.Errorf("%q", got)
	}
}

// A server that has heard enough is believed, though the body is not sent
// whole.
func TestEarlyAnswer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stay := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		io.ReadFull(c, make([]byte, 100))
		io.WriteString(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
		<-stay
	}()
	t.Cleanup(func() { close(stay); l.Close(); <-done })
	r := get(t, "http://"+l.Addr().String())
	r.Method = "POST"
	r.Body = &Body{Size: -1, Open: func() io.ReadCloser { return io.NopCloser(endless{}) }}
	res, err := client(t, wire.Options{}).Do(t.Context(), r)
	if got := body(t, res, err); got != "no" || res.Code != 413 {
		t.Errorf("%d %q", res.Code, got)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// The body of a request that fails on our side is our fault.
func TestUnreadableBody(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
	for _, c := range []struct {
		body *Body
		says string
	}{
		{&Body{Size: 10, Open: func() io.ReadCloser { return io.NopCloser(strings.NewReader("short")) }}, "5 bytes, not 10"},
		{&Body{Size: 3, Open: func() io.ReadCloser { return io.NopCloser(strings.NewReader("longer")) }}, "6 bytes, not 3"},
		{&Body{Size: -1, Open: func() io.ReadCloser { return io.NopCloser(broken{}) }}, "cannot be read"},
	} {
		r := get(t, srv.URL)
		r.Method, r.Body = "PUT", c.body
		_, err := client(t, wire.Options{}).Do(t.Context(), r)
		wants(t, err, fault.ReadLocal, c.says)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("no more") }

// HTTP-18: requests in one line come back in their order; where the server
// ends the line, that is known.
func TestPipeline(t *testing.T) {
	var served atomic.Int64
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		if r.URL.Path == "/7" {
			w.Header().Set("Connection", "close")
		}
		io.WriteString(w, "body of "+r.URL.Path)
	})
	k := client(t, wire.Options{})
	var rs []*Request
	for i := range 10 {
		rs = append(rs, get(t, fmt.Sprintf("%s/%d", srv.URL, i)))
	}
	// queue gives all at once.
	queue := func(rs []*Request) func(int) []*Request {
		return func(int) []*Request {
			next := rs
			rs = nil
			return next
		}
	}
	each := func(i int, res *Response) error {
		if got := body(t, res, nil); got != "body of "+rs[i].URL.Path {
			t.Errorf("%d: %q", i, got)
		}
		return nil
	}
	if n, err := k.Pipeline(t.Context(), queue(rs), each); n != 0 || err != nil {
		t.Errorf("without a connection: %d, %v", n, err)
	}
	res, err := k.Do(t.Context(), rs[0])
	body(t, res, err)
	if n, err := k.Pipeline(t.Context(), queue(rs), each); n != 8 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := k.Pipeline(t.Context(), queue(rs[8:]), each); n != 0 || err != nil {
		t.Errorf("on a closed connection: %d, %v", n, err)
	}
}

// HTTP-18: requests follow before those before them are answered, each once,
// and no more of them than the kernel holds for a server that does not read.
func TestPipelineGoesOn(t *testing.T) {
	long := strings.Repeat("x", 1000)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	srv := "http://" + l.Addr().String()
	const many = 100
	go func() { // answers no request before the next one is there, but the last
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		r := bufio.NewReader(conn)
		answer := func(path string) {
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(path), path)
		}
		var before string
		for {
			req, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			path := strings.TrimSuffix(req.URL.Path, long)
			switch {
			case path == "/first":
				answer(path)
			case before != "":
				answer(before)
				fallthrough
			default:
				before = path
			}
			if path == fmt.Sprint("/", many-1) {
				answer(path)
			}
		}
	}()
	k := client(t, wire.Options{})
	res, err := k.Do(t.Context(), get(t, srv+"/first"))
	body(t, res, err)
	made, most := 0, 0
	more := func(waiting int) (rs []*Request) {
		most = max(most, waiting)
		for range min(20, many-made) {
			rs = append(rs, get(t, fmt.Sprintf("%s/%d%s", srv, made, long)))
			made++
		}
		return rs
	}
	n, err := k.Pipeline(t.Context(), more, func(i int, res *Response) error {
		if got := body(t, res, nil); got != fmt.Sprint("/", i) {
			t.Errorf("%d: %q", i, got)
		}
		return nil
	})
	if n != many || err != nil {
		t.Errorf("%d of %d, %v", n, many, err)
	}
	if most < 2 || most*len(long) > taken {
		t.Errorf("up to %d of 1 KB waited", most)
	}
	if c := k.Counts(); c.Connections != 1 {
		t.Errorf("%d connections", c.Connections)
	}
}

// I07: nothing in a Request makes a second line.
func TestCheck(t *testing.T) {
	ok := get(t, "http://h/")
	for _, change := range []func(*Request){
		func(r *Request) { r.Method = "GET /\r\nX:" },
		func(r *Request) { r.Method = "" },
		func(r *Request) { r.Host = "h\r\nX: y" },
		func(r *Request) { r.Fields = Fields{{"A\n", "b"}} },
		func(r *Request) { r.Fields = Fields{{"A", "b\nc"}} },
		func(r *Request) { r.URL.RawQuery = "a\nb" },
		func(r *Request) { r.URL.RawQuery = "a b" },
		func(r *Request) { r.URL.Scheme = "ftp" },
		func(r *Request) { r.URL.Host = "" },
	} {
		r := ok.clone()
		u := *ok.URL
		r.URL = &u
		change(r)
		if err := r.Check(); fault.Of(err) != fault.BadArgument {
			t.Errorf("%+v: %v", r, err)
		}
	}
	if err := ok.Check(); err != nil {
		t.Error(err)
	}
}

// What is sent is sent whole, or not.
func TestWhole(t *testing.T) {
	if b, err := Whole(strings.NewReader("abc"), 3, "it"); err != nil || string(b) != "abc" {
		t.Errorf("%q, %v", b, err)
	}
	_, err := Whole(strings.NewReader("abcd"), 3, "it")
	wants(t, err, fault.TooLarge, "it has more")
	_, err = Whole(iotest.ErrReader(io.ErrUnexpectedEOF), 3, "it")
	wants(t, err, fault.ReadLocal, "cannot be read")
}

// A body that panics ends its exchange, not the program.
func TestUploadPanics(t *testing.T) {
	addr := peer(t, func(int, *http.Request) string { return "" })
	r := get(t, addr)
	r.Method = "POST"
	r.Body = &Body{Size: -1, Once: true, Open: func() io.ReadCloser {
		return io.NopCloser(readerFunc(func([]byte) (int, error) { panic("a fault on purpose") }))
	}}
	_, err := client(t, wire.Options{}).Do(t.Context(), r)
	wants(t, err, fault.Internal, "a fault of wireline")
}

// HTTP-12: a server that speaks HTTP/1 only is told of in words.
func TestPriorKnowledge(t *testing.T) {
	addr := peer(t, func(int, *http.Request) string { return "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n" })
	r := get(t, addr)
	r.Version = "2"
	_, err := client(t, wire.Options{}).Do(t.Context(), r)
	wants(t, err, fault.Protocol, "answers with HTTP/1")
}
