package http

import (
	"testing"

	"wireline/protocols/conformance"
)

func TestConformance(t *testing.T) {
	conformance.Test(t, Protocol(), "testdata", conformance.Raw("raw.text", "send.text",
		"post.data", "put.data", "patch.data", "delete.data", "request.data"))
}
