//go:build unix

package config

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// a keyring is asked as git asks: by protocol, host with port and user.
func TestKeyring(t *testing.T) {
	dir := t.TempDir()
	helper := filepath.Join(dir, "helper")
	const script = `#!/bin/sh
cat > "$0.$1"
[ "$1" = get ] && echo username=ann && echo password=s3cret
exit 0
`
	if err := os.WriteFile(helper, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	s := Secrets{Keyring: helper}
	c := Credential{Scheme: "imaps", Host: "h", Port: "993"}
	got, ok, err := s.Recall(t.Context(), c)
	if err != nil || !ok || got.Name != "ann" || got.Password != "s3cret" {
		t.Errorf("%+v, %v, %v", got, ok, err)
	}
	if err := s.Keep(t.Context(), got); err != nil {
		t.Error(err)
	}
	for what, want := range map[string]string{
		"get":   "protocol=imaps\nhost=h:993\n\n",
		"store": "protocol=imaps\nhost=h:993\nusername=ann\npassword=s3cret\n\n",
	} {
		if b, err := os.ReadFile(helper + "." + what); err != nil || string(b) != want {
			t.Errorf("%s was asked %q, %v", what, b, err)
		}
	}
	if _, ok, err := (Secrets{}).Recall(t.Context(), c); ok || err != nil {
		t.Error(ok, err)
	}
	if _, _, err := (Secrets{Keyring: dir + "/none"}).Recall(t.Context(), c); fault.Of(err) != fault.ReadLocal {
		t.Error(err)
	}
	c.Host = "h\npassword=x"
	if _, _, err := s.Recall(t.Context(), c); fault.Of(err) != fault.BadArgument {
		t.Error(err)
	}
}

// a token is fetched again when it has expired, or was refused.
func TestTokens(t *testing.T) {
	count := filepath.Join(t.TempDir(), "n")
	var all Tokens
	get := func(seconds string) string {
		t.Helper()
		s := Secrets{Command: `echo x >> ` + count + `; echo '{"access_token":"t'$(wc -l < ` + count + ` | tr -d " ")'","expires_in":` + seconds + `}'`}
		p, ok, err := s.Password(t.Context(), &all)
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		return p
	}
	if a, b := get("3600"), get("3600"); a != "t1" || b != "t1" {
		t.Errorf("%s, %s: a token that is good was fetched again", a, b)
	}
	if a, b := get("5"), get("5"); a != "t2" || b != "t3" {
		t.Errorf("%s, %s: a token was used after its end", a, b)
	}
	s := Secrets{Command: `echo x >> ` + count + `; echo '{"access_token":"t'$(wc -l < ` + count + ` | tr -d " ")'","expires_in":3600}'`}
	if !all.Refused(s) {
		t.Error("a token that was kept counts as a fresh one")
	}
	if p := get("3600"); p != "t4" {
		t.Errorf("%s: a token that was refused was used again", p)
	}
	if all.Refused(s) {
		t.Error("a token that was given once counts as kept")
	}
	for _, bad := range []string{"echo '{}'", "echo '{x'", "exit 1", "true", "yes"} {
		if p, ok, err := (Secrets{Command: bad}).Password(t.Context(), &all); ok || fault.Of(err) != fault.ReadLocal {
			t.Errorf("%s: %q, %v", bad, p, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := (Secrets{Command: "sleep 10"}).Password(ctx, &all); fault.Of(err) != fault.Interrupt {
		t.Error(err)
	}
	t.Setenv("WIRELINE_TEST_PW", "fromenv")
	if p, ok, err := (Secrets{Env: "WIRELINE_TEST_PW"}).Password(t.Context(), &all); p != "fromenv" || !ok || err != nil {
		t.Error(p, ok, err)
	}
	if _, _, err := (Secrets{Env: "WIRELINE_TEST_NONE"}).Password(t.Context(), &all); !strings.Contains(err.Error(), "WIRELINE_TEST_NONE") {
		t.Error(err)
	}
}
