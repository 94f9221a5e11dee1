package xmlrpc

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/playground"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, d *wire.Dialer, base string, w Ways) *Session {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	s, err := connect(protocols.Peer{Dialer: d, Target: wire.Target{URL: u, Scheme: wire.Scheme{Name: u.Scheme}}}, t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.(*Session)
}

// do runs a verb and gives its result as JSON, or its text.
func do(t *testing.T, s *Session, name string, words ...string) (string, error) {
	t.Helper()
	v, ok := verb.Find(verbs(), name)
	if !ok {
		t.Fatalf("no verb %s", name)
	}
	env := verb.Env{Open: func(name string) (verb.Input, error) {
		f, err := os.Open(name)
		return verb.Input{Name: name, Size: -1, ReadCloser: f}, err
	}}
	res, err := v.Do(t.Context(), s, env, words)
	if err != nil {
		return "", err
	}
	var all []any
	switch r := res.(type) {
	case *verb.Blob:
		b, err := io.ReadAll(r)
		if cerr := r.Close(); err == nil {
			err = cerr
		}
		return string(b), err
	case string:
		return r, nil
	case verb.Stream[Method]:
		for m, err := range r {
			if err != nil {
				return "", err
			}
			all = append(all, m)
		}
		res = all
	case verb.Stream[Result]:
		for m, e := range r {
			if e != nil {
				err = e
				break
			}
			all = append(all, m)
		}
		res = all
	}
	b, jerr := json.Marshal(res)
	if jerr != nil {
		t.Fatal(jerr)
	}
	return string(b), err
}

// RPC-01: the XML is that of Python's xmlrpc.client for the same values.
func TestEncode(t *testing.T) {
	python := lab.Need(t, "python3")
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte(strings.Repeat("\x00bytes\xff", 20)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		python string
		words  []string
	}{
		{"1, -7, 2147483647", []string{"1", "-7", "2147483647"}},
		{"2.5, -0.25, 1e16, 1e-5, 1e300, 3.0, 123456789.125", []string{"2.5", "-0.25", "1e16", "1e-5", "1e300", "3.0", "123456789.125"}},
		{"True, False, None", []string{"true", "false", "null"}},
		{`"s", "41", "a<b>&\"'c", "ü", "a\nb", "1.2.3", "-", "dt", "x:y"`, []string{"s", "s:41", `a<b>&"'c`, "ü", "a\nb", "1.2.3", "-", "dt", "x:y"}},
		{`[1, "a", [], [2.5, None]]`, []string{`[1,"a",[],[2.5,null]]`}},
		{`{"b": 1, "a": {"c": [True]}}`, []string{`{"b":1,"a":{"c":[true]}}`}},
		{`b"hi", open(` + `"` + file + `"` + `,"rb").read(), b""`, []string{"base64:hi", "@" + file, "base64:"}},
		{`datetime.datetime(2026,1,2,3,4,5)`, []string{"dt:2026-01-02T03:04:05"}},
	} {
		out, err := exec.Command(python, "-c", "import xmlrpc.client, datetime, sys; sys.stdout.write(xmlrpc.client.dumps(("+c.python+",), 'm.x', allow_none=True))").Output()
		if err != nil {
			t.Fatal(c.python, err)
		}
		got, err := encode(append([]string{"m.x"}, c.words...))
		if got != string(out) || err != nil {
			t.Errorf("%v: %v\n%s\nPython:\n%s", c.words, err, got, out)
		}
		m, err := parse(strings.NewReader(got))
		if err != nil || m.method != "m.x" || len(m.params) != len(c.words) {
			t.Errorf("%v: comes back as %+v, %v", c.words, m, err)
		}
	}
	if got, err := encode([]string{"m", "i8:9223372036854775807"}); err != nil || !strings.Contains(got, "<i8>9223372036854775807</i8>") {
		t.Errorf("%s, %v", got, err)
	}
	for _, w := range []string{"2147483648", "99999999999999999999", "i8:x", "int:2147483648", "dt:tomorrow", "[1,", "{", "[1]]", "[2147483648]", "a\x00b", "boolean:maybe", "base64", "@/none/there"} {
		if got, err := encode([]string{"m", w}); w != "base64" && fault.Of(err) != fault.BadArgument && fault.Of(err) != fault.ReadLocal {
			t.Errorf("%q: %s, %v", w, got, err)
		}
	}
}

