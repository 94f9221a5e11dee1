package verb

import "io"

// An Input is an argument that is bytes: a file the user named, or what comes
// from < or a pipe. The shell opens it; the verb reads it and closes it.
type Input struct {
	Name          string // "" for standard input
	Size          int64  // -1 when unknown
	io.ReadCloser        // nil when an optional Input was not given; an *os.File where it can be
}

// An Output is an argument that bytes are added to: a file the user named,
// readable by its owner only. The shell opens it; the verb closes it, perhaps
// when the session ends.
type Output struct {
	Name           string
	New            bool // it was not there, or empty
	io.WriteCloser      // nil when an optional Output was not given
}

// A Terminal is an argument for a verb that talks: while it runs, it has the
// user's keyboard and screen, or standard input and output when they are not
// a terminal. A Read ends with the error of Interrupt's cause when the
// context of the verb ends.
type Terminal interface {
	io.Reader // what the user types
	io.Writer // what the user sees
	// IsTerminal reports whether a person is there. When it is false, Raw does
	// nothing, Size is 0, 0, and In and Out give the files, so that the kernel
	// may move the bytes.
	//
	// On a terminal, Out is for what a peer says: control characters are made
	// visible and a line feed gets its return. Write sends what it is given as
	// it is.
	IsTerminal() bool
	Raw(on bool) error
	Size() (columns, rows int)
	Resized() <-chan struct{}
	In() io.Reader
	Out() io.Writer
}

// Env is what the shell gives to verbs that ask for it by the type of a field.
type Env struct {
	Open     func(name string) (Input, error) // "-" is standard input
	Create   func(name string) (Output, error)
	Stdin    func() (Input, bool)         // what < or a pipe feeds, if anything does; nil: nothing
	Terminal Terminal                     // nil when there is none
	Unescape func(string) ([]byte, error) // for words of the command line, which no quotes of ours have read; nil: as they are
}
