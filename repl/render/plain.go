package render

import "wireline/protocols/verb"

// plain reports whether rows are wanted as nothing but lines: as they are, all
// of each, and without a header.
func (o Options) plain() bool {
	return !o.JSON && !o.Terminal && !o.Header && o.Fields == nil && !o.shaped()
}

func texter(res any) bool {
	_, ok := res.(verb.Texter)
	return ok
}

// showPlain lets a result write itself.
func showPlain(out *output, res verb.Texter) error {
	w := newPaced(out)
	err := res.Text(w)
	if e := w.Close(); err == nil {
		err = e
	}
	return err
}
