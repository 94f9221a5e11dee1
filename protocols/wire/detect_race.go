//go:build race

package wire

// detecting is whether the race detector is at work: what one end of a
// connection did before it wrote, and the other after it read, is in order for
// it only if package syscall reads and writes.
const detecting = true
