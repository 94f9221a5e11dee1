package repl

import (
	"regexp"
	"strings"
	"sync"
)

// secretWords are patterns whose first group stays and whose second does not
// belong into a history.
var secretWords = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`(?i)(\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)([^\s@/]+)(@)`),
		regexp.MustCompile(`(?i)(^|[;|&]\s+|\s)((?:login|user)\s+[^\s;-]\S*\s+)([^\s;-]\S*)`),
		regexp.MustCompile(`(?i)(\bpass(?:word)?(?:\s+|=|:\s*))("[^"]*"|'[^']*'|[^\s"']+)`),
		regexp.MustCompile(`(?i)((?:--(?:password|passwd|secret|token|proxy-user)|\bset\s+proxy-user)(?:=|\s+))("[^"]*"|'[^']*'|\S+)`),
		regexp.MustCompile(`(?i)(\s(?:-u|--user)(?:=|\s*)[^\s:]+:)(\S+)`),
		regexp.MustCompile(`(?i)((?:proxy-)?authorization:\s*(?:\S+\s+)?|\bcookie:\s*)([^\s"']+)`),
		regexp.MustCompile(`(?i)(\bauth(?:enticate)?\s+(?:plain|login|cram-md5|xoauth2|oauthbearer)\s+)(\S+)`),
		regexp.MustCompile(`(?i)(\blogin\s+)("[^"]*"\s+"[^"]*"|\S+\s+"[^"]*")`),
		regexp.MustCompile(`(?i)(\blet\s+\w*(?:pw|pass|secret|token)\w*\s*=\s*)(\S.*)`),
	}
})

// redactLine is a line as history may keep it: without what looks like a
// password. A line that begins with a blank is not kept.
func redactLine(text string) (string, bool) {
	if strings.HasPrefix(text, " ") {
		return "", false
	}
	for i, re := range secretWords() {
		if i == 1 {
			text = re.ReplaceAllString(text, "${1}${2}***")
			continue
		}
		text = re.ReplaceAllStringFunc(text, func(m string) string {
			g := re.FindStringSubmatch(m)
			tail := ""
			if len(g) > 3 {
				tail = g[3]
			}
			return g[1] + "***" + tail
		})
	}
	return text, true
}
