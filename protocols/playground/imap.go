package playground

import (
	"bytes"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// serveIMAP is an IMAP server (RFC 9051) whose INBOX is that of POP3 and SMTP.
// The library's MOVE tells of each message twice, so it is not offered.
func serveIMAP(w *World, l net.Listener) {
	m := w.imap
	s := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &imapSession{mail: m}, nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapNamespace: {}, imap.CapUIDPlus: {}, imap.CapESearch: {},
			imap.CapListExtended: {}, imap.CapListStatus: {}, imap.CapStatusSize: {}, imap.CapUnselect: {}, imap.CapIdle: {}, imap.CapLiteralPlus: {}, imap.CapSASLIR: {}},
		Logger:       log.New(io.Discard, "", 0),
		InsecureAuth: true,
		TLSConfig:    w.identity.config(nil),
	})
	// The library has its listeners as keys, which not each can be.
	_ = s.Serve(&struct{ net.Listener }{l}) // it ends with the listener
	_ = s.Close()
}

// imapMail is what the servers of IMAP show: the memory of the library, kept like the
// world's INBOX.
type imapMail struct {
	user  *imapmemserver.User
	inbox *mailbox

	mu   sync.Mutex
	uids map[uint32]imap.UID // of the world's messages, there
}

func newIMAPMail(b *mailbox) *imapMail {
	m := &imapMail{user: imapmemserver.NewUser(User, Password), inbox: b, uids: map[uint32]imap.UID{}}
	for _, name := range []string{inbox, "Archive", "Drafts", "Grüße"} {
		_ = m.user.Create(name, nil) // there is none of that name yet
	}
	m.pull()
	return m
}

// A literal is a message as the library wants it.
type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// pull takes over what changed in the world.
func (m *imapMail) pull() {
	m.mu.Lock()
	defer m.mu.Unlock()
	there := map[uint32]bool{}
	for _, x := range m.inbox.list() {
		there[x.uid] = true
		if _, known := m.uids[x.uid]; known {
			continue
		}
		o := &imap.AppendOptions{Time: x.received}
		for f := range x.flags {
			o.Flags = append(o.Flags, imap.Flag(f))
		}
		if d, err := m.user.Append(inbox, literal{bytes.NewReader(x.data)}, o); err == nil {
			m.uids[x.uid] = d.UID
		}
	}
	var gone imap.UIDSet
	for uid, here := range m.uids {
		if !there[uid] {
			gone.AddNum(here)
			delete(m.uids, uid)
		}
	}
	if len(gone) > 0 {
		own := m.session()
		defer own.Close()
		_ = own.Store(nil, gone, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}, Silent: true}, nil)
		_ = own.Expunge(nil, &gone)
	}
}

// session is one of the library's in the INBOX, which is always there.
func (m *imapMail) session() *imapmemserver.UserSession {
	s := imapmemserver.NewUserSession(m.user)
	_, _ = s.Select(inbox, &imap.SelectOptions{})
	return s
}

// push takes out of the world what is gone here.
func (m *imapMail) push() {
	m.mu.Lock()
	defer m.mu.Unlock()
	own := m.session()
	defer own.Close()
	found, err := own.Search(imapserver.NumKindUID, &imap.SearchCriteria{}, &imap.SearchOptions{})
	if err != nil {
		return
	}
	left := map[imap.UID]bool{}
	for _, uid := range found.AllUIDs() {
		left[uid] = true
	}
	gone := map[uint32]bool{}
	for uid, here := range m.uids {
		if !left[here] {
			gone[uid] = true
			delete(m.uids, uid)
		}
	}
	if len(gone) > 0 {
		m.inbox.remove(gone)
	}
}

// An imapSession is one client's.
type imapSession struct {
	*imapmemserver.UserSession
	mail *imapMail
}

func (s *imapSession) Login(user, password string) error {
	if err := s.mail.user.Login(user, password); err != nil {
		return err
	}
	s.UserSession = imapmemserver.NewUserSession(s.mail.user)
	return nil
}

func (s *imapSession) Close() error {
	if s.UserSession == nil {
		return nil
	}
	return s.UserSession.Close()
}

func (s *imapSession) Select(name string, o *imap.SelectOptions) (*imap.SelectData, error) {
	s.mail.pull()
	return s.UserSession.Select(name, o)
}

func (s *imapSession) Status(name string, o *imap.StatusOptions) (*imap.StatusData, error) {
	s.mail.pull()
	return s.UserSession.Status(name, o)
}

func (s *imapSession) Append(name string, r imap.LiteralReader, o *imap.AppendOptions) (*imap.AppendData, error) {
	if r.Size() > maxFile {
		return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeTooBig, Text: "The playground is small"}
	}
	if !strings.EqualFold(name, inbox) {
		return s.UserSession.Append(name, r, o)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	at := o.Time
	if at.IsZero() {
		at = time.Now()
	}
	var flags []string
	for _, f := range o.Flags {
		flags = append(flags, string(f))
	}
	uid, ok := s.mail.inbox.add(data, at, flags...)
	if !ok {
		return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeOverQuota, Text: "The mailbox is full"}
	}
	s.mail.pull()
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	return &imap.AppendData{UID: s.mail.uids[uid], UIDValidity: 1}, nil
}

func (s *imapSession) Expunge(w *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	err := s.UserSession.Expunge(w, uids)
	s.mail.push()
	return err
}

func (s *imapSession) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	s.mail.pull()
	return s.UserSession.Poll(w, allowExpunge)
}

// Idle takes over what comes while the client waits.
func (s *imapSession) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			changed := s.mail.inbox.change()
			s.mail.pull()
			select {
			case <-changed:
			case <-done:
				return
			}
		}
	})
	defer watching.Wait()
	defer close(done)
	return s.UserSession.Idle(w, stop)
}

// change is closed when something changes.
func (b *mailbox) change() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.changed
}
