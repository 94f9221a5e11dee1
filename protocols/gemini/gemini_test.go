package gemini_test

import (
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols/conformance"
	"wireline/protocols/gemini"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Test(t *testing.T) {
	conformance.Test(t, gemini.Protocol(), "testdata", conformance.Raw("raw"))
}
