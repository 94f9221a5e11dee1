package ftp_test

import (
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols/conformance"
	"wireline/protocols/ftp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Test(t *testing.T) {
	conformance.Test(t, ftp.Protocol(), "testdata", conformance.Raw("raw"))
}
