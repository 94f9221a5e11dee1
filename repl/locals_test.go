package repl

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/files"
)

// the history of one protocol.
func TestNames(t *testing.T) {
	sh := testShell()
	for line, want := range map[string]bool{
		"connect http h":      true,
		"http get h/x":        true,
		"open https://h/":     true,
		"get 'http://h/' -O":  true,
		"connect tcp http 80": true, // its host may be called so
		"connect tcp h 80":    false,
		"send http-like":      false,
		"echo https:":         false,
	} {
		if got := sh.names(line, "http"); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

// lls has what ls has: its columns, its order, its flags.
func TestLls(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"big": "12345", "small": "1", ".hidden": "123"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args LlsArgs
		want string
	}{
		{LlsArgs{}, "big file 5 rw-r-----, small file 1 rw-r-----, sub dir  rwxr-xr-x"},
		{LlsArgs{Sort: "size"}, "big file 5 rw-r-----, small file 1 rw-r-----, sub dir  rwxr-xr-x"},
		{LlsArgs{All: true}, ".hidden file 3 rw-r-----, big file 5 rw-r-----, small file 1 rw-r-----, sub dir  rwxr-xr-x"},
		{LlsArgs{Path: "small", Long: true}, "small file 1 rw-r-----"},
	} {
		if c.args.Path != "" {
			t.Chdir(dir)
		} else {
			c.args.Path = dir
		}
		list, err := testShell().Lls(t.Context(), c.args)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		rows := reflect.ValueOf(list).Seq2()
		for row, err := range rows {
			if !err.IsNil() {
				t.Fatal(err)
			}
			e, short := row.Interface().(files.Entry)
			if !short {
				e = files.Entry(row.Interface().(files.LongEntry))
			}
			if short == c.args.Long {
				t.Errorf("%+v: a row is a %T", c.args, row.Interface())
			}
			got = append(got, fmt.Sprintf("%s %s %v %s", e.Name, e.Kind, e.Size, e.Perm))
			if e.Modified.IsZero() {
				t.Errorf("%s has no time", e.Name)
			}
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%+v: %q, want %q", c.args, s, c.want)
		}
	}
	if _, err := testShell().Lls(t.Context(), LlsArgs{Path: filepath.Join(dir, "nosuch")}); fault.Of(err) != fault.ReadLocal {
		t.Error(err)
	}
}
