package pop3_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// I01: no argument says anything to the server but what it is for.
func TestArguments(t *testing.T) {
	s := &server{n: 3}
	u := meet(t, s)
	for _, bad := range []string{"\r\nDELE 1", "\nQUIT", "\x00"} {
		for _, words := range [][]string{
			{"cat", "1" + bad}, {"headers", "1" + bad}, {"parts", "1" + bad}, {"save", "1" + bad}, {"get", "1" + bad}, {"top", "1" + bad}, {"rm", "1" + bad}, {"ls", "1" + bad},
			{"lang", "de" + bad}, {"raw", "NOOP" + bad}, {"login", "-u", "ann" + bad}, {"login", "--mech", "user" + bad}, {"login", "--authzid", "x" + bad},
		} {
			_, err := u.do(words[0], words[1:]...)
			if k := fault.Of(err); k != fault.BadArgument && k != fault.Usage {
				t.Errorf("%q: %v", words, err)
			}
		}
	}
	if _, log := s.since(); len(log) > 0 {
		t.Errorf("said %q", log)
	}
	for _, user := range []string{"ann\r\nDELE 1", "ann\x00"} {
		if _, err := connect(t, s.start(t).Target, wire.Options{}, "-u", user); fault.Of(err) != fault.BadArgument {
			t.Errorf("%q: %v", user, err)
		}
	}
}

// P03: what a server calls its messages is no name of a file.
func TestUIDs(t *testing.T) {
	dir := t.TempDir()
	s := &server{n: 3, text: "Subject: x\r\n\r\ntext\r\n", list: "1 20\r\n2 20\r\n3 20\r\n", uidl: "1 ../../../etc/x\r\n2 same\r\n3 same\r\n"}
	u := meet(t, s)
	contains(t, u.must("get", "all", "--maildir", filepath.Join(dir, "in"), "--new"), `"messages":3,`)
	names, err := filepath.Glob(filepath.Join(dir, "in", "new", "*"))
	if len(names) != 3 || err != nil || slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, "etc") || strings.Contains(n, "same") }) {
		t.Errorf("%q, %v", names, err)
	}
	all, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(all) != 1 {
		t.Errorf("%q", all)
	}
}
