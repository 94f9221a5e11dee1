package nntp

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// GetArgs are the arguments of Get.
type GetArgs struct {
	What []string `arg:"what..." help:"articles, such as 1234, 1-100, last 20, new or message-ids; the current article if left out" complete:"group"`
	Mbox string   `flag:"mbox" help:"write all articles to this file, one after the other" complete:"local"`
	To   string   `flag:"to" help:"directory for the files of several articles" complete:"local"`
}

// Get gives one article byte by byte for a file, or saves several: each in a
// file of its own, or all in one. Their commands are pipelined.
func (s *Session) Get(ctx context.Context, a GetArgs) (any, error) {
	for _, arg := range []struct{ name, value string }{{"mbox", a.Mbox}, {"to", a.To}} {
		if err := protocols.OneLine(arg.name, arg.value); err != nil {
			return nil, err
		}
	}
	c, err := chosen(a.What)
	if err != nil {
		return nil, err
	}
	if a.Mbox == "" && a.To == "" {
		word := strings.Join(a.What, " ")
		if words, err := unfold(a.What); err == nil {
			word = strings.Join(words, " ")
		}
		if c.group != "" && len(c.sets) == 1 && c.sets[0].word == "" {
			word = c.group + "/" + c.sets[0].span.String()
		}
		if _, _, err := one(word); err == nil {
			b, err := s.Article(ctx, ArticleArgs{word})
			if err == nil {
				b.Save = true
				b.ReadCloser = &noted{ReadCloser: b.ReadCloser, note: func() { s.markRead(ctx, word) }}
			}
			return b, err
		}
	}
	disk := files.DiskOf(ctx)
	if disk == nil {
		return nil, fault.New(fault.Unsupported, "there is no local directory to save in")
	}
	j := &job{s: s}
	if len(c.ids) > 0 {
		j.args, err = slices.Values(c.ids), s.ready(ctx)
	} else {
		err = j.plan(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	if a.Mbox != "" {
		return j.mbox(ctx, disk, home(a.Mbox))
	}
	return j.files(ctx, disk, home(a.To)), nil
}

// A noted body is noted as read when it was read to its end and closed: one that
// could not be stored was not.
type noted struct {
	io.ReadCloser
	note  func()
	whole bool
}

func (n *noted) Read(p []byte) (int, error) {
	k, err := n.ReadCloser.Read(p)
	n.whole = n.whole || err == io.EOF
	return k, err
}

func (n *noted) WriteTo(w io.Writer) (int64, error) {
	k, err := io.Copy(w, n.ReadCloser)
	n.whole = n.whole || err == nil
	return k, err
}

func (n *noted) Close() error {
	err := n.ReadCloser.Close()
	if err == nil && n.whole {
		n.note()
		n.whole = false // it is noted
	}
	return err
}

// home puts the home directory for a leading ~.
func home(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if dir, err := os.UserHomeDir(); err == nil {
			return filepath.ToSlash(filepath.Join(dir, rest))
		}
	}
	return path
}

// A job is several articles to be fetched.
type job struct {
	s     *Session
	group *Group // nil for message-ids
	spans []span // that are there, of the group
	args  iter.Seq[string]
}

// plan finds out which of the articles are there. One that was asked for by
// its number must be.
func (j *job) plan(ctx context.Context, c choice) error {
	s := j.s
	g, spans, err := s.reach(ctx, c)
	if err != nil {
		return err
	}
	j.group = g
	if len(c.sets) == 0 {
		spans = []span{{g.Low, g.High}}
		if c.group == "" && s.current > 0 {
			spans = []span{{s.current, s.current}}
		}
	}
	var there []int64
	for _, x := range spans {
		had := len(j.spans) + len(there)
		for n, err := range s.list(ctx, g.Name, x) {
			if err != nil {
				return err
			}
			if there = append(there, n); len(there) == 10_000 {
				j.spans, there = append(j.spans, compact(there)...), there[:0]
			}
			if len(j.spans) > mostKept {
				return s.tooMany("gaps between articles")
			}
		}
		if x.from == x.to && had == len(j.spans)+len(there) {
			return s.none(g)
		}
		j.spans, there = append(j.spans, compact(there)...), there[:0]
	}
	if len(j.spans) == 0 {
		return s.none(g)
	}
	j.args = numbered(j.spans)
	return nil
}

// fetch calls each for every article; missing is told of one that has gone
// meanwhile.
func (j *job) fetch(ctx context.Context, each func(x Spot, b *block) error, missing func(arg string, err error) error) error {
	s := j.s
	if j.group != nil {
		if err := s.enter(ctx, j.group.Name); err != nil {
			return err
		}
	} else if err := s.ready(ctx); err != nil {
		return err
	}
	return s.pipelined(ctx, "ARTICLE", j.args, func(arg string, r reply) error {
		switch r.code {
		case articleFollows:
			x, err := s.spot(r, arg)
			if err != nil {
				return err
			}
			if err := each(x, s.link.begin()); err != nil {
				return s.link.because(ctx, err)
			}
			return nil
		case 420, 423, 430:
			return missing(arg, of(arg, s.link.refusal(r)))
		}
		return of(arg, s.link.refusal(r))
	})
}

// Saved is what was written to one file.
type Saved struct {
	File     string `json:"file"`
	Articles int    `json:"articles"`
	Missing  int    `json:"missing"` // articles that had gone meanwhile
	Bytes    int64  `json:"bytes"`
}

// Message says it.
func (x Saved) Message() string {
	text := fmt.Sprintf("%d articles in %s", x.Articles, x.File)
	if x.Articles == 1 {
		text = "1 article in " + x.File
	}
	if x.Missing > 0 {
		text += fmt.Sprintf(", %d are not there any more", x.Missing)
	}
	return text
}

// mbox writes all articles to one file.
func (j *job) mbox(ctx context.Context, disk files.Disk, name string) (Saved, error) {
	done := Saved{File: name}
	all := &produced{in: nothing{}, to: func(w writer) error {
		m := newMbox(w)
		err := j.fetch(ctx, func(_ Spot, b *block) error {
			done.Articles++
			return m.article(b)
		}, func(string, error) error {
			done.Missing++
			return nil
		})
		if ferr := m.flush(); err == nil {
			err = ferr
		}
		done.Bytes = m.bytes
		return err
	}}
	err := disk.Store(ctx, name, &verb.Blob{Name: name, Size: -1, ReadCloser: all}, files.Storing{})
	if err == nil {
		j.read(ctx)
	}
	return done, err
}

// read marks the articles as read.
func (j *job) read(ctx context.Context) {
	if j.group != nil {
		j.s.mark(ctx, j.group.Name, j.spans)
	}
}

type nothing struct{}

func (nothing) Close() error { return nil }

// files writes each article to a file of its own. One that cannot be written
// does not stop the others; in the end there is an error of its kind.
func (j *job) files(ctx context.Context, disk files.Disk, dir string) verb.Stream[files.Done] {
	return func(yield func(files.Done, error) bool) {
		f := &filing{yield: yield, batch: files.NewBatch(disk)}
		var err error
		if dir != "" {
			err = disk.MakeDir(ctx, dir)
		}
		if err == nil {
			err = j.fetch(ctx, func(x Spot, b *block) error { return f.store(ctx, files.Join(dir, fileName(x)), b) }, f.missing)
		}
		f.batch.Close()
		switch {
		case f.over:
		case err != nil:
			yield(files.Done{}, err)
		case f.failed > 0:
			yield(files.Done{}, f.err())
		default:
			j.read(ctx)
		}
	}
}
