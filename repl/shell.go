// Package repl is the shell: it reads lines, sends each to the verb it names,
// and shows what comes back.
package repl

import (
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/config"
	"wireline/repl/line"
	"wireline/repl/render"
	"wireline/repl/syntax"
)

// A Config is what a Shell is made of.
type Config struct {
	Protocols []protocols.Protocol
	In        *os.File
	Out, Err  io.Writer
	Map       func(network, address string) string // the playground's address book; nil: none
	Options   wire.Options                         // of the connections, unless set or typed otherwise
	Bookmarks map[string]string                    // names for URLs, beside those of the user
	Dir       string                               // of the user's configuration; "" for none is read or kept
	Strict    bool                                 // a script: the first failure ends it
	Lessons   []Lesson                             // of tour
	Version   string                               // of the program, for its manual
	Usage     string                               // of the program: what --help prints
	KeepGoing bool                                 // a failure does not end a script, but is its error
	Check     func(Check)                          // told of what scripts check; nil: nobody
}

// A Shell has the protocols, the open sessions and the streams.
type Shell struct {
	Config
	*shared
	scope
}

// shared is what a shell and its jobs have in common.
type shared struct {
	editor  *line.Editor                // nil until there is a prompt, or something to ask
	screen  atomic.Pointer[line.Editor] // the editor, for those that tell something at any time
	prompts bool                        // lines come from the editor
	now     func() time.Time
	trace   *tracer
	alive   *alive
	remote  remote        // names on servers, for completion
	tokens  config.Tokens // that password commands gave
	touring bool          // tour runs
	warned  bool

	wires atomic.Int64 // the last number of a connection

	hear  sync.Mutex
	hears bool // what sessions tell is shown as it comes: there is a prompt

	mu       sync.Mutex
	sessions []*session
	lastID   int
	current  *session
	jobs     []*job
	queue    []queued
	queueing bool     // a job works the queue off
	viewed   []string // directories of files that programs were started to show
}

// A scope is what each job has of its own, as it was when the job began.
type scope struct {
	vars    map[string]string
	aliases map[string]string
	set     settings
	hosts   []config.Section // settings for some hosts
	last    *render.Envelope // of the command before, for assert and $last
	used    *session         // by that command; nil: none
	exit    int              // status of the command before, $?
	leaving bool             // exit was typed

	followed bool // a script has run in the session that the command opened
}

// New makes a shell. Nothing is opened before it is needed.
func New(c Config) *Shell {
	sh := &Shell{Config: c, shared: &shared{now: time.Now, alive: newAlive()}, scope: scope{vars: map[string]string{}, aliases: map[string]string{}}}
	sh.set.options = c.Options
	sh.set.theme = render.ThemeNames()[0]
	sh.trace = &tracer{sh: sh}
	return sh
}

// fork is a shell with the same sessions, for a job: what it sets is its own.
func (sh *Shell) fork() *Shell {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	own := sh.scope
	own.vars, own.aliases, own.hosts = maps.Clone(own.vars), maps.Clone(own.aliases), slices.Clone(own.hosts)
	return &Shell{Config: sh.Config, shared: sh.shared, scope: own}
}

// Close ends every session politely, and every job. Its error, which has been
// shown, is that of a session that should have carried something out.
func (sh *Shell) Close() (failed error) {
	sh.killJobs()
	for _, s := range sh.list() {
		due := s.due()
		if err := sh.finish(context.Background(), s, true); err != nil && due {
			sh.report("", syntax.Pos{}, err, sh.streams(), false)
			failed = err
		}
	}
	if sh.editor != nil {
		sh.editor.Close()
	}
	sh.trace.close()
	sh.trace.endRecord()
	for _, dir := range sh.viewed {
		os.RemoveAll(dir)
	}
	return failed
}

// tell shows a line that no command asked for, above the prompt if there is
// one.
func (sh *Shell) tell(text string) {
	above{sh}.Write([]byte(render.Clean(text) + "\n"))
}

// console is the terminal, to ask at or to talk through.
func (sh *Shell) console() (*line.Editor, error) {
	if sh.editor != nil {
		return sh.editor, nil
	}
	out, ok := sh.Out.(*os.File)
	errs, ok2 := sh.Err.(*os.File)
	if !ok || !ok2 || sh.In == nil {
		return nil, fault.New(fault.Usage, "there is no terminal")
	}
	c := line.Config{In: sh.In, Out: out, Err: errs, Complete: sh.complete, Redact: redactLine, Continue: unfinished}
	if sh.Dir != "" {
		c.History = filepath.Join(sh.Dir, "history")
	}
	var err error
	if sh.editor, err = line.Open(c); err == nil {
		sh.screen.Store(sh.editor)
	}
	return sh.editor, err
}

// dialer makes the wire of a new session.
func (sh *Shell) dialer(o wire.Options) *wire.Dialer {
	d := &wire.Dialer{Options: o, Limits: sh.set.limits, Map: sh.Map, Warn: sh.tell, Numbers: &sh.wires}
	if sh.Dir != "" {
		d.Known = filepath.Join(sh.Dir, "known_keys")
	}
	sh.trace.attach(d)
	return d
}

// terminal is what a verb that talks is given.
func (sh *Shell) terminal(ctx context.Context) (verb.Terminal, error) {
	e, err := sh.console()
	if err != nil {
		return nil, err
	}
	return e.Terminal(ctx), nil
}
