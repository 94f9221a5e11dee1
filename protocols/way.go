package protocols

// A Way is a URL that leads out of a protocol, such as a telnet service in a
// menu of gopher. A verb that was told to go there fails, and its error has
// the Way among its causes: the shell asks the user, and goes there in the
// protocol that the URL names. Where nobody can be asked, the error stands.
type Way string

// Error says where it leads, as any cause of an error must.
func (w Way) Error() string { return "it leads to " + string(w) }

// A Question is what a verb has to know from the user, such as the words for a
// search that it was told to follow. A verb that lacks it fails, and its error
// has the Question among its causes: the shell asks, and runs Words with the
// answer behind them. Where nobody can be asked, the error stands.
type Question struct {
	Text  string // what is asked, such as "search for:"
	Words []string
}

// Error says what is asked, as any cause of an error must.
func (q *Question) Error() string { return q.Text }

// A Placed session knows the URL of the place where it is: the menu, the
// group. A bookmark leads there.
type Placed interface {
	URL() string
}
