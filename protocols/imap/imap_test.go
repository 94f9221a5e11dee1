package imap_test

import (
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols/conformance"
	"wireline/protocols/imap"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// IMAP-01, IMAP-22, T01 to T04, T13, L01, I01: as the suite has them.
func Test(t *testing.T) { conformance.Test(t, imap.Protocol(), "testdata") }
