package http

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/wire"
)

func TestNginx(t *testing.T) {
	r := lab.Start(t, lab.Nginx(map[string]string{"index.html": `<a href="a.txt">A</a>`, "a.txt": "from nginx\n"}))
	s := open(t, &wire.Dialer{}, r.URL)
	if _, err := do(t, s, "get"); err != nil {
		t.Error(err)
	}
	for range 2 {
		if got, err := do(t, s, "get", "a.txt"); got != "from nginx\n" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	if got, err := do(t, s, "follow", "1"); got != "from nginx\n" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := do(t, s, "back"); !strings.Contains(got, "<a href") || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := do(t, s, "links", "a.txt"); fault.Of(err) != fault.Unsupported {
		t.Errorf("the links of a text: %v", err)
	}
	_, err := do(t, s, "get", "none")
	wants(t, err, fault.Refused, "404 Not Found")
	if i := s.Info().(Info); i.Connections != 1 || i.Requests != 7 {
		t.Errorf("%d requests on %d connections", i.Requests, i.Connections)
	}
}

// https over the wire's TLS.
func TestNginxTLS(t *testing.T) {
	r := lab.Start(t, lab.Nginx(map[string]string{"a.txt": "from nginx\n"}))
	port, err := r.PortOf("tls")
	if err != nil {
		t.Fatal(err)
	}
	cert, err := r.Cert()
	if err != nil {
		t.Fatal(err)
	}
	base := r.Place
	base.Port = port
	s := open(t, &wire.Dialer{Options: wire.Options{CA: []string{cert}}}, "https://"+base.Addr())
	if got, err := do(t, s, "get", "a.txt"); got != "from nginx\n" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	s = open(t, &wire.Dialer{}, "https://"+base.Addr())
	_, err = do(t, s, "get", "a.txt")
	wants(t, err, fault.TLSCert, "")
}

// HTTP/1.0: every response ends with its connection.
func TestPythonHTTP(t *testing.T) {
	dir := t.TempDir()
	text := strings.Repeat("from Python\n", 10000)
	if err := os.WriteFile(filepath.Join(dir, "a b.txt"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, &wire.Dialer{}, lab.Start(t, lab.PythonHTTP(dir)).URL)
	if got, err := do(t, s, "get", "a b.txt"); got != text || err != nil {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if got, err := do(t, s, "get"); !strings.Contains(got, "a b.txt") || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := do(t, s, "follow", "1"); got != text || err != nil {
		t.Errorf("link 1: %d bytes, %v", len(got), err)
	}
	_, err := do(t, s, "post", "/", "a=b")
	wants(t, err, fault.Refused, "501 ")
}

// The playground's https, by a name that only it knows, trusted by its CA.
func TestPlaygroundTLS(t *testing.T) {
	w, d := world(t)
	ca, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	d.Options.CA = []string{ca}
	s := open(t, d, "https://www/")
	for range 2 {
		if got, err := do(t, s, "get", "/bytes/3"); got != "abc" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	if i := s.Info().(Info); i.Connections != 1 || i.Connection.TLS == nil {
		t.Errorf("%+v", i)
	}
}
