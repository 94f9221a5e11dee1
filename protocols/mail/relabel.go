package mail

import (
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Relabel gives messages in a Maildir, which a Drop has put there with their
// UIDs, the flags that they have now. Those that are not there any more are
// left alone. It tells how many were given others.
func Relabel(path string, flags map[uint32][]string) (changed int, err error) {
	err = eachKept(path, func(root *os.Root, file, name string, uid uint32) error {
		now, told := flags[uid]
		if !told {
			return nil
		}
		as := "cur/" + name + infoMark() + "2," + maildirFlags(now)
		if as == file || maildirFlags(now) == "" && !strings.Contains(file, infoMark()) {
			return nil
		}
		changed++
		return root.Rename(file, as)
	})
	return changed, err
}

// Prune removes messages from a Maildir, which a Drop has put there with their
// UIDs, and tells how many.
func Prune(path string, gone func(uid uint32) bool) (removed int, err error) {
	err = eachKept(path, func(root *os.Root, file, _ string, uid uint32) error {
		if !gone(uid) {
			return nil
		}
		removed++
		return root.Remove(file)
	})
	return removed, err
}

// ours are the names that a Drop gives. Others have UIDs in theirs, too, which
// may be of another mailbox.
var ours = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d+\.M\d+P\d+Q\d+\.`) })

// eachKept calls do for the messages in a Maildir whose names tell a UID: with
// the file, and its name without the flags.
func eachKept(path string, do func(root *os.Root, file, name string, uid uint32) error) error {
	root, err := os.OpenRoot(path)
	if err != nil {
		return unwritten(path, err)
	}
	defer root.Close()
	for _, dir := range []string{"new", "cur"} {
		list, err := fs.ReadDir(root.FS(), dir)
		if err != nil {
			return unwritten(path, err)
		}
		for _, f := range list {
			name, _, _ := strings.Cut(f.Name(), infoMark())
			_, digits, known := strings.Cut(name, ",U=")
			uid, err := strconv.ParseUint(digits, 10, 32)
			if !known || err != nil || !ours().MatchString(name) {
				continue
			}
			if err := do(root, dir+"/"+f.Name(), name, uint32(uid)); err != nil {
				return unwritten(path, err)
			}
		}
	}
	return nil
}
