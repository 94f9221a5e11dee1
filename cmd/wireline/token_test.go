//go:build unix

package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// X-13, IMAP-02: a token comes from a command, serves several logins while it
// is good, and is fetched anew when it has expired before its time.
func TestTokenExpires(t *testing.T) {
	addr, client := peer(t)
	dir := t.TempDir()
	fetches := filepath.Join(dir, "fetches")
	fetch := filepath.Join(dir, "token")
	script := "#!/bin/sh\necho x >> " + fetches + "\nn=$(wc -l < " + fetches + ")\necho '{\"access_token\":\"token-'$((n))'\",\"expires_in\":3600}'\n"
	if err := os.WriteFile(fetch, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
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
