package playground

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// step is the time between two pieces of a slow body.
const step = 100 * time.Millisecond

func numbered(rw http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > 9 {
		http.NotFound(rw, r)
		return
	}
	body := fmt.Sprintf("<p>This is page %d of 9.\n<p><a href=\"/\">Contents</a>\n", n)
	if n > 1 {
		body += fmt.Sprintf("<a href=\"%d\">Back to page %d</a>\n", n-1, n-1)
	}
	if n < 9 {
		body += fmt.Sprintf("<a href=\"%d\">On to page %d</a>\n", n+1, n+1)
	}
	writePage(rw, "Page "+strconv.Itoa(n), body)
}

// count is the number in the path, or else the client has been told that it
// is none from 0 to limit.
func count(rw http.ResponseWriter, r *http.Request, limit int64) (int64, bool) {
	n, err := strconv.ParseInt(r.PathValue("n"), 10, 64)
	if err != nil || n < 0 || n > limit {
		http.Error(rw, fmt.Sprintf("a number from 0 to %d is wanted", limit), http.StatusBadRequest)
		return 0, false
	}
	return n, true
}

func someBytes(rw http.ResponseWriter, r *http.Request) {
	n, ok := count(rw, r, 1<<40)
	if !ok {
		return
	}
	rw.Header().Set("Content-Type", "application/octet-stream")
	rw.Header().Set("ETag", fmt.Sprintf(`"bytes-%d"`, n))
	http.ServeContent(rw, r, "", time.Time{}, io.NewSectionReader(letters{}, 0, n))
}

// letters is the alphabet, for ever, at any offset.
type letters struct{}

func (letters) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		p[i] = byte('a' + (off+int64(i))%26)
	}
	return len(p), nil
}

// pause waits, unless the client has gone.
func pause(r *http.Request, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-r.Context().Done():
		return false
	}
}

func slow(rw http.ResponseWriter, r *http.Request) {
	seconds, err := strconv.ParseFloat(r.PathValue("seconds"), 64)
	if err != nil || !(seconds >= 0 && seconds <= 3600) {
		http.Error(rw, "a number of seconds from 0 to 3600 is wanted", http.StatusBadRequest)
		return
	}
	if pause(r, time.Duration(seconds*float64(time.Second))) {
		fmt.Fprintf(rw, "after %v seconds\n", seconds)
	}
}

func drip(rw http.ResponseWriter, r *http.Request) {
	n, ok := count(rw, r, 1<<20)
	if !ok {
		return
	}
	rw.Header().Set("Content-Type", "text/plain")
	rw.Header().Set("Content-Length", strconv.FormatInt(n, 10))
	pieces(rw, r, n, func(i int64) string { return string(rune('a' + i%26)) })
}

func stream(rw http.ResponseWriter, r *http.Request) {
	n, ok := count(rw, r, 1<<20)
	if !ok {
		return
	}
	rw.Header().Set("Content-Type", "application/x-ndjson")
	pieces(rw, r, n, func(i int64) string { return fmt.Sprintf("{\"line\": %d, \"of\": %d}\n", i+1, n) })
}

func events(rw http.ResponseWriter, r *http.Request) {
	n, ok := count(rw, r, 1<<20)
	if !ok {
		return
	}
	rw.Header().Set("Content-Type", "text/event-stream")
	pieces(rw, r, n, func(i int64) string { return fmt.Sprintf("id: %d\nevent: tick\ndata: %d of %d\n\n", i+1, i+1, n) })
}

// pieces sends n pieces, a step of time apart.
func pieces(rw http.ResponseWriter, r *http.Request, n int64, piece func(i int64) string) {
	out := http.NewResponseController(rw)
	for i := range n {
		if i > 0 && !pause(r, step) {
			return
		}
		if _, err := io.WriteString(rw, piece(i)); err != nil || out.Flush() != nil {
			return
		}
	}
}
