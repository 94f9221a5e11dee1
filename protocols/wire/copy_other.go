//go:build !linux

package wire

import (
	"io"
	"net"
)

func (c *Conn) kernelTo(net.Conn, io.Writer, int64) (int64, bool, error) { return 0, false, nil }
func (c *Conn) kernelFrom(net.Conn, io.Reader) (int64, bool, error)      { return 0, false, nil }
