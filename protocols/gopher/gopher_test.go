package gopher_test

import (
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols/conformance"
	"wireline/protocols/gopher"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Test(t *testing.T) {
	conformance.Test(t, gopher.Protocol(), "testdata", conformance.Raw("raw"))
}
