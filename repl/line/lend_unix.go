//go:build unix

package line

import (
	"context"
	"sync"

	"golang.org/x/sys/unix"
)

// A Loan is the terminal in the hands of another program, which is then what
// ^C and ^Z reach.
type Loan struct {
	e     *Editor
	group int

	mu   sync.Mutex
	away bool
	ours *unix.Termios // the modes at the time it was given
	its  *unix.Termios // those that the program had when it was stopped
}

// CanLend reports whether the terminal is this program's to lend: it is the
// one that it runs on, and it is in the foreground there.
func (e *Editor) CanLend() bool {
	if e.modes == nil {
		return false
	}
	e.talkMu.Lock()
	lent := e.loan != nil
	e.talkMu.Unlock()
	if lent {
		return true
	}
	group, err := unix.IoctlGetInt(e.modes.fd, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// Lend makes a loan to a process group; Give carries it out.
func (e *Editor) Lend(group int) *Loan { return &Loan{e: e, group: group} }

// Give lets the program have the terminal, with the modes that it had when it
// was stopped, and go on if it was. It waits until the user has answered a
// question, if there is one, and asks then whether still to do so. It reports
// false, and gives nothing, while the terminal is in other hands; those of a
// verb that talked do not count if that is over.
func (l *Loan) Give(over bool, still func() bool) bool {
	if err := l.e.take(context.Background()); err != nil {
		return false
	}
	defer l.e.give()
	if !still() {
		return false
	}
	if over {
		l.e.endTalk()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !still() {
		return false // and whoever sees to that has yet to take back what was given before
	}
	l.e.talkMu.Lock()
	taken := l.e.talk != nil || l.e.loan != nil && l.e.loan != l
	if !taken {
		l.e.loan = l
	}
	l.e.talkMu.Unlock()
	if taken {
		return false
	}
	l.give()
	return true
}

func (l *Loan) give() {
	fd := l.e.modes.fd
	if l.ours == nil {
		l.ours, _ = unix.IoctlGetTermios(fd, getTermios)
	}
	if l.its != nil {
		unix.IoctlSetTermios(fd, setTermios, l.its)
	}
	front(fd, l.group)
	l.away = true
	unix.Kill(-l.group, unix.SIGCONT)
}

// Take takes the terminal back. If the program did not end by itself it has
// not put the modes back either, so that is done here.
func (l *Loan) Take(ended bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.take(ended)
	l.ours = nil
	l.e.talkMu.Lock()
	if l.e.loan == l {
		l.e.loan = nil
	}
	l.e.talkMu.Unlock()
}

func (l *Loan) take(ended bool) {
	if !l.away {
		return
	}
	fd := l.e.modes.fd
	front(fd, unix.Getpgrp())
	l.away, l.its = false, nil
	if !ended && l.ours != nil {
		l.its, _ = unix.IoctlGetTermios(fd, getTermios)
		unix.IoctlSetTermios(fd, setTermios, l.ours)
	}
}

// borrow takes the terminal back for a question, until the function that it
// returns is called.
func (e *Editor) borrow() (giveBack func()) {
	e.talkMu.Lock()
	l := e.loan
	e.talkMu.Unlock()
	if l == nil {
		return func() {}
	}
	l.mu.Lock()
	away := l.away
	l.take(false)
	l.mu.Unlock()
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if away && l.ours != nil {
			l.give()
		}
	}
}

// Continue lets the program go on without the terminal.
func (l *Loan) Continue() { unix.Kill(-l.group, unix.SIGCONT) }
