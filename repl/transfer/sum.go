package transfer

import (
	"crypto/sha256"
	"io"
	"os"
)

// Sum is the SHA-256 of a local file.
func Sum(path string) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, unreadable(path, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, unreadable(path, err)
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}
