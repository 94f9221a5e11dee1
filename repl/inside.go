package repl

import "strings"

// inside is the URL that @NAME/PATH means: a place at the server of a session
// or a bookmark, as in watch @work/INBOX.
func (sh *Shell) inside(w string) (string, bool) {
	name, path, ok := strings.Cut(strings.TrimPrefix(w, "@"), "/")
	if !ok || !strings.HasPrefix(w, "@") {
		return "", false
	}
	at, ok := sh.bookmark(name)
	if s, err := sh.find(name); err == nil && s.target.URL != nil {
		u := *s.target.URL
		u.Path, u.RawPath, u.RawQuery, u.Fragment = "", "", "", ""
		at, ok = u.String(), u.Host != ""
	}
	return strings.TrimSuffix(at, "/") + "/" + path, ok
}
