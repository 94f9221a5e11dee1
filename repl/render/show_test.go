package render

import (
	"encoding/json"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

type entry struct {
	Name     string        `json:"name"`
	Size     int64         `json:"size"`
	Modified time.Time     `json:"modified,omitzero"`
	Took     time.Duration `json:"took,omitempty"`
	Dir      bool          `json:"dir"`
	seen     bool
}

func stream[T any](rows ...T) verb.Stream[T] {
	return func(yield func(T, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

var day = time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local)

func TestShow(t *testing.T) {
	tty, pipe := Options{Terminal: true}, Options{}
	rows := []entry{{Name: "日本.txt", Size: 5, Modified: day, seen: true}, {Name: "b", Size: 12345, Took: 1234567 * time.Nanosecond, Dir: true}}
	table := lines(
		"NAME      SIZE   MODIFIED             TOOK     DIR",
		"日本.txt  5      2026-01-02 03:04:05  0s       no",
		"b         12345                       1.235ms  yes")
	for _, tt := range []struct {
		name string
		o    Options
		res  any
		want string
	}{
		{"nothing", tty, nil, ""},
		{"nil pointer", tty, (*entry)(nil), ""},
		{"table (X-36)", tty, rows, table},
		{"stream", tty, stream(rows...), table},
		{"stream of pointers", tty, stream(&rows[0], &rows[1]), table},
		{"empty", tty, []entry{}, ""},
		{"piped", pipe, rows, "日本.txt\t5\t2026-01-02 03:04:05\t0s\tno\nb\t12345\t\t1.235ms\tyes\n"},
		{"piped with a header", Options{Header: true}, rows[1:], "NAME\tSIZE\tMODIFIED\tTOOK\tDIR\nb\t12345\t\t1.235ms\tyes\n"},
		{"a name does not break a table", pipe, []entry{{Name: "a\tb\nc\x1b"}}, "a\\x09b\\x0ac\x1b\t0\t\t0s\tno\n"},
		{"fields", Options{Terminal: true, Fields: []string{"dir", "NAME"}}, rows, lines("DIR  NAME", "no   日本.txt", "yes  b")},
		{"color", Options{Terminal: true, Color: true, Fields: []string{"name"}}, rows[1:], "\x1b[1mNAME\x1b[0m\nb\n"},
		{"no color without a terminal (X-29)", Options{Header: true, Color: true, Fields: []string{"name"}}, rows[1:], "NAME\nb\n"},
		{"record", tty, rows[1], lines("name: b", "size: 12345", "took: 1.235ms", "dir:  yes")},
		{"record, fields", Options{Fields: []string{"size"}}, &rows[1], "size: 12345\n"},
		{"strings", tty, []string{"a", "b\x1b"}, "a\nb\\x1b\n"},
		{"strings piped", pipe, stream("a", "b\x1b"), "a\nb\x1b\n"},
		{"string", pipe, "as\r\nis\x1b", "as\r\nis\x1b\n"},
		{"string on a terminal", tty, "a\x1b\n", "a\\x1b\n"},
		{"number", tty, 42, "42\n"},
		{"span", tty, 1500 * time.Millisecond, "1.5s\n"},
		{"address", tty, netip.MustParseAddrPort("[::1]:80"), "[::1]:80\n"},
		{"bytes", tty, []byte("hi"), "hi\n"},
		{"JSON in a table (TEL-09)", pipe, []struct{ A json.RawMessage }{{json.RawMessage(`{"hp":1}`)}}, `{"hp":1}` + "\n"},
		{"message", tty, message("gone\x1b"), "gone\\x1b\n"},
		{"raw", pipe, raw("a\r\n\x1b\xff"), "a\r\n\x1b\xff"},
		{"raw on a terminal", tty, raw("a\r\n\x1b"), "a\n\\x1b\n"},
		{"raw on a terminal, wanted so", Options{Terminal: true, Raw: true}, raw("a\x1b"), "a\x1b"},
		{"map", tty, map[string]int{"b": 2, "aa": 1}, "aa: 1\nb:  2\n"},
		{"notices", pipe, stream(verb.Notice{Time: day, Text: "x"}), "2026-01-02 03:04:05\tx\n"},
		{"embedded", tty, &Timing{wire.Timing{DNS: time.Millisecond}, time.Second}, "dns:   1ms\ntotal: 1s\n"},
		{"mixed rows", pipe, []any{entry{Name: "a"}, "line", struct{ X int }{1}}, "a\t0\t\t0s\tno\nline\n1\n"},
		{"JSON", Options{JSON: true}, rows[:1], `[{"name":"日本.txt","size":5,"modified":"` + day.Format(time.RFC3339) + `","dir":false}]` + "\n"},
		{"JSON stream", Options{JSON: true}, stream(entry{Name: "a"}, entry{Name: "<b>"}),
			lines(`{"name":"a","size":0,"dir":false}`, `{"name":"<b>","size":0,"dir":false}`)},
		{"JSON message", Options{JSON: true}, message("x"), "\"x\"\n"},
	} {
		if got := shown(t, tt.o, tt.res); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestNestedRecord(t *testing.T) {
	type cert struct {
		Subject string   `json:"subject"`
		Names   []string `json:"names"`
	}
	type tls struct {
		Version string `json:"version"`
		Chain   []cert `json:"chain"`
	}
	got := shown(t, Options{}, struct {
		Peer string `json:"peer"`
		Body string `json:"body"`
		TLS  *tls   `json:"tls"`
		None *tls   `json:"none"`
	}{"h:1", "a\r\nb\n", &tls{"1.3", []cert{{"CN=a", []string{"a", "b"}}, {"CN=root", nil}}}, nil})
	want := lines("peer: h:1", "body:", "  a", "  b", "tls:", "  version: 1.3", "  chain:", "    SUBJECT  NAMES", "    CN=a     a, b", "    CN=root")
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestUnknownField(t *testing.T) {
	for _, res := range []any{[]entry{{}}, entry{}, stream(entry{})} {
		err := Show(&strings.Builder{}, &strings.Builder{}, Options{Fields: []string{"nmae"}}, res)
		if !errors.Is(err, fault.Usage) || fault.Hint(err) != "did you mean name?" {
			t.Errorf("%T: %v (%s)", res, err, fault.Hint(err))
		}
	}
}

// Rows that came before an error are shown, and the error is returned.
func TestFailingStream(t *testing.T) {
	broken := errors.New("broken")
	s := verb.Stream[entry](func(yield func(entry, error) bool) {
		if yield(entry{Name: "a"}, nil) {
			yield(entry{}, broken)
		}
	})
	for _, o := range []Options{{}, {Terminal: true}, {JSON: true}} {
		var out strings.Builder
		err := Show(&out, &out, o, s)
		if !errors.Is(err, broken) || !strings.Contains(out.String(), "a") {
			t.Errorf("%+v: %q, %v", o, out.String(), err)
		}
	}
}
