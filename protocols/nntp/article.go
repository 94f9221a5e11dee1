package nntp

import (
	"context"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// ArticleArgs are the arguments of verbs that take one article.
type ArticleArgs struct {
	Article string `arg:"article?" help:"number, message-id or GROUP/NUMBER; the current article if left out" complete:"group"`
}

// one reads a word that means one article. The group is "" for the current
// one, the argument "" for the current article.
func one(word string) (group, arg string, err error) {
	if word == "" {
		return "", "", nil
	}
	c, err := chosen([]string{word})
	if err != nil {
		return "", "", err
	}
	switch {
	case len(c.ids) == 1:
		return "", c.ids[0], nil
	case len(c.sets) == 1 && c.sets[0].word == "" && c.sets[0].span.from == c.sets[0].span.to:
		return c.group, c.sets[0].span.String(), nil
	}
	return "", "", fault.New(fault.BadArgument, "%q does not mean one article", short(word)).WithHint("such as 1234, comp.lang.go/1234 or <id@host>")
}

// A Spot is an article that is there. Its number is 0 where the server was
// asked for a message-id and does not say in which group it is.
type Spot struct {
	Number int64  `json:"number"`
	ID     string `json:"id"`
}

// String is the number and the message-id.
func (x Spot) String() string {
	if x.Number == 0 {
		return x.ID
	}
	return strconv.FormatInt(x.Number, 10) + " " + x.ID
}

// about asks for an article, or for something of it. The reply must be about
// the article that was asked for.
func (s *Session) about(ctx context.Context, cmd, word string, want int) (Spot, error) {
	group, arg, err := one(word)
	if err != nil {
		return Spot{}, err
	}
	line := strings.TrimSuffix(cmd+" "+arg, " ")
	var r reply
	if isID(arg) {
		r, err = s.ask(ctx, line, want)
	} else {
		if arg == "" {
			if err := s.begun(ctx); err != nil {
				return Spot{}, err
			}
			if line, err = s.here(cmd); err != nil {
				return Spot{}, err
			}
		}
		r, err = s.in(ctx, group, line, want)
	}
	if err != nil {
		what := arg
		if group == "" && s.group != nil && !isID(arg) {
			group = s.group.Name
		}
		if group != "" && !isID(arg) {
			what = strings.TrimSuffix(group+"/"+arg, "/")
		}
		return Spot{}, of(what, err)
	}
	_, asked, _ := strings.Cut(line, " ")
	x, err := s.spot(r, asked)
	if err == nil && x.Number > 0 && !isID(arg) {
		s.link.article = x.Number
		if group == "" || s.group != nil && group == s.group.Name {
			s.current = x.Number
		}
	}
	return x, err
}

// here is a command about the current article. The server may have forgotten
// which that is.
func (s *Session) here(cmd string) (string, error) {
	switch {
	case s.group == nil:
		return "", fault.New(fault.Usage, "no group is selected").WithHint("cd GROUP goes to one; a message-id needs none")
	case s.current == 0:
		return "", fault.New(fault.Usage, "no article is selected").WithHint("ls shows the articles of the group")
	}
	return cmd + " " + strconv.FormatInt(s.current, 10), nil
}

// spot reads the number and the message-id that a reply begins with (RFC
// 3977, section 6.2.1). They must be those that were asked for; "" is any.
func (s *Session) spot(r reply, asked string) (Spot, error) {
	first, rest, _ := strings.Cut(r.text, " ")
	id, _, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	n, err := number(first)
	if err != nil {
		return Spot{}, s.link.protocol("the reply to %s has no number: %s", s.link.sent, quote(r.text))
	}
	other := isID(asked) && isID(id) && id != asked
	if !isID(asked) && asked != "" {
		k, err := number(asked)
		other = err != nil || k != n
	}
	if other {
		return Spot{}, s.link.protocol("the server was asked for %s and answers with %s", short(asked), quote(r.text))
	}
	return Spot{n, id}, nil
}

// Stat tells whether an article is there, and makes it the current one (RFC
// 3977, section 6.2.4).
func (s *Session) Stat(ctx context.Context, a ArticleArgs) (Spot, error) {
	return s.about(ctx, "STAT", a.Article, articleIs)
}

// Next goes to the next article of the group (RFC 3977, section 6.1.4).
func (s *Session) Next(ctx context.Context, _ None) (Spot, error) { return s.step(ctx, "NEXT") }

// Last goes to the article before (RFC 3977, section 6.1.3).
func (s *Session) Last(ctx context.Context, _ None) (Spot, error) { return s.step(ctx, "LAST") }

func (s *Session) step(ctx context.Context, cmd string) (Spot, error) {
	if s.group != nil && s.current > 0 && (s.link.group != s.group.Name || s.link.article != s.current) {
		// What was done meanwhile has led the server away from the article.
		if _, err := s.Stat(ctx, ArticleArgs{}); err != nil {
			return Spot{}, err
		}
	}
	r, err := s.in(ctx, "", cmd, articleIs)
	if err != nil {
		if s.group != nil {
			err = of(s.group.Name, err)
		}
		return Spot{}, err
	}
	x, err := s.spot(r, "")
	if err == nil {
		s.current, s.link.article = x.Number, x.Number
	}
	return x, err
}

// Article gives an article as it is (RFC 3977, section 6.2.1).
func (s *Session) Article(ctx context.Context, a ArticleArgs) (*verb.Blob, error) {
	return s.bytes(ctx, "ARTICLE", a.Article, articleFollows)
}

// Head gives the header of an article as it is (RFC 3977, section 6.2.2).
func (s *Session) Head(ctx context.Context, a ArticleArgs) (*verb.Blob, error) {
	return s.bytes(ctx, "HEAD", a.Article, headFollows)
}

// Body gives the body of an article as it is (RFC 3977, section 6.2.3).
func (s *Session) Body(ctx context.Context, a ArticleArgs) (*verb.Blob, error) {
	return s.bytes(ctx, "BODY", a.Article, bodyFollows)
}

func (s *Session) bytes(ctx context.Context, cmd, word string, want int) (*verb.Blob, error) {
	x, err := s.about(ctx, cmd, word, want)
	if err != nil {
		return nil, err
	}
	return &verb.Blob{Name: fileName(x), Size: -1, Type: "message/rfc822", ReadCloser: s.body(ctx)}, nil
}

// fileName is a name for the file of an article, with nothing in it that
// could lead elsewhere.
func fileName(x Spot) string {
	if x.Number > 0 {
		return strconv.FormatInt(x.Number, 10) + ".eml"
	}
	name := strings.Map(func(r rune) rune {
		switch {
		case r <= ' ' || r >= 0x7f, strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		}
		return r
	}, strings.Trim(x.ID, "<>"))
	name = strings.TrimLeft(name, ".-")
	if len(name) > 200 {
		name = name[:200]
	}
	if name == "" {
		name = "article"
	}
	return name + ".eml"
}

// CatArgs are the arguments of Cat.
type CatArgs struct {
	Article string `arg:"article?" help:"number, message-id or GROUP/NUMBER, with .PART behind a number for one part; the current article if left out" complete:"group"`
	Raw     bool   `flag:"raw" help:"byte for byte as it is kept at the server"`
	HTML    bool   `flag:"html" help:"the HTML of the article as it is, where there is any"`
	All     bool   `flag:"a,all" help:"every line of the header"`
	Part    string `flag:"part" help:"number of one part, for an article that is named by its message-id"`
}

// Cat shows an article, decoded.
func (s *Session) Cat(ctx context.Context, a CatArgs) (*verb.Blob, error) {
	word, part, err := withPart(a.Article, a.Part)
	if err != nil {
		return nil, err
	}
	b, err := s.Article(ctx, ArticleArgs{word})
	if err != nil {
		return nil, err
	}
	s.markRead(ctx, word)
	switch in := b.ReadCloser.(*body); {
	case part != "":
		return s.part(b, in, part)
	case !a.Raw:
		b.Type = "text/plain; charset=utf-8"
		b.ReadCloser = &produced{in: in, to: func(w writer) error {
			return mail.Show(w, in, mail.View{AllFields: a.All, HTML: a.HTML})
		}}
	}
	return b, nil
}

// withPart cuts the number of a part off a word.
func withPart(word, part string) (string, string, error) {
	if part != "" {
		if _, p, err := mail.SplitPart("1." + part); err != nil || p == "" {
			return "", "", fault.New(fault.BadArgument, "%q is not the number of a part, such as 2 or 2.1", short(part))
		}
		return word, part, nil
	}
	if isNumbers(strings.ReplaceAll(word, ".", "")) {
		return mail.SplitPart(word)
	}
	return word, "", nil
}

// part is one part of an article, decoded.
func (s *Session) part(b *verb.Blob, in *body, number string) (*verb.Blob, error) {
	e, err := mail.NewReader(in).Find(number)
	if err != nil {
		in.Close()
		return nil, err
	}
	b.Name, b.Type = e.Name, e.Type
	b.ReadCloser = &decoded{e.Data(), in}
	return b, nil
}

// SaveArgs are the arguments of Save.
type SaveArgs struct {
	What []string `arg:"article..." help:"number with .PART for one part of it, message-id or GROUP/NUMBER; several that have a file together; the current article if left out" complete:"group"`
	Part string   `flag:"part" help:"number of one part, for an article that is named by its message-id"`
	File bool     `flag:"decode" help:"the file that the article has in it, in yEnc or uuencoded"`
}

// Save gives an article, a part of one, or the file that several have in
// them.
func (s *Session) Save(ctx context.Context, a SaveArgs) (*verb.Blob, error) {
	words, err := unfold(a.What)
	if err != nil {
		return nil, err
	}
	word := strings.Join(words, " ")
	w, _, err := withPart(word, a.Part)
	if err != nil {
		return nil, err
	}
	if _, _, err := one(w); err != nil || a.File {
		c, err := chosen(words)
		if err != nil {
			return nil, err
		}
		return s.join(ctx, c)
	}
	b, err := s.Cat(ctx, CatArgs{Article: word, Part: a.Part, Raw: true})
	if err != nil {
		return nil, err
	}
	b.Save = true
	return b, nil
}

// Headers shows the header of an article, decoded.
func (s *Session) Headers(ctx context.Context, a ArticleArgs) (verb.Stream[mail.Field], error) {
	b, err := s.Head(ctx, a)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	h, err := s.header(b)
	if err != nil {
		return nil, err
	}
	return func(yield func(mail.Field, error) bool) {
		for _, f := range h.Fields() {
			if !yield(f, nil) {
				return
			}
		}
	}, nil
}

// header reads the header of an article.
func (s *Session) header(b *verb.Blob) (*mail.Header, error) {
	h, err := mail.ReadHeader(b)
	if f, ok := err.(*fault.Error); ok && f.At == "" {
		f.At, f.Phase = s.link.at, "body"
	}
	return h, err
}

// Parts lists the parts of an article.
func (s *Session) Parts(ctx context.Context, a ArticleArgs) (verb.Stream[mail.Part], error) {
	b, err := s.Article(ctx, a)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	var all []mail.Part
	r := mail.NewReader(b)
	var before *mail.Entity
	note := func() {
		if before != nil {
			all = append(all, before.Part) // its size is known now
		}
	}
	for {
		e, err := r.Next()
		note()
		if err != nil {
			if err := ended(err); err != nil {
				return nil, err
			}
			break
		}
		before = e
	}
	return func(yield func(mail.Part, error) bool) {
		for _, p := range all {
			if !yield(p, nil) {
				return
			}
		}
	}, nil
}
