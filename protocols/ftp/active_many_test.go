package ftp_test

import (
	"fmt"
	"testing"

	"wireline/protocols/lab"
	"wireline/repl/transfer"
)

// A connection for each of several files is made while others are at work.
// (FTP-14)
func TestActiveMany(t *testing.T) {
	t.Parallel()
	home := map[string]string{}
	for i := range 40 {
		home[fmt.Sprint("f", i)] = "text"
	}
	r := lab.Start(t, lab.ProFTPD(home))
	c := must(t, r.URL, "--tls", "off", "--active")
	c.disk = &transfer.Disk{Dir: t.TempDir()}
	if _, err := c.run("get", "f*", "-j", "4"); err != nil {
		t.Error(err)
	}
}
