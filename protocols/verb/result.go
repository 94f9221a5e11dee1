package verb

import (
	"io"
	"iter"
	"time"
)

// A Stream is a result that comes one record at a time: rows of a listing,
// or events that go on until the context ends.
type Stream[T any] = iter.Seq2[T, error]

// A Blob is a result that is bytes: a file, an article, a page. An adapter
// gives the wire.Conn itself where it can, so that the kernel may move the
// bytes. The error of Close is part of the result.
type Blob struct {
	Name     string    // base name, if the protocol knows one
	Size     int64     // of what is to be read, -1 when unknown
	From     int64     // the byte of the whole at which it begins
	Modified time.Time // zero when unknown
	Tag      string    // differs where two versions of it do; "" when nothing tells
	Type     string    // media type, if known
	Private  bool      // there are secrets in it: a file of it is for its owner only
	Save     bool      // to be kept under Name rather than shown, unless the user says otherwise
	io.ReadCloser
}

// A Texter is a result, a Stream most often, that can write itself as lines of
// text faster than its rows can be taken apart and put together again. Text is
// called instead of reading the rows, once, when they are wanted as plain lines
// for a file or a pipe; never for a terminal, for JSON or for some of the
// fields. So it writes what rows look like there: their fields with a TAB
// between them, none of them cut, aligned or made harmless. w gathers small
// writes and passes large ones on.
//
// An error of the rows is returned after the lines before it are written, and
// one of w at once and as it is.
type Texter interface{ Text(w io.Writer) error }

// A Viewer is the body of a Blob that a person at a terminal is shown in parts,
// each as its own Type asks: headers and then a body, or a page as text. View
// gives the next part, which need not be closed; nil after the last.
type Viewer interface{ View() (*Blob, error) }

// A Document is a record that is shown as text of a media type, such as the
// head of a response.
type Document interface {
	String() string
	MediaType() string
}

// A Message is a result that tells what was done rather than giving data: as
// text it goes to standard error, in JSON it is data like any other.
type Message interface{ Message() string }

// A Report is a row of a Stream that tells what was done, such as a file that
// was copied, rather than giving data: a user who wants it quiet does not see
// it, unless as JSON.
type Report interface{ Report() }

// A Notice is something that happened while nobody asked: a client that
// connected, a message that came in.
type Notice struct {
	Time time.Time `json:"time"`
	Text string    `json:"text"` // one line; the shell neutralises what a server put in it
}
