package gopher

import (
	"bytes"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// An Item is what a request asks for. Its texts are the bytes that the server
// or the user gave.
type Item struct {
	Type     byte // 0 when it is not known
	Name     string
	Selector string
	Search   string // the words, for a search
	Host     string
	Port     int
	Secure   bool   // by TLS
	Local    bool   // a file of this machine, whose path is the selector
	Base     string // the root of the hole that a local one is in

	via string // address that the menu came from, if there is one
}

// address is host:port of the server that has it.
func (it Item) address() string { return net.JoinHostPort(it.Host, strconv.Itoa(it.Port)) }

// same reports whether it and o are asked for with the same request.
func (it Item) same(o Item) bool {
	return it.Selector == o.Selector && it.Search == o.Search && it.at(o)
}

// at reports whether one server has both.
func (it Item) at(o Item) bool {
	return it.Port == o.Port && it.Secure == o.Secure && it.Local == o.Local && sameHost(it.Host, o.Host)
}

func sameHost(a, b string) bool {
	return strings.EqualFold(a, b) || isLoopback(a) && isLoopback(b)
}

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || host == "127.0.0.1" || host == "::1"
}

func (it Item) kind() kind {
	switch {
	case it.web() != "":
		return asElsewhere
	case it.Type == 0:
		return asText
	}
	return classOf(it.Type).kind
}

// web is the URL that an item of type h leads to, by a custom that began
// with "URL:" in the selector; "" for any other item.
func (it Item) web() string {
	if it.Type != 'h' {
		return ""
	}
	s := strings.TrimPrefix(it.Selector, "/")
	if len(s) > 4 && strings.EqualFold(s[:4], "URL:") {
		return s[4:]
	}
	return ""
}

// parse reads a line of a menu (RFC 1436, section 2), without its end. before
// is the type of the item before it, which a line of type + has as well. An
// item that cannot be asked for comes with the reason.
func parse(line []byte, before byte) (it Item, broken string) {
	line = bytes.TrimRight(line, "\r")
	if len(line) == 0 {
		return Item{Type: 'i'}, ""
	}
	it.Type = line[0]
	text := string(line)
	name, rest, _ := strings.Cut(text[1:], "\t")
	it.Name = name
	if it.Type == 'i' || it.Type == '3' {
		return it, ""
	}
	if it.Type < ' ' || it.Type > '~' {
		return Item{Name: text}, "no type"
	}
	selector, rest, some := strings.Cut(rest, "\t")
	host, rest, all := strings.Cut(rest, "\t")
	if !some || !all {
		it.Name = text
		return it, "fields are missing"
	}
	number, _, _ := strings.Cut(rest, "\t")
	it.Selector, it.Host = selector, host
	if it.Type == '+' && before != 0 {
		it.Type = before
	}
	if it.web() != "" {
		return it, ""
	}
	port, err := strconv.ParseUint(strings.TrimSpace(number), 10, 16)
	switch {
	case it.Host == "" || strings.ContainsAny(it.Host, " /?#@%\x00\r"):
		return it, fmt.Sprintf("%q is no host", it.Host)
	case err != nil || port == 0:
		return it, fmt.Sprintf("%q is no port", number)
	case strings.ContainsAny(it.Selector, "\r\x00"):
		return it, "a control character is in the selector"
	}
	it.Port = int(port)
	return it, ""
}
