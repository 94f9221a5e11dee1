//go:build !unix

package wire

// silent is not known here.
func (c *Conn) silent() (is, known bool) { return false, false }
