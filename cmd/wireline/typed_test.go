//go:build unix

package main

import (
	"regexp"
	"strings"
	"testing"
)

// the grammar's examples do at the prompt what they do in a script.
func TestGrammarsExamplesTyped(t *testing.T) {
	failed := regexp.MustCompile(`\([A-Z_]+, exit [0-9]+\)`)
	for _, example := range examples {
		t.Run(example, func(t *testing.T) {
			p := sit(t, "demo")
			p.sees("wireline> ")
			for line := range strings.Lines(example) {
				p.types(strings.TrimSuffix(line, "\n") + "\r")
			}
			p.types("echo the end\r")
			shown := p.sees("\nthe end\r\n")
			if told := failed.FindString(shown); told != "" && !strings.Contains(example, "||") {
				t.Errorf("%s: %s", told, shown)
			}
		})
	}
}
