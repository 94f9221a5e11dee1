package gopher

import (
	"strconv"
	"strings"
)

// A Row is a line of a menu. Its texts are UTF-8, made of the encoding of the
// session where they were not; the URL has the bytes of the selector.
type Row struct {
	Number   int    `json:"number,omitempty"` // of an item that can be fetched
	Type     string `json:"type"`             // the character
	Kind     string `json:"kind"`             // what it stands for
	Name     string `json:"text"`
	Selector string `json:"selector"`
	Host     string `json:"host"`
	Port     int    `json:"port"`
	URL      string `json:"url,omitempty"`
	Broken   string `json:"broken,omitempty"` // why it cannot be fetched

	long bool // show the URL
	away bool // it is on another server than the menu

	text []byte // lines that the row stands for, instead of all else
}

// String is the row as a line for people: number, kind and name, and where it
// leads if that is somewhere else.
func (r Row) String() string {
	var b strings.Builder
	b.Grow(len(r.Name) + len(r.URL) + 24)
	switch {
	case r.Number > 0:
		n := strconv.Itoa(r.Number)
		b.WriteString(blanks(4-len(n)) + n + " ")
	case r.Type == "i":
		b.WriteString(blanks(13))
	default:
		b.WriteString(blanks(5))
	}
	if r.Type != "i" || r.Broken != "" {
		b.WriteString(r.Kind + blanks(8-len(r.Kind)))
	}
	b.WriteString(r.Name)
	switch {
	case r.Broken != "":
		b.WriteString("  (broken: " + r.Broken + ")")
	case r.URL == "":
	case r.long:
		b.WriteString(blanks(40-len([]rune(r.Name))) + "  " + r.URL)
	case r.Kind == "web":
		b.WriteString("  (" + r.URL + ")")
	case r.away:
		b.WriteString("  (" + r.Host + ":" + strconv.Itoa(r.Port) + ")")
	}
	return strings.TrimRight(b.String(), " ")
}

const spaces = "                                        "

func blanks(n int) string { return spaces[:min(max(n, 0), len(spaces))] }

// A reader makes rows of the lines of a menu, in their order.
type reader struct {
	place    Item // that the menu is of
	encoding string
	long     bool
	number   int  // of the last item that has one
	before   byte // its type
	head     head
	tail     []byte // how lines of items at the same server end, with their CR LF
}

// row reads a line, without its end.
func (r *reader) row(line []byte) Row {
	it, broken := parseIn(r.place, line, r.before)
	it.Secure = r.place.Secure && it.Port == r.place.Port && sameHost(it.Host, r.place.Host) && !it.Local
	row := Row{
		Type:     string(rune(it.Type)),
		Kind:     classOf(it.Type).word,
		Name:     decode(r.encoding, it.Name),
		Selector: decode(r.encoding, it.Selector),
		Host:     it.Host,
		Port:     it.Port,
		Broken:   broken,
		long:     r.long,
	}
	if it.web() != "" {
		row.Kind = "web"
	}
	if broken != "" && !known(it.Type) {
		row.Type, row.Kind = "", "?"
	}
	if numbered(it, broken) {
		r.number, r.before = r.number+1, it.Type
		row.Number, row.URL = r.number, it.URL()
		row.away = !it.at(r.place)
	}
	return row
}
