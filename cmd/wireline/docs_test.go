package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wireline/protocols/lab"
)

//go:generate go run . help --write ../../docs

// written is the directory of all documents, made anew.
func written(t *testing.T) string {
	dir := t.TempDir()
	if status := run([]string{"--quiet", "help", "--write", dir}); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	return dir
}

// the reference that is kept is what go generate would write.
func TestReference(t *testing.T) {
	const kept = "../../docs/reference"
	made := filepath.Join(written(t), "reference")
	seen := map[string]bool{}
	for _, dir := range []string{kept, made} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			name := e.Name()
			if seen[name] {
				continue
			}
			seen[name] = true
			was, _ := os.ReadFile(filepath.Join(kept, name))
			is, _ := os.ReadFile(filepath.Join(made, name))
			if string(was) != string(is) {
				t.Errorf("docs/reference/%s is not what the declarations say; make docs writes it", name)
			}
		}
	}
}

// the manual is well formed.
func TestManual(t *testing.T) {
	dir := filepath.Join(written(t), "man")
	n := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		out, _ := lab.Command(t, "mandoc", "-T", "lint", "-W", "warning", path).CombinedOutput()
		for line := range strings.Lines(string(out)) {
			if !strings.Contains(line, "missing date") { // which would differ each day
				t.Error(strings.TrimSpace(line))
			}
		}
		return nil
	})
	if err != nil || n < 10 {
		t.Errorf("%d pages, %v", n, err)
	}
	text, err := lab.Command(t, "mandoc", "-T", "utf8", filepath.Join(dir, "wireline-tcp.1")).Output()
	for _, want := range []string{"--hex", "Python: s.send"} {
		if err != nil || !strings.Contains(plainText(string(text)), want) {
			t.Errorf("%v: no %q in wireline-tcp(1)", err, want)
		}
	}
}

// plainText is what is left of text that a printer would strike twice.
func plainText(s string) string {
	var b []rune
	for _, r := range s {
		if r == '\b' && len(b) > 0 {
			b = b[:len(b)-1]
			continue
		}
		b = append(b, r)
	}
	return string(b)
}

// the completions of the three shells propose the same words.
func TestShellCompletion(t *testing.T) {
	dir := filepath.Join(written(t), "completion")
	asks := map[string]func(t *testing.T, words []string) *exec.Cmd{
		"bash": func(t *testing.T, words []string) *exec.Cmd {
			const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _wireline; printf '%s\n' "${COMPREPLY[@]}"`
			path, err := exec.LookPath("bash")
			if err != nil {
				lab.Skip(t, "no bash")
			}
			return exec.CommandContext(t.Context(), path, append([]string{"--norc", "-c", script, "bash", dir + "/wireline.bash"}, words...)...)
		},
		"zsh": func(t *testing.T, words []string) *exec.Cmd {
			// The functions of its completion system are stood in for.
			const script = `compdef() {}; _describe() { print -l -- ${(P)2%%:*} }; _files() { print FILES }
				f=$1; shift; words=("$@"); CURRENT=$#; source $f; cur=$words[-1]; _wireline | grep -e "^$cur" || true`
			return lab.Command(t, "zsh", append([]string{"-f", "-c", script, "zsh", dir + "/_wireline"}, words...)...)
		},
		"fish": func(t *testing.T, words []string) *exec.Cmd {
			return lab.Command(t, "fish", "--no-config", "-c", `source $argv[1]; complete -C (string join ' ' -- $argv[2..]) | string replace -r '\t.*' ''; true`, dir+"/wireline.fish", strings.Join(words, " "))
		},
	}
	for name, ask := range asks {
		t.Run(name, func(t *testing.T) {
			for _, c := range []struct{ line, want, not string }{
				{"wireline tc", "tcp", "udp"},
				{"wireline tcp s", "send starttls", "recv"},
				{"wireline tcp send --he", "--hex", "--json"},
				{"wireline connect t", "tcp tls telnet", "udp"},
				{"wireline demo ftp g", "get", "ls"},
				{"wireline tcp send --trace ", "hex jsonl line off", "tcp"},
				{"wireline help --sc", "--schema", "--man"},
				{"wireline completion ", "bash zsh fish", ""},
			} {
				out, err := ask(t, strings.Split(c.line, " ")).CombinedOutput()
				got := strings.Fields(string(out))
				for _, w := range strings.Fields(c.want) {
					if err != nil || !slices.Contains(got, w) {
						t.Errorf("%s: no %s in %q, %v", c.line, w, got, err)
					}
				}
				if c.not != "" && slices.Contains(got, c.not) {
					t.Errorf("%s: %s is in %q", c.line, c.not, got)
				}
			}
		})
	}
}
