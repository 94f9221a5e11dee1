package transfer

import "sync"

// few is how many files are synced one by one.
const few = 3

// syncParts brings parts to the disk, and tells of each whether it is there.
// whole is set when all of their file system is.
func syncParts(all []pending) (errs []error, whole bool) {
	errs = make([]error, len(all))
	one := len(all) > few
	for _, f := range all {
		one = one && f.dir.system == all[0].dir.system
	}
	// An error of the whole is looked for in each.
	if one && all[0].dir.f != nil && syncAll(all[0].dir.f) == nil {
		return errs, true
	}
	var busy sync.WaitGroup
	next := make(chan int)
	for range min(8, len(all)) {
		busy.Go(func() {
			for i := range next {
				errs[i] = all[i].sync()
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	busy.Wait()
	return errs, false
}

// syncFolders brings the names in directories to the disk. Not every file
// system can be asked to.
func syncFolders(dirs map[*folder]bool) {
	var first *folder
	one := len(dirs) > few
	for dir := range dirs {
		if first == nil {
			first = dir
		}
		one = one && dir.system == first.system
	}
	for dir := range dirs {
		if dir.f == nil {
			continue
		}
		if one && syncAll(dir.f) == nil {
			return
		}
		_ = dir.f.Sync()
	}
}
