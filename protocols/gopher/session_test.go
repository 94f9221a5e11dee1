package gopher_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/gopher"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

var plain, secure = gopher.Protocol().Schemes[0], gopher.Protocol().Schemes[1]

// A user has a session and remembers what was remarked.
type user struct {
	*gopher.Session
	wire   *wire.Dialer
	warned []string
}

// connect runs connect, with flags.
func connect(t *testing.T, p *conformance.Peer, flags ...string) *user {
	t.Helper()
	u := &user{wire: &wire.Dialer{Limits: wire.Limits{Idle: time.Minute, Goodbye: 100 * time.Millisecond}}}
	u.wire.Options.NoProxy = "*"
	u.wire.Warn = func(s string) { u.warned = append(u.warned, s) }
	if p.Target.Scheme.Security == wire.TLS {
		u.wire.Options.CA = []string{p.CA}
	}
	v, _ := verb.Find(gopher.Protocol().Open, "connect")
	res, err := v.Do(t.Context(), protocols.Peer{Dialer: u.wire, Target: p.Target}, verb.Env{}, flags)
	if err != nil {
		t.Fatal(err)
	}
	u.Session = res.(*gopher.Session)
	t.Cleanup(func() { u.Close() })
	return u
}

// serve answers each selector with what replies has for it, and closes.
func serve(t *testing.T, s wire.Scheme, replies map[string]string) *conformance.Peer {
	t.Helper()
	return conformance.Serve(t, s, func(c net.Conn) {
		line, err := bufio.NewReader(c).ReadString('\n')
		if err == nil {
			io.WriteString(c, strings.ReplaceAll(replies[strings.TrimRight(line, "\r\n")], "HERE", strings.Replace(c.LocalAddr().String(), ":", "\t", 1)))
		}
	})
}

// all reads a listing to its end.
func all(rows gopher.Rows, err error) ([]gopher.Row, error) {
	var got []gopher.Row
	if err != nil {
		return nil, err
	}
	for row, err := range rows {
		if err != nil {
			return got, err
		}
		got = append(got, row)
	}
	return got, nil
}

