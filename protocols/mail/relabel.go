package mail

import (
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// Relabel gives messages in a Maildir, which a Drop has put there with their
// UIDs, the flags that they have now. Those that are not there any more are
// left alone. It tells how many were given others.
func Relabel(path string, flags map[uint32][]string) (changed int, err error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return 0, unwritten(path, err)
	}
	defer root.Close()
	for _, dir := range []string{"new", "cur"} {
		list, err := fs.ReadDir(root.FS(), dir)
		if err != nil {
			return changed, unwritten(path, err)
		}
		for _, f := range list {
			name, info, _ := strings.Cut(f.Name(), infoMark())
			_, digits, known := strings.Cut(name, ",U=")
			uid, err := strconv.ParseUint(digits, 10, 32)
			now, told := flags[uint32(uid)]
			if !known || err != nil || !told {
				continue
			}
			as := "cur/" + name + infoMark() + "2," + maildirFlags(now)
			if info == "" && maildirFlags(now) == "" || as == dir+"/"+f.Name() {
				continue
			}
			if err := root.Rename(dir+"/"+f.Name(), as); err != nil {
				return changed, unwritten(path, err)
			}
			changed++
		}
	}
	return changed, nil
}
