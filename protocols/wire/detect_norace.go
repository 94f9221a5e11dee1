//go:build !race

package wire

const detecting = false
