package lab

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
)

// A Server says how one program is run as a server. Args, URL and the
// contents of Files are templates over a Place: {{.Port}}, {{.Dir}}.
type Server struct {
	Program string            // as Need knows it
	Args    []string          // of the program
	Files   map[string]string // written into Dir before the start
	Ports   []string          // names of further ports: {{.PortOf "tls"}}
	Ready   Ready             // nil: Connects
	URL     string            // "" when nothing but an address leads to it
}

// A Place is where a server runs.
type Place struct {
	Dir   string // a directory of the test
	Host  string // an address of the loopback
	Port  int    // free, for tcp and udp
	ports map[string]int
}

// Addr is host:port.
func (p Place) Addr() string { return net.JoinHostPort(p.Host, fmt.Sprint(p.Port)) }

// PortOf is the port that Server.Ports names.
func (p Place) PortOf(name string) (int, error) {
	if n, ok := p.ports[name]; ok {
		return n, nil
	}
	return 0, fmt.Errorf("no port is named %q", name)
}

// Path is the path of a file in Dir.
func (p Place) Path(name string) string { return filepath.Join(p.Dir, name) }

// Cert is the path of a certificate, as Certificate makes it.
func (p Place) Cert() (string, error) {
	cert, _, err := Certificate(p.Dir)
	return cert, err
}

// Key is the path of the key of Cert.
func (p Place) Key() (string, error) {
	_, key, err := Certificate(p.Dir)
	return key, err
}

// literal is a template that yields text.
func literal(text string) string { return strings.ReplaceAll(text, "{{", "{{`{{`}}") }

func (p Place) fill(t testing.TB, text string) string {
	t.Helper()
	tmpl, err := template.New("").Parse(text)
	if err != nil {
		t.Fatal("lab:", err)
	}
	var b strings.Builder
	if err := tmpl.Execute(&b, p); err != nil {
		t.Fatal("lab:", err)
	}
	return b.String()
}

// place finds free ports. They are held together until all are found, so
// that they differ.
func place(t testing.TB, dir string, names []string) Place {
	t.Helper()
	p := Place{Dir: dir, Host: "127.0.0.1", ports: map[string]int{}}
	for _, name := range append([]string{""}, names...) {
		port, release := free(t, p.Host)
		defer release()
		if p.ports[name] = port; name == "" {
			p.Port = port
		}
	}
	return p
}
