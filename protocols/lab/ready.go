package lab

import (
	"bufio"
	"net"
	"strings"
	"time"
)

// A Ready reports whether a server is ready. It is asked again and again.
type Ready func(*Running) bool

// Connects is a server that takes a connection on its port. It is not for
// servers that serve but one.
func Connects(r *Running) bool {
	c, err := net.DialTimeout("tcp", r.Addr(), time.Second)
	if err != nil {
		return false
	}
	c.Close()
	return true
}

// Banner is a server that greets with a line that begins so.
func Banner(prefix string) Ready {
	return func(r *Running) bool {
		c, err := net.DialTimeout("tcp", r.Addr(), time.Second)
		if err != nil {
			return false
		}
		defer c.Close()
		// A server that starts a program for each client greets late where
		// the machine is busy; another client would only add to that.
		if c.SetReadDeadline(time.Now().Add(starting/2)) != nil {
			return false
		}
		line, err := bufio.NewReader(c).ReadString('\n')
		return err == nil && strings.HasPrefix(line, prefix)
	}
}

// Logs is a server that has said text in its log.
func Logs(text string) Ready {
	return func(r *Running) bool { return strings.Contains(r.Log(), text) }
}

// Listens is a server that takes a connection on a Unix socket in its
// directory: the file is there before that.
func Listens(name string) Ready {
	return func(r *Running) bool {
		c, err := net.DialTimeout("unix", r.Path(name), time.Second)
		if err != nil {
			return false
		}
		c.Close()
		return true
	}
}
