package http

import (
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// HTTP-21: links, by number, and back.
func TestBrowse(t *testing.T) {
	s := demo(t)
	links := func(words ...string) []Link {
		v, _ := verb.Find(verbs(), "ls")
		res, err := v.Do(t.Context(), s, verb.Env{}, words)
		if err != nil {
			t.Fatal(err)
		}
		var all []Link
		for l, err := range res.(verb.Stream[Link]) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, l)
		}
		return all
	}
	first := links()
	if len(first) < 5 || first[0] != (Link{1, "/page/1", "http://localhost:8080/page/1"}) {
		t.Fatalf("%+v", first)
	}
	for _, step := range []struct{ verb, word, want string }{
		{"follow", "1", "This is page 1"},
		{"follow", "2", "This is page 2"}, // 1 is the contents
		{"back", "", "This is page 1"},
		{"back", "", "The playground"},
	} {
		var words []string
		if step.word != "" {
			words = []string{step.word}
		}
		if got, err := do(t, s, step.verb, words...); err != nil || !strings.Contains(got, step.want) {
			t.Errorf("%s %s: %v, %s", step.verb, step.word, err, got)
		}
	}
	_, err := do(t, s, "back")
	wants(t, err, fault.Usage, "nothing was fetched before")
	_, err = do(t, s, "follow", "99")
	wants(t, err, fault.Usage, "no link 99")
	if names, err := s.Complete(t.Context(), "remote", "/pa"); err != nil || len(names) != 1 || names[0] != "/page/1" {
		t.Errorf("completed to %v, %v", names, err)
	}
	if got := links("/page/5"); len(got) != 3 || got[2].URL != "http://localhost:8080/page/6" {
		t.Errorf("%+v", got)
	}
}

// HTTP-07: cookies are kept, sent, and listed.
func TestCookies(t *testing.T) {
	s := demo(t)
	got, err := do(t, s, "get", "/cookies/set?taste=sweet", "--follow")
	if err != nil || !strings.Contains(got, `"taste": "sweet"`) {
		t.Errorf("%s, %v", got, err)
	}
	if all := s.client.Jar.List(); len(all) != 1 || all[0].Name != "taste" || all[0].Domain != "localhost" || all[0].Path != "/" {
		t.Errorf("%+v", all)
	}
}
