package verb

import "time"

// Common are the flags that every verb of a shell understands, beside those of
// its own and those of the connection. What they ask for is done by the shell.
type Common struct {
	JSON    bool          `flag:"json" help:"one JSON object for the command, or one a line for a list"`
	CSV     bool          `flag:"csv" help:"rows and records as CSV, below a line of their names"`
	Row     string        `flag:"template" help:"this text for each row or record, with names of columns in braces, such as '{name} {size}\\n'"`
	Fields  string        `flag:"fields" help:"only these columns of rows, or keys of records; comma separated"`
	Output  string        `flag:"o,output" help:"write the result to this file; - is standard output" complete:"local"`
	Remote  bool          `flag:"O,remote-name" help:"write the result to a file of the name it has at the server"`
	Over    bool          `flag:"overwrite" help:"replace the file if it exists"`
	Resume  bool          `flag:"c,continue" help:"go on with what an earlier try has left"`
	Rate    Size          `flag:"rate" help:"at most this many bytes a second, of what is saved"`
	Timeout time.Duration `flag:"t,timeout" help:"limit for the whole command"`
	MaxTime time.Duration `flag:"max-time" help:"the same, for verbs that have another -t"`
	Trace   string        `flag:"trace" enum:"off,line,talk,hex,jsonl" help:"show what goes over the wire, on standard error; talk has arrows, and the time between lines"`
	Verbose bool          `flag:"v,verbose" help:"the same as --trace line"`
	Quiet   bool          `flag:"q,quiet" help:"no messages but errors"`
	Raw     bool          `flag:"raw-output" help:"do not neutralise control characters on a terminal"`
	Color   string        `flag:"color" enum:"auto,always,never" help:"colour tables, records and messages; auto is on a terminal, unless NO_COLOR is set"`
	Explain bool          `flag:"explain" help:"first say what the command does on the wire"`
	Time    bool          `flag:"time" help:"say afterwards how long each phase took"`
}

// Limit is the time limit of the whole command, 0 for none.
func (c *Common) Limit() time.Duration {
	if c.MaxTime > 0 {
		return c.MaxTime
	}
	return c.Timeout
}

// Following is the flag of verbs that open a session.
type Following struct {
	Script string `flag:"f,script" help:"then run this script in it, instead of talking; - is standard input" complete:"local"`
}
