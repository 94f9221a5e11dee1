package socket

import (
	"slices"
	"testing"

	"wireline/protocols/conformance"
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
