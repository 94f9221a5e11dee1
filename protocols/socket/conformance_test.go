package socket

import (
	"runtime"
	"slices"
	"testing"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

func TestConformance(t *testing.T) {
	for _, p := range Protocols() {
		t.Run(p.Name, func(t *testing.T) {
			dir := "testdata/stream"
			if p.Name == "udp" {
				dir = "testdata/datagram"
				// Nothing can be accepted from it: it is another word for bind.
				p.Open = slices.DeleteFunc(p.Open, func(v verb.Verb) bool { return v.Name == "listen" })
			}
			conformance.Test(t, p, dir, conformance.Unframed(), conformance.Patient(),
				conformance.Raw("send", "raw", "put", "sendto", "recv.until"))
		})
	}
}

// RAW-12: unix sockets of the other two kinds, whose boundaries are kept.
func TestUnixPackets(t *testing.T) {
	for _, name := range []string{"unixgram", "unixpacket"} {
		t.Run(name, func(t *testing.T) {
			if name == "unixpacket" && runtime.GOOS != "linux" {
				lab.Skip(t, "seqpacket is Linux's")
			}
			all := Protocols()
			p := all[slices.IndexFunc(all, func(p protocols.Protocol) bool { return p.Name == "unix" })]
			conformance.Test(t, p, "testdata/datagram", conformance.Scheme(name), conformance.Unframed(), conformance.Patient(),
				conformance.Raw("send", "raw", "put", "sendto", "recv.until"))
		})
	}
}
