//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tokens is a command that gives token-1, token-2 and so on, each for an hour.
func tokens(t *testing.T) (dir, command string) {
	t.Helper()
	dir = t.TempDir()
	fetches := filepath.Join(dir, "fetches")
	command = filepath.Join(dir, "token")
	script := "#!/bin/sh\necho x >> " + fetches + "\nn=$(wc -l < " + fetches + ")\necho '{\"access_token\":\"token-'$((n))'\",\"expires_in\":3600}'\n"
	if err := os.WriteFile(command, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir, command
}

// X-13, IMAP-02: a token comes from a command, serves several logins while it
// is good, and is fetched anew when it has expired before its time.
func TestTokenExpires(t *testing.T) {
	addr, client := peer(t)
	dir, fetch := tokens(t)
	heard := make(chan string, 10)
	go func() {
		for _, good := range []string{"token-1", "token-1", "token-2"} {
			tokenServer(client(), good, heard)
		}
	}()
	connect := "connect imap " + addr + " -u ann --mech XOAUTH2 --password-command " + fetch + " --trace line; close; "
	cmd := exec.Command("wireline", "-c", strings.Repeat(connect, 3))
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"token-1", "token-1", "token-1", "token-2"} {
		if got := <-heard; got != want {
			t.Errorf("%s was sent, want %s", got, want)
		}
	}
	for _, secret := range []string{"token-1", base64.StdEncoding.EncodeToString([]byte("user=ann\x01auth=Bearer token-1\x01\x01"))} {
		if strings.Contains(string(out), secret) {
			t.Errorf("the token is shown:\n%s", out)
		}
	}
}

// tokenServer is a server of IMAP that takes one token.
func tokenServer(c net.Conn, good string, heard chan<- string) {
	defer c.Close()
	fmt.Fprint(c, "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready\r\n")
	in := bufio.NewReader(c)
	refused := ""
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		tag, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch answer, ok := strings.CutPrefix(rest, "AUTHENTICATE XOAUTH2 "); {
		case refused != "":
			fmt.Fprintf(c, "%s NO [AUTHENTICATIONFAILED] the token has expired\r\n", refused)
			refused = ""
		case ok:
			text, _ := base64.StdEncoding.DecodeString(answer)
			_, token, _ := strings.Cut(strings.TrimRight(string(text), "\x01"), "Bearer ")
			heard <- token
			if token != good {
				refused = tag
				fmt.Fprintf(c, "+ %s\r\n", base64.StdEncoding.EncodeToString([]byte(`{"status":"401"}`)))
				continue
			}
			fmt.Fprintf(c, "%s OK [CAPABILITY IMAP4rev1] in\r\n", tag)
		default:
			fmt.Fprintf(c, "%s OK x\r\n", tag)
		}
	}
}

// X-13, HTTP-09: the same for a bearer token. One that was never taken is not
// tried twice, and the next line has another one.
func TestBearerExpires(t *testing.T) {
	good := []string{"token-1", "token-1", "token-2", "token-2", "token-4"}
	heard := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := min(heard, len(good)-1)
		heard++
		if r.Header.Get("Authorization") != "Bearer "+good[n] {
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprintln(w, good[n])
	}))
	defer server.Close()
	dir, fetch := tokens(t)
	get := "get /; "
	cmd := exec.Command("wireline", "-c", "connect http "+server.URL+" --auth bearer --password-command "+fetch+"; "+strings.Repeat(get, 3)+"get / || echo refused; "+get)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if got, want := string(out), "token-1\ntoken-1\ntoken-2\nrefused\ntoken-4\n"; err != nil || got != want || heard != 7 {
		t.Errorf("%v, it says %q after %d requests, want %q after 7; %s", err, got, heard, want, errs.String())
	}
}
