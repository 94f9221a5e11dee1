package transfer

import (
	"bytes"
	"context"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// segments is a part that is written in several places at once. Its state
// says how far each of them has come, and never more than is on the disk.
type segments struct {
	d    *Disk
	r    *os.Root
	part *part
	of   state
	date time.Time
	job  *job

	saving sync.Mutex
	saved  time.Time
}

// A segment is from one byte to before another.
type segment struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
	Done int64 `json:"done"` // up to here it is there

	at   atomic.Int64 // up to here it has been written by now
	took int64        // from here on it was fetched in this try
}

// savings is how often the state is written.
const savings = time.Second

// Segmented reports whether an earlier try has left segments of p.
// (files.Segmenter)
func (d *Disk) Segmented(p string) bool {
	r, name, err := d.root(p, false)
	if err != nil {
		return false
	}
	defer r.Close()
	s, ok := readState(r, name)
	return ok && s.Segments != nil
}

// Segments begins to write p in n segments, or goes on with them.
// (files.Segmenter)
func (d *Disk) Segments(p string, whole files.Entry, n int, resume bool, o files.Storing) (files.Segments, error) {
	r, name, err := d.root(p, true)
	if err != nil {
		return nil, err
	}
	s := &segments{d: d, r: r, date: o.Modified, of: state{Size: whole.Size, Modified: whole.Modified}}
	if err = d.free(r, name, o.Replace); err == nil {
		err = s.open(name, n, resume)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	s.job = d.Meter.begin(p, s.there(), int64(whole.Size), s.there)
	return s, nil
}

// open takes up what an earlier try has left, or makes a part and its plan.
func (s *segments) open(name string, n int, resume bool) (err error) {
	old, ok := readState(s.r, name)
	if resume && ok && old.Segments != nil && old.of(files.Entry{Size: s.of.Size, Modified: s.of.Modified}) && sound(old) {
		if s.part, err = openPart(s.r, name, 1, 0o666); err == nil {
			s.of.Segments = old.Segments
			for _, g := range s.of.Segments {
				g.at.Store(g.Done)
				g.took = max(g.From, g.Done-overlap)
			}
			return nil
		}
	}
	if s.part, err = openPart(s.r, name, 0, 0o666); err != nil {
		return err
	}
	size := int64(s.of.Size)
	for i := range int64(n) {
		g := &segment{From: size * i / int64(n), To: size * (i + 1) / int64(n)}
		g.Done, g.took = g.From, g.From
		g.at.Store(g.From)
		s.of.Segments = append(s.of.Segments, g)
	}
	if err = s.part.f.Truncate(size); err != nil {
		err = refuse(name, err)
	} else {
		err = s.part.note(s.of)
	}
	if err != nil {
		s.part.close()
	}
	return err
}

// sound reports whether the segments of a state make up the whole file.
func sound(s state) bool {
	at := int64(0)
	for _, g := range s.Segments {
		if g == nil || g.From != at || g.Done < g.From || g.To < g.Done {
			return false
		}
		at = g.To
	}
	return at == int64(s.Size)
}

func (s *segments) there() (n int64) {
	for _, g := range s.of.Segments {
		n += g.at.Load() - g.From
	}
	return n
}

// Missing are the segments that are not whole. (files.Segments)
func (s *segments) Missing() (list []files.Segment) {
	for i, g := range s.of.Segments {
		if g.Done < g.To {
			list = append(list, files.Segment{Number: i, From: g.took})
		}
	}
	return list
}

// Store writes a segment. (files.Segments)
func (s *segments) Store(ctx context.Context, x files.Segment, b *verb.Blob) error {
	defer b.Close()
	g := s.of.Segments[x.Number]
	last := g.To == int64(s.of.Size)
	r := s.d.slow(ctx, b.ReadCloser)
	buf := make([]byte, 256<<10)
	for at := x.From; ; {
		room := buf
		if left := g.To - at; !last && left < int64(len(room)) {
			room = buf[:left]
		}
		n, err := 0, io.EOF
		if len(room) > 0 {
			n, err = r.Read(room)
		}
		if at+int64(n) > g.To {
			return fault.New(fault.Partial, "the file is longer than %d bytes", s.of.Size)
		}
		if werr := s.write(g, at, room[:n]); werr != nil {
			return werr
		}
		at += int64(n)
		switch {
		case err == io.EOF && at < g.To:
			err = ended(ctx, b, at-x.From, x.From, nil)
			if err == nil {
				err = fault.New(fault.Partial, "%d of %d bytes came", at, s.of.Size)
			}
			return err
		case err == io.EOF && last:
			return ended(ctx, b, at-x.From, x.From, nil)
		case err == io.EOF:
			return nil // the rest is not wanted
		case err != nil:
			return err
		}
		s.save(false)
	}
}

// write puts what was fetched in its place. What was there from an earlier
// try must be the same.
func (s *segments) write(g *segment, at int64, p []byte) error {
	if had := g.Done - at; g.took < g.Done && had > 0 {
		k := min(had, int64(len(p)))
		old := make([]byte, k)
		if _, err := s.part.f.ReadAt(old, at); err != nil {
			return refuse(s.part.name, err)
		}
		if !bytes.Equal(old, p[:k]) {
			return fault.New(fault.ResumeMismatch, "the file at the server is not the one that %s is a part of", s.part.at).
				WithHint("without -c it is fetched from its beginning")
		}
		at, p = at+k, p[k:]
	}
	if len(p) == 0 {
		return nil
	}
	if _, err := s.part.f.WriteAt(p, at); err != nil {
		return refuse(s.part.name, err)
	}
	g.at.Store(at + int64(len(p)))
	return nil
}

// save brings to the disk what is there, and then notes it.
func (s *segments) save(now bool) error {
	if !now && !s.saving.TryLock() {
		return nil
	} else if now {
		s.saving.Lock()
	}
	defer s.saving.Unlock()
	if !now && time.Since(s.saved) < savings {
		return nil
	}
	note := s.of
	note.Segments = nil
	for _, g := range s.of.Segments {
		note.Segments = append(note.Segments, &segment{From: g.From, To: g.To, Done: g.at.Load()})
	}
	s.saved = time.Now()
	if err := s.part.f.Sync(); err != nil {
		return refuse(s.part.name, err)
	}
	return s.part.note(note)
}

// Close gives the file its name, or keeps what there is of it.
// (files.Segments)
func (s *segments) Close(err error) error {
	defer s.r.Close()
	defer s.part.close()
	s.job.end(err == nil)
	if err != nil {
		if serr := s.save(true); serr != nil {
			return err // which is why there is no more to say
		}
		return s.part.keep(err, s.there() > 0)
	}
	_ = s.r.Remove(stateName(s.part.at) + ".new") // of a try that was killed
	return s.part.finish(s.date)
}
