package nntp

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// RawArgs are the arguments of Raw.
type RawArgs struct {
	Line  []string `arg:"line..." help:"command, as it is to be sent" dash:"yes"`
	Lines bool     `flag:"lines" help:"take the reply for one with lines behind it, up to a dot, whatever its code"`
	Alone bool     `flag:"alone" help:"take the reply for one line, whatever its code"`
}

// A Line is one of a reply.
type Line struct {
	Text string `json:"text"`
}

// String is the line.
func (x Line) String() string { return x.Text }

// Raw sends a line and gives the reply, a refusal too (NEWS-14). Which
// replies have lines behind them depends on the code, and for 211 on the
// command (RFC 3977, section 3.2).
func (s *Session) Raw(ctx context.Context, a RawArgs) (verb.Stream[Line], error) {
	line := strings.Join(a.Line, " ")
	if line == "" {
		return nil, fault.New(fault.Usage, "missing LINE").WithHint("such as: raw LIST OVERVIEW.FMT")
	}
	if i := strings.IndexAny(line, "\r\n\x00"); i >= 0 {
		return nil, fault.New(fault.BadArgument, "a command is one line")
	}
	word, rest, _ := strings.Cut(strings.ToUpper(line), " ")
	switch {
	case word == "POST", word == "IHAVE", word == "TAKETHIS":
		other := strings.ToLower(strings.Replace(word, "TAKETHIS", "IHAVE", 1))
		return nil, fault.New(fault.Unsupported, "%s goes on with an article, which raw does not send", word).WithHint("%s does", other)
	case word == "STARTTLS", word+" "+rest == "COMPRESS DEFLATE":
		return nil, fault.New(fault.Unsupported, "%s changes the connection below, which raw does not", word).WithHint("%s does", strings.ToLower(word))
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	r, err := s.command(ctx, line, 0)
	if err != nil {
		return nil, err
	}
	s.noticed(word, r)
	many := a.Lines || !a.Alone && (slices.Contains(blocks, r.code) || r.code == groupIs && word == "LISTGROUP")
	return func(yield func(Line, error) bool) {
		if !yield(Line{strings.TrimSpace(strconv.Itoa(r.code) + " " + r.text)}, nil) || !many {
			return
		}
		for line, err := range s.lines(ctx) {
			if !yield(Line{string(line)}, err) || err != nil {
				return
			}
		}
	}, nil
}

// blocks are the replies that lines follow.
var blocks = []int{
	helpFollows, capsFollow, listFollows, articleFollows, headFollows, bodyFollows,
	overFollows, hdrFollows, newnewsFollows, newgroupsFollow,
}

// noticed keeps what is known of the server true.
func (s *Session) noticed(word string, r reply) {
	l := s.link
	switch {
	case (word == "GROUP" || word == "LISTGROUP") && r.code == groupIs:
		l.group, l.article = "", 0
	case word == "STAT" || word == "NEXT" || word == "LAST" || word == "ARTICLE" || word == "HEAD" || word == "BODY":
		l.article = 0
	case word == "AUTHINFO" && (r.code == loggedIn || r.code == loggedInData), word == "MODE" && r.code/100 == 2:
		l.caps = nil
	}
}

// Srvhelp shows the server's own help (RFC 3977, section 7.2).
func (s *Session) Srvhelp(ctx context.Context, _ None) (verb.Stream[Line], error) {
	if _, err := s.ask(ctx, "HELP", helpFollows); err != nil {
		return nil, err
	}
	return func(yield func(Line, error) bool) {
		for line, err := range s.text(ctx) {
			if !yield(Line{line}, err) || err != nil {
				return
			}
		}
	}, nil
}
