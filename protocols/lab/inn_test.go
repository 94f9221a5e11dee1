package lab

import "testing"

// The news server answers, as a feed and as a reader, and under TLS.
func TestINN(t *testing.T) {
	n := StartINN(t)
	contains(t, say(t, "tcp", n.Addr(), "CAPABILITIES\r\n", "\r\n.\r\n"), "MODE-READER")
	contains(t, say(t, "tcp", n.Addr(), "MODE READER\r\n", "NNRP"), "(posting ok)")
	if n.TLS.Port == n.Port {
		t.Error("one port for both")
	}
}
