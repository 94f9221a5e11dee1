package repl

import (
	"fmt"
	"testing"

	"wireline/protocols/fault"
)

// RAW-29: few ports, by number, name and range.
func TestPortList(t *testing.T) {
	for in, want := range map[string]string{
		"22": "[22]", "80,443": "[80 443]", "8000-8003": "[8000 8001 8002 8003]", "imaps": "[993]", "smtp,8000-8001": "[25 8000 8001]",
	} {
		if got, err := portList("tcp", []string{in}); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
	for _, bad := range []string{"0", "5-3", "70000", "1-2000", "nosuch-service", "1-", ""} {
		if got, err := portList("tcp", []string{bad}); fault.Of(err) != fault.BadArgument {
			t.Errorf("%s: %v, %v", bad, got, err)
		}
	}
	if _, err := portList("tcp", nil); fault.Of(err) != fault.Usage {
		t.Errorf("none: %v", err)
	}
}
