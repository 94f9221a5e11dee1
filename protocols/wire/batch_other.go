//go:build !linux

package wire

import "net"

func readBatch(c net.PacketConn, f func([]byte, net.Addr) bool, pause func() bool) error {
	p := make([]byte, LongestDatagram)
	for {
		n, from, err := c.ReadFrom(p)
		if err != nil || !f(p[:n], from) || !pause() {
			return err
		}
	}
}

func writeBatch(c net.PacketConn, ps [][]byte, to net.Addr) (int64, error) {
	return writeEach(c, ps, to)
}
