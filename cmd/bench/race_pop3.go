package main

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
)

// pop3MboxRace fetches a mailbox into a file.
func pop3MboxRace() race {
	return pop3Race(17, "pop3-mbox", "%s of 17 KB by POP3 into an mbox", "mbox", false, amount{quick: 5000, full: 20000, unit: "messages"},
		goal{against: "mpop", wall: 0.5, cpu: 0.4})
}

// pop3MaildirRace fetches one into a directory.
func pop3MaildirRace() race {
	return pop3Race(17, "pop3-maildir", "%s of 17 KB by POP3 into a Maildir", "maildir", false, amount{quick: 5000, full: 20000, unit: "messages"},
		goal{against: "mpop", wall: 0.85, cpu: 0.55})
}

// pop3FarRace fetches one from far away.
func pop3FarRace() race {
	return pop3Race(18, "pop3-far", "%s of 17 KB by POP3 into an mbox, 20 ms there and back", "mbox", true, amount{quick: 5000, full: 20000, unit: "messages"},
		goal{against: "mpop", wall: 0.1})
}

func pop3Race(number int, name, work, kind string, far bool, a amount, g goal) race {
	return race{
		number: number, name: name, work: work, amount: a, goal: g,
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			port, err := c.dovecot(ctx, c.amount)
			if err == nil && far {
				port, err = c.far(port)
			}
			if err != nil {
				return nil, err
			}
			curl := typed("curl", fmt.Sprintf("curl -s -u ann:secret pop3://127.0.0.1:%s/[1-%d] -o #1", port, c.amount))
			if kind == "mbox" {
				curl = typed("curl", fmt.Sprintf("curl -s -u ann:secret pop3://127.0.0.1:%s/[1-%d] -o in", port, c.amount))
			}
			mpop := fmt.Sprintf("exec mpop --host=127.0.0.1 --port=%s --user=ann --passwordeval='echo secret' --auth=user --tls=off "+
				"--pipelining=on --received-header=off --keep=on --only-new=off --uidls-file=uidls --delivery=%s,in -q", port, kind)
			if kind == "maildir" {
				mpop = "mkdir in in/cur in/new in/tmp; " + mpop // which it does not make
			}
			return c.mailboxes(
				typed("wireline", fmt.Sprintf("wireline pop3 get -q pop3://ann:secret@127.0.0.1:%s/ all --%s in", port, kind)),
				line{"mpop", []string{"sh", "-c", mpop}},
				curl,
			), nil
		},
	}
}

// mailboxes are entrants that fetch all the mail there is. Each runs in an
// empty directory, which has most of the bytes in it in the end. curl keeps but
// the last message in a file.
func (c *course) mailboxes(lines ...line) (all []entrant) {
	for _, l := range lines {
		e, words := c.entrant(l)
		e.heat = func(ctx context.Context) (cost, error) {
			return c.inDir(ctx, words, func(dir string) error {
				size, err := sizeOf(dir)
				if least := c.amount * messageSize * 9 / 10; err == nil && size < least && l.name != "curl" {
					err = fmt.Errorf("%d of %d bytes are there", size, least)
				}
				return err
			})
		}
		all = append(all, e)
	}
	return all
}

// sizeOf is how long the files in a directory are.
func sizeOf(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		fi, err := d.Info()
		if err == nil {
			n += fi.Size()
		}
		return err
	})
	return n, err
}
