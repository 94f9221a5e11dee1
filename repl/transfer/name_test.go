package transfer

import (
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/files"
)

// D01: what a server calls as our parts are called is no part of another file.
func TestReservedNames(t *testing.T) {
	for name, refused := range map[string]bool{
		".x.part": true, "d/.x.part": true, ".x.part.state": true, ".x.part.state.new": true, ".x.part.abcd2345": true,
		"x.part": false, ".part": false, ".x.parts": false, ".x.part.gz": false, ".state": false, ".x.part/y": false,
	} {
		d := &Disk{Dir: t.TempDir()}
		err := d.Store(t.Context(), name, of("x"), files.Storing{Replace: true})
		b := (&Disk{Dir: t.TempDir()}).Batch()
		berr := b.Store(t.Context(), name, of("x"), files.Storing{Replace: true}, func(error) {})
		b.Close()
		g, serr := (&Disk{Dir: t.TempDir()}).Segments(name, files.Entry{Size: 9}, 2, false, files.Storing{})
		if serr == nil {
			g.Close(nil)
		}
		if got := fault.Of(err) == fault.WriteLocal; got != refused || (fault.Of(berr) == fault.WriteLocal) != refused || refused && serr == nil {
			t.Errorf("%s: %v, in a batch %v, in segments %v", name, err, berr, serr)
		}
	}
}
