// Package render shows results, traces and errors. It is the only place that
// knows formats, and the only one that makes text from elsewhere harmless to
// a terminal.
package render

// Options say how results are shown.
type Options struct {
	JSON     bool     // one object a line
	Terminal bool     // out is a terminal: content is made harmless, tables are aligned
	Color    bool     // wanted; nothing is coloured unless Terminal is set too
	Always   bool     // it is coloured even when out is not a terminal
	Theme    *Theme   // nil: the default
	Width    int      // columns of the terminal; 0 is 80
	Raw      bool     // content is shown as it is, even on a terminal
	Fields   []string // columns of a table or keys of a record, by their JSON names; nil: all
	Header   bool     // tables have one even when out is not a terminal
	CSV      bool     // rows and records as in RFC 4180, below a line of their names
	Template string   // what is written for each row or record, with names of fields in braces; "": nothing of the kind
}

func (o Options) width() int {
	if o.Width <= 0 {
		return 80
	}
	return o.Width
}
