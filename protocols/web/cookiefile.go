package web

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// Save writes the cookies in the format of Netscape, which curl, wget and
// Python's http.cookiejar read, too.
func (j *Jar) Save(w io.Writer) error {
	b := bufio.NewWriter(w)
	b.WriteString("# Netscape HTTP Cookie File\n")
	for _, c := range j.List() {
		if c.HTTPOnly {
			b.WriteString("#HttpOnly_")
		}
		until := int64(0)
		if c.Expires != nil {
			until = c.Expires.Unix()
		}
		fmt.Fprintf(b, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", c.Domain, truth(strings.HasPrefix(c.Domain, ".")), c.Path, truth(c.Secure), until, c.Name, c.Value)
	}
	return b.Flush()
}

func truth(b bool) string { return strings.ToUpper(strconv.FormatBool(b)) }

// Load takes the cookies of a file in that format, and tells how many it
// kept. Those that have expired it leaves out.
func (j *Jar) Load(r io.Reader) (n int, err error) {
	lines := bufio.NewScanner(r)
	for no := 1; lines.Scan(); no++ {
		line, hidden := strings.CutPrefix(lines.Text(), "#HttpOnly_")
		if strings.TrimSpace(line) == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) == 6 { // of an empty value, where an editor has taken the last tab away
			f = append(f, "")
		}
		if f[len(f)-2] == "" { // as Python writes a cookie without a value
			f[len(f)-2], f[len(f)-1] = f[len(f)-1], ""
		}
		if len(f) != 7 {
			return n, fault.New(fault.ReadLocal, "line %d of the cookies has %d fields, not 7", no, len(f))
		}
		until, err := strconv.ParseInt(f[4], 10, 64)
		if err != nil {
			return n, fault.New(fault.ReadLocal, "line %d of the cookies: %q is not a time", no, f[4])
		}
		c := &http.Cookie{Name: f[5], Value: f[6], Path: f[2], Secure: f[3] == "TRUE", HttpOnly: hidden}
		if strings.HasPrefix(f[0], ".") {
			c.Domain = f[0]
		}
		if until > 0 {
			c.Expires = time.Unix(until, 0)
		}
		before := j.size()
		j.Set(Cookie{Domain: f[0], Path: f[2]}.origin(), []*http.Cookie{c})
		n += max(0, j.size()-before)
	}
	if err := lines.Err(); err != nil {
		return n, fault.New(fault.ReadLocal, "the cookies cannot be read: %w", err)
	}
	return n, nil
}

func (j *Jar) size() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.all)
}

// Clear forgets all cookies.
func (j *Jar) Clear() {
	fresh := NewJar()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.jar, j.all = fresh.jar, fresh.all
}
