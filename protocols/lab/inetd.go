package lab

import "testing"

// Telnetd is the telnetd of inetutils, a process for each client as inetd has
// it. login is a shell script that runs in place of login(1), at a terminal.
func Telnetd(t testing.TB, login string) Server {
	t.Helper()
	s := each(Need(t, "telnetd")+` -h -E "/bin/sh {{.Path "login"}}"`, "nofork") // it asks who its client is
	s.Files["login"] = literal(login)
	s.URL = "telnet://{{.Addr}}/"
	return s
}

// Gophernicus is the gopher server of that name, a process for each client as
// inetd has it, over a directory.
func Gophernicus(t testing.TB, dir string) Server {
	t.Helper()
	s := each(Need(t, "gophernicus") + " -nr -nm -ns -nx -h {{.Host}} -p {{.Port}} -r '" + literal(dir) + "' || true") // socat may drop the last words of what fails
	s.URL = "gopher://{{.Addr}}/"
	return s
}

// each runs a line of a shell for each client.
func each(line string, options ...string) Server {
	run := "EXEC:/bin/sh {{.Path `run`}}"
	for _, o := range options {
		run += "," + o
	}
	s := Socat(run)
	s.Files = map[string]string{"run": line + "\n"}
	return s
}

// GophernicusTLS is the same under TLS from the first byte.
func GophernicusTLS(t testing.TB, dir string) Server {
	t.Helper()
	s := Gophernicus(t, dir)
	s.Args = SocatListen("OPENSSL-LISTEN:{{.Port}},bind={{.Host}},reuseaddr,fork,verify=0,cert={{.Cert}},key={{.Key}}", s.Args[len(s.Args)-1], nil).Args
	s.URL = "gophers://{{.Addr}}/"
	return s
}
