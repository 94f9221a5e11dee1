package imap

import (
	"strconv"
	"strings"

	"wireline/protocols/mail"
)

// mostParts bounds how many parts of one message are told of.
const mostParts = 1000

// parts lists the parts that a BODYSTRUCTURE describes (RFC 9051, section
// 7.5.2), numbered as they are fetched.
func parts(v value) (all []mail.Part) {
	if !v.list {
		return nil
	}
	addParts(&all, v, "")
	return all
}

func addParts(all *[]mail.Part, v value, number string) {
	if len(*all) >= mostParts {
		return
	}
	if len(v.of) > 0 && v.of[0].list {
		prefix := number
		if prefix != "" {
			prefix += "."
		}
		for i, child := range v.of {
			if !child.list {
				break
			}
			addParts(all, child, prefix+strconv.Itoa(i+1))
		}
		return
	}
	if number == "" {
		number = "1"
	}
	p := describe(v)
	p.Number = number
	*all = append(*all, p)
	// A message within has parts of its own.
	if p.Type == "message/rfc822" && v.at(8).list {
		inner := v.at(8)
		if len(inner.of) > 0 && !inner.of[0].list {
			number += ".1"
		}
		addParts(all, inner, number)
	}
}

// describe reads body-type-1part.
func describe(v value) mail.Part {
	major, minor := strings.ToLower(v.at(0).text), strings.ToLower(v.at(1).text)
	p := mail.Part{Type: major + "/" + minor, Encoding: strings.ToLower(v.at(5).text)}
	params := pairs(v.at(2))
	p.Charset, p.Name = strings.ToLower(params["charset"]), params["name"]
	p.Size, _ = strconv.ParseInt(v.at(6).text, 10, 64)
	after := 7 // md5, disposition …
	switch {
	case major == "text":
		after = 8
	case major == "message" && (minor == "rfc822" || minor == "global"):
		after = 10
	}
	if d := v.at(after + 1); d.list {
		p.Disposition = strings.ToLower(d.at(0).text)
		if name := pairs(d.at(1))["filename"]; name != "" {
			p.Name = name
		}
	}
	p.Name = mail.Decode(p.Name)
	return p
}

// pairs reads (name value …), with names in lower case; the pieces of RFC 2231
// are put together.
func pairs(v value) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(v.of); i += 2 {
		name := strings.ToLower(v.of[i].text)
		text := v.of[i+1].text
		if base, _, ok := strings.Cut(name, "*"); ok {
			m[base] += extended(name, text, m[base] == "")
		} else {
			m[name] = text
		}
	}
	return m
}

// extended decodes a piece of a parameter (RFC 2231).
func extended(name, text string, first bool) string {
	if !strings.HasSuffix(name, "*") {
		return text
	}
	if first {
		if f := strings.SplitN(text, "'", 3); len(f) == 3 {
			if strings.EqualFold(f[0], "utf-8") || strings.EqualFold(f[0], "us-ascii") || f[0] == "" {
				text = f[2]
			} else {
				// Encoded words know more character sets.
				return mail.Decode("=?" + f[0] + "?Q?" + strings.NewReplacer("%", "=", "?", "=3F", " ", "_", "_", "=5F").Replace(f[2]) + "?=")
			}
		}
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if n, err := strconv.ParseUint(text[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return strings.ToValidUTF8(b.String(), "�")
}
