package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// races are all of them, in the order of their numbers.
func races() []race {
	return []race{
		startRace(),
		promptRace(),
		httpNullRace(),
		httpFileRace(),
		httpsRace(),
		httpManyRace(),
		httpFarRace(),
		ftpGetRace(),
		ftpPutRace(),
		ftpMirrorRace(),
		ftpListRace(),
		tcpOutRace(),
		tcpNullRace(),
		tcpPipeRace(),
		relayRace(),
		udpOutRace(),
		udpOut8kRace(),
		udpInRace(),
		smtpRace(),
		smtpBdatRace(),
		smtpFarRace(),
		smtpFarBdatRace(),
		pop3MboxRace(),
		pop3MaildirRace(),
		pop3FarRace(),
		imapListRace(),
		imapMaildirRace(),
		imapFarRace(),
		overRace(),
		overCopyRace(),
		newsRace(),
		newsFilesRace(),
		newsFarRace(),
		menuRace(),
		gopherRace(),
		telnetRace(),
		telnetRawRace(),
		telnetKeyRace(),
		keyRace(),
		lineRace(),
		tabRace(),
	}
}

// A race is a piece of work that several programs do.
type race struct {
	number int    // several races may be parts of one number
	name   string // "tcp-out"
	work   string // what is done with the amount
	amount amount
	goal   goal
	enter  func(context.Context, *course) ([]entrant, error) // prepares what all of them need
}

// A goal is what ours should reach; zero is no goal.
type goal struct {
	against string        // the peer that counts; "" is whichever is best
	wall    float64       // at most this many times the peer's
	cpu     float64       // the same, for the processor time of the work that got done
	time    time.Duration // at most
	done    float64       // at least this part of the work
}

// mostRSS is what ours may take in any race.
const mostRSS = 32 << 20

// A role is what an entrant runs for.
type role string

const (
	ours  role = "ours"
	peer  role = "peer"
	bound role = "limit" // the simplest loop that does the work
)

// An entrant is a program in a race.
type entrant struct {
	name    string
	role    role
	program string                              // that must be installed, if any
	heat    func(context.Context) (cost, error) // does the work once
}

// A cost is what one heat took.
type cost struct {
	wall time.Duration
	cpu  time.Duration // of the program: user and system
	rss  int64         // bytes, at its peak
	done float64       // part of the work: 1 is all of it
}

// repeat makes one heat of many that are too short to be measured alone. Its
// cost is that of one.
func repeat(many int64, heat func(context.Context) (cost, error)) func(context.Context) (cost, error) {
	return func(ctx context.Context) (sum cost, err error) {
		for range many {
			one, err := heat(ctx)
			if err != nil {
				return cost{}, err
			}
			sum.wall += one.wall
			sum.cpu += one.cpu
			sum.rss = max(sum.rss, one.rss)
		}
		sum.wall /= time.Duration(many)
		sum.cpu /= time.Duration(many)
		sum.done = 1
		return sum, nil
	}
}

// An amount of work: what is done unless said otherwise, and the full one.
type amount struct {
	quick, full int64
	unit        string // "" is bytes
}

// of is the amount that the command line asks for: "", "full" or a number,
// which may end in K, M or G.
func (a amount) of(s string) (int64, error) {
	switch s {
	case "":
		return a.quick, nil
	case "full":
		return a.full, nil
	}
	digits, shift := s, 0
	if i := slices.Index([]byte("KMG"), s[len(s)-1]); i >= 0 {
		digits, shift = s[:len(s)-1], 10*(i+1)
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("-size %s: not an amount such as 512M, 100000 or full", s)
	}
	return n << shift, nil
}

// text is n of the unit.
func (a amount) text(n int64) string {
	if a.unit != "" {
		return fmt.Sprintf("%d %s", n, a.unit)
	}
	return sizeText(n)
}

// choose finds races by name or number; no names are all races.
func choose(all []race, names []string) (chosen []race, err error) {
	if len(names) == 0 {
		return all, nil
	}
	for _, n := range names {
		found := false
		for _, r := range all {
			if r.name == n || strconv.Itoa(r.number) == n {
				chosen, found = append(chosen, r), true
			}
		}
		if !found {
			return nil, fmt.Errorf("no race %q; -list lists them", n)
		}
	}
	return chosen, nil
}

func list(w io.Writer, all []race) {
	for _, r := range all {
		fmt.Fprintf(w, "  %2d %-10s %s\n", r.number, r.name, r.title(r.amount.quick))
	}
}

// title says what is done n times.
func (r race) title(n int64) string { return fmt.Sprintf(r.work, r.amount.text(n)) }
