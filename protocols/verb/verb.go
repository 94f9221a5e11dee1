// Package verb declares commands.
//
// A verb is a method: it takes a context and one struct of arguments, and it
// returns a value. Everything that is known of a verb (how to parse it, its
// help, its completion, its man page, its JSON schema) is read off that
// declaration.
package verb

import (
	"context"
	"reflect"
)

// A Verb is one declared command. The table of Verbs is the whole user
// interface of a protocol.
type Verb struct {
	Name    string   // what the user types
	Aliases []string // other spellings
	Short   string   // one line, lower case, no full stop
	Long    string   // paragraphs, for help NAME and the man page
	Example []string // lines that must parse; shown in help, checked by tests
	Explain []string // what happens on the wire and its like elsewhere: "send(2)", `Python: s.send(b"hi")`
	Danger  bool     // changes or removes something on the server
	Number  bool     // a bare number as a command is the first argument of this verb
	Sets    bool     // sets something of the session: set NAME VALUE means it, too

	// Rewrite, if it is set, makes the line that the words mean: a verb of the
	// same protocol, its arguments, and flags of any kind. No flag is looked
	// for in the words themselves.
	Rewrite func(words []string) ([]string, error)

	Run Func // made by Call
}

// Explained is v with what happens on the wire in one protocol, for verbs that
// several share.
func (v Verb) Explained(lines ...string) Verb {
	v.Explain = lines
	return v
}

// Named reports whether the user may call v by name.
func (v Verb) Named(name string) bool {
	if v.Name == name {
		return true
	}
	for _, a := range v.Aliases {
		if a == name {
			return true
		}
	}
	return false
}

// Find returns the verb of vs that is called name.
func Find(vs []Verb, name string) (Verb, bool) {
	for _, v := range vs {
		if v.Named(name) {
			return v, true
		}
	}
	return Verb{}, false
}

// Func is a method whose types have been noted and then erased.
type Func struct {
	args, result reflect.Type
	call         func(recv any, ctx context.Context, args any) (any, error)
}

// An Offliner is the arguments of a verb that does without a session when they
// say so, such as for a dry run. The method is then called on the zero value
// of its receiver.
type Offliner interface{ Offline() bool }

// Call makes a Func of a method expression, such as (*Session).Get. R is a
// value, a Stream or a *Blob; an R that is an interface may hold any of them.
func Call[S, A, R any](f func(S, context.Context, A) (R, error)) Func {
	return Func{
		args:   reflect.TypeFor[A](),
		result: reflect.TypeFor[R](),
		call: func(recv any, ctx context.Context, args any) (any, error) {
			var s S
			if recv != nil {
				s = recv.(S)
			}
			return f(s, ctx, *args.(*A))
		},
	}
}

// Shape tells a renderer how to take a result.
type Shape int

const (
	Value   Shape = iota // one record
	Records              // a Stream
	Bytes                // a *Blob
)

func (s Shape) String() string { return [...]string{"value", "records", "bytes"}[s] }

// Shape reports how the result of v is to be taken.
func (v Verb) Shape() Shape {
	switch t := v.Run.result; {
	case t == reflect.TypeFor[*Blob]():
		return Bytes
	case t.Kind() == reflect.Func && t.CanSeq2():
		return Records
	default:
		return Value
	}
}

// Row is the type of the record that v yields.
func (v Verb) Row() reflect.Type {
	if v.Shape() == Records {
		return v.Run.result.In(0).In(0)
	}
	return v.Run.result
}

// Talks reports whether v asks for the terminal.
func (v Verb) Talks() bool {
	t := v.Run.args
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		if t.Field(i).Type == reflect.TypeFor[Terminal]() {
			return true
		}
	}
	return false
}