func body(t *testing.T, res any, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	b := res.(*verb.Blob)
	defer b.Close()
	p, err := io.ReadAll(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(p)
}

// A binary is the connection itself, so that the kernel may move the bytes,
// and they are untouched (GOPH-06, race 23).
func TestGetBinary(t *testing.T) {
	data := strings.Repeat("\x00\r\n.\r\n\xff..\n", 50000) + ".\r\n"
	u := connect(t, serve(t, plain, map[string]string{"/a.zip": data}))
	b, err := u.Get(t.Context(), gopher.ItemArgs{Item: "/a.zip"})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := b.ReadCloser.(*wire.Conn); !ok {
		t.Errorf("the bytes come through a %T", b.ReadCloser)
	}
	if b.Name != "a.zip" || b.Size != -1 {
		t.Errorf("name %q, size %d", b.Name, b.Size)
	}
	if got := body(t, b, nil); got != data {
		t.Errorf("%d bytes came of %d, or others", len(got), len(data))
	}
	if len(u.warned) != 1 || !strings.Contains(u.warned[0], "end not verifiable") {
		t.Errorf("the remarks are %q", u.warned)
	}
	if _, err := u.Get(t.Context(), gopher.ItemArgs{Item: "/a.zip", View: gopher.View{Look: gopher.Look{Strict: true}}}); fault.Of(err) != fault.Partial {
		t.Errorf("with --strict: %v", err)
	}
}

// TLS vouches for the end of a binary, if it is closed as it should be
// (GOPH-11).
func TestTLS(t *testing.T) {
	p := conformance.Serve(t, secure, func(c net.Conn) {
		line, _ := bufio.NewReader(c).ReadString('\n')
		io.WriteString(c, "0123")
		if strings.HasPrefix(line, "/cut") {
			c.(interface{ NetConn() net.Conn }).NetConn().Close()
		}
	})
	u := connect(t, p, "--strict")
	b, err := u.Get(t.Context(), gopher.ItemArgs{Item: "/a.bin"})
	if got := body(t, b, err); got != "0123" || len(u.warned) > 0 {
		t.Errorf("%q, %q", got, u.warned)
	}
	b, err = u.Get(t.Context(), gopher.ItemArgs{Item: "/cut.bin"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(b); fault.Of(err) != fault.Partial {
		t.Errorf("a cut one: %v", err)
	}
	if got, err := u.Link(t.Context(), gopher.LinkArgs{}); err != nil || !strings.HasPrefix(got, "gophers://") {
		t.Errorf("%s, %v", got, err)
	}
}

// Who leaves a server with TLS for one without is told (GOPH-11).
func TestLeavingTLS(t *testing.T) {
	other := serve(t, plain, map[string]string{"/x": "text\r\n.\r\n"})
	u := connect(t, serve(t, secure, map[string]string{
		"": "0Here\t/h\tHERE\r\n0There\t/x\t" + strings.Replace(other.Target.Host, ":", "\t", 1) + "\r\n.\r\n",
	}))
	rows, err := all(u.Ls(t.Context(), gopher.LsArgs{}))
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	if !strings.HasPrefix(rows[0].URL, "gophers://") || !strings.HasPrefix(rows[1].URL, "gopher://") {
		t.Errorf("%s, %s", rows[0].URL, rows[1].URL)
	}
	res, err := u.Cat(t.Context(), gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: "There"}})
	if got := body(t, res, err); got != "text\r\n" {
		t.Errorf("%q", got)
	}
	if len(u.warned) != 1 || !strings.Contains(u.warned[0], "without TLS") {
		t.Errorf("the remarks are %q", u.warned)
	}
}

// With --try-tls a server with TLS is asked under it, one without is asked
// again and that is told once, and a certificate that is not trusted is no
// reason to do without (GOPH-11).
func TestTryTLS(t *testing.T) {
	replies := map[string]string{"": "0A\t/a\tHERE\r\n.\r\n", "/a": "text\r\n.\r\n"}
	under := serve(t, secure, replies)
	as := func(p *conformance.Peer) *conformance.Peer {
		return &conformance.Peer{Target: wire.Target{URL: &url.URL{Scheme: "gopher", Host: p.Target.Host}, Scheme: plain}}
	}
	u := connect(t, as(under), "--try-tls")
	u.wire.Options.CA = []string{under.CA}
	if rows, err := all(u.Ls(t.Context(), gopher.LsArgs{})); err != nil || len(rows) != 1 || u.wire.Last().TLS() == nil || len(u.warned) != 0 {
		t.Errorf("with TLS: %v, %v, %q", rows, err, u.warned)
	}
	u = connect(t, as(serve(t, plain, replies)), "--try-tls")
	for range 2 {
		res, err := u.Cat(t.Context(), gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: "/a"}})
		if got := body(t, res, err); got != "text\r\n" || u.wire.Last().TLS() != nil {
			t.Errorf("without TLS: %q", got)
		}
	}
	if len(u.warned) != 1 || !strings.Contains(u.warned[0], "has no TLS") {
		t.Errorf("remarks: %q", u.warned)
	}
	u = connect(t, as(under), "--try-tls")
	if _, err := u.Ls(t.Context(), gopher.LsArgs{}); fault.Of(err) != fault.TLSCert {
		t.Errorf("a certificate that is not trusted: %v", err)
	}
}

// A server that keeps the connection open after the end mark does not keep
// the user (T04).
func TestMarkWithoutClose(t *testing.T) {
	u := connect(t, conformance.Serve(t, plain, func(c net.Conn) {
		in := bufio.NewReader(c)
		in.ReadString('\n')
		io.WriteString(c, "text\r\n.\r\n")
		in.ReadByte()
	}))
	took := lab.Stopwatch(t)
	res, err := u.Cat(t.Context(), gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: "/x"}})
	if got := body(t, res, err); got != "text\r\n" || len(u.warned) > 0 {
		t.Errorf("%q, %q", got, u.warned)
	}
	if d := took(); d > 2*time.Second {
		t.Errorf("it took %v", d)
	}
}

// Without an end mark there is a remark, or with --strict an error (G02, T01).
func TestNoMark(t *testing.T) {
	p := serve(t, plain, map[string]string{"": "0A\t/a\tHERE\r\n", "/a": "text"})
	u := connect(t, p)
	if rows, err := all(u.Ls(t.Context(), gopher.LsArgs{})); err != nil || len(rows) != 1 || len(u.warned) != 1 {
		t.Errorf("%v, %v, %q", rows, err, u.warned)
	}
	res, err := u.Cat(t.Context(), gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: "1"}})
	if got := body(t, res, err); got != "text" || len(u.warned) != 2 {
		t.Errorf("%q, %q", got, u.warned)
	}
	u = connect(t, p, "--strict")
	if rows, err := all(u.Ls(t.Context(), gopher.LsArgs{})); len(rows) != 1 || fault.Of(err) != fault.Partial {
		t.Errorf("%v, %v", rows, err)
	}
}

