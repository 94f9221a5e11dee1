package repl

import (
	"fmt"
	"strings"
	"time"

	"wireline/protocols/wire"
	"wireline/repl/render"
)

// certificate shows one as a paragraph.
func certificate(b *strings.Builder, c wire.CertInfo) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(b, "%-9s %s\n", name+":", render.Clean(value))
		}
	}
	line("subject", c.Subject)
	line("issuer", c.Issuer)
	line("names", strings.Join(c.Names, ", "))
	line("valid", fmt.Sprintf("%s to %s, %s left", c.NotBefore.Format(time.DateOnly), c.NotAfter.Format(time.DateOnly), counted(c.DaysLeft, "day")))
	line("key", c.KeyType+", signed with "+c.Signature)
	line("serial", c.Serial)
	line("sha256", c.SHA256)
	line("pin", c.SPKI)
}
