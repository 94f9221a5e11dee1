package playground

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
)

func (w *World) getFile(rw http.ResponseWriter, r *http.Request) {
	path := r.PathValue("path")
	if f, ok := w.files.get(path); ok {
		rw.Header().Set("ETag", fmt.Sprintf(`"%d"`, f.version))
		http.ServeContent(rw, r, path, f.modified, bytes.NewReader(f.data))
		return
	}
	names := w.files.list(path)
	if path != "" && !strings.HasSuffix(path, "/") || path != "" && len(names) == 0 {
		http.NotFound(rw, r)
		return
	}
	var b strings.Builder
	for _, name := range names {
		link := url.URL{Path: "./" + name}
		fmt.Fprintf(&b, "<li><a href=\"%s\">%s</a>\n", html.EscapeString(link.String()), html.EscapeString(name))
	}
	writePage(rw, "Files in /"+path, "<ul>\n"+b.String()+"</ul>")
}

func (w *World) putFile(rw http.ResponseWriter, r *http.Request) {
	path := r.PathValue("path")
	if path == "" || strings.HasSuffix(path, "/") {
		http.Error(rw, "a file has a name", http.StatusBadRequest)
		return
	}
	data, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxFile))
	if err != nil {
		http.Error(rw, "the body was cut off, or is larger than 16 MiB", http.StatusRequestEntityTooLarge)
		return
	}
	switch created, ok := w.files.put(path, data); {
	case !ok:
		http.Error(rw, "the world is full", http.StatusInsufficientStorage)
	case created:
		rw.WriteHeader(http.StatusCreated)
	default:
		rw.WriteHeader(http.StatusNoContent)
	}
}

func (w *World) deleteFile(rw http.ResponseWriter, r *http.Request) {
	if !w.files.remove(r.PathValue("path")) {
		http.NotFound(rw, r)
		return
	}
	rw.WriteHeader(http.StatusNoContent)
}
