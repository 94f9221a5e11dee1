package transcript

import (
	"regexp"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

const recorded = `{"conn":1,"what":"dial","note":"x"}
{"conn":1,"what":"recv","offset":0,"data":"220 hi\r\n"}
{"conn":1,"what":"send","offset":0,"data":"AUTH PLAIN ***\r\n"}
{"conn":1,"what":"recv","data":"235 o"}
{"conn":1,"what":"recv","data":"k\r\n"}
{"conn":2,"what":"accept"}
{"conn":2,"what":"recv","data":"not ours"}

{"conn":3,"what":"send","secure":true,"data":{"base64":"/wA="}}
`

// what each side said, in turns.
func TestRead(t *testing.T) {
	all, err := Read("r", strings.NewReader(recorded))
	if err != nil || len(all) != 2 || len(all[0].Steps) != 3 {
		t.Fatalf("%+v, %v", all, err)
	}
	if s := all[0].Steps[2]; s.Client || string(s.Data) != "235 ok\r\n" {
		t.Errorf("%+v", s)
	}
	if s := all[1].Steps[0]; !s.Client || !s.Secure || string(s.Data) != "\xff\x00" {
		t.Errorf("%+v", s)
	}
	for text, want := range map[string]string{
		"":                               "nothing was said",
		"{}":                             "r:1: not an event",
		"\n[]":                           "r:2: not an event",
		"x":                              "r:1: not an event",
		`{"what":"send","data":{"x":1}}`: "r:1: not an event",
		strings.Repeat("x", maxEvent+1):  "r:1: longer than",
	} {
		if _, err := Read("r", strings.NewReader(text)); fault.Of(err) != fault.ReadLocal || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v, want %q", text, err, want)
		}
	}
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		step, got string
		n         int
		ok        bool
	}{
		{"a\r\nb\r\n", "x\r\n", 0, false},
		{"a\r\nb\r\n", "x\r\nyy\r\nz", 7, true},
		{"a\r\n.\r\n", "x\r\ny\r\n.\r\nQUIT", 9, true},
		{"a\r\n.\r\n", "x\r\ny\r\n", 0, false},
		{"abc", "ab", 0, false},
		{"abc", "xyzw", 3, true},
		{"a***", "", 0, false},
		{"a***", "abcdef", 6, true},
	} {
		n, ok := Step{Data: []byte(c.step)}.Complete([]byte(c.got))
		if ok != c.ok || ok && n != c.n {
			t.Errorf("%q of %q: %d, %v", c.got, c.step, n, ok)
		}
	}
}

func TestDiff(t *testing.T) {
	date := Rule{Ignore: []*regexp.Regexp{regexp.MustCompile(`\d\d:\d\d`)}}
	for _, c := range []struct {
		was, is string
		r       Rule
		same    bool
	}{
		{"250 ok\r\n", "250 ok\r\n", Rule{}, true},
		{"250 ok\r\n", "250 OK\r\n", Rule{}, false},
		{"250 ok\r\n", "250 OK\r\n", Rule{Codes: true}, true},
		{"250-ok\r\n", "550-ok\r\n", Rule{Codes: true}, false},
		{"+OK x\r\n", "+OK y\r\n", Rule{Codes: true}, true},
		{"220 at 10:00\r\n", "220 at 11:30\r\n", date, true},
		{"220 at 10:00\r\n", "221 at 11:30\r\n", date, false},
		{"PASS ***\r\n", "PASS x y\r\n", Rule{}, true},
		{"PASS ***\r\n", "USER x y\r\n", Rule{}, false},
		{"a***b***c", "a1b2c", Rule{}, true},
		{"a***b***c", "ac", Rule{}, false},
		{"a\r\nb\r\n", "a\r\n", Rule{}, false},
		{"a\r\n", "a\r\nb\r\n", Rule{}, false},
	} {
		was, is := Step{Data: []byte(c.was)}.Diff([]byte(c.is), c.r)
		if same := was == "" && is == ""; same != c.same {
			t.Errorf("%q, %q: %q, %q", c.was, c.is, was, is)
		}
	}
}

func TestFill(t *testing.T) {
	for was, want := range map[string]string{
		"USER ann\r\nPASS ***\r\n":      "USER ann\r\nPASS s3\r\n",
		"AUTHINFO PASS ***\r\n":         "AUTHINFO PASS s3\r\n",
		"AUTH PLAIN ***\r\n":            "AUTH PLAIN AGFubgBzMw==\r\n",
		"a1 AUTHENTICATE PLAIN ***\r\n": "a1 AUTHENTICATE PLAIN AGFubgBzMw==\r\n",
		"a1 LOGIN ***\r\n":              "a1 LOGIN \"ann\" \"s3\"\r\n",
		"Authorization:***\r\n":         "Authorization: Basic YW5uOnMz\r\n",
		"***\r\n":                       "",
		"APOP ann ***\r\n":              "",
	} {
		got, err := Step{Data: []byte(was)}.Fill("ann", "s3")
		if string(got) != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v", was, got, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(recorded)
	f.Fuzz(func(t *testing.T, text string) {
		all, err := Read("r", strings.NewReader(text))
		if err != nil {
			return
		}
		for _, c := range all {
			for _, s := range c.Steps {
				if n, ok := s.Complete(s.Data); !ok && len(s.Data) > 0 || n > len(s.Data) {
					t.Errorf("%q is not as much as itself", s.Data)
				}
				if was, is := s.Diff(s.Data, Rule{}); was != is {
					t.Errorf("%q differs from itself: %q, %q", s.Data, was, is)
				}
			}
		}
	})
}
