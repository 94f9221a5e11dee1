package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
)

// mailSink takes mail as smtp-sink does, which knows no CHUNKING. It ends with
// the race.
func (c *course) mailSink(context.Context) (port string, err error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() {
				defer conn.Close()
				_ = takeMail(conn) // its client fails, too
			})
		}
	})
	c.ends = append(c.ends, func() { l.Close(); work.Wait() })
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// takeMail is a conversation in SMTP.
func takeMail(c net.Conn) error {
	in, out := bufio.NewReaderSize(c, 256<<10), bufio.NewWriter(c)
	fmt.Fprint(out, "220 sink ESMTP\r\n")
	for {
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		word, rest, _ := strings.Cut(strings.TrimRight(string(line), "\r\n"), " ")
		answer := "250 ok"
		switch strings.ToUpper(word) {
		case "EHLO":
			answer = "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 CHUNKING"
		case "BDAT":
			size, _, _ := strings.Cut(rest, " ")
			n, err := strconv.ParseInt(size, 10, 64)
			if err != nil {
				return err
			}
			if _, err := io.CopyN(io.Discard, in, n); err != nil {
				return err
			}
		case "DATA":
			fmt.Fprint(out, "354 go on\r\n")
			if err := out.Flush(); err != nil {
				return err
			}
			if err := untilDot(in); err != nil {
				return err
			}
		case "QUIT":
			fmt.Fprint(out, "221 bye\r\n")
			return out.Flush()
		}
		fmt.Fprint(out, answer+"\r\n")
	}
}

// untilDot reads a message to its end.
func untilDot(in *bufio.Reader) error {
	for begins := true; ; {
		line, err := in.ReadSlice('\n')
		if begins && string(line) == ".\r\n" {
			return nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		begins = err == nil
	}
}
