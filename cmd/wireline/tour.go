package main

import (
	"embed"
	"slices"

	"wireline/protocols/playground"
	"wireline/repl"
)

// tourFiles has a lesson for each protocol: a script of its name.
//
//go:embed tour/*.wl
var tourFiles embed.FS

// lessons are those on what the servers and the shell both speak, in the
// order of the servers.
func lessons(c repl.Config, served []playground.Service) (all []repl.Lesson) {
	for _, name := range protocolsOf(served) {
		for _, p := range c.Protocols {
			if text, err := tourFiles.ReadFile("tour/" + name + ".wl"); err == nil && p.Name == name {
				all = append(all, repl.Lesson{Name: name, Text: string(text)})
			}
		}
	}
	return all
}

// protocolsOf are the protocols of the servers, each once. The web servers
// answer calls of XML-RPC as well.
func protocolsOf(served []playground.Service) (names []string) {
	for _, s := range served {
		if slices.Contains(names, s.Proto) {
			continue
		}
		if names = append(names, s.Proto); s.Proto == "http" {
			names = append(names, "xmlrpc")
		}
	}
	return names
}
