package playground

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A seen is a request as the server saw it.
type seen struct {
	Method  string              `json:"method"`
	URL     string              `json:"url"`
	Proto   string              `json:"proto"`
	Host    string              `json:"host"`
	Query   map[string][]string `json:"query"`
	Headers map[string][]string `json:"headers"`
	Body    string              `json:"body"`
	From    string              `json:"from"`
}

// maxBody is how much of a request's body is said back.
const maxBody = 1 << 20

func echoRequest(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if err != nil {
		http.Error(rw, "at most 1 MiB is said back", http.StatusRequestEntityTooLarge)
		return
	}
	writeJSON(rw, seen{r.Method, r.URL.String(), r.Proto, r.Host, r.URL.Query(), r.Header, string(body), r.RemoteAddr})
}

func echoHeaders(rw http.ResponseWriter, r *http.Request) { writeJSON(rw, r.Header) }

func writeJSON(rw http.ResponseWriter, v any) {
	rw.Header().Set("Content-Type", "application/json")
	enc := json.NewEncoder(rw)
	enc.SetIndent("", "  ")
	_ = enc.Encode(v)
}

func form(rw http.ResponseWriter, r *http.Request) {
	body := `<form action="/form"><label>Name <input name="name"></label> <button>Send</button></form>` + "\n"
	q := r.URL.Query()
	names := make([]string, 0, len(q))
	for name := range q {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		body += fmt.Sprintf("<p>%s: %s\n", html.EscapeString(name), html.EscapeString(strings.Join(q[name], ", ")))
	}
	writePage(rw, "A form", body)
}

func cookies(rw http.ResponseWriter, r *http.Request) {
	all := map[string]string{}
	for _, c := range r.Cookies() {
		all[c.Name] = c.Value
	}
	writeJSON(rw, all)
}

func setCookies(rw http.ResponseWriter, r *http.Request) {
	for name, values := range r.URL.Query() {
		http.SetCookie(rw, &http.Cookie{Name: name, Value: values[0], Path: "/"})
	}
	http.Redirect(rw, r, "/cookies", http.StatusFound)
}

func protected(rw http.ResponseWriter, r *http.Request) {
	if user, password, ok := r.BasicAuth(); !ok || user != User || password != Password {
		rw.Header().Set("WWW-Authenticate", `Basic realm="playground"`)
		http.Error(rw, "the name is "+User+", the password "+Password, http.StatusUnauthorized)
		return
	}
	fmt.Fprintf(rw, "welcome, %s\n", User)
}

func status(rw http.ResponseWriter, r *http.Request) {
	code, err := strconv.Atoi(r.PathValue("code"))
	if err != nil || code < 200 || code > 599 {
		http.Error(rw, "a status is a number from 200 to 599", http.StatusBadRequest)
		return
	}
	if code == http.StatusNoContent || code == http.StatusNotModified {
		rw.WriteHeader(code)
		return
	}
	http.Error(rw, fmt.Sprintf("%d %s", code, http.StatusText(code)), code)
}

func redirect(rw http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 {
		http.Error(rw, "how many redirects?", http.StatusBadRequest)
		return
	}
	next := "/page/1"
	if n > 1 {
		next = "/redirect/" + strconv.Itoa(n-1)
	}
	http.Redirect(rw, r, next, http.StatusFound)
}

func redirectTo(rw http.ResponseWriter, r *http.Request) {
	code := http.StatusFound
	if s := r.FormValue("status"); s != "" {
		code, _ = strconv.Atoi(s)
	}
	if to := r.FormValue("url"); to == "" || code < 300 || code > 399 {
		http.Error(rw, "url and a status of 300 to 399 are wanted", http.StatusBadRequest)
	} else {
		rw.Header().Set("Location", to)
		rw.WriteHeader(code)
	}
}
