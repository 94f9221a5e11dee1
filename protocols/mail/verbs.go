package mail

import (
	"context"

	"wireline/protocols/verb"
)

// CatArgs are the arguments of cat.
type CatArgs struct {
	Message string `arg:"message" help:"number, with .PART for one part of the message" complete:"remote"`
	Raw     bool   `flag:"raw" help:"byte for byte as it is kept at the server"`
	HTML    bool   `flag:"html" help:"the HTML of the message as it is, where there is any"`
	All     bool   `flag:"a,all" help:"every line of the header"`
}

// Cat declares cat.
func Cat[S any](f func(S, context.Context, CatArgs) (*verb.Blob, error)) verb.Verb {
	return verb.Verb{
		Name: "cat", Short: "show a message", Number: true,
		Long:    "The text is decoded; of what else the message has, such as attachments, only\na line tells. With .PART it is that part, decoded: cat 3.2",
		Example: []string{"cat 3", "cat 3 --raw", "cat 3.2", "cat 3 | less"},
		Run:     verb.Call(f),
	}
}

// MessageArgs are the arguments of verbs that take one message.
type MessageArgs struct {
	Message string `arg:"message" help:"number of the message" complete:"remote"`
}

// Headers declares headers.
func Headers[S any](f func(S, context.Context, MessageArgs) (verb.Stream[Field], error)) verb.Verb {
	return verb.Verb{
		Name: "headers", Aliases: []string{"header"}, Short: "show the header of a message",
		Example: []string{"headers 3"}, Run: verb.Call(f),
	}
}

// Parts declares parts.
func Parts[S any](f func(S, context.Context, MessageArgs) (verb.Stream[Part], error)) verb.Verb {
	return verb.Verb{
		Name: "parts", Aliases: []string{"attachments"}, Short: "list the parts of a message",
		Example: []string{"parts 3"}, Run: verb.Call(f),
	}
}

// SaveArgs are the arguments of save.
type SaveArgs struct {
	Message string `arg:"message" help:"number of the message, with .PART for one part of it" complete:"remote"`
}

// Save declares save. Its Blob has Save set.
func Save[S any](f func(S, context.Context, SaveArgs) (*verb.Blob, error)) verb.Verb {
	return verb.Verb{
		Name: "save", Short: "write a message, or a part of it, to a file",
		Long:    "A part is decoded, and has the name that the message gives it; -o FILE gives\nanother. A message is written byte for byte as the server has it.",
		Example: []string{"save 3.2", "save 3.2 -o r.pdf", "save 3 -o m.eml"},
		Run:     verb.Call(f),
	}
}
