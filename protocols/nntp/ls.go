package nntp

import (
	"context"
	"strings"
	"time"

	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// A Row is an article in a listing.
type Row struct {
	Number  int64     `json:"number"`
	Date    time.Time `json:"date,omitzero"`
	From    string    `json:"from"`
	Depth   depth     `json:"depth,omitempty"` // in a thread: how many articles stand above it
	Subject string    `json:"subject"`
	Lines   int64     `json:"lines"`
	Bytes   int64     `json:"bytes" show:"wide"`
	ID      string    `json:"id" show:"wide"`
}

// A LongRow is a Row of which all is shown.
type LongRow struct {
	Number  int64     `json:"number"`
	Date    time.Time `json:"date,omitzero"`
	From    string    `json:"from"`
	Depth   depth     `json:"depth,omitempty"`
	Subject string    `json:"subject"`
	Lines   int64     `json:"lines"`
	Bytes   int64     `json:"bytes"`
	ID      string    `json:"id"`
}

// A depth is shown as a branch that leads to the article.
type depth int

// String is the branch.
func (d depth) String() string {
	const most = 12
	if d <= 0 {
		return ""
	}
	return strings.Repeat("  ", int(min(d, most))-1) + "└─"
}

// row is an overview as people read it.
func (o Overview) row() Row {
	return Row{
		Number: o.Number, Date: mail.Date(o.Date), From: mail.Decode(o.From), Subject: mail.Decode(o.Subject),
		Lines: o.Lines, Bytes: o.Bytes, ID: o.ID,
	}
}

// LsArgs are the arguments of Ls.
type LsArgs struct {
	What   []string `arg:"what..." help:"pattern of groups such as comp.*; a group; articles such as 5, 1-100, last 20, new" complete:"group"`
	Groups bool     `flag:"g,groups" help:"take the word for a pattern of groups though it has no wildcard"`
	Mine   bool     `flag:"subscribed" help:"only groups that are subscribed to"`
	Thread bool     `flag:"thread" help:"each article below the one that it answers"`
	Long   bool     `flag:"l,long" help:"articles: their sizes and message-ids as well"`
}

// Ls lists groups, or articles of a group.
func (s *Session) Ls(ctx context.Context, a LsArgs) (any, error) {
	words, err := unfold(a.What)
	if err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	if len(words) == 0 && !a.Groups && !a.Mine {
		if err := s.begun(ctx); err != nil {
			return nil, err
		}
	}
	switch {
	case len(words) == 0 && (s.group == nil || a.Groups || a.Mine):
		return s.groups(ctx, "", a.Mine)
	case len(words) == 1 && (a.Groups || a.Mine || isPattern(words[0])):
		return s.groups(ctx, words[0], a.Mine)
	}
	all, err := s.Over(ctx, SetArgs{words})
	if err != nil {
		return nil, err
	}
	rows := s.rows(all)
	if a.Thread {
		if rows, err = s.threads(all); err != nil {
			return nil, err
		}
	}
	if a.Long {
		return long(rows), nil
	}
	return rows, nil
}

func long(rows verb.Stream[Row]) verb.Stream[LongRow] {
	return func(yield func(LongRow, error) bool) {
		for r, err := range rows {
			if !yield(LongRow(r), err) {
				return
			}
		}
	}
}

func (s *Session) rows(all Overviews) verb.Stream[Row] {
	return func(yield func(Row, error) bool) {
		for o, err := range all {
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(o.row(), nil) {
				return
			}
		}
	}
}
