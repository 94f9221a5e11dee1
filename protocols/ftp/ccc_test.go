package ftp_test

import (
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// The control connection goes on in the clear, and data stay under TLS, until
// prot c. (FTP-05, ftplib's ccc, prot_p and prot_c)
func TestClearControl(t *testing.T) {
	t.Parallel()
	for _, i := range []int{2, 3, 4} {
		t.Run(dresses()[i].name, func(t *testing.T) {
			d := dresses()[i]
			for n, x := range d.directives {
				if x == "TLSRequired on" {
					d.directives = append(append([]string{}, d.directives[:n]...), "TLSRequired auth+data")
				}
			}
			_, to, flags := d.start(t, map[string]string{"a.txt": "hello\n"})
			c := must(t, to, flags...)
			if out, err := c.run("ccc"); err != nil || !strings.HasPrefix(out, "200 ") {
				t.Fatalf("ccc: %q, %v", out, err)
			}
			if c.wire.Conns()[0].TLS() != nil {
				t.Error("the control connection is under TLS as before")
			}
			c.watch()
			if got := c.ok("cat", "a.txt"); got != "hello\n" {
				t.Errorf("cat gives %q", got)
			}
			if c.wire.Last().TLS() == nil && c.wire.Last().Info().TLS == nil {
				t.Error("the data connection was in the clear")
			}
			if err := c.put("up", noise(1<<20)); err != nil {
				t.Error(err)
			}
			if _, err := c.run("ccc"); fault.Of(err) != fault.Unsupported {
				t.Errorf("ccc again: %v", err)
			}
			if i == 2 {
				c.ok("prot", "c")
				if got := c.ok("cat", "a.txt"); got != "hello\n" {
					t.Errorf("after prot c, cat gives %q", got)
				}
			}
		})
	}
}
