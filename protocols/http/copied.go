package http

import (
	"fmt"
	"strconv"
	"strings"

	"wireline/protocols/web"
)

// A copied request is one that another program is to make.
type copied struct {
	m    *web.Request
	body string
	has  bool
}

// fields are the headers, secrets left out.
func (c copied) fields() (all web.Fields) {
	if c.m.Host != "" {
		all.Add("Host", c.m.Host)
	}
	for _, f := range c.m.Fields {
		if web.Secret(f.Name) {
			f.Value = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(discreet(f.Name+": "+f.Value)), f.Name+":"))
		}
		all.Add(f.Name, f.Value)
	}
	return all
}

func (c copied) curl() string {
	words := []string{"curl"}
	switch {
	case c.m.Method == "HEAD":
		words = append(words, "-I")
	case c.m.Method != "GET" || c.has:
		words = append(words, "-X", c.m.Method)
	}
	if c.m.Version != "" {
		words = append(words, "--http"+c.m.Version)
	}
	if c.m.Socket != "" {
		words = append(words, "--unix-socket", shellQuote(c.m.Socket))
	}
	for _, f := range c.fields() {
		text := f.Name + ": " + f.Value
		if f.Value == "" {
			text = f.Name + ";"
		}
		words = append(words, "-H", shellQuote(text))
	}
	if c.has {
		words = append(words, "--data-binary", shellQuote(c.body))
	}
	return strings.Join(append(words, shellQuote(c.m.URL.String())), " ") + "\n"
}

func (c copied) python() string {
	var b strings.Builder
	kind, module := "HTTPConnection", "http.client"
	if c.m.URL.Scheme == "https" {
		kind = "HTTPSConnection"
	}
	fmt.Fprintf(&b, "import %s\n\nc = %s.%s(%s)\n", module, module, kind, pythonQuote(c.m.URL.Host))
	body := ""
	if c.has {
		body = ", body=b" + pythonQuote(c.body)
	}
	b.WriteString("c.request(" + pythonQuote(c.m.Method) + ", " + pythonQuote(c.m.URL.RequestURI()) + body + ", headers={\n")
	for _, f := range c.fields() {
		b.WriteString("    " + pythonQuote(f.Name) + ": " + pythonQuote(f.Value) + ",\n")
	}
	b.WriteString("})\nr = c.getresponse()\nprint(r.status, r.reason)\nprint(r.read().decode())\n")
	return b.String()
}

func (c copied) golang() string {
	var b strings.Builder
	body := "nil"
	imports := []string{"fmt", "io", "net/http"}
	if c.has {
		body = "strings.NewReader(" + strconv.Quote(c.body) + ")"
		imports = append(imports, "strings")
	}
	b.WriteString("package main\n\nimport (\n")
	for _, name := range imports {
		b.WriteString("\t" + strconv.Quote(name) + "\n")
	}
	fmt.Fprintf(&b, ")\n\nfunc main() {\n\treq, err := http.NewRequest(%q, %q, %s)\n\tif err != nil {\n\t\tpanic(err)\n\t}\n", c.m.Method, c.m.URL.String(), body)
	for _, f := range c.fields() {
		if f.Name == "Host" {
			fmt.Fprintf(&b, "\treq.Host = %q\n", f.Value)
			continue
		}
		fmt.Fprintf(&b, "\treq.Header.Add(%q, %q)\n", f.Name, f.Value)
	}
	b.WriteString("\tres, err := http.DefaultClient.Do(req)\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tdefer res.Body.Close()\n")
	b.WriteString("\ttext, err := io.ReadAll(res.Body)\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tfmt.Println(res.Status)\n\tfmt.Print(string(text))\n}\n")
	return b.String()
}
