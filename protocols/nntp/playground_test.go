package nntp_test

import (
	"net/url"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/playground"
)

// The news of the playground: what is posted is there for all, under TLS too.
func TestPlayground(t *testing.T) {
	w, err := playground.Start(t.Context(), playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	for _, s := range w.Services() {
		if s.Proto != "nntp" {
			continue
		}
		found, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		ca, err := w.CAFile()
		if err != nil {
			t.Fatal(err)
		}
		u := connect(t, at(scheme(found.Scheme), found.Host, ca))
		has(t, "groups", u.must("ls"), "misc.test\t", "news.closed\t")
		u.must("cd misc.test")
		has(t, "threads", u.must("ls --thread"), "Hello, news\t")
		has(t, "an article", u.must("cat 2"), "Schöne Grüße!\n")
		has(t, "a post", u.must("post --from bob@example.org --followup 1 --text", ".dots\n"), "posted <")
		has(t, "what was posted", u.must("hdr references last"), "\t<hello@playground.test>\n")
		has(t, "a group behind a login", u.must("ls private.ann all"), "For members\t")
		if _, err := u.do("post --from a@x --subject s --to news.closed --text", "x"); fault.Of(err) != fault.Refused {
			t.Errorf("a closed group: %v", err)
		}
	}
}
