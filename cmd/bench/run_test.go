package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

const patience = 30 * time.Second

// testRace is one in which this program is ours and sends three megabytes.
func testRace(name, words string) race {
	return race{
		number: 1, name: name, work: "%s sent", amount: amount{quick: 3 * megabyte, full: 3 * megabyte},
		goal: goal{wall: 1000, cpu: 1000},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			file, err := c.file(c.amount)
			if err != nil {
				return nil, err
			}
			return c.clients(job{in: file}, []service{sink},
				typed("ours", "wireline "+words),
				typed("loop", "limit send {1}"),
				typed("again", c.self+" limit send {1}"),
				typed("liar", "true {1}"),
				typed("absent", "no-such-program {1}")), nil
		},
	}
}

func testCourse(t *testing.T) *course {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &course{dir: t.TempDir(), wireline: self, self: self}
}

func TestRun(t *testing.T) {
	c := testCourse(t)
	res, err := c.run(t.Context(), testRace("test", "limit send {1}"), options{rounds: 2, heat: patience})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(res.Missing, []string{"absent"}) {
		t.Errorf("missing %v", res.Missing)
	}
	byName := map[string]row{}
	for _, r := range res.Rows {
		byName[r.Name] = r
	}
	if r := byName["ours"]; r.Role != ours || r.Wall <= 0 || r.CPU <= 0 || r.Done != 1 || r.WallRatio != nil {
		t.Errorf("%+v", r)
	}
	if r := byName["again"]; r.Role != peer || r.WallRatio == nil || r.CPURatio == nil {
		t.Errorf("%+v", r)
	}
	if r := byName["loop"]; r.Role != bound {
		t.Errorf("%+v", r)
	}
	// Who did not do the work has not won.
	if r := byName["liar"]; r.WallRatio != nil || !strings.Contains(r.Failed, "no client came") {
		t.Errorf("%+v", r)
	}
	if left, _ := os.ReadDir(c.dir); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
	var table bytes.Buffer
	if err := show(&table, res); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1 test: 3 MiB sent, 2 rounds", "(loop)", "liar failed: ", "not installed: absent", "goal wall ≤ 1000.00 × again", ", met"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("no %q in\n%s", want, &table)
		}
	}
}

// All run in turn, and nobody is always first.
func TestRounds(t *testing.T) {
	var order string
	heat := func(name string, err error) func(context.Context) (cost, error) {
		return func(context.Context) (cost, error) {
			order += name
			return cost{wall: 1, done: 1}, err
		}
	}
	field := []entrant{{name: "a", role: ours, heat: heat("a", nil)}, {name: "b", role: peer, heat: heat("b", errors.New("tired"))}, {name: "c", role: peer, heat: heat("c", nil)}}
	costs, failed := rounds(t.Context(), field, options{rounds: 3, heat: patience})
	if order != "abc"+"ca"+"ca" {
		t.Errorf("they ran %s", order)
	}
	if len(costs[0]) != 3 || len(costs[1]) != 0 || failed[1] == nil || failed[0] != nil {
		t.Errorf("%v, %v", costs, failed)
	}
}

// A program that hangs is ended.
func TestTimeout(t *testing.T) {
	field := []entrant{{name: "a", role: ours, heat: job{words: []string{"sleep", "600"}}.run}}
	_, failed := rounds(t.Context(), field, options{rounds: 1, heat: 20 * time.Millisecond})
	if failed[0] == nil || failed[0].Error() != "not done within 20ms" {
		t.Errorf("failed with %v", failed[0])
	}
}
