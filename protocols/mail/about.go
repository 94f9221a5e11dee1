package mail

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"
)

// About is what a server knows of a message beside its bytes.
type About struct {
	UID      uint32   // 0 if there is none
	Flags    []string // as IMAP has them: \Seen
	Received time.Time
}

// Known is a message that a Drop is given, of which more is known once it has
// been written. A Maildir keeps that in the name and the time of the file.
type Known interface {
	io.WriterTo
	About() About
}

// about is where a message goes in a Maildir, and its name there: those with
// flags to cur, with the flags behind the name.
func about(message io.WriterTo, name string) (dir, as string) {
	k, ok := message.(Known)
	if !ok {
		return "new", name
	}
	a := k.About()
	if a.UID != 0 {
		name += fmt.Sprintf(",U=%d", a.UID)
	}
	info := maildirFlags(a.Flags)
	if info == "" {
		return "new", name
	}
	return "cur", name + infoMark() + "2," + info
}

// infoMark is what stands before the flags in a name.
func infoMark() string {
	if runtime.GOOS == "windows" {
		return ";" // no name may have a colon there
	}
	return ":"
}

// maildirFlags are flags as letters, in order.
func maildirFlags(flags []string) string {
	var letters []byte
	for _, f := range flags {
		i := slices.IndexFunc(maildirLetters, func(x [2]string) bool { return strings.EqualFold(x[0], f) })
		if i >= 0 {
			letters = append(letters, maildirLetters[i][1][0])
		}
	}
	slices.Sort(letters)
	return string(slices.Compact(letters))
}

var maildirLetters = [][2]string{{`\Draft`, "D"}, {`\Flagged`, "F"}, {"$Forwarded", "P"}, {`\Answered`, "R"}, {`\Seen`, "S"}, {`\Deleted`, "T"}}

// received is when a message was received, if that is known and a file system
// will take it.
func received(message io.WriterTo) (at time.Time, ok bool) {
	k, ok := message.(Known)
	if ok {
		at = k.About().Received
	}
	return at, ok && at.Year() >= 1971 && at.Year() <= 2100
}
