package transfer

// Plan tells the Meter of what is to be done in all. (files.Watcher)
func (d *Disk) Plan(files int, bytes int64) { d.Meter.Plan(files, bytes) }

// Kept tells the Meter of files that are left as they are. (files.Watcher)
func (d *Disk) Kept(files int) { d.Meter.Kept(files) }

// Watch tells the Meter of a file on its way to elsewhere. (files.Watcher)
func (d *Disk) Watch(name string, from, whole int64, at func() int64) (done func(ok bool)) {
	return d.Meter.Watch(name, from, whole, at)
}
