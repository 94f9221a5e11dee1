package imap

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"wireline/protocols/fault"
)

// A Folder is a mailbox in a listing.
type Folder struct {
	Name       string     `json:"name"`
	Use        string     `json:"use,omitempty"`  // what it is for: sent, drafts, trash …
	Messages   *int64     `json:"messages"`       // null where it was not asked or is not told
	Unseen     *int64     `json:"unseen"`         // as Messages
	Attributes Attributes `json:"attributes"`     // the server's: \HasChildren, \Noselect …
	Delimiter  delimiter  `json:"delimiter"`      // between the parts of its name; "" for none
	Wire       string     `json:"wire,omitempty"` // the name as the server has it, if it is not as the RFC wants
}

// A delimiter is told to people where it is not the usual one.
type delimiter string

func (d delimiter) String() string {
	if d == "/" {
		return ""
	}
	return string(d)
}

// Attributes are what a server says of a mailbox.
type Attributes []string

// String leaves out what the names of the mailboxes say anyway, and what
// Folder.Use says.
func (a Attributes) String() string {
	var told []string
	for _, x := range a {
		switch name := strings.ToLower(strings.TrimPrefix(x, `\`)); name {
		case "haschildren", "hasnochildren", "unmarked":
		default:
			if !slices.ContainsFunc(uses, func(u string) bool { return strings.EqualFold(u, x) }) {
				told = append(told, name)
			}
		}
	}
	return strings.Join(told, ",")
}

func (f Folder) is(attribute string) bool {
	return slices.ContainsFunc(f.Attributes, func(a string) bool { return strings.EqualFold(a, attribute) })
}

// uses are the attributes that say what a mailbox is for (RFC 6154, RFC 8457).
var uses = []string{`\All`, `\Archive`, `\Drafts`, `\Flagged`, `\Important`, `\Junk`, `\Sent`, `\Trash`}

// mostFolders bounds how many mailboxes are kept.
const mostFolders = 1_000_000

// A wanted is how to list mailboxes.
type wanted struct {
	reference, pattern string
	subscribed         bool // LSUB
	counts             bool
	cheap              bool // counts, if the server gives them with the list
}

// folders lists mailboxes in order of their names, INBOX first.
func (s *Session) folders(ctx context.Context, how wanted) ([]Folder, error) {
	c := s.command("LIST")
	if how.subscribed {
		c = s.command("LSUB")
	}
	c.mailboxOrNone(s, how.reference).pattern(s, how.pattern)
	extended := s.caps.any("LIST-EXTENDED", "IMAP4rev2") && !how.subscribed
	withStatus := extended && (how.counts || how.cheap) && s.caps.any("LIST-STATUS", "IMAP4rev2")
	switch special := extended && s.caps.any("SPECIAL-USE", "IMAP4rev2"); {
	case withStatus && special:
		c.atom("RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN))")
	case withStatus:
		c.atom("RETURN (STATUS (MESSAGES UNSEEN))")
	case special:
		c.atom("RETURN (SPECIAL-USE)")
	}
	all, err := s.listed(ctx, c)
	if err != nil {
		return nil, err
	}
	if how.counts && !withStatus {
		err = s.counts(ctx, all)
	}
	slices.SortStableFunc(all, func(a, b Folder) int {
		if (a.Name == "INBOX") != (b.Name == "INBOX") {
			return map[bool]int{true: -1, false: 1}[a.Name == "INBOX"]
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return all, err
}

// listed runs a command whose answer is LIST, LSUB and STATUS responses.
func (s *Session) listed(ctx context.Context, c *command) ([]Folder, error) {
	var all []Folder
	at := map[string]int{}
	held := 0
	_, err := s.l.run(ctx, c.end(), func(p []byte) error {
		switch name, _, _, rest := word(p); name {
		case "LIST", "LSUB", "XLIST":
			f, raw, ok := s.readFolder(rest)
			if !ok {
				return unread(p)
			}
			if held += len(p) + 100; held > 64<<20 || len(all) >= mostFolders {
				return s.l.fail(fault.New(fault.Limit, "there are more than %d mailboxes", len(all)))
			}
			if i, twice := at[raw]; twice {
				all[i] = f
				return nil
			}
			at[raw] = len(all)
			all = append(all, f)
		case "STATUS":
			raw, st, ok := readStatus(rest)
			if i, known := at[raw]; ok && known {
				all[i].Messages, all[i].Unseen = st.get("MESSAGES"), st.get("UNSEEN")
			}
		}
		return nil
	})
	return all, err
}

// readFolder reads what follows LIST. raw is the name as it came.
func (s *Session) readFolder(p []byte) (f Folder, raw string, ok bool) {
	c := cursor{p: p}
	c.list(func() {
		if a := c.text(); len(f.Attributes) < 100 {
			f.Attributes = append(f.Attributes, a)
		}
	})
	if f.Attributes == nil {
		f.Attributes = Attributes{}
	}
	c.take(' ')
	f.Delimiter = delimiter(c.text())
	c.take(' ')
	raw = c.text()
	if c.bad {
		return f, raw, false
	}
	if f.Name = s.shown(raw); s.odd[f.Name] == raw {
		f.Wire = strings.ToValidUTF8(raw, "�")
	}
	for _, u := range uses {
		if f.is(u) {
			f.Use = strings.ToLower(u[1:])
		}
	}
	if s.delim == "" && len(f.Delimiter) == 1 {
		s.delim = string(f.Delimiter)
	}
	return f, raw, true
}

// counts asks for the numbers of messages, many mailboxes in one go.
func (s *Session) counts(ctx context.Context, all []Folder) error {
	defer s.l.conn.Reply()()
	const most = 50
	for batch := range slices.Chunk(all, most) {
		var tags []string
		for _, f := range batch {
			tag := ""
			if !f.is(`\Noselect`) && !f.is(`\NonExistent`) {
				var err error
				if tag, err = s.l.begin(s.command("STATUS").mailbox(s, f.Name).atom("(MESSAGES UNSEEN)").end(), nil); err != nil && s.l.over() != nil {
					return err
				}
			}
			tags = append(tags, tag)
		}
		for i := range batch {
			if tags[i] == "" {
				continue
			}
			_, err := s.l.finish(ctx, tags[i], "STATUS", func(p []byte) error {
				if name, _, _, rest := word(p); name == "STATUS" {
					raw, st, ok := readStatus(rest)
					if k := slices.IndexFunc(batch, func(f Folder) bool { return f.Name == s.shown(raw) }); ok && k >= 0 {
						batch[k].Messages, batch[k].Unseen = st.get("MESSAGES"), st.get("UNSEEN")
					}
				}
				return nil
			})
			if err != nil && !refused(err) {
				return err
			}
		}
	}
	return nil
}

// mailboxOrNone is mailbox for a name that may be "".
func (c *command) mailboxOrNone(s *Session, name string) *command {
	if name == "" {
		return c.add(`""`)
	}
	return c.mailbox(s, name)
}

// pattern adds a pattern of LIST, in which * and % have a meaning.
func (c *command) pattern(s *Session, p string) *command {
	if p == "" {
		p = "*"
	}
	return c.mailbox(s, p)
}

// A counting is the items of a STATUS response.
type counting map[string]int64

func (c counting) get(name string) *int64 {
	n, ok := c[name]
	if !ok {
		return nil
	}
	return &n
}

// readStatus reads what follows STATUS.
func readStatus(p []byte) (raw string, st counting, ok bool) {
	c := cursor{p: p}
	raw = c.text()
	c.take(' ')
	st = counting{}
	c.list(func() {
		name := strings.ToUpper(string(c.atom()))
		c.take(' ')
		if c.peek() < '0' || c.peek() > '9' {
			c.pass()
		} else if n := c.number(); len(st) < 100 {
			st[name] = n
		}
	})
	return raw, st, !c.bad
}