// RPC-02 and the limits: what a response may be, and what is refused.
func TestParse(t *testing.T) {
	response := func(value string) string {
		return "<?xml version='1.0'?><methodResponse><params><param>" + value + "</param></params></methodResponse>"
	}
	for text, want := range map[string]string{
		"<value>bare</value>":                                                             `"bare"`,
		"<value> </value>":                                                                `" "`,
		"<value><string/></value>":                                                        `""`,
		"<value><i4> 7 </i4></value>":                                                     `7`,
		"<value><i8>-9223372036854775808</i8></value>":                                    `-9223372036854775808`,
		"<value><ex:nil xmlns:ex='x'/></value>":                                           `null`,
		"<value>\n<double>1.5</double>\n</value>":                                         `1.5`,
		"<value><boolean>1</boolean></value>":                                             `true`,
		"<value><base64>aGk=\n</base64></value>":                                          `"aGk="`,
		"<value><array><data/></array></value>":                                           `[]`,
		"<value><struct/></value>":                                                        `{}`,
		"<value><string>&lt;&amp;&#228;</string></value>":                                 `"\u003c\u0026ä"`,
		"<value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value>":           `"1998-07-17T14:08:55"`,
		"<value><struct><member><name>a</name><value>b</value></member></struct></value>": `{"a":"b"}`,
	} {
		m, err := parse(strings.NewReader(response(text)))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, _ := json.Marshal(plain(m.params[0])); string(got) != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	latin := "<?xml version='1.0' encoding='ISO-8859-1'?><methodResponse><params><param><value>\xe4</value></param></params></methodResponse>"
	if m, err := parse(strings.NewReader(latin)); err != nil || m.params[0] != "ä" {
		t.Errorf("%v, %v", m, err)
	}
	deep := strings.Repeat("<value><array><data>", 200)
	for _, c := range []struct {
		text string
		kind *fault.Kind
	}{
		{"", fault.Protocol}, {"<", fault.Protocol}, {"hello", fault.Protocol}, {"<html></html>", fault.Protocol},
		{"<methodResponse></methodResponse>", fault.Protocol},
		{"<methodResponse><params>", fault.Protocol},
		{response(""), fault.Protocol},
		{response("<value><int>x</int></value>"), fault.Protocol},
		{response("<value><int>1</int><int>2</int></value>"), fault.Protocol},
		{response("<value><what/></value>"), fault.Protocol},
		{response("<value><boolean>2</boolean></value>"), fault.Protocol},
		{response("<value><base64>!</base64></value>"), fault.Protocol},
		{response("<value><struct><name>a</name></struct></value>"), fault.Protocol},
		{response("<value>a</value><value>b</value>"), fault.Protocol},
		{response(deep), fault.Limit},
		{"<methodResponse><fault><value>x</value></fault></methodResponse>", fault.Protocol},
		{"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>" + strings.TrimPrefix(response("<value>&a;</value>"), "<?xml version='1.0'?>"), fault.Protocol},
	} {
		if m, err := parse(strings.NewReader(c.text)); fault.Of(err) != c.kind || strings.Contains(err.Error(), "EOF") {
			t.Errorf("%.200s: %+v, %v", c.text, m, err)
		}
	}
}

// L09: what a server sends is not kept many times over, and is read no further
// than it may be.
func TestParseBounds(t *testing.T) {
	const head = "<methodResponse><params><param><value>"
	for name, c := range map[string]struct {
		head, unit string
		most       int // bytes that are read
	}{
		"attributes":        {"<methodResponse ", `a="b" `, 64 << 10},
		"quoted attributes": {"<methodResponse ", `a=">" b='>"' `, 64 << 10},
		"a name":            {head + "<", "a", 64 << 10},
		"text":              {head + "<string>", "text ", 1 << 18},
		"a comment":         {"<!-- ", "text <a> ", 1 << 18},
		"members":           {head + "<struct>", "<member><name>a</name><value/></member>", 1 << 18},
		"depth":             {head, "<array><data><value>", 64 << 10},
	} {
		from := &endless{text: c.head, unit: c.unit}
		_, err := parseUpTo(from, 1<<18)
		if fault.Of(err) != fault.Limit || from.n > c.most+64<<10 {
			t.Errorf("%s: %v, after %d bytes", name, err, from.n)
		}
	}
	m, err := parse(strings.NewReader(head + "<string><![CDATA[" + strings.Repeat("x", 2*maxTag) + "]]></string></value></param></params></methodResponse>"))
	if err != nil || len(m.params[0].(string)) != 2*maxTag {
		t.Errorf("long text: %v", err)
	}
}

// An endless is text, and then units for ever.
type endless struct {
	text, unit string
	n          int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.text == "" {
		e.text = strings.Repeat(e.unit, 1000)
	}
	n := copy(p, e.text)
	e.text, e.n = e.text[n:], e.n+n
	return n, nil
}

func FuzzParse(f *testing.F) {
	f.Add("<methodResponse><params><param><value><int>1</int></value></param></params></methodResponse>")
	f.Add("<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>4</int></value></member><member><name>faultString</name><value>x</value></member></struct></value></fault></methodResponse>")
	f.Add("<methodCall><methodName>m</methodName></methodCall>")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parse(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, v := range m.params {
			if _, err := json.Marshal(plain(v)); err != nil && !strings.Contains(err.Error(), "unsupported value") {
				t.Errorf("%v: %v", v, err)
			}
		}
	})
}

