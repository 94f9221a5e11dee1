//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// At the prompt a number goes where an item leads: to a telnet service or a
// page of the web if the user says yes, to a file on the disk, or to the
// program for such files. A search asks for words. What a menu says moves nothing on the screen
// (G01, X01, X02, X03, GOPH-04, GOPH-08, GOPH-09, GOPH-13).
func TestGopher(t *testing.T) {
	dir := t.TempDir()
	menu := filepath.Join(dir, "out.gophermap")
	if err := os.WriteFile(menu, []byte("iEvil \x1b]0;title\a\x1b[2J\x1b]52;c;aGk=\a\u202eend\t\tnull\t1\n8Login\tann\tlogin\t2323\nhPage\tURL:http://www:8080/echo\t\t\n"+
		"IPicture\t/pub/hello.txt\thole\t7070\n9Data\t/pub/1MiB.bin\thole\t7070\nhFile\tURL:file:///etc/passwd\t\t\nhEvil\tURL:http://www:8080/\x1b[2J\t\t\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	p := sit(t, "demo")
	p.sees("wireline> ")
	p.types("gopher file:" + menu + "\r")
	p.sees(`Evil \x1b]0;title\x07\x1b[2J\x1b]52;c;aGk=\x07<U+202E>end`)
	p.sees("[1] gopher file:")
	p.types("2\r")
	p.sees("this leads to http://www:8080/echo, which is http; go there? [y/N] ")
	p.types("n\r")
	p.sees("[1] gopher file:")
	p.types("1\r")
	p.sees("this leads to telnet://login:2323/, which is telnet; go there? [y/N] ")
	p.types("y\r")
	p.sees("login: ")
	p.types("\x1d")
	p.sees("[2] telnet login:2323")
	p.types("close\r")
	p.sees("closed")
	p.types("use 1\r")
	p.sees("now [1]")
	p.types("2\r")
	p.sees("go there? [y/N] ")
	p.types("y\r")
	p.sees(`"url": "/echo"`)
	p.sees("http www:8080/")
	p.types("use 1\r")
	p.sees("now [1]")
	p.types("set open.image \"wc -c\"\r3\r")
	p.sees("\n18 ")
	p.sees("hello.txt")
	p.types("4\r")
	p.sees("1MiB.bin: 1048576 bytes")
	p.types("5\r")
	p.sees("a URL that is not followed")
	p.types("gopher hole\r")
	p.sees("] gopher hole/> ")
	p.types("1\r")
	p.sees("search for: ")
	p.types("it's hello -v\r")
	p.sees("] gopher hole/search?it's hello -v> ")
	p.types("back\r1\r")
	p.sees("search for: ")
	p.types("\r")
	p.sees("] gopher hole/> ")
	p.types("use 1\r")
	p.sees("now [1]")
	p.types("bookmark add out\rbookmark\r")
	p.sees("file:" + menu)
	p.leaves()
}
