// Package protocols is the contract between the shell and the protocols.
package protocols

import (
	"context"
	"io"
	"net/url"
	"regexp"
	"time"

	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// A Protocol is everything the shell knows of one protocol.
type Protocol struct {
	Name    string        // "finger"; what begins a line: finger who alice
	Short   string        // one line
	Schemes []wire.Scheme // URL schemes; the first is meant when none is typed

	// Open declares the verbs that begin a session: connect, and listen, bind
	// or socket where they mean something. Each is a method of Peer that yields
	// a Session. The flags of connect are also those of any line that connects
	// on its way, such as: imap ls imaps://ann@host/ --tls-min 1.3
	Open []verb.Verb

	// Verbs are the verbs of an open session; each is a method of it.
	Verbs []verb.Verb

	// Tools are verbs that need no session, typed without the protocol's name;
	// each runs on anything.
	Tools []verb.Verb

	// Words are words of the shell that mean a verb of this protocol.
	Words map[string]string

	// Code says in a few words what a code of a server's reply means; "" if
	// there is none such. Nil: the protocol has none that need words.
	Code func(code string) string

	// Once is set when a session that a line makes on its way to a verb ends
	// with that line, because its state would matter to the next one.
	Once bool

	// Route says what a URL without a verb means, and which words the URL adds
	// in front of a verb's arguments. Nil: connect, and none.
	Route func(*url.URL) (verb string, words []string)
}

// A Peer is whom to talk to, and the way there.
type Peer struct {
	*wire.Dialer
	wire.Target // URL is nil for a socket that has no peer
	Keys        Keys

	// Refused tells that what Keys gave was refused, and reports whether Keys
	// would give something else now. Nil: nobody wants to know.
	Refused func(ctx context.Context) bool

	// Moved tells that what Where gives has changed while a verb goes on, such
	// as watch. Nil: nobody wants to know.
	Moved func()
}

// Keys finds the name and the password for a target: in the URL, from the
// user, netrc, a command or a keyring. user is "" when the protocol has no
// better idea.
type Keys func(ctx context.Context, t wire.Target, user string) (name, password string, err error)

// A Session is one conversation with one server, used by one goroutine at a
// time.
type Session interface {
	Where() string // for the prompt: "/pub", "INBOX", "comp.lang.go"
	io.Closer      // says goodbye, then closes
}

// An Accepter is a session that waits for others to connect. Accept takes
// the one that came first, or waits for one until ctx ends.
type Accepter interface {
	Session
	Accept(ctx context.Context) (Session, error)
}

// An Idler is a session that has something to tell while nobody uses it:
// clients that wait, messages that came in. The shell ends ctx, and waits for
// the stream to end, before it uses the session again.
type Idler interface {
	Idle(ctx context.Context) verb.Stream[verb.Notice]
}

// A Server is a session that works by itself until it is closed, such as a
// listener that echoes. Outside the prompt the shell waits for it.
type Server interface {
	Idler
	Serving() bool
}

// A Completer knows the names on the server: what, as in the complete tag of
// a verb, and how they begin.
type Completer interface {
	Complete(ctx context.Context, what, prefix string) ([]string, error)
}

// A Keeper says something harmless, so that the server does not hang up. The
// shell calls it now and then when nobody uses the session, unless Idle goes
// on and the server sees that (Unseen). It must not open a connection that has ended, and its error means that
// the connection is lost.
type Keeper interface {
	Keep(ctx context.Context) error
}

// A Mover goes back to where a session was, after a reconnect.
type Mover interface {
	Move(ctx context.Context, where string) error
}

// A Namer has a better name for itself in sessions and the prompt than its
// target: "ann@pop.example".
type Namer interface {
	Named() string
}

// A Stepper is a session that the user takes through its calls one by one.
// The shell offers connect, listen, bind and accept to these verbs first.
type Stepper interface {
	Steps() []verb.Verb
}

// A Streamer is a session that is a bare stream of bytes. Take gives what was
// read already and not yet shown; the rest is to be read from Stream.
type Streamer interface {
	Take() []byte
	Stream() *wire.Conn
}

// An Expecter waits for text. Expect returns which pattern matched, the match
// and what came before it; what comes after stays for the next read.
type Expecter interface {
	Expect(ctx context.Context, patterns []*regexp.Regexp, timeout time.Duration) (index int, match, before []byte, err error)
}

// An Informer tells of its state: a struct, or rows.
type Informer interface {
	Info() any
}

// A Replier keeps the code and the text of the server's last reply.
type Replier interface {
	Reply() (code, text string)
}

// A Detailer has more to say of its last exchange than all protocols do: a
// struct, whose fields stand in JSON beside the others.
type Detailer interface {
	Details() any
}

// A Witness is asked by assert for what JSON does not tell of the last
// exchange. The field is as the user typed it.
type Witness interface {
	Witness(field string) (value any, ok bool)
}

// A Teacher has help on what is at the server, such as its methods: something
// to show, or nil if it knows nothing of that name.
type Teacher interface {
	Help(ctx context.Context, topic string) (any, error)
}

// A Redialer connects anew for a command when it must. So the options of
// connections that are typed with a command hold for it, though the session is
// there already; it must not use a connection that was made under others.
type Redialer interface {
	Redials()
}

// A Wired session has a wire of its own, such as that of an accepted client,
// rather than that of the session it came from.
type Wired interface {
	Wire() *wire.Dialer
}

// A Greeter was greeted by its server. Greeting is what the server said, and
// whether it came before TLS, so that nobody has proved whose words they are.
type Greeter interface {
	Greeting() (lines []string, clear bool)
}

// A Pender has something that is only carried out by its polite end, and that
// its end by force drops, such as the messages marked as deleted in POP3.
// Pending says what, to be read after "closing ... will": "delete 2 messages";
// "" when there is nothing. Before the user leaves the shell it is asked of
// every session that is not busy; it must not use the connection. While there
// is something, Close sets a limit itself.
type Pender interface {
	Pending() string
}
