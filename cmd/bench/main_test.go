package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// The program that the tests race is this one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "limit" {
		os.Exit(limit(os.Args[2:]))
	}
	goleak.VerifyTestMain(m)
}

func TestParse(t *testing.T) {
	var errs bytes.Buffer
	o, err := parse([]string{"tcp-out", "-n", "3", "13", "--json", "-size", "64M"}, &errs)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.races) != 2 || o.races[0].name != "tcp-out" || o.races[1].name != "relay" {
		t.Errorf("races %v", o.races)
	}
	if o.rounds != 3 || !o.json || o.amount != "64M" {
		t.Errorf("%+v", o)
	}
	if o, err := parse([]string{"14"}, &errs); err != nil || len(o.races) != 3 {
		t.Errorf("a number of three races gave %d, %v", len(o.races), err)
	}
	for _, bad := range []string{"-n 0", "-size much", "-size -1", "-size 0", "-size G", "snails", "-snails"} {
		if _, err := parse(strings.Fields(bad), &errs); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func TestList(t *testing.T) {
	var out, errs bytes.Buffer
	if status := run(t.Context(), []string{"-list", "tcp-pipe"}, &out, &errs); status != 0 || !strings.Contains(out.String(), "12 tcp-pipe") {
		t.Errorf("status %d, %q", status, out.String())
	}
	if status := run(t.Context(), []string{"snails"}, &out, &errs); status != 2 || !strings.Contains(errs.String(), "snails") {
		t.Errorf("status %d, %q", status, errs.String())
	}
}

// Names and numbers are how a race is asked for.
func TestRaces(t *testing.T) {
	seen, last := map[string]bool{}, 0
	for _, r := range races() {
		if seen[r.name] || r.number < last || r.amount.quick <= 0 || r.amount.full < r.amount.quick || strings.Count(r.work, "%s") != 1 {
			t.Errorf("race %d %s", r.number, r.name)
		}
		seen[r.name], last = true, r.number
	}
}

func TestAmount(t *testing.T) {
	a := amount{quick: 5, full: 50}
	for s, want := range map[string]int64{"": 5, "full": 50, "7": 7, "2K": 2 << 10, "3M": 3 << 20, "4G": 4 << 30} {
		if n, err := a.of(s); err != nil || n != want {
			t.Errorf("%q is %d, %v", s, n, err)
		}
	}
}

// What a race that cannot be run leaves: the other results, and status 1.
func TestCompete(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	broken := testRace("broken", "limit nothing {1}")
	good := testRace("good", "limit send {1}")
	var out, errs bytes.Buffer
	err = compete(t.Context(), options{rounds: 1, heat: patience, wireline: self, json: true, races: []race{broken, good}}, &out, &errs)
	if err == nil || !strings.Contains(errs.String(), "broken") || !strings.Contains(errs.String(), `no work "nothing"`) {
		t.Errorf("%v, %q", err, errs.String())
	}
	var res result
	if err := json.Unmarshal(out.Bytes(), &res); err != nil || res.Race != "good" || res.Work != "3 MiB sent" {
		t.Errorf("%v, %+v", err, res)
	}
}
