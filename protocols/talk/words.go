package talk

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/verb"
)

// Seconds is d as people say it: 2s, 0.5s, 1m30s.
func Seconds(d time.Duration) string {
	if d < time.Minute {
		return strconv.FormatFloat(d.Seconds(), 'g', 3, 64) + "s"
	}
	return d.Round(time.Second).String()
}

// Amount is a number of bytes with its noun.
func Amount(n int64) string {
	if n == 1 {
		return "1 byte"
	}
	return strconv.FormatInt(n, 10) + " bytes"
}

// Quote is the beginning of p, at most this many bytes of it, on one line and
// with escapes as send takes them.
func Quote(p []byte, most int) string {
	more := ""
	if len(p) > most {
		p, more = p[:most], "..."
	}
	q := strconv.Quote(string(p))
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`) + more
}

// Pairs is p in hexadecimal, two digits a byte: "02 45 0d 0a".
func Pairs(p []byte) string {
	var b strings.Builder
	for i, c := range p {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(hex.EncodeToString([]byte{c}))
	}
	return b.String()
}

// Notice is a remark of now.
func Notice(format string, a ...any) verb.Notice {
	return verb.Notice{Time: time.Now(), Text: fmt.Sprintf(format, a...)}
}
