package xmlrpc

import (
	"testing"

	"wireline/protocols/conformance"
)

// An argument may have lines: they are text within the XML, which has a length.
func TestConformance(t *testing.T) {
	conformance.Test(t, Protocol(), "testdata", conformance.Raw("call.argument", "encode.argument"))
}