// A long menu goes by in bounded memory; one that never ends is not collected
// (L03).
func TestLongMenu(t *testing.T) {
	const items = 400_000
	p := conformance.Serve(t, plain, func(c net.Conn) {
		bufio.NewReader(c).ReadString('\n')
		w := bufio.NewWriter(c)
		for i := range items {
			fmt.Fprintf(w, "0An item with a name of usual length %d\t/files/%d.txt\th.example\t70\r\n", i, i)
		}
		io.WriteString(w, ".\r\n")
		w.Flush()
	})
	u := connect(t, p)
	rows, err := u.Ls(t.Context(), gopher.LsArgs{})
	if err != nil {
		t.Fatal(err)
	}
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	for row, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		if n++; row.Number != n {
			t.Fatalf("item %d has number %d", n, row.Number)
		}
		if n%100_000 == 0 {
			if runtime.ReadMemStats(&now); now.HeapSys > before.HeapSys+32<<20 {
				t.Fatalf("after %d items the heap has grown from %d to %d", n, before.HeapSys, now.HeapSys)
			}
		}
	}
	if n != items {
		t.Fatalf("%d items", n)
	}
	if got, err := u.Link(t.Context(), gopher.LinkArgs{Item: "70000"}); err != nil || got != "gopher://h.example/0/files/69999.txt" {
		t.Errorf("item 70000 is %s, %v", got, err)
	}
	if _, err := u.Link(t.Context(), gopher.LinkArgs{Item: "400000"}); fault.Of(err) != fault.Usage || !strings.Contains(fault.Hint(err), "8 MiB") {
		t.Errorf("an item that was not kept: %v", err)
	}
	// cd collects, up to so many lines or bytes.
	for _, line := range []string{"i\r\n", "i" + strings.Repeat("x", 60_000) + "\r\n"} {
		many := strings.Repeat(line, 1+64_000/len(line))
		p = conformance.Serve(t, plain, func(c net.Conn) {
			for n := 0; n <= max(70<<20, 1_100_000*len(line)); n += len(many) {
				if _, err := io.WriteString(c, many); err != nil {
					return
				}
			}
		})
		if _, err := connect(t, p).Cd(t.Context(), gopher.CdArgs{}); fault.Of(err) != fault.Limit {
			t.Errorf("cd, with lines of %d bytes: %v", len(line), err)
		}
	}

	// Of one that went to a file less is kept, and it is asked for again.
	p = conformance.Serve(t, plain, func(c net.Conn) {
		bufio.NewReader(c).ReadString('\n')
		w := bufio.NewWriter(c)
		for i := range 50_000 {
			fmt.Fprintf(w, "0Item %d\t/files/%d.txt\th.example\t70\r\n", i, i)
		}
		io.WriteString(w, ".\r\n")
		w.Flush()
	})
	u = connect(t, p)
	if rows, err = u.Ls(t.Context(), gopher.LsArgs{}); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := rows.Text(&text); err != nil || !strings.HasSuffix(text.String(), "\n50000 text    Item 49999  (h.example:70)\n") {
		t.Errorf("%v, the end is %q", err, text.String()[max(0, text.Len()-60):])
	}
	if got, err := u.Link(t.Context(), gopher.LinkArgs{Item: "49000"}); err != nil || got != "gopher://h.example/0/files/48999.txt" {
		t.Errorf("item 49000 is %s, %v", got, err)
	}
}

