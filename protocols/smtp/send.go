package smtp

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// SendArgs are the arguments of send.
type SendArgs struct {
	File verb.Input `arg:"file?" help:"message as in RFC 5322, ready to be sent; - is standard input" complete:"local"`
	More []string   `arg:"more..." help:"others, sent on the same connection" complete:"local"`

	From    string   `flag:"f,from" help:"sender; \"<>\" for none"`
	To      []string `flag:"t,to" help:"recipient; may be repeated"`
	Cc      []string `flag:"cc" help:"recipient of a copy"`
	Bcc     []string `flag:"bcc" help:"recipient of a copy of whom the others do not know"`
	Subject string   `flag:"subject" help:"subject of the message that is made"`
	Body    string   `flag:"body" help:"its text, or @FILE"`
	HTML    string   `flag:"html" help:"its text as HTML, or @FILE"`
	Attach  []string `flag:"attach" help:"file to go with it; may be repeated" complete:"local"`
	ReplyTo []string `flag:"reply-to" help:"where answers shall go"`
	Fields  []string `flag:"H,header" help:"\"Name: value\", a further line of its header"`

	Partial  bool   `flag:"partial" help:"send to those whom the server takes, though it refuses others"`
	Quit     string `flag:"quit-after" enum:"connect,helo,tls,auth,mail,rcpt" help:"say QUIT after this step"`
	Drop     string `flag:"drop-after" enum:"connect,helo,tls,auth,mail,rcpt,data,dot" help:"drop the connection after this step; data is the server's go-ahead, dot the whole message"`
	DryRun   bool   `flag:"n,dry-run" help:"show the message and send nothing"`
	Count    int    `flag:"count" help:"send it so many times"`
	Chunking bool   `flag:"chunking" help:"use BDAT instead of DATA"`
	PRDR     bool   `flag:"prdr" help:"have the server say of each recipient whether he gets the message, once it has seen it"`
	Serial   bool   `flag:"no-pipelining" help:"wait for each reply before the next command"`

	LongLines bool `flag:"long-lines" help:"lines may be longer than 998 bytes"`
	Binary    bool `flag:"binary" help:"byte for byte, by BDAT and BINARYMIME"`

	Params
}

// Params are what the envelope says beside the addresses.
type Params struct {
	Return     string   `flag:"ret" enum:"full,hdrs" help:"what a report of failure shall have in it"`
	EnvID      string   `flag:"envid" help:"name of the envelope, for reports"`
	Notify     []string `flag:"notify" enum:"never,success,failure,delay" help:"when to report; may be repeated"`
	ORcpt      string   `flag:"orcpt" help:"original recipient, for reports"`
	RequireTLS bool     `flag:"requiretls" help:"only TLS all the way to the recipient"`
	UTF8       bool     `flag:"smtputf8" help:"ask for SMTPUTF8 though no address needs it"`
	MailParam  []string `flag:"mail-param" help:"further parameter of MAIL, such as MT-PRIORITY=3"`
	RcptParam  []string `flag:"rcpt-param" help:"further parameter of RCPT"`
}

// Offline reports whether nothing is to be sent.
func (a SendArgs) Offline() bool { return a.DryRun }

// Send sends messages, and tells of each recipient what became of it.
func (s *Session) Send(ctx context.Context, a SendArgs) (any, error) {
	letters, err := lettersOf(&a)
	if err != nil {
		closeAll(letters)
		return nil, err
	}
	if a.DryRun {
		return preview(letters), nil
	}
	if err := s.revive(ctx); err != nil {
		closeAll(letters)
		return nil, err
	}
	d := &delivery{s: s, a: &a}
	if err := d.prepare(letters); err != nil {
		closeAll(letters)
		return nil, err
	}
	return Receipts(func(yield func(Receipt, error) bool) {
		defer closeAll(letters)
		d.run(ctx, letters, yield)
	}), nil
}

func closeAll(letters []*letter) {
	for _, l := range letters {
		if l.close != nil {
			l.close()
		}
	}
}

// lettersOf are the messages of a command.
func lettersOf(a *SendArgs) (all []*letter, err error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	made := a.Subject != "" || a.Body != "" || a.HTML != "" || len(a.Attach) > 0 || len(a.Fields) > 0
	switch {
	case made && (a.File.Name != "" || len(a.More) > 0):
		return nil, fault.New(fault.Usage, "a file is a whole message; --subject, --body, --html, --attach and --header make one")
	case made:
		if a.File.ReadCloser != nil {
			a.File.Close() // nobody reads standard input
		}
		l, err := compose(a)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	case a.File.ReadCloser == nil:
		return nil, fault.New(fault.Usage, "no message").WithHint("name a file, give one with <, or make one with --subject and --body")
	default:
		l, err := fromFile(a.File, a)
		if err != nil {
			a.File.Close()
			return nil, err
		}
		all = append(all, l)
		for _, name := range a.More {
			in, err := openFile(name)
			if err != nil {
				return all, err
			}
			if l, err = fromFile(in, a); err != nil {
				in.Close()
				return all, err
			}
			all = append(all, l)
		}
	}
	for _, l := range all {
		if err := l.hold(); err != nil {
			return all, named(err, l.name)
		}
	}
	return all, nil
}

