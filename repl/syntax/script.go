// Package syntax turns text into commands. It knows no verbs and runs
// nothing: a text is parsed whole before any of it is done.
//
// Network text needs no quotes here. In a bare word every character is
// ordinary, backslash included, with few exceptions:
//
//   - & && | || > >> 2> < << and # are operators only after a blank (and # at
//     the start of a line); ; only before a blank or at the end of a line.
//     <x@y> is a word.
//   - a quote opens at the start of a word, after = : or /, or after another
//     quoted piece; a " also after a letter or digit, if another " follows on
//     the line. Anywhere else it is an ordinary character, and then so are the
//     quotes after it in that word: don't and {"a":"b"} are words as they are.
//   - a word that is $name, $name.path, $? or $(command) and nothing more is
//     replaced by its value; any other $ is ordinary.
//   - a backslash that ends a line, after a blank, joins the next line to it.
//
// In 'single quotes' all is literal. In "double quotes" $name and $(command)
// are replaced and \r \n \t \0 \xHH \u{H...} \\ \" \$ are read; any other
// backslash is ordinary. A value is never parsed again: it is part of one
// word, whatever is in it.
package syntax

import "fmt"

// A Script is a parsed text. Lines that are blank or comments are left out.
type Script struct {
	Lines []Line
	Uses  int // of an alias: how many of the words that follow it are in it
}

// Only is the command that s consists of, if it is nothing but words.
func (s *Script) Only() *Command {
	if len(s.Lines) != 1 || len(s.Lines[0].Items) != 1 || s.Lines[0].Background {
		return nil
	}
	c := &s.Lines[0].Items[0].Cmd
	if len(c.Words) == 0 || c.Let != "" || c.Shell != "" || c.Session != "" || c.Pipe != "" || c.Here != nil || len(c.Redirs) > 0 || c.Ignore {
		return nil
	}
	return c
}

// A Pos is a place in the text: byte Offset from 0, Line and Col from 1, Col
// in characters.
type Pos struct{ Offset, Line, Col int }

// String is "line:col".
func (p Pos) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Col) }

// A Line is a list of commands that is entered, recorded and stopped as one.
type Line struct {
	Pos        Pos
	Text       string // the source, without comment and here-documents
	Items      []Item
	Background bool   // ends in &
	Block      *Block // the lines that belong to it, if Items is if or for
}

// An Op says how a command depends on the one before it.
type Op int

// The ops. First is the op of the first command of a line.
const (
	First Op = iota
	Semi     // ; whatever became of the last
	And      // && if it succeeded
	Or       // || if it failed
)

func (o Op) String() string { return [...]string{"", ";", "&&", "||"}[o] }

// An Item is a command of a line.
type Item struct {
	Op  Op
	Cmd Command
}

// A Command is one command: words to run, or a text for the system's shell,
// or a variable to set.
type Command struct {
	Pos     Pos
	Text    string // its source, up to the next operator
	Ignore  bool   // written "- command": its failure does not stop a script
	Session string // NAME of a leading @NAME
	Words   []Word
	Shell   string // what follows !; then there are no Words
	Let     string // NAME of let NAME = WORD; the word is Words[0]
	Pipe    string // what follows |, for the system's shell
	Redirs  []Redir
	Here    *Here
}

// A Redir sends output to a file or takes input from one.
type Redir struct {
	Op   string // > >> 2> or <
	File Word
}

// A Here is a here-document.
type Here struct {
	Pos  Pos
	Mark string // the word that ends it
	Body Word   // its lines, each with its line feed
}

// A Word is one argument. However it expands, it stays one.
type Word struct {
	Pos   Pos
	Text  string // the source, quotes included
	Quote byte   // ' or " if the whole word is one quoted piece, else 0
	Parts []Part
}

// A Part of a word is a Lit, a Var or a Sub.
type Part interface{ part() }

// A Lit stands for itself.
type Lit string

// A Var is the name of a variable: "id", "last.data.uid" or "?".
type Var string

// A Sub is replaced by the output of a script.
type Sub struct{ *Script }

func (Lit) part() {}
func (Var) part() {}
func (Sub) part() {}