// A line of 8 MiB is a broken item, and the rest of the menu is there; one
// without an end is the end (G01, L01).
func TestLongLine(t *testing.T) {
	p := conformance.Serve(t, plain, func(c net.Conn) {
		selector, _ := bufio.NewReader(c).ReadString('\n')
		io.WriteString(c, "0A\t/a\th\t70\r\n0")
		block := bytes.Repeat([]byte("x\t"), 1<<19)
		for i := 0; i < 8 || strings.HasPrefix(selector, "/endless"); i++ {
			if _, err := c.Write(block); err != nil {
				return
			}
		}
		io.WriteString(c, "\t/b\th\t70\r\n0B\t/b\th\t70\r\n.\r\n")
	})
	u := connect(t, p)
	rows, err := all(u.Ls(t.Context(), gopher.LsArgs{}))
	if err != nil || len(rows) != 3 || rows[1].Broken == "" || len(rows[1].Name) > 400 || rows[2].Number != 2 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	rows, err = all(u.Ls(t.Context(), gopher.LsArgs{Item: "/endless"}))
	if fault.Of(err) != fault.Limit || len(rows) != 1 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// What is no menu is said to be none, once it has been shown.
func TestNoMenu(t *testing.T) {
	u := connect(t, serve(t, plain, map[string]string{"": "Error: not found\r\nsorry\r\n"}))
	rows, err := all(u.Ls(t.Context(), gopher.LsArgs{}))
	if len(rows) != 2 || fault.Of(err) != fault.Protocol || len(u.warned) > 0 {
		t.Errorf("%v, %v, remarks %q", rows, err, u.warned)
	}
}

// Moving: where, the way back across servers, completion (GOPH-03, GOPH-10).
func TestMove(t *testing.T) {
	other := serve(t, plain, map[string]string{"/o": "1Up\t\tHERE\r\n.\r\n"})
	u := connect(t, serve(t, plain, map[string]string{
		"":       "1Docs\t/docs/\tHERE\r\n1Other\t/o\t" + strings.Replace(other.Target.Host, ":", "\t", 1) + "\r\n.\r\n",
		"/docs/": "1Root\t\tHERE\r\n.\r\n",
	}))
	if _, err := u.Cd(t.Context(), gopher.CdArgs{Item: "2"}); err != nil {
		t.Fatal(err)
	}
	if where, want := u.Where(), "//"+other.Target.Host+"/o"; where != want {
		t.Errorf("at %s, want %s", where, want)
	}
	if _, err := all(u.Back(t.Context(), gopher.MoveArgs{})); err != nil || u.Where() != "/" {
		t.Errorf("back at %s, %v", u.Where(), err)
	}
	if names, _ := u.Complete(t.Context(), "remote", "/d"); !slices.Equal(names, []string{"/docs/"}) {
		t.Errorf("completion of /d: %q", names)
	}
	if _, err := u.Cd(t.Context(), gopher.CdArgs{Item: "docs"}); err != nil || u.Where() != "/docs/" {
		t.Errorf("by name: at %s, %v", u.Where(), err)
	}
	if _, err := u.Cd(t.Context(), gopher.CdArgs{Item: "no such item"}); fault.Of(err) != fault.Empty {
		t.Errorf("elsewhere: %v", err)
	}
	if u.Where() != "/docs/" {
		t.Errorf("after an error at %s", u.Where())
	}
	if i := u.Info().(gopher.Info); i.Items != 1 || i.Back != 1 || i.Forward != 0 {
		t.Errorf("%+v", i)
	}
	if _, err := u.Forward(t.Context(), gopher.MoveArgs{}); fault.Of(err) != fault.Usage {
		t.Errorf("forward from a new place: %v", err)
	}
}

// ls shows a menu again without asking; a verb alone fetches it for numbers.
func TestOneRequest(t *testing.T) {
	var asked atomic.Int32
	u := connect(t, conformance.Serve(t, plain, func(c net.Conn) {
		bufio.NewReader(c).ReadString('\n')
		asked.Add(1)
		io.WriteString(c, "0A\t/a\th.example\t70\r\n.\r\n")
	}))
	if got, err := u.Link(t.Context(), gopher.LinkArgs{Item: "1"}); err != nil || got != "gopher://h.example/0/a" {
		t.Errorf("%s, %v", got, err)
	}
	for range 2 {
		if rows, err := all(u.Ls(t.Context(), gopher.LsArgs{Long: true})); err != nil || len(rows) != 1 {
			t.Errorf("%v, %v", rows, err)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the server was asked %d times", n)
	}
}

// The encoding is told where it is a guess, and changed where it was named
// (GOPH-05).
func TestEncoding(t *testing.T) {
	u := connect(t, serve(t, plain, map[string]string{"/l": "gr\xfc\xdfe\r\n.\r\n", "/d": "\xc9\xcd\xcd\xcd\xbb\r\n.\r\n", "/u": "grüße\r\n.\r\n"}))
	for _, c := range []struct{ item, encoding, kind, want string }{
		{"/l", "", "text/plain; charset=iso-8859-1", "gr\xfc\xdfe\r\n"},
		{"/l", "latin1", "text/plain; charset=utf-8", "grüße\r\n"},
		{"/d", "auto", "text/plain; charset=ibm437", "\xc9\xcd\xcd\xcd\xbb\r\n"},
		{"/d", "cp437", "text/plain; charset=utf-8", "╔═══╗\r\n"},
		{"/u", "", "text/plain; charset=utf-8", "grüße\r\n"},
	} {
		res, err := u.Cat(t.Context(), gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: c.item, View: gopher.View{Type: "0", Look: gopher.Look{Encoding: c.encoding}}}})
		if got := body(t, res, err); got != c.want || res.(*verb.Blob).Type != c.kind {
			t.Errorf("%s as %q: %q, %s", c.item, c.encoding, got, res.(*verb.Blob).Type)
		}
	}
}