// check refuses what would say more to the server than the user did.
func (a *SendArgs) check() error {
	lines := []struct {
		name  string
		words []string
	}{
		{"from", []string{a.From}}, {"to", a.To}, {"cc", a.Cc}, {"bcc", a.Bcc}, {"reply-to", a.ReplyTo},
		{"subject", []string{a.Subject}}, {"header", a.Fields}, {"envid", []string{a.EnvID}}, {"orcpt", []string{a.ORcpt}},
	}
	for _, l := range lines {
		for _, w := range l.words {
			if err := protocols.OneLine(l.name, w); err != nil {
				return err
			}
		}
	}
	for _, p := range append(append([]string{}, a.MailParam...), a.RcptParam...) {
		if err := param(p); err != nil {
			return err
		}
	}
	return nil
}

// named adds to an error which message it is of.
func named(err error, name string) error {
	if f, ok := err.(*fault.Error); ok && name != "" && !strings.Contains(f.Text, name) {
		e := *f
		e.Text = name + ": " + f.Text
		return &e
	}
	return err
}

// compose makes the message that the flags describe.
func compose(a *SendArgs) (*letter, error) {
	l := &letter{long: a.LongLines}
	if err := l.envelope(a, nil); err != nil {
		return nil, err
	}
	d := &mail.Draft{Subject: a.Subject, Fields: a.Fields, Date: time.Now()}
	var err error
	if a.From != "<>" {
		d.From, err = mail.ParseAddress("from", a.From)
	} else {
		d.From.Addr = "MAILER-DAEMON"
	}
	for _, x := range []struct {
		what  string
		words []string
		to    *[]mail.Address
	}{{"to", a.To, &d.To}, {"cc", a.Cc, &d.Cc}, {"reply-to", a.ReplyTo, &d.ReplyTo}} {
		if err == nil {
			*x.to, err = mail.ParseAddresses(x.what, x.words)
		}
	}
	if err == nil {
		d.Body, err = textOf("body", a.Body)
	}
	if err == nil {
		d.HTML, err = textOf("html", a.HTML)
	}
	if err == nil {
		_, err = d.Header()
	}
	if err != nil {
		return nil, err
	}
	for _, name := range a.Attach {
		in, err := openFile(name)
		if err != nil {
			d.Close()
			return nil, err
		}
		d.Attachments = append(d.Attachments, in)
	}
	l.size, l.close = d.Size(), d.Close
	if l.size < 0 {
		l.size = endless
	}
	l.stream = func(w io.Writer) error {
		_, err := d.WriteTo(w)
		return err
	}
	return l, nil
}

// mostText bounds a text that is read from a file.
const mostText = 64 << 20

// textOf is a text, or what is in the file after @.
func textOf(what, s string) ([]byte, error) {
	name, ok := strings.CutPrefix(s, "@")
	if !ok {
		if strings.IndexByte(s, 0) >= 0 {
			return nil, fault.New(fault.BadArgument, "%s: a NUL is not allowed here", what)
		}
		return []byte(s), nil
	}
	fi, err := os.Stat(name)
	if err == nil && fi.Size() > mostText {
		return nil, fault.New(fault.ReadLocal, "%s is larger than 64 MiB; --attach takes it", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot read %s: %w", name, cause(err))
	}
	return text, nil
}

// preview shows what would be sent.
func preview(letters []*letter) *verb.Blob {
	r, w := io.Pipe()
	go func() {
		var err error
		for i, l := range letters {
			if i > 0 && err == nil {
				_, err = fmt.Fprint(w, "\r\n")
			}
			if err == nil {
				err = l.write(w, false)
			}
		}
		closeAll(letters)
		w.CloseWithError(err)
	}()
	return &verb.Blob{Size: -1, Type: "message/rfc822", ReadCloser: r}
}

// revive connects anew where the server has hung up on a session that idled.
// Nothing of a message has been said then. (T15)
func (s *Session) revive(ctx context.Context) error {
	if s.dirty || s.ctl.Broken != nil || s.ctl.Alive() {
		return nil
	}
	s.ctl.Fail(&fault.Error{Kind: fault.Recv, At: s.target.String(), Text: "the server closed the session while it idled"})
	user := s.user
	if err := s.dial(ctx); err != nil {
		return err
	}
	if user == "" {
		return nil
	}
	asks := s.peer
	defer func() { s.peer = asks }()
	s.peer = s.cred.Again(s.peer, s.args.Mech)
	err := s.login(ctx, LoginArgs{User: user, Mech: s.args.Mech, Act: s.args.Act})
	if err != nil {
		s.ctl.Fail(err) // nothing is said as nobody
	}
	return err
}
