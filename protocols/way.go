package protocols

// A Way is a URL that leads out of a protocol, such as a telnet service in a
// menu of gopher. A verb that was told to go there fails, and its error has
// the Way among its causes: the shell asks the user, and goes there in the
// protocol that the URL names. Where nobody can be asked, the error stands.
type Way string

// Error says where it leads, as any cause of an error must.
func (w Way) Error() string { return "it leads to " + string(w) }

// A Placed session knows the URL of the place where it is: the menu, the
// group. A bookmark leads there.
type Placed interface {
	URL() string
}
