package nntp_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/nntp"
)

// However the lines come, as text they are those that are rows otherwise, and
// as many make no sense (NEWS-07, N01).
func TestOverviewText(t *testing.T) {
	const sound = "\tsubject\ta@x\tdate\t<a@x>\t\t10\t1"
	lines := []string{
		"1" + sound, "2" + sound + "\tXref: x", "3 no tabs", "..4" + sound, "", "five" + sound, "6" + strings.Replace(sound, "subject", "two\nlines", 1),
		"7" + strings.Replace(sound, "subject", strings.Repeat("x", 40_000), 1), "8" + strings.Replace(sound, "subject", "a\rb", 1), "..", "9" + sound,
	}
	data := strings.Join(lines, "\r\n") + "\r\n.\r\n"
	for _, step := range []int{len(data), 4096, 37, 1} {
		if step < 37 {
			data = strings.Replace(data, strings.Repeat("x", 40_000), "short", 1)
		}
		p := conformance.Serve(t, scheme("nntp"), func(c net.Conn) {
			in := bufio.NewReader(c)
			io.WriteString(c, "200 ready\r\n")
			for {
				line, err := in.ReadString('\n')
				switch word, _, _ := strings.Cut(strings.TrimSpace(line), " "); {
				case err != nil:
					return
				case word == "CAPABILITIES":
					io.WriteString(c, "101 list\r\nVERSION 2\r\nREADER\r\nOVER\r\n.\r\n")
				case word == "GROUP":
					io.WriteString(c, "211 9 1 9 g\r\n")
				case word == "OVER":
					io.WriteString(c, "224 overview\r\n")
					for rest := data; rest != ""; {
						n := min(step, len(rest))
						if _, err := io.WriteString(c, rest[:n]); err != nil {
							return
						}
						rest = rest[n:]
					}
				default:
					io.WriteString(c, "205 bye\r\n")
				}
			}
		})
		u := connect(t, p)
		var want strings.Builder
		rows, err := u.Over(u.ctx, nntp.SetArgs{What: []string{"g", "1-9"}})
		if err != nil {
			t.Fatal(err)
		}
		var odd error
		for o, err := range rows {
			if odd = err; err == nil {
				fmt.Fprintf(&want, "%d\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\n", o.Number, o.Subject, o.From, o.Date, o.ID, o.References, o.Bytes, o.Lines, strings.Join(o.Other, "\t"))
			}
		}
		if rows, err = u.Over(u.ctx, nntp.SetArgs{What: []string{"g", "1-9"}}); err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		err = rows.Text(&got)
		if fmt.Sprint(err) != fmt.Sprint(odd) || !strings.HasPrefix(fmt.Sprint(odd), "body: 5 of 11 lines") {
			t.Errorf("in steps of %d: %v, as rows %v", step, err, odd)
		}
		if text := strings.ReplaceAll(want.String(), "\t\n", "\n"); got.String() != text {
			t.Errorf("in steps of %d: %.300q\nas rows %.300q", step, got.String(), text)
		}
	}
}
