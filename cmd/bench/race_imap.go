package main

import (
	"context"
	"fmt"
)

// What a person would write with Python's library to list a mailbox: it has no
// ENVELOPE, so the header is fetched and taken apart.
const pythonList = `
import email, email.header, email.utils, imaplib, re, sys
m = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))
m.login("ann", "secret")
m.select("INBOX", readonly=True)
_, data = m.uid("FETCH", "1:*", "(FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE FROM SUBJECT)])")
for item in data:
    if isinstance(item, tuple):
        uid, size = re.search(rb"UID (\d+)", item[0])[1], re.search(rb"RFC822.SIZE (\d+)", item[0])[1]
        h = email.message_from_bytes(item[1])
        print(uid.decode(), imaplib.ParseFlags(item[0]), email.utils.parsedate_to_datetime(h["Date"]),
              email.header.make_header(email.header.decode_header(h["From"])),
              email.header.make_header(email.header.decode_header(h["Subject"])), size.decode(), sep="\t")
m.logout()
`

// The same without a look at what came.
const pythonRaw = `
import imaplib, sys
m = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))
m.login("ann", "secret")
m.select("INBOX", readonly=True)
_, data = m.uid("FETCH", "1:*", "(FLAGS RFC822.SIZE ENVELOPE)")
for item in data:
    sys.stdout.buffer.write(item if isinstance(item, bytes) else b"".join(item))
m.logout()
`

// imapListRace lists the messages of a mailbox.
func imapListRace() race {
	return race{
		number: 19, name: "imap-list", work: "the headers of %s listed by IMAP",
		amount: amount{quick: 5000, full: 20_000, unit: "messages"},
		goal:   goal{against: "imaplib", wall: 0.7, cpu: 0.2},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			_, port, err := c.dovecots(ctx, c.amount)
			if err != nil {
				return nil, err
			}
			return c.fetchers("",
				typed("wireline", "wireline imap ls imap://ann:secret@127.0.0.1:"+port+"/INBOX"),
				line{"imaplib", []string{"python3", "-c", pythonList, port}},
				line{"imaplib, printed as it comes", []string{"python3", "-c", pythonRaw, port}},
			), nil
		},
	}
}

// imapMaildirRace fetches a mailbox into a directory.
func imapMaildirRace() race {
	return imapRace("imap-maildir", "%s of 17 KB by IMAP into a Maildir", false, goal{against: "mbsync", wall: 0.5, cpu: 0.4})
}

// imapFarRace fetches one from far away.
func imapFarRace() race {
	return imapRace("imap-far", "%s of 17 KB by IMAP into a Maildir, 20 ms there and back", true, goal{against: "mbsync", wall: 0.5})
}

// mbsync writes its configuration where it runs. It syncs files no more than
// the server does.
const mbsync = `mkdir in; cat >rc <<end
FSync no

IMAPAccount a
Host 127.0.0.1
Port %[1]s
User ann
Pass secret
SSLType None
AuthMechs PLAIN

IMAPStore far
Account a

MaildirStore near
Path $PWD/in/
Inbox $PWD/in/INBOX

Channel c
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState *
end
exec mbsync -c rc -q c`

func imapRace(name, work string, far bool, g goal) race {
	return race{
		number: 20, name: name, work: work, goal: g,
		amount: amount{quick: 5000, full: 20_000, unit: "messages"},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			_, port, err := c.dovecots(ctx, c.amount)
			if err == nil && far {
				port, err = c.far(port)
			}
			if err != nil {
				return nil, err
			}
			return c.mailboxes(
				typed("wireline", fmt.Sprintf("wireline imap get -q imap://ann:secret@127.0.0.1:%s/INBOX all --maildir in --new", port)),
				line{"mbsync", []string{"sh", "-c", fmt.Sprintf(mbsync, port)}},
			), nil
		},
	}
}
