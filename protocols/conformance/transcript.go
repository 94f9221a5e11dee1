package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"wireline/protocols"
	"wireline/protocols/verb"
)

// A transcript is a conversation in a file: what a peer says and hears, what
// is typed, and what comes of it.
type transcript struct {
	name  string
	files map[string]string // the sections
	peers []string          // sections that are scripts: peer, peer 2, peer data
	lines []command         // what is typed
	opens bool              // the first line begins the session
}

// transcripts reads the files of dir.
func transcripts(p protocols.Protocol, dir string) ([]*transcript, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	var all []*transcript
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		tr, err := read(p, strings.TrimSuffix(filepath.Base(path), ".txtar"), b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, tr)
	}
	return all, nil
}

// sections are those that are not files for verbs to read, beside peers.
var sections = []string{"url", "input", "stdout", "stderr", "trace"}

func read(p protocols.Protocol, name string, text []byte) (*transcript, error) {
	tr := &transcript{name: name, files: map[string]string{}}
	for _, f := range txtar.Parse(text).Files {
		tr.files[f.Name] = string(f.Data)
		if f.Name == "peer" || strings.HasPrefix(f.Name, "peer ") {
			tr.peers = append(tr.peers, f.Name)
		}
	}
	for _, need := range []string{"peer", "input"} {
		if _, ok := tr.files[need]; !ok {
			return nil, fmt.Errorf("no section %q", need)
		}
	}
	for _, peer := range tr.peers {
		if _, err := parse(tr.files[peer], nil); err != nil {
			return nil, err
		}
	}
	for line := range strings.Lines(tr.files["input"]) {
		cmds, err := split(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, err
		}
		for _, s := range cmds {
			c, err := find(p, s)
			if err != nil {
				return nil, err
			}
			if c.opens && len(tr.lines) > 0 {
				return nil, fmt.Errorf("%s must be the first line", c.verb.Name)
			}
			tr.lines = append(tr.lines, c)
			tr.opens = tr.opens || c.opens
		}
	}
	return tr, nil
}

// main is the script of the first connection, for those that want to know
// what is in it and not to play it.
func (tr *transcript) main() []step {
	steps, _ := parse(tr.files["peer"], nil)
	return steps
}

// open gives a verb a section of the transcript as if it were a file.
func (tr *transcript) open(name string) (verb.Input, error) {
	text, ok := tr.files[name]
	if !ok || slices.Contains(sections, name) {
		return verb.Input{}, os.ErrNotExist
	}
	return input(name, text), nil
}
