package repl

import (
	"os"
	"strings"

	"wireline/protocols/verb"
)

// offline reports whether the arguments say that the verb needs no session.
func (r *run) offline() bool {
	o, ok := r.inv.Args().(verb.Offliner)
	return ok && o.Offline()
}

// unaimed takes the target off the words of a verb that does not go there.
// What is the name of a file is none.
func (r *run) unaimed() {
	if len(r.inv.Words) == 0 {
		return
	}
	w := r.inv.Words[0]
	_, err := os.Stat(r.sh.localPath(w))
	named := strings.HasPrefix(w, "@") || strings.Contains(w, "://")
	if named || err != nil && (w == "localhost" || strings.Contains(w, ":")) {
		r.inv.Words = r.inv.Words[1:]
	}
	r.sess = nil
}