func FuzzWords(f *testing.F) {
	for _, w := range []string{"1", "2.5", "true", `[1,{"a":null}]`, "i8:1", "dt:2026-01-02", "@"} {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, w string) {
		if strings.HasPrefix(w, "@") {
			return
		}
		text, err := encode([]string{"m", w})
		if err != nil {
			return
		}
		if m, err := parse(strings.NewReader(text)); err != nil || len(m.params) != 1 {
			t.Errorf("%q is %q, which is %v", w, text, err)
		}
	})
}

const service = `
import sys
from xmlrpc.server import SimpleXMLRPCServer
class S(SimpleXMLRPCServer):
    allow_reuse_address = True
s = S((sys.argv[1], int(sys.argv[2])), logRequests=False, allow_none=True)
s.register_introspection_functions()
s.register_multicall_functions()
def add(a, b):
    "adds two numbers"
    return a + b
s.register_function(add)
s.register_function(lambda *a: list(a), "echo")
s.register_function(lambda: 1 / 0, "fail")
print("ready")
s.serve_forever()
`

// RPC-01 to RPC-05 against Python's xmlrpc.server.
func TestPython(t *testing.T) {
	r := lab.Start(t, lab.Python(service))
	s := open(t, &wire.Dialer{}, "http://"+r.Addr()+"/RPC2", Ways{Gzip: true})
	for _, c := range []struct {
		words []string
		want  string
		kind  *fault.Kind
	}{
		{[]string{"ls", "a*"}, `[{"name":"add"}]`, nil},
		{[]string{"describe", "add"}, `[{"name":"add","help":"adds two numbers"}]`, nil},
		{[]string{"call", "add", "1", "2"}, `3`, nil},
		{[]string{"call", "add", "ü", "<x>"}, `ü<x>`, nil},
		{[]string{"call", "echo", "1", "2.5", "true", "null", `{"a":[1]}`, "dt:2026-01-02T03:04:05", "base64:hi"}, `[1,2.5,true,null,{"a":[1]},"2026-01-02T03:04:05","aGk="]`, nil},
		{[]string{"call", "fail"}, "", fault.Refused},
		{[]string{"call", "none"}, "", fault.Refused},
		{[]string{"multicall", "add 1 2", `echo "a b" [1, 2]`}, `[{"call":"add 1 2","ok":true,"value":3},{"call":"echo \"a b\" [1, 2]","ok":true,"value":["a b",[1,2]]}]`, nil},
	} {
		got, err := do(t, s, c.words[0], c.words[1:]...)
		if fault.Of(err) != c.kind || got != c.want {
			t.Errorf("%v: %s, %v; want %s", c.words, got, err, c.want)
		}
	}
	_, err := do(t, s, "call", "fail")
	if err == nil || !strings.Contains(err.Error(), "ZeroDivisionError") {
		t.Errorf("%v", err)
	}
	if code, text := s.Reply(); code != "1" || !strings.Contains(text, "ZeroDivisionError") {
		t.Errorf("%s %s", code, text)
	}
	dump, err := do(t, s, "call", "add", "1", "2", "--dump")
	if err != nil || !strings.HasPrefix(dump, "<?xml version='1.0'?>\n<methodCall>") || !strings.Contains(dump, "<methodResponse>") {
		t.Errorf("%s, %v", dump, err)
	}
	if names, err := s.Complete(t.Context(), "method", "system.m"); err != nil || strings.Join(names, " ") != "system.methodHelp system.methodSignature system.multicall" {
		t.Errorf("%v, %v", names, err)
	}
}

