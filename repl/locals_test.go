package repl

import "testing"

// the history of one protocol.
func TestNames(t *testing.T) {
	sh := testShell()
	for line, want := range map[string]bool{
		"connect http h":      true,
		"http get h/x":        true,
		"open https://h/":     true,
		"get 'http://h/' -O":  true,
		"connect tcp http 80": true, // its host may be called so
		"connect tcp h 80":    false,
		"send http-like":      false,
		"echo https:":         false,
	} {
		if got := sh.names(line, "http"); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}
