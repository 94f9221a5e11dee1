package wire

import (
	"testing"

	"wireline/protocols/fault"
)

// RAW-05: the interface that is asked for is the one that is used.
func TestInterface(t *testing.T) {
	address := serve(t, silent)
	c := dial(t, &Dialer{Options: Options{Interface: "lo"}}, address)
	if got, err := c.Option("SO_BINDTODEVICE"); got != "lo" || err != nil {
		t.Errorf("bound to %q, %v", got, err)
	}
	_, err := (&Dialer{Options: Options{Interface: "nosuch0"}}).Dial(t.Context(), at(address))
	wantFault(t, err, fault.Connect, "the interface nosuch0 cannot be used")
}
