package playground

import (
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// An rpcValue is a value of XML-RPC, as far as the playground's methods need
// them: an int, a string, or a list.
type rpcValue struct {
	Int    *int       `xml:"int"`
	I4     *int       `xml:"i4"`
	String *string    `xml:"string"`
	List   []rpcValue `xml:"array>data>value"`
	Struct []struct {
		Name  string   `xml:"name"`
		Value rpcValue `xml:"value"`
	} `xml:"struct>member"`
	Text string `xml:",chardata"`
	Raw  string `xml:",innerxml"`
}

func (v rpcValue) number() int {
	switch {
	case v.Int != nil:
		return *v.Int
	case v.I4 != nil:
		return *v.I4
	}
	return 0
}

func (v rpcValue) text() string {
	if v.String != nil {
		return *v.String
	}
	return v.Text
}

type rpcCall struct {
	Method string     `xml:"methodName"`
	Params []rpcValue `xml:"params>param>value"`
}

// An rpcFault is how a method says no.
type rpcFault struct {
	code int
	text string
}

func (f rpcFault) xml() string {
	return "<value><struct><member><name>faultCode</name><value><int>" + strconv.Itoa(f.code) +
		"</int></value></member><member><name>faultString</name><value><string>" + html.EscapeString(f.text) +
		"</string></value></member></struct></value>"
}

// An rpcMethod gives its value as XML.
type rpcMethod struct {
	signature string // what it gives, then what it takes
	help      string
	call      func(params []rpcValue) (string, *rpcFault)
}

func rpcMethods() map[string]rpcMethod {
	return map[string]rpcMethod{
		"examples.getStateName": {"string int", "the name of a state of the USA, by its number from 1 to 50", stateName},
		"examples.add": {"int int int", "the sum of two numbers", func(p []rpcValue) (string, *rpcFault) {
			if len(p) != 2 {
				return "", &rpcFault{3, "two numbers are wanted"}
			}
			return rpcInt(p[0].number() + p[1].number()), nil
		}},
		"examples.echo": {"array", "what it was given, as a list", func(p []rpcValue) (string, *rpcFault) {
			var all []string
			for _, v := range p {
				all = append(all, "<value>"+v.Raw+"</value>")
			}
			return rpcList(all), nil
		}},
		"examples.fault": {"int", "always a fault", func([]rpcValue) (string, *rpcFault) {
			return "", &rpcFault{4, "Too many parameters."}
		}},
	}
}

func rpcInt(n int) string { return "<value><int>" + strconv.Itoa(n) + "</int></value>" }
func rpcString(s string) string {
	return "<value><string>" + html.EscapeString(s) + "</string></value>"
}
func rpcList(all []string) string {
	return "<value><array><data>" + strings.Join(all, "") + "</data></array></value>"
}

func stateName(p []rpcValue) (string, *rpcFault) {
	names := strings.Split("Alabama,Alaska,Arizona,Arkansas,California,Colorado,Connecticut,Delaware,Florida,Georgia,Hawaii,Idaho,Illinois,Indiana,Iowa,Kansas,Kentucky,Louisiana,Maine,Maryland,Massachusetts,Michigan,Minnesota,Mississippi,Missouri,Montana,Nebraska,Nevada,New Hampshire,New Jersey,New Mexico,New York,North Carolina,North Dakota,Ohio,Oklahoma,Oregon,Pennsylvania,Rhode Island,South Carolina,South Dakota,Tennessee,Texas,Utah,Vermont,Virginia,Washington,West Virginia,Wisconsin,Wyoming", ",")
	if len(p) != 1 || p[0].number() < 1 || p[0].number() > len(names) {
		return "", &rpcFault{2, fmt.Sprintf("one number from 1 to %d is wanted", len(names))}
	}
	return rpcString(names[p[0].number()-1]), nil
}

// serveRPC answers calls of methods by XML-RPC.
func serveRPC(rw http.ResponseWriter, r *http.Request) {
	var call rpcCall
	if err := xml.NewDecoder(http.MaxBytesReader(rw, r.Body, maxBody)).Decode(&call); err != nil {
		http.Error(rw, "this is no call: "+err.Error(), http.StatusBadRequest)
		return
	}
	value, f := rpcDo(strings.TrimSpace(call.Method), call.Params)
	body := "<params><param>" + value + "</param></params>"
	if f != nil {
		body = "<fault>" + f.xml() + "</fault>"
	}
	rw.Header().Set("Content-Type", "text/xml")
	_, _ = io.WriteString(rw, "<?xml version=\"1.0\"?>\n<methodResponse>"+body+"</methodResponse>\n")
}

// rpcDo carries out a call, among them those that tell of the others.
func rpcDo(name string, params []rpcValue) (string, *rpcFault) {
	all := rpcMethods()
	names := []string{"system.listMethods", "system.methodHelp", "system.methodSignature", "system.multicall"}
	for n := range all {
		names = append(names, n)
	}
	slices.Sort(names)
	about := ""
	if len(params) > 0 {
		about = params[0].text()
	}
	m, known := all[about]
	switch name {
	case "system.listMethods":
		var list []string
		for _, n := range names {
			list = append(list, rpcString(n))
		}
		return rpcList(list), nil
	case "system.methodHelp":
		if !known && !slices.Contains(names, about) {
			return "", &rpcFault{1, "no method " + about}
		}
		return rpcString(m.help), nil
	case "system.methodSignature":
		if !known {
			return rpcString("undef"), nil
		}
		var types []string
		for t := range strings.FieldsSeq(m.signature) {
			types = append(types, rpcString(t))
		}
		return rpcList([]string{rpcList(types)}), nil
	case "system.multicall":
		return rpcSeveral(params)
	}
	if m, known = all[name]; !known {
		return "", &rpcFault{1, "no method " + name}
	}
	return m.call(params)
}

// rpcSeveral carries out the calls in a list of structs.
func rpcSeveral(params []rpcValue) (string, *rpcFault) {
	if len(params) != 1 {
		return "", &rpcFault{3, "one list of calls is wanted"}
	}
	var results []string
	for _, c := range params[0].List {
		var name string
		var args []rpcValue
		for _, m := range c.Struct {
			switch m.Name {
			case "methodName":
				name = m.Value.text()
			case "params":
				args = m.Value.List
			}
		}
		f := &rpcFault{3, "system.multicall does not call itself"}
		value := ""
		if name != "system.multicall" {
			value, f = rpcDo(name, args)
		}
		if f != nil {
			results = append(results, f.xml())
			continue
		}
		results = append(results, rpcList([]string{value}))
	}
	return rpcList(results), nil
}
