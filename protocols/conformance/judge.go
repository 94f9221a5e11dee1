package conformance

import (
	"errors"
	"fmt"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// judge tells what is wrong with an error, if anything is: what is shown to
// people has a kind, a place, and one line.
func judge(err error) error {
	var e *fault.Error
	var usage *verb.UsageError
	isFault := errors.As(err, &e)
	if !isFault && !errors.As(err, &usage) {
		return fmt.Errorf("it is a %T and not a *fault.Error", err)
	}
	switch text := err.Error(); {
	case fault.Of(err) == fault.Internal:
		return errors.New("it has no kind but INTERNAL")
	case !local(err) && e.Op == "" && e.At == "" && e.Phase == "" && e.Code == "":
		return errors.New("it says neither where nor in which phase")
	case strings.ContainsAny(text, "\r\n"):
		return errors.New("it is more than a line")
	case text == "" || strings.HasPrefix(text, "EOF"):
		return errors.New("it says too little")
	case strings.HasSuffix(text, ".") && (!isFault || e.Code == ""):
		return errors.New("it ends in a full stop")
	case strings.Contains(text, password):
		return errors.New("it has the password in it")
	}
	return nil
}

// local reports whether err is of what was typed, and not of the other side.
func local(err error) bool {
	k := fault.Of(err)
	return k == fault.BadArgument || k == fault.Usage || k == fault.Unsupported || k == fault.ReadLocal
}
