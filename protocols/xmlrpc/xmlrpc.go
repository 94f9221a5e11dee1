// Package xmlrpc calls methods by XML-RPC (http://xmlrpc.com/spec.md), over
// HTTP.
package xmlrpc

import (
	"net/url"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/web"
	"wireline/protocols/wire"
)

var schemes = append([]wire.Scheme{
	{Name: "xmlrpc", Port: "80"},
	{Name: "xmlrpcs", Port: "443", Security: wire.TLS},
}, web.Schemes()...)

// Protocol declares XML-RPC.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name:    "xmlrpc",
		Short:   "calls of methods, over HTTP",
		Schemes: schemes,
		Open: []verb.Verb{{
			Name:    "connect",
			Short:   "set the server; the first call connects",
			Example: []string{"connect xmlrpc http://localhost/RPC2", "connect xmlrpc localhost:8000/RPC2 -u ann"},
			Explain: []string{`Python: xmlrpc.client.ServerProxy("http://localhost/RPC2")`},
			Run:     verb.Call(connect),
		}},
		Verbs: verbs(),
		Route: func(u *url.URL) (string, []string) { return "ls", []string{u.String()} },
	}
}

func verbs() []verb.Verb {
	return []verb.Verb{
		{
			Name:    "call",
			Short:   "call a method",
			Long:    values,
			Example: []string{"call examples.getStateName 41", `call examples.echo '[1, 2.5, "three"]' true`, "call examples.getStateName 41 --dump"},
			Explain: []string{"Python: server.examples.getStateName(41)"},
			Run:     verb.Call((*Session).Call),
		},
		{
			Name:    "multicall",
			Short:   "call several methods in one request",
			Long:    "Each word is a call: the method and its arguments. Without words, each line of < or a pipe is one.\n\n" + values,
			Example: []string{"multicall 'examples.getStateName 41' 'examples.add 1 2'"},
			Explain: []string{"Python: m = xmlrpc.client.MultiCall(server); m.examples.getStateName(41); m()", "system.multicall"},
			Run:     verb.Call((*Session).Multicall),
		},
		{
			Name:    "ls",
			Aliases: []string{"methods"},
			Short:   "list the methods that the server has",
			Example: []string{"ls", "ls 'examples.*'", "ls -l"},
			Explain: []string{"Python: server.system.listMethods()"},
			Run:     verb.Call((*Session).Ls),
		},
		{
			Name:    "describe",
			Short:   "show what a method takes, gives and is for",
			Example: []string{"describe system.listMethods", "describe examples.add examples.getStateName"},
			Explain: []string{"Python: server.system.methodSignature(name), server.system.methodHelp(name)"},
			Run:     verb.Call((*Session).Describe),
		},
		{
			Name:    "caps",
			Short:   "ask which extensions the server knows",
			Example: []string{"caps"},
			Explain: []string{"Python: server.system.getCapabilities()"},
			Run:     verb.Call((*Session).Caps),
		},
		{
			Name:    "encode",
			Short:   "show the XML of a call and send nothing",
			Example: []string{"encode examples.getStateName 41"},
			Explain: []string{`Python: xmlrpc.client.dumps((41,), "examples.getStateName")`},
			Run:     verb.Call((*Session).Encode),
		},
		{
			Name:    "decode",
			Short:   "show the value in the XML of a response or a call",
			Example: []string{"decode response.xml"},
			Explain: []string{"Python: xmlrpc.client.loads(text)"},
			Run:     verb.Call((*Session).Decode),
		},
		{
			Name:    "raw",
			Short:   "send XML as it is, and show the XML that comes",
			Example: []string{"raw < call.xml"},
			Explain: []string{"POST of the XML as it is", "curl -H 'Content-Type: text/xml' --data-binary @call.xml URL"},
			Run:     verb.Call((*Session).Raw),
		},
	}
}

const values = `An argument is read by how it looks:

  41  -7         int; i8:41 is one of 64 bits
  2.5  1e9       double
  true  false    boolean
  null           nil, which not every server knows
  [1, "a"]       array
  {"k": 1}       struct
  @FILE          base64, the bytes of the file; base64:TEXT those of the text
  dt:2026-01-02T03:04:05   dateTime.iso8601
  anything else  string; s:41 is the string 41`
