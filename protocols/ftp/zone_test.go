package ftp_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"wireline/protocols/files"
	"wireline/repl/transfer"
)

// A server whose LIST tells its own time shows that of its files nonetheless,
// once MDTM has told one of them, and a mirror's second run transfers nothing.
// (FTP-09, FTP-13, FTP-18)
func TestListZone(t *testing.T) {
	t.Parallel()
	const list = "drwxr-xr-x 2 a a 4096 2026-01-05 12:00 d\r\n-rw-r--r-- 1 a a 2 %s a\r\n-rw-r--r-- 1 a a 2 %s b\r\n"
	for zone, c := range map[time.Duration]struct{ a, b, mdtm string }{
		2 * time.Hour:                  {"2026-01-05 12:30", "2026-07-05 13:30", "20260105103015"}, // b is of the summer
		-5 * time.Hour:                 {"2026-01-05 05:30", "2026-07-05 06:30", "20260105103015"},
		5*time.Hour + 45*time.Minute:   {"2026-01-05 16:15", "2026-07-05 16:15", "20260105103059"},
		0:                              {"2026-01-05 10:30", "2026-07-05 10:30", "20260105103015"},
		time.Duration(time.Nanosecond): {"2026-01-05 10:30", "2026-07-05 10:30", ""}, // MDTM is not known
	} {
		replies := map[string]string{"SYST": "215 UNIX", "SIZE": "213 2", "FEAT": "211-can\r\n MDTM\r\n211 end", "MDTM a": "213 " + c.mdtm, "MDTM w/a": "213 " + c.mdtm, "MDTM w/b": "213 20260705103015"}
		if c.mdtm == "" {
			replies["FEAT"], replies["MDTM a"], replies["MDTM w/a"] = "500 no", "500 no", "500 no"
			replies["MDTM w/b"] = "500 no"
		}
		f := newFake(t, &fake{replies: replies, last: "226 done"})
		f.body = func(line string, c2 net.Conn) {
			if strings.HasPrefix(line, "RETR") {
				io.WriteString(c2, "hi")
			} else if !strings.HasSuffix(line, "d") {
				fmt.Fprintf(c2, list, c.a, c.b)
			}
		}
		s := must(t, f.url(), "--tls", "off")
		es, err := files.Collect(s.sess.(files.Lister).List(t.Context(), ""))
		if err != nil || len(es) != 3 || !es[1].Modified.Equal(time.Date(2026, 1, 5, 10, 30, 0, 0, time.UTC)) {
			t.Errorf("%v: %v, %v", zone, es, err)
		}
		s.disk = &transfer.Disk{Dir: t.TempDir()}
		if got := s.ok("mirror", "w", "m"); strings.Count(got, "copied") != 2 {
			t.Errorf("%v: the first run did\n%s", zone, got)
		}
		if got := s.ok("mirror", "w", "m"); got != "" {
			t.Errorf("%v: the second run did\n%s, and the server was told\n%s", zone, got, f.said())
		}
		if got := s.ok("mirror", "w", "m", "--newer", "--dry-run"); got != "" {
			t.Errorf("%v: a run for what is newer would\n%s", zone, got)
		}
	}
}
