package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// A newsServer has one group, g, with articles that are made as they are asked
// for. It counts those that it has sent.
type newsServer struct {
	articles int64
	delay    time.Duration // between a command and the answer to it
	over     bool          // overviews are what counts, and not articles
	in       chan asked
	out      *bufio.Writer
	at       int64 // the current article
	sent     int64
}

// An asked command is one that came at some time.
type asked struct {
	line string
	at   time.Time
}

// news is a service that talks to one client until that has gone.
func (s newsServer) serve(c *net.TCPConn) (int64, error) {
	s.in, s.out, s.at = make(chan asked, 1<<16), bufio.NewWriterSize(c, 256<<10), 1
	go func() {
		defer close(s.in)
		in := bufio.NewReader(c)
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			s.in <- asked{strings.TrimRight(line, "\r\n"), time.Now()}
		}
	}()
	s.out.WriteString("200 bench ready\r\n")
	s.out.Flush()
	for a := range s.in {
		if s.delay > 0 {
			time.Sleep(time.Until(a.at.Add(s.delay)))
		}
		end := s.answer(a.line)
		if len(s.in) == 0 || end {
			if err := s.out.Flush(); err != nil {
				return s.sent, err
			}
		}
		if end {
			c.CloseWrite()
			return s.sent, nil
		}
	}
	return s.sent, nil
}

// answer obeys a command, and reports whether it was the last.
func (s *newsServer) answer(line string) (end bool) {
	f := append(strings.Fields(strings.ToUpper(line)), "", "", "")
	switch f[0] {
	case "CAPABILITIES":
		s.out.WriteString("101 capabilities\r\nVERSION 2\r\nREADER\r\nOVER\r\nLIST ACTIVE OVERVIEW.FMT\r\n.\r\n")
	case "MODE":
		s.out.WriteString("200 reader\r\n")
	case "GROUP":
		fmt.Fprintf(s.out, "211 %d 1 %d g\r\n", s.articles, s.articles)
	case "LISTGROUP":
		fmt.Fprintf(s.out, "211 %d 1 %d g\r\n", s.articles, s.articles)
		for n := range s.articles {
			s.out.WriteString(strconv.FormatInt(n+1, 10) + "\r\n")
		}
		s.out.WriteString(".\r\n")
	case "LIST":
		s.out.WriteString("215 fields\r\nSubject:\r\nFrom:\r\nDate:\r\nMessage-ID:\r\nReferences:\r\n:bytes\r\n:lines\r\n.\r\n")
	case "OVER", "XOVER":
		s.out.WriteString("224 overviews\r\n")
		s.overviews(span(f[1], s.articles))
	case "XHDR":
		s.out.WriteString("221 ids\r\n")
		for from, to := span(f[2], s.articles); from <= to; from++ {
			fmt.Fprintf(s.out, "%d <%d@bench.example>\r\n", from, from)
		}
		s.out.WriteString(".\r\n")
	case "ARTICLE", "HEAD", "BODY", "NEXT":
		s.article(f[0], f[1])
	case "QUIT":
		s.out.WriteString("205 bye\r\n")
		return true
	default:
		s.out.WriteString("500 what?\r\n")
	}
	return false
}

// span reads 1-100 and 5-.
func span(word string, last int64) (from, to int64) {
	a, b, ranged := strings.Cut(word, "-")
	from, _ = strconv.ParseInt(a, 10, 64)
	if to = from; ranged {
		if to, _ = strconv.ParseInt(b, 10, 64); b == "" {
			to = last
		}
	}
	return from, min(to, last)
}

// overviews are lines of 268 bytes, as an average group has them.
func (s *newsServer) overviews(from, to int64) {
	var b []byte
	for ; from <= to; from++ {
		b = strconv.AppendInt(b[:0], from, 10)
		b = append(b, "\tRe: A subject of the length that subjects have, number "...)
		b = strconv.AppendInt(b, from, 10)
		b = append(b, "\tA. Writer of News <writer@example.org>\tSat, 28 Nov 2026 12:00:00 +0000\t<"...)
		b = strconv.AppendInt(b, from, 10)
		b = append(b, "@bench.example>\t<a.first.article@bench.example> <another.one@bench.example>\t2048\t40\tXref: bench g:"...)
		b = strconv.AppendInt(b, from, 10)
		s.out.Write(append(b, "\r\n"...))
		if s.over {
			s.sent++
		}
	}
	s.out.WriteString(".\r\n")
}

// text is the body of every article: 60 lines, some with a dot before them.
var text = bytes.Repeat([]byte("A line of text as people write them, with some words in it.\r\n..a dot, doubled\r\n"), 50)

func (s *newsServer) article(what, number string) {
	n := s.at
	if what == "NEXT" {
		n++
	} else if number != "" {
		n, _ = strconv.ParseInt(number, 10, 64)
	}
	if n < 1 || n > s.articles {
		s.out.WriteString("423 no such article\r\n")
		return
	}
	s.at = n
	code := map[string]int{"ARTICLE": 220, "HEAD": 221, "BODY": 222, "NEXT": 223}[what]
	fmt.Fprintf(s.out, "%d %d <%d@bench.example>\r\n", code, n, n)
	if what == "NEXT" {
		return
	}
	if what != "BODY" {
		fmt.Fprintf(s.out, "Path: bench!not-for-mail\r\nFrom: writer@example.org\r\nNewsgroups: g\r\nSubject: Number %d\r\nDate: Sat, 28 Nov 2026 12:00:00 +0000\r\n"+
			"Message-ID: <%d@bench.example>\r\nXref: bench g:%d\r\nLines: 100\r\n", n, n, n)
	}
	if what == "ARTICLE" {
		s.out.WriteString("\r\n")
	}
	if what != "HEAD" {
		s.out.Write(text)
		if !s.over {
			s.sent++
		}
	}
	s.out.WriteString(".\r\n")
}

// asking sends lines to a server, and copies what it says to w.
func asking(c io.ReadWriter, w io.Writer, lines []string) error {
	if _, err := io.WriteString(c, strings.Join(lines, "\r\n")+"\r\n"); err != nil {
		return err
	}
	_, err := copied(w, c)
	return err
}
