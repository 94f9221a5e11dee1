package imap

import (
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A term is one criterion of a search, or several of which all must hold.
type term struct {
	key  string // FROM; "" for a list
	text []string
	atom []string
	of   []term // of a list, NOT and OR
}

// put adds the term to a command.
func (t term) put(c *command) {
	if t.key != "" {
		c.atom(t.key)
	}
	for _, a := range t.atom {
		c.atom(a)
	}
	for _, x := range t.text {
		c.text("criteria", x)
	}
	for _, x := range t.of {
		if x.key == "" && t.key != "" {
			c.open()
			x.put(c)
			c.shut()
			continue
		}
		x.put(c)
	}
}

// Criteria that stand alone, that have a text and that have a date.
var (
	aloneKeys = strings.Fields("ALL ANSWERED DELETED DRAFT FLAGGED NEW OLD RECENT SEEN UNANSWERED UNDELETED UNDRAFT UNFLAGGED UNSEEN")
	textKeys  = strings.Fields("FROM TO CC BCC SUBJECT BODY TEXT")
	dateKeys  = strings.Fields("SINCE BEFORE ON SENTSINCE SENTBEFORE SENTON")
	atomKeys  = strings.Fields("KEYWORD UNKEYWORD UID SEQ MODSEQ")
	sizeKeys  = strings.Fields("LARGER SMALLER")
)

// searchKeys are all of them, as they are typed.
func searchKeys() (all []string) {
	for _, k := range aloneKeys {
		all = append(all, strings.ToLower(k))
	}
	for _, keys := range [][]string{textKeys, dateKeys, atomKeys, sizeKeys, {"HEADER", "YOUNGER", "OLDER"}} {
		for _, k := range keys {
			all = append(all, strings.ToLower(k)+":")
		}
	}
	return all
}

// terms reads words such as from:bob not seen or flagged.
func (s *Session) terms(words []string) (term, error) {
	var all []term
	not, or := false, false
	for _, w := range words {
		switch strings.ToLower(w) {
		case "and":
			continue
		case "not":
			not = !not
			continue
		case "or":
			if len(all) == 0 || or {
				return term{}, fault.New(fault.BadArgument, "or stands between two criteria")
			}
			or = true
			continue
		}
		if len(w) > 1 && (w[0] == '-' || w[0] == '!') {
			not, w = !not, w[1:]
		}
		t, err := s.term(w)
		if err != nil {
			return term{}, err
		}
		if not {
			t, not = term{key: "NOT", of: []term{t}}, false
		}
		if or {
			t, or = term{key: "OR", of: []term{all[len(all)-1], t}}, false
			all = all[:len(all)-1]
		}
		all = append(all, t)
	}
	if not || or {
		return term{}, fault.New(fault.BadArgument, "a criterion is missing at the end")
	}
	if len(all) == 0 {
		all = []term{{key: "ALL"}}
	}
	return term{of: all}, nil
}

// term reads one word.
func (s *Session) term(w string) (term, error) {
	name, value, has := strings.Cut(w, ":")
	key := strings.ToUpper(name)
	is := func(keys []string) bool {
		for _, k := range keys {
			if k == key {
				return true
			}
		}
		return false
	}
	switch {
	case !has && is(aloneKeys):
		return term{key: key}, nil
	case !has:
		return term{key: "TEXT", text: []string{w}}, nil
	case is(textKeys):
		return term{key: key, text: []string{value}}, nil
	case is(dateKeys):
		d, err := day(value)
		return term{key: key, atom: []string{d}}, err
	case key == "YOUNGER", key == "OLDER":
		return age(key, value)
	case is(sizeKeys):
		var n verb.Size
		if err := n.UnmarshalText([]byte(value)); err != nil {
			return term{}, fault.New(fault.BadArgument, "%s: %v", name, err)
		}
		return term{key: key, atom: []string{strconv.FormatInt(int64(n), 10)}}, nil
	case key == "KEYWORD", key == "UNKEYWORD":
		return term{key: key, atom: []string{value}}, flagName(value)
	case key == "MODSEQ":
		_, err := strconv.ParseUint(value, 10, 63)
		if err != nil {
			return term{}, fault.New(fault.BadArgument, "modseq: %q is not a number", value)
		}
		return term{key: key, atom: []string{value}}, nil
	case key == "UID", key == "SEQ":
		if !isSet(value) {
			return term{}, fault.New(fault.BadArgument, "%s: %q is not a set such as 5 or 1:5,9", name, value)
		}
		if key == "SEQ" {
			return term{atom: []string{value}}, nil
		}
		return term{key: key, atom: []string{value}}, nil
	case key == "HEADER":
		field, text, _ := strings.Cut(value, "=")
		return term{key: key, text: []string{field, text}}, nil
	}
	return term{key: "TEXT", text: []string{w}}, nil
}

// day reads a date: 2026-01-31, 31-Jan-2026, today or yesterday.
func day(s string) (string, error) {
	const wire = "2-Jan-2006"
	switch strings.ToLower(s) {
	case "today":
		return time.Now().Format(wire), nil
	case "yesterday":
		return time.Now().AddDate(0, 0, -1).Format(wire), nil
	}
	for _, layout := range []string{time.DateOnly, wire, "2006/01/02", "2 Jan 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(wire), nil
		}
	}
	return "", fault.New(fault.BadArgument, "%q is not a date such as 2026-01-31, today or yesterday", s)
}

// age reads younger:7d and older:2w: to the day, as any server can.
func age(key, s string) (term, error) {
	days, ok := 0, len(s) > 1
	if ok {
		n, err := strconv.Atoi(s[:len(s)-1])
		unit, known := map[byte]int{'d': 1, 'w': 7, 'm': 30, 'y': 365}[s[len(s)-1]]
		days, ok = n*unit, err == nil && known && n >= 0 && n < 100_000
	}
	if !ok {
		return term{}, fault.New(fault.BadArgument, "%q is not an age such as 7d, 2w or 1y", s)
	}
	at := time.Now().AddDate(0, 0, -days).Format("2-Jan-2006")
	if key == "YOUNGER" {
		return term{key: "SINCE", atom: []string{at}}, nil
	}
	return term{key: "BEFORE", atom: []string{at}}, nil
}
