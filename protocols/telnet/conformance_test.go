package telnet

import (
	"path/filepath"
	"testing"

	"wireline/protocols/conformance"
)

// What is typed goes to the server as data, line breaks and all; only the
// user knows when a server must speak.
func TestConformance(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir()) // log writes a file
	conformance.Test(t, Protocol(), dir, conformance.Unframed(), conformance.Patient(),
		conformance.Raw("send", "raw", "put", "interact", "recv.until"))
}
