package wire

import "strings"

// Cleartext is what a server said before TLS began: its greeting, and what it
// answered to the hello of an Upgrade, lines without their ends. Nobody has
// proved that the server said it, so it is for people to read only.
type Cleartext struct {
	Greeting []string
	Hello    []string
}

// Cleartext is what was said before the TLS that Dial or Upgrade has begun.
func (c *Conn) Cleartext() Cleartext {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	return c.clear
}

// bare are lines without their ends.
func bare(lines []string) []string {
	all := make([]string, len(lines))
	for i, l := range lines {
		all[i] = strings.TrimRight(l, "\r\n")
	}
	return all
}
