package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// letterSize is about how long each message is.
const letterSize = 4 << 10

// smtpRace sends messages on one connection.
func smtpRace() race {
	return mailRace(15, "smtp", "%s of 4 KB by SMTP on one connection", amount{5000, 20000, "messages"},
		goal{against: "smtp-source", wall: 0.6, cpu: 0.7}, false, (*course).smtpSink)
}

// smtpBdatRace is the same by BDAT, which needs another server.
func smtpBdatRace() race {
	return mailRace(15, "smtp-bdat", "%s of 4 KB by BDAT on one connection", amount{5000, 20000, "messages"},
		goal{against: "smtp-source", wall: 0.1}, false, (*course).mailSink, "--chunking")
}

// smtpFarRace is smtpRace with a server that is far away.
func smtpFarRace() race {
	return mailRace(16, "smtp-far", "%s of 4 KB by SMTP on one connection, 20 ms there and back", amount{200, 5000, "messages"},
		goal{against: "smtp-source", wall: 0.27}, true, (*course).smtpSink)
}

// smtpFarBdatRace is smtpBdatRace with one.
func smtpFarBdatRace() race {
	return mailRace(16, "smtp-far-bdat", "%s of 4 KB by BDAT on one connection, 20 ms there and back", amount{200, 5000, "messages"},
		goal{against: "smtp-source", wall: 0.02}, true, (*course).mailSink, "--chunking")
}

// mailRace is a race to a sink, which gives its port. Flags are ours.
func mailRace(number int, name, work string, a amount, g goal, far bool, sink func(*course, context.Context) (string, error), flags ...string) race {
	return race{
		number: number, name: name, work: work, amount: a, goal: g,
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			port, err := sink(c, ctx)
			if err == nil && far {
				port, err = c.far(port)
			}
			if err != nil {
				return nil, err
			}
			return c.mailers(port, strings.Join(flags, " "))
		},
	}
}

// smtpSink starts Postfix's smtp-sink.
func (c *course) smtpSink(ctx context.Context) (port string, err error) {
	ports, err := freePorts(1)
	if err != nil {
		return "", err
	}
	words := []string{"127.0.0.1:" + ports[0], "1000"}
	if os.Getuid() == 0 {
		words = append([]string{"-u", "nobody"}, words...)
	}
	return ports[0], c.started(ctx, ports[0], "smtp-sink", words...)
}

// mailers send one message again and again to the server at a port. curl has
// as many words for it as there are messages.
func (c *course) mailers(port, flags string) ([]entrant, error) {
	text := "From: a@bench.test\r\nTo: b@bench.test\r\nSubject: race\r\n\r\n"
	text += strings.Repeat(strings.Repeat("x", 78)+"\r\n", (letterSize-len(text))/80)
	letter, urls := filepath.Join(c.dir, "letter"), filepath.Join(c.dir, "urls")
	one := fmt.Sprintf("url = \"smtp://127.0.0.1:%s/\"\nupload-file = %q\n", port, letter)
	for name, text := range map[string]string{letter: text, urls: "silent\nmail-from = a@bench.test\nmail-rcpt = b@bench.test\n" + strings.Repeat(one, int(c.amount))} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return nil, err
		}
		c.files = append(c.files, name)
	}
	ours := typed("wireline", fmt.Sprintf("wireline smtp send smtp://127.0.0.1:%s -q --count %d %s", port, c.amount, flags))
	ours.words = append(ours.words, letter)
	return c.clients(job{}, nil,
		ours,
		typed("smtp-source", fmt.Sprintf("smtp-source -d -s 1 -m %d -l %d -f a@bench.test -t b@bench.test 127.0.0.1:%s", c.amount, letterSize, port)),
		line{"curl", []string{"curl", "-K", urls}},
	), nil
}
