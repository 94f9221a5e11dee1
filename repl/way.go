package repl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/repl/render"
)

// away asks the user whether to go where err leads: out of the protocol, to a
// server that another server has named (G01), or what a verb has to know. It
// gives the commands that go on with that, none if the user does not want to.
// asked is whether there was anything to ask, and somebody to be asked.
func (r *run) away(ctx context.Context, err error) (commands [][]string, asked bool) {
	if !r.sh.prompts || !r.io.seen() || r.flags.JSON {
		return nil, false
	}
	var q *protocols.Question
	if errors.As(err, &q) {
		line, err := r.sh.editor.Answer(ctx, render.Clean(q.Text))
		if err != nil || strings.TrimSpace(line) == "" {
			return nil, err == nil
		}
		return [][]string{append(slices.Clone(q.Words), line)}, true
	}
	var way protocols.Way
	if !errors.As(err, &way) {
		return nil, false
	}
	scheme, _, _ := strings.Cut(string(way), ":")
	p := r.sh.speaks(scheme)
	if p == nil {
		return nil, false
	}
	question := fmt.Sprintf("this leads to %s, which is %s; go there?", render.Clean(string(way)), p.Name)
	if yes, err := r.sh.editor.Confirm(ctx, question); err != nil || !yes {
		return nil, err == nil
	}
	if p.Route != nil {
		return [][]string{{p.Name, string(way)}}, true
	}
	commands = [][]string{{"connect", string(way)}}
	if _, talks := verb.Find(p.Verbs, "interact"); talks {
		commands = append(commands, []string{"interact"})
	}
	return commands, true
}

// lead goes there.
func (r *run) lead(ctx context.Context, commands [][]string) error {
	for _, words := range commands {
		if err := r.sh.words(ctx, "", words, false, r.io); err != nil {
			return err
		}
	}
	return nil
}
