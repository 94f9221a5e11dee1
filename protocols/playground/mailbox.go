package playground

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Inbox is the mailbox that mail comes to.
const inbox = "INBOX"

// mails is what the servers of mail share: what SMTP accepts is there for who
// reads it.
type mails struct {
	mu    sync.Mutex
	boxes map[string]*mailbox // by user and name: "ann/INBOX"
	next  uint32              // a uidvalidity that no mailbox has had
}

// A mailbox is the messages of one mailbox, in the order in which they came.
type mailbox struct {
	validity uint32

	mu       sync.Mutex
	messages []*message
	next     uint32 // UID
	changed  chan struct{}
}

// A message never changes, but for its flags, which its mailbox guards.
type message struct {
	uid      uint32
	data     []byte // lines end in CR LF
	received time.Time
	flags    map[string]bool
}

func demoMails() *mails {
	m := &mails{boxes: map[string]*mailbox{}, next: 1}
	for i, text := range demoMessages {
		m.box(User, inbox).add([]byte(crlf(text)), demoTime.Add(time.Duration(i)*time.Hour))
	}
	return m
}

func crlf(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
}

// box is a mailbox, which is made if need be.
func (m *mails) box(user, name string) *mailbox {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := user + "/" + name
	b := m.boxes[key]
	if b == nil {
		b = &mailbox{validity: m.next, next: 1, changed: make(chan struct{})}
		m.next++
		m.boxes[key] = b
	}
	return b
}

// add puts a message, which is the mailbox's from now on, at its end. It is
// false when the mailbox is full.
func (b *mailbox) add(data []byte, received time.Time, flags ...string) (uid uint32, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.messages) >= maxFiles || len(data) > maxFile {
		return 0, false
	}
	m := &message{uid: b.next, data: data, received: received, flags: map[string]bool{}}
	for _, f := range flags {
		m.flags[f] = true
	}
	b.next++
	b.messages = append(b.messages, m)
	b.tell()
	return m.uid, true
}

// list is a snapshot of the messages.
func (b *mailbox) list() []*message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.messages)
}

// remove takes out the messages with those UIDs.
func (b *mailbox) remove(uids map[uint32]bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = slices.DeleteFunc(b.messages, func(m *message) bool { return uids[m.uid] })
	b.tell()
}

// tell wakes up who waits for changes. Call it with b.mu held.
func (b *mailbox) tell() {
	close(b.changed)
	b.changed = make(chan struct{})
}

var demoTime = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

var demoMessages = []string{
	`From: Wireline <wireline@playground.test>
To: Ann <ann@playground.test>
Date: Mon, 02 Mar 2026 09:00:00 +0000
Subject: Welcome
Message-ID: <welcome@playground.test>

Welcome to the playground. What is sent to ann by SMTP appears here.
.A dot that begins a line goes as two.
`,
	`From: =?utf-8?q?J=C3=BCrgen?= <juergen@playground.test>
To: Ann <ann@playground.test>
Date: Mon, 02 Mar 2026 10:00:00 +0000
Subject: =?iso-8859-1?q?Sch=F6ne_Gr=FC=DFe?=
Message-ID: <parts@playground.test>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Die Zahlen h=E4ngen an.
--inner
Content-Type: text/html; charset=utf-8

<p>Die Zahlen <b>h&auml;ngen</b> an.</p>
--inner--

--outer
Content-Type: text/csv; name="numbers.csv"
Content-Disposition: attachment; filename="numbers.csv"
Content-Transfer-Encoding: base64

bixzcXVhcmUKMSwxCjIsNAozLDkK
--outer--
`,
}
