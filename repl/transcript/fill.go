package transcript

import (
	"encoding/base64"
	"regexp"
	"strings"

	"wireline/protocols/fault"
)

// Secret reports whether the step has a secret that was left out.
func (s Step) Secret() bool { return strings.Contains(string(s.Data), secret) }

// Fill puts a name and a password where they were left out: into USER and
// PASS, LOGIN, AUTH PLAIN and the answers of AUTH LOGIN. What cannot be made
// of a password, such as the answer to a challenge, is a fault.Unsupported.
func (s Step) Fill(name, password string) ([]byte, error) {
	text := string(s.Data)
	for _, form := range []struct{ expr, put string }{
		{`(?im)^((?:AUTHINFO )?PASS )\*\*\*`, password},
		{`(?im)^((?:\S+ )?AUTH(?:ENTICATE)? PLAIN )\*\*\*`, base64.StdEncoding.EncodeToString([]byte("\x00" + name + "\x00" + password))},
		{`(?im)^(\S+ LOGIN )\*\*\*`, quoted(name) + " " + quoted(password)},
		{`(?im)^(Authorization:)\*\*\*`, " Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))},
	} {
		re := regexp.MustCompile(form.expr)
		text = re.ReplaceAllStringFunc(text, func(m string) string { return strings.TrimSuffix(m, secret) + form.put })
	}
	if strings.Contains(text, secret) {
		return nil, fault.New(fault.Unsupported, "%q has a secret that was left out and cannot be made of a password", firstLine(s.Data)).
			WithHint("record a login with PASS, LOGIN or AUTH PLAIN, or the part after it")
	}
	return []byte(text), nil
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func firstLine(p []byte) string { return lines(p)[0] }
