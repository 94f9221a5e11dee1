package main

import (
	"fmt"
	"io"
	"net"
	"os"
)

// limit is this program as a process of its own that does one race's work in
// the simplest way: bench limit send|recv|relay|udp-send PORT..., get PORT PATH
// or ask PORT LINE...
func limit(words []string) int {
	if err := limits(words); err != nil {
		fmt.Fprintln(os.Stderr, "bench limit:", err)
		return 1
	}
	return 0
}

func limits(words []string) error {
	if words[0] == "get" {
		return get(words[1], words[2])
	}
	var ends []io.ReadWriter
	ports := words[1:]
	if words[0] == "ask" {
		ports = ports[:1]
	}
	for _, port := range ports {
		network := "tcp4"
		if words[0] == "udp-send" {
			network = "udp4"
		}
		c, err := net.Dial(network, "127.0.0.1:"+port)
		if err != nil {
			return err
		}
		defer c.Close()
		ends = append(ends, c)
	}
	switch words[0] {
	case "send":
		_, err := copied(ends[0], os.Stdin)
		return err
	case "recv":
		_, err := copied(os.Stdout, ends[0])
		return err
	case "relay":
		_, err := copied(ends[1], ends[0])
		return err
	case "ask":
		return asking(ends[0], os.Stdout, words[2:])
	case "udp-send":
		return datagrams(ends[0], os.Stdin)
	}
	return fmt.Errorf("no work %q", words[0])
}

// get fetches by HTTP/1.0 and looks at nothing.
func get(port, path string) error {
	c, err := net.Dial("tcp4", "127.0.0.1:"+port)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := io.WriteString(c, "GET "+path+" HTTP/1.0\r\n\r\n"); err != nil {
		return err
	}
	_, err = copied(os.Stdout, c)
	return err
}

// datagrams sends what it reads, one send(2) a datagram.
func datagrams(w io.Writer, r io.Reader) error {
	p := make([]byte, datagram*64)
	for {
		n, err := io.ReadFull(r, p)
		for q := p[:n]; len(q) > 0; {
			k := min(len(q), datagram)
			if _, err := w.Write(q[:k]); err != nil {
				return err
			}
			q = q[k:]
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
