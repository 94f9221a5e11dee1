package http

import (
	"net/http"
	"strconv"
)

// meaning is what a status code says, and of what class it is (RFC 9110,
// section 15).
func meaning(code string) string {
	n, err := strconv.Atoi(code)
	text := http.StatusText(n)
	if err != nil || text == "" || len(code) != 3 {
		return ""
	}
	class := [...]string{
		"", "more is to come", "it went well", "it is elsewhere, or has not changed",
		"an error of the request", "an error of the server",
	}[n/100]
	return text + ": " + class
}
