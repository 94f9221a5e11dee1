package nntp_test

import (
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols/conformance"
	"wireline/protocols/nntp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Test(t *testing.T) {
	conformance.Test(t, nntp.Protocol(), "testdata", conformance.Raw("raw", "post.body"))
}
