package repl

// rewrite is the call that the words of c mean, which are of another
// program's notation.
func (sh *Shell) rewrite(at string, c *call) (*call, error) {
	words, err := c.verb.Rewrite(c.words)
	if err != nil {
		return nil, err
	}
	return sh.route(at, append([]string{c.proto.Name}, words...), c.argv)
}
