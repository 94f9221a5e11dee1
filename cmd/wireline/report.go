package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"wireline/protocols/fault"
	"wireline/repl"
)

// A report is what a script checked, for programs that run tests.
type report struct {
	name   string
	checks []repl.Check
	tap    io.Writer // nil: not wanted
	junit  string    // a file; "" is not wanted
}

func newReport(f programFlags) *report {
	r := &report{name: "-c", junit: f.junit}
	if f.line == nil {
		r.name = f.file
	}
	if f.tap {
		r.tap = os.Stdout
	}
	return r
}

// run runs a script, whose error comes before that of the report. A nil report
// is none.
func (r *report) run(sh *repl.Shell, name, text string) error {
	err := sh.Script(name, text)
	if r != nil {
		if rerr := r.end(); err == nil && rerr != nil {
			fail(rerr)
			err = rerr
		}
	}
	return err
}

// add takes note of a check, and says it in TAP.
func (r *report) add(c repl.Check) {
	r.checks = append(r.checks, c)
	if r.tap == nil {
		return
	}
	ok := "ok"
	if c.Err != nil {
		ok = "not ok"
	}
	fmt.Fprintf(r.tap, "%s %d - %s\n", ok, len(r.checks), tapText(c.Where+" "+c.Text))
	if c.Err != nil {
		fmt.Fprintf(r.tap, "  ---\n  message: %q\n  kind: %s\n  exit: %d\n  ...\n", xmlText(c.Err.Error()), fault.Of(c.Err).Name, repl.Exit(c.Err))
	}
}

// tapText is text that TAP sees no directive in.
func tapText(s string) string {
	return strings.NewReplacer("\\", `\\`, "#", `\#`, "\n", " ", "\r", " ").Replace(xmlText(s))
}

type junitSuites struct {
	XMLName xml.Name   `xml:"testsuites"`
	Suite   junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string    `xml:"classname,attr"`
	Name    string    `xml:"name,attr"`
	Time    string    `xml:"time,attr"`
	Failure *junitBad `xml:"failure"`
	Error   *junitBad `xml:"error"`
}

type junitBad struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// end writes what stands at the end of a report. Its error is about the file.
func (r *report) end() error {
	if r.tap != nil {
		fmt.Fprintf(r.tap, "1..%d\n", len(r.checks))
	}
	if r.junit == "" {
		return nil
	}
	s := junitSuite{Name: r.name, Tests: len(r.checks)}
	total := 0.0
	for _, c := range r.checks {
		total += c.Took.Seconds()
		x := junitCase{Class: r.name, Name: xmlText(c.Where + " " + c.Text), Time: fmt.Sprintf("%.3f", c.Took.Seconds())}
		if c.Err != nil {
			bad := &junitBad{xmlText(c.Err.Error()), fault.Of(c.Err).Name, xmlText(c.Err.Error())}
			if fault.Of(c.Err) == fault.Assert {
				x.Failure, s.Failures = bad, s.Failures+1
			} else {
				x.Error, s.Errors = bad, s.Errors+1
			}
		}
		s.Cases = append(s.Cases, x)
	}
	s.Time = fmt.Sprintf("%.3f", total)
	b, err := xml.MarshalIndent(junitSuites{Suite: s}, "", "  ")
	if err == nil {
		err = replaceFile(r.junit, append([]byte(xml.Header), append(b, '\n')...))
	}
	if err != nil {
		return fault.New(fault.WriteLocal, "cannot write %s: %v", r.junit, err)
	}
	return nil
}

// xmlText is text with what XML cannot hold made visible.
func xmlText(s string) string {
	var b strings.Builder
	for _, c := range s {
		if c == utf8.RuneError || c < ' ' && c != '\t' && c != '\n' || c == 0x7f {
			fmt.Fprintf(&b, "<U+%04X>", c)
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// replaceFile writes a file as a whole.
func replaceFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".wireline-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
