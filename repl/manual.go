package repl

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/config"
	"wireline/repl/docs"
	"wireline/repl/transfer"
)

// declared is all that can be typed, for the documents that are made of it.
func (sh *Shell) declared() docs.Tree {
	t := docs.Tree{Version: sh.Version, Usage: sh.Usage, Verbs: sh.verbs(), Options: []docs.Set{
		{Title: "Of the command", Flags: &verb.Common{}},
		{Title: "Of the connection", Flags: &wire.Options{}},
		{Title: "Of the password", Flags: &config.Secrets{}},
		{Title: "Of commands that open a session", Flags: &verb.Following{}},
	}}
	for _, p := range sh.Protocols {
		p.Open = slices.Clone(p.Open)
		for i, v := range p.Open {
			p.Open[i] = withNoun(v, p)
		}
		t.Protocols = append(t.Protocols, p)
	}
	return t
}

func (sh *Shell) manual(words []string, markdown bool) (any, error) {
	make := docs.Man
	if markdown {
		make = docs.Markdown
	}
	t := sh.declared()
	topic := strings.Join(words, " ")
	if page, ok := make(t, topic); ok {
		return page, nil
	}
	return nil, fault.New(fault.Usage, "no page %q%s", topic, didYouMean(topic, docs.Topics(t))).
		WithHint("without a topic it is that of wireline; there are also %s", strings.Join(docs.Topics(t)[1:], ", "))
}

func (sh *Shell) schema(words []string) (any, error) {
	if len(words) == 0 {
		return docs.Schema(sh.declared()), nil
	}
	_, vs := sh.topic(words)
	if len(vs) == 0 {
		return nil, sh.noHelp(words)
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	for _, v := range vs {
		if err := enc.Encode(v.Schema()); err != nil {
			return nil, err
		}
	}
	return b.String(), nil
}

// writeDocs keeps all documents in a directory.
func (sh *Shell) writeDocs(dir string) (any, error) {
	files := docs.Files(sh.declared())
	for _, name := range sorted(files) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return nil, fault.New(fault.WriteLocal, "cannot write %s: %v", path, cause(err))
		}
		f, err := transfer.Create(path, false, 0o666)
		if err != nil {
			return nil, err
		}
		_, err = io.WriteString(f, files[name])
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return nil, fault.New(fault.WriteLocal, "cannot write %s: %v", path, cause(err))
		}
	}
	return note("written: man, reference, completion and schema.json in " + dir), nil
}

type CompletionArgs struct {
	Shell string `arg:"shell" enum:"bash,zsh,fish" help:"whose completion"`
}

// Completion prints the completion of wireline's words for a shell.
func (sh *Shell) Completion(_ context.Context, a CompletionArgs) (string, error) {
	text, _ := docs.Completion(sh.declared(), a.Shell)
	return text, nil
}
