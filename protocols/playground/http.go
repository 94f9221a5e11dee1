package playground

import (
	"context"
	"fmt"
	"html"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// A page is one line of the site's own directory.
type page struct {
	pattern string // of http.ServeMux
	example string // a link that shows it; "" is not listed
	note    string
	serve   http.HandlerFunc
}

func (w *World) pages() []page {
	return []page{
		{"GET /{$}", "", "", w.index},
		{"GET /page/{n}", "/page/1", "pages with links to one another", numbered},
		{"GET /form", "/form", "a form, which shows what it was sent", form},
		{"/echo", "/echo", "says back the request, as JSON; any method", echoRequest},
		{"GET /headers", "/headers", "says back the request's headers", echoHeaders},
		{"/status/{code}", "/status/404", "answers with that status", status},
		{"GET /redirect/{n}", "/redirect/3", "that many redirects, one after the other", redirect},
		{"/redirect-to", "/redirect-to?url=/echo&status=307", "a redirect to any URL", redirectTo},
		{"GET /auth", "/auth", "wants the password of " + User + ", " + Password, protected},
		{"GET /cookies", "/cookies", "the cookies that were sent", cookies},
		{"GET /cookies/set", "/cookies/set?taste=sweet", "sets cookies", setCookies},
		{"GET /bytes/{n}", "/bytes/1000", "that many bytes; ranges and If-Range work", someBytes},
		{"GET /slow/{seconds}", "/slow/2", "answers late", slow},
		{"GET /drip/{n}", "/drip/10", "that many bytes, slowly", drip},
		{"GET /stream/{n}", "/stream/5", "that many lines of JSON, as they come", stream},
		{"GET /events/{n}", "/events/5", "that many server-sent events", events},
		{"POST /RPC2", "", "", serveRPC},
		{"GET /files/{path...}", "/files/", "the world's files; PUT and DELETE work, too", w.getFile},
		{"PUT /files/{path...}", "", "", w.putFile},
		{"DELETE /files/{path...}", "", "", w.deleteFile},
	}
}

func serveHTTP(w *World, l net.Listener) {
	mux := http.NewServeMux()
	for _, p := range w.pages() {
		mux.HandleFunc(p.pattern, p.serve)
	}
	srv := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 30 * time.Second,
		ErrorLog:          log.New(logWriter{w}, "http: ", 0),
	}
	_ = srv.Serve(l) // until the world ends, which cuts all connections
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = srv.Shutdown(ctx) // waits for those who served them
}

type logWriter struct{ w *World }

func (l logWriter) Write(p []byte) (int, error) {
	l.w.log(strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}

func (w *World) index(rw http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	for _, p := range w.pages() {
		if p.example != "" {
			link := html.EscapeString(p.example)
			fmt.Fprintf(&b, "<li><a href=\"%s\">%s</a> %s\n", link, link, html.EscapeString(p.note))
		}
	}
	writePage(rw, "The playground", "<p>Everything here is in memory and gone when the playground ends.\n<ul>\n"+b.String()+"</ul>")
}

// writePage sends a page of HTML with the given title and body.
func writePage(rw http.ResponseWriter, title, body string) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	title = html.EscapeString(title)
	_, _ = io.WriteString(rw, "<!DOCTYPE html>\n<html lang=\"en\">\n<title>"+title+"</title>\n<h1>"+title+"</h1>\n"+body+"\n</html>\n")
}
