package repl

import (
	"cmp"
	"context"
	"os"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/repl/transfer"
)

type LcdArgs struct {
	Dir string `arg:"dir?" help:"where to go; home if left out" complete:"local"`
}

// Lcd changes the local directory.
func (sh *Shell) Lcd(_ context.Context, a LcdArgs) (any, error) {
	dir := sh.localPath(a.Dir)
	if dir == "" || dir == "~" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, fault.New(fault.ReadLocal, "no home directory: %v", err)
		}
		dir = home
	}
	if err := os.Chdir(dir); err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot enter %s: %v", a.Dir, cause(err))
	}
	return nil, nil
}

// Lpwd is the local directory.
func (sh *Shell) Lpwd(context.Context, struct{}) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fault.New(fault.ReadLocal, "the local directory is gone: %v", cause(err))
	}
	return dir, nil
}

type LlsArgs struct {
	Path string `arg:"path?" help:"directory or file; the current directory if left out" complete:"local"`
	All  bool   `flag:"a,all" help:"names that begin with a dot too"`
	Long bool   `flag:"l,long" help:"permissions too"`
	Sort string `flag:"sort" enum:"name,size,time,none" help:"order; none is that of the directory"`
}

// Lls lists a local directory as ls does those of servers.
func (sh *Shell) Lls(ctx context.Context, a LlsArgs) (any, error) {
	disk, path := &transfer.Disk{Parts: true}, cmp.Or(sh.localPath(a.Path), ".")
	fi, err := os.Stat(path)
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot list %s: %v", path, cause(err))
	}
	list := disk.List(ctx, path)
	if !fi.IsDir() {
		e, err := disk.Stat(ctx, path)
		if err != nil {
			return nil, err
		}
		e.Name, a.All = path, true
		list = rows([]files.Entry{e})
	}
	return files.Shown(files.Sorted(list, a.Sort, a.All), a.Long), nil
}

type HistoryArgs struct {
	Count int    `arg:"count?" help:"only so many of the newest"`
	Proto string `flag:"proto" help:"only lines that name this protocol, or a URL of it"`
	Grep  string `flag:"grep" help:"only lines with this in them: /regular expression/ or text"`
}

// HistoryRow is a line typed before.
type HistoryRow struct {
	Number int    `json:"number"`
	Line   string `json:"line"`
}

// History shows the lines typed before, without what was secret in them.
func (sh *Shell) History(_ context.Context, a HistoryArgs) (any, error) {
	if !sh.prompts {
		return nil, fault.New(fault.Unsupported, "there is no history without a prompt")
	}
	re, err := pattern(a.Grep)
	if err != nil {
		return nil, err
	}
	var list []HistoryRow
	for i, l := range sh.editor.History() {
		if (a.Proto == "" || sh.names(l, a.Proto)) && re.MatchString(l) {
			list = append(list, HistoryRow{i + 1, l})
		}
	}
	if a.Count > 0 {
		list = list[max(0, len(list)-a.Count):]
	}
	return rows(list), nil
}

// names reports whether a line has a word that is a protocol, or a URL of it.
func (sh *Shell) names(line, proto string) bool {
	for _, w := range strings.Fields(line) {
		if w = strings.Trim(w, `"';@`); w == proto {
			return true
		}
		if scheme, _, ok := strings.Cut(w, ":"); ok && w != scheme+":" {
			if p := sh.speaks(scheme); p != nil && p.Name == proto {
				return true
			}
		}
	}
	return false
}
