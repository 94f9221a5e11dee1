package ftp_test

import (
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"wireline/repl/transfer"
)

// What is stored has the time that it has here, also where the server does not
// know MFMT; one that cannot is not asked for each file. (FTP-18)
func TestStoredTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		if err := os.WriteFile(dir+"/"+name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for knows, want := range map[string]string{
		"MFMT": "MFMT a\nMFMT b\nMFMT c", "SITE": "MFMT a\nSITE UTIME a\nSITE UTIME b\nSITE UTIME c",
		"MDTM": "MFMT a\nSITE UTIME a\nMDTM a\nMDTM b\nMDTM c", // vsftpd
		"none": "MFMT a\nSITE UTIME a\nMDTM a\nMDTM b\nMDTM c", // but for those who may say SITE
		"":     "MFMT a\nSITE UTIME a\nMDTM a",
	} {
		replies := map[string]string{knows: "213 done"}
		switch knows {
		case "":
			replies["MDTM"] = "550 no such file"
		case "none":
			replies["SITE"], replies["MDTM"] = "550 permission denied", "213 done"
		}
		f := newFake(t, &fake{replies: replies, last: "226 done", body: func(_ string, c net.Conn) { io.Copy(io.Discard, c) }})
		c := must(t, f.url(), "--tls", "off")
		c.disk = &transfer.Disk{Dir: dir}
		c.ok("mput", "a", "b", "c")
		var got []string
		for line := range strings.Lines(f.said()) {
			for _, word := range []string{"MFMT", "SITE UTIME", "MDTM"} {
				if rest, ok := strings.CutPrefix(strings.TrimSpace(line), word+" "); ok && len(rest) == len("20060102150405 a") {
					got = append(got, word+rest[14:])
				}
			}
		}
		if s := strings.Join(got, "\n"); s != want {
			t.Errorf("one that knows %q was told\n%s", knows, s)
		}
	}
}
