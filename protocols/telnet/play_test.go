package telnet

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

func played(ctx context.Context, tty *fakeTTY, log string, words ...string) (any, error) {
	v, _ := verb.Find(Protocol().Tools, "play")
	open := func(name string) (verb.Input, error) {
		return verb.Input{Name: name, ReadCloser: io.NopCloser(strings.NewReader(log))}, nil
	}
	return v.Do(ctx, struct{}{}, verb.Env{Terminal: tty, Open: open}, append([]string{"log"}, words...))
}

const cast = `{"version": 2, "width": 80, "height": 24}
[0.5, "o", "login: "]
[1.0, "i", "ann\r"]
[3.0, "o", "\u001b[1mann\u001b[0m\r\n"]
{"version": 2, "width": 80, "height": 24}
[1, "o", "\u001b]0;t\u0007é"]
`

// TEL-12: a log with times is played in its time.
func TestPlay(t *testing.T) {
	for _, c := range []struct {
		words []string
		took  time.Duration
		want  string
	}{
		{nil, 4 * time.Second, "login: \x1b[1mann\x1b[0m\r\n\x1b]0;t\aé" + tidy + "\r\n"},
		{[]string{"--speed", "2", "--safe"}, 2 * time.Second, "login: \x1b[1mann\x1b[0m\r\né" + tidy + "\r\n"},
		{[]string{"--pause", "1s"}, 2500 * time.Millisecond, "login: \x1b[1mann\x1b[0m\r\n\x1b]0;t\aé" + tidy + "\r\n"},
	} {
		synctest.Test(t, func(t *testing.T) {
			tty, began := &fakeTTY{}, time.Now()
			res, err := played(t.Context(), tty, cast, c.words...)
			if err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took != c.took {
				t.Errorf("%q took %v, want %v", c.words, took, c.took)
			}
			if tty.screen() != c.want {
				t.Errorf("%q shows %q", c.words, tty.screen())
			}
			if p := res.(*Played); p.Seconds != 4 || p.Message() != "played 28 bytes of 4s" {
				t.Errorf("%s", p.Message())
			}
		})
	}
	tty := &fakeTTY{plain: true}
	if _, err := played(t.Context(), tty, cast); err != nil || tty.screen() != "login: \x1b[1mann\x1b[0m\r\n\x1b]0;t\aé" {
		t.Errorf("without a terminal: %v, %q", err, tty.screen())
	}
	if _, err := played(t.Context(), tty, "{}\n[1,2]\n"); fault.Of(err) != fault.Encoding || !strings.Contains(err.Error(), "log:2:") {
		t.Errorf("no asciicast: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errors.New("stop")) })
		if _, err := played(ctx, &fakeTTY{}, cast); fault.Of(err) != fault.Interrupt {
			t.Errorf("interrupted: %v", err)
		}
	})
}

// TEL-12: what was logged can be played, in all three forms.
func TestLogPlayed(t *testing.T) {
	dir := t.TempDir()
	for how, want := range map[string]string{"": "two \nend", "--raw": "\x1b[1mtwo\x1b[0m \r\nend", "--times": "\x1b[1mtwo\x1b[0m \r\nend"} {
		s, p := pipe(t)
		file := filepath.Join(dir, "log"+how)
		words := []string{"log", "on", file}
		if how != "" {
			words = append(words, how)
		}
		must(t, s, words...)
		p.says("27 '[1mtwo' 27 '[0m' 32 13")
		p.says("10 'end'")
		must(t, s, "recv", "--until", "end")
		must(t, s, "log", "off")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tty := &fakeTTY{plain: true}
		if _, err := played(t.Context(), tty, string(text)); err != nil || tty.screen() != want {
			t.Errorf("%q: %v, %q", how, err, tty.screen())
		}
	}
}
