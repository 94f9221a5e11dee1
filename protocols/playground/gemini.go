package playground

import (
	"bufio"
	"fmt"
	"io"
	"mime"
	"net"
	"net/url"
	"path"
	"strings"
	"time"
)

// gemini serves the world's files as a capsule: a page for each directory, a
// page that asks what to search for, and one that has moved.
func gemini(w *World, c net.Conn) {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	line, err := bufio.NewReader(io.LimitReader(c, 1026)).ReadString('\n')
	if err != nil {
		return
	}
	u, err := url.Parse(strings.TrimRight(line, "\r\n"))
	if err != nil || u.Scheme != "gemini" {
		_, _ = io.WriteString(c, "59 this is no URL of gemini\r\n")
		return
	}
	page := func(title string, names []string, dir string) {
		var b strings.Builder
		fmt.Fprintf(&b, "20 text/gemini; charset=utf-8\r\n# %s\n\n", title)
		for _, name := range names {
			fmt.Fprintf(&b, "=> %s %s\n", (&url.URL{Path: dir + name}).EscapedPath(), name)
		}
		if dir == "/" {
			b.WriteString("\n=> /search Search the names of files\n=> /readme A page that has moved\n=> https://www:8443/ The same world on the web\n")
		}
		_, _ = io.WriteString(c, b.String())
	}
	name := strings.TrimPrefix(path.Clean("/"+u.Path), "/")
	switch f, isFile := w.files.get(name); {
	case name == "search" && u.RawQuery == "":
		_, _ = io.WriteString(c, "10 What is in the name?\r\n")
	case name == "search":
		words, _ := url.QueryUnescape(u.RawQuery)
		var found []string
		for _, p := range w.files.paths() {
			if strings.Contains(strings.ToLower(p), strings.ToLower(words)) {
				found = append(found, p)
			}
		}
		page("Files called like that: "+fmt.Sprint(len(found)), found, "/")
	case name == "readme":
		_, _ = io.WriteString(c, "31 /README\r\n")
	case isFile:
		kind := mime.TypeByExtension(path.Ext(name))
		switch {
		case gopherType(name) == '0':
			kind = "text/plain; charset=utf-8"
		case kind == "":
			kind = "application/octet-stream"
		}
		_, _ = io.WriteString(c, "20 "+kind+"\r\n")
		_, _ = c.Write(f.data)
	case name == "":
		page("The playground's capsule", w.files.list(""), "/")
	case len(w.files.list(name+"/")) > 0:
		page(name, w.files.list(name+"/"), "/"+name+"/")
	default:
		_, _ = io.WriteString(c, "51 there is nothing of that name\r\n")
	}
}
