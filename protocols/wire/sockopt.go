package wire

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"

	"wireline/protocols/fault"
)

// A sockOption is an option of setsockopt(2).
type sockOption struct {
	name       string
	level, opt int
	kind       optionKind
}

type optionKind int

const (
	isNumber optionKind = iota
	isLinger            // struct linger
	isSpan              // struct timeval
	isText              // a string
	readOnly            // a number that cannot be set
)

// OptionNames are the socket options that this system knows, by their names
// in C.
func OptionNames() []string {
	var all []string
	for _, o := range sockOptions() {
		all = append(all, o.name)
	}
	return all
}

// findOption finds an option by its name, with or without SO_ and its like.
func findOption(name string) (sockOption, error) {
	up := strings.ToUpper(name)
	var found []sockOption
	for _, o := range sockOptions() {
		if o.name == up {
			return o, nil
		}
		if _, short, ok := strings.Cut(o.name, "_"); ok && short == up {
			found = append(found, o)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return sockOption{}, fault.New(fault.BadArgument, "no socket option is named %q here", name).WithHint("sockopt without a name lists them")
}

func getOption(c syscall.RawConn, name string) (value string, err error) {
	o, err := findOption(name)
	if err != nil {
		return "", err
	}
	if cerr := c.Control(func(fd uintptr) { value, err = o.get(fd) }); cerr != nil {
		return "", optionFault("getsockopt", o, cerr)
	}
	if err != nil {
		return "", optionFault("getsockopt", o, err)
	}
	return value, nil
}

func setOption(c syscall.RawConn, name, value string) error {
	o, err := findOption(name)
	if err != nil {
		return err
	}
	if o.kind == readOnly {
		return fault.New(fault.BadArgument, "%s can be read but not set", o.name)
	}
	if cerr := c.Control(func(fd uintptr) { err = o.set(fd, value) }); cerr != nil {
		return optionFault("setsockopt", o, cerr)
	}
	return optionFault("setsockopt", o, err)
}

func optionFault(call string, o sockOption, err error) error {
	var f *fault.Error
	if err == nil || errors.As(err, &f) {
		return err
	}
	return &fault.Error{Kind: fault.Unsupported, Err: err, Text: fmt.Sprintf("%s(%s): %s", call, o.name, plain(err, err.Error()))}
}

// optionNumber reads the value of an option: a number, or a word for one.
func (o sockOption) optionNumber(value string) (int, error) {
	switch strings.ToLower(value) {
	case "true", "on", "yes":
		return 1, nil
	case "false", "off", "no":
		return 0, nil
	}
	n, err := strconv.ParseInt(value, 0, 32)
	if err != nil {
		return 0, fault.New(fault.BadArgument, "%s takes a number, not %q", o.name, value)
	}
	return int(n), nil
}