// The playground's service, by the words of the tutorial.
func TestPlayground(t *testing.T) {
	w, err := playground.Start(t.Context(), playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	s := open(t, &wire.Dialer{Map: w.Map}, "http://www/RPC2", Ways{})
	for _, c := range []struct {
		words []string
		want  string
		kind  *fault.Kind
	}{
		{[]string{"call", "examples.getStateName", "41"}, `South Dakota`, nil},
		{[]string{"call", "examples.getStateName", "99"}, "", fault.Refused},
		{[]string{"call", "examples.fault"}, "", fault.Refused},
		{[]string{"describe", "examples.add"}, `[{"name":"examples.add","signatures":["int (int, int)"],"help":"the sum of two numbers"}]`, nil},
		{[]string{"call", "examples.echo", "1", `{"k":[true,2.5]}`}, `[1,{"k":[true,2.5]}]`, nil},
		{[]string{"multicall", "examples.add 1 2", "examples.fault"}, `[{"call":"examples.add 1 2","ok":true,"value":3},{"call":"examples.fault","ok":false,"fault_code":4,"fault_string":"Too many parameters."}]`, fault.Refused},
		{[]string{"call", "http://www/nowhere", "x"}, "", fault.Refused},
		{[]string{"call", "http://elsewhere/RPC2", "x"}, "", fault.Usage},
		{[]string{"ls", "http://www/RPC2", "*State*"}, `[{"name":"examples.getStateName"}]`, nil},
	} {
		got, err := do(t, s, c.words[0], c.words[1:]...)
		if fault.Of(err) != c.kind || got != c.want {
			t.Errorf("%v: %s, %v; want %s", c.words, got, err, c.want)
		}
	}
	if i := s.Info().(Info); i.Connections != 1 {
		t.Errorf("%+v", i)
	}
}

// RPC-04: a fault without a word is one, and the first is what the call ends with.
func TestMulticallFaults(t *testing.T) {
	fails := func(code, text string) string {
		return "<value><struct><member><name>faultCode</name><value><int>" + code + "</int></value></member><member><name>faultString</name><value><string>" + text + "</string></value></member></struct></value>"
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "<methodResponse><params><param><value><array><data>"+fails("7", "")+fails("8", "no")+"</data></array></value></param></params></methodResponse>")
	}))
	defer srv.Close()
	got, err := do(t, open(t, &wire.Dialer{}, srv.URL, Ways{}), "multicall", "a", "b")
	if fault.Of(err) != fault.Refused || !strings.Contains(err.Error(), "7") || strings.Count(got, `"ok":false`) != 2 {
		t.Errorf("%s, %v", got, err)
	}
}

// RPC-05: login, cookies, and a body that is compressed both ways.
func TestHTTP(t *testing.T) {
	cookies := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, ok := r.BasicAuth(); !ok || user != "ann" || password != "secret" {
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(401)
			return
		}
		if _, err := r.Cookie("k"); err == nil {
			cookies++
		}
		http.SetCookie(w, &http.Cookie{Name: "k", Value: "v"})
		z, err := gzip.NewReader(r.Body)
		if err != nil || r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("Accept-Encoding") != "gzip" {
			w.WriteHeader(400)
			return
		}
		m, err := parse(z)
		if err != nil {
			w.WriteHeader(400)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		out := gzip.NewWriter(w)
		io.WriteString(out, "<methodResponse><params><param><value>"+m.method+"</value></param></params></methodResponse>")
		out.Close()
	}))
	t.Cleanup(srv.Close)
	s := open(t, &wire.Dialer{}, srv.URL, Ways{User: "ann:secret", Gzip: true})
	for range 2 {
		if got, err := do(t, s, "call", "hello"); got != `hello` || err != nil {
			t.Errorf("%s, %v", got, err)
		}
	}
	if cookies != 1 {
		t.Errorf("the cookie came %d times", cookies)
	}
	_, err := do(t, open(t, &wire.Dialer{}, srv.URL, Ways{User: "ann:wrong"}), "call", "hello")
	if fault.Of(err) != fault.Login {
		t.Errorf("%v", err)
	}
	if _, err := do(t, open(t, &wire.Dialer{}, srv.URL, Ways{}), "call", "hello"); fault.Of(err) != fault.Refused {
		t.Errorf("%v", err)
	}
}

func TestDecode(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f.xml")
	if err := os.WriteFile(file, []byte("<methodCall><methodName>m</methodName><params><param><value><i4>1</i4></value></param></params></methodCall>"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, &wire.Dialer{}, "http://localhost:1/", Ways{})
	if got, err := do(t, s, "decode", file); got != `{"method":"m","params":[1]}` || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := do(t, s, "encode", "m", "1"); !strings.HasPrefix(got, "<?xml") || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if s.Where() != "/RPC2" {
		t.Errorf("at %s", s.Where())
	}
}
