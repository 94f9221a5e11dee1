package repl

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// explainValue shows how addresses and numbers look on the wire: explain addr
// 127.0.0.1, explain int 12345.
func explainValue(w []string) (text string, ok bool, err error) {
	if len(w) != 2 {
		return "", false, nil
	}
	switch w[0] {
	case "addr":
		ip, err := netip.ParseAddr(w[1])
		if err != nil {
			return "", true, fault.New(fault.BadArgument, "%s is not an IP address", w[1])
		}
		b := ip.AsSlice()
		var s strings.Builder
		fmt.Fprintf(&s, "%s is %d bytes on the wire: % x\n", ip, len(b), b)
		if ip.Is4() {
			n := binary.BigEndian.Uint32(b)
			fmt.Fprintf(&s, "as an integer in network order: %d (0x%08x)\n", n, n)
			fmt.Fprintf(&s, "Python: socket.inet_aton(%q), socket.inet_ntoa(%s)\n", ip, pyBytes(b))
		} else {
			fmt.Fprintf(&s, "Python: socket.inet_pton(socket.AF_INET6, %q)\n", ip)
		}
		return s.String(), true, nil
	case "int":
		n, err := strconv.ParseUint(w[1], 0, 32)
		if err != nil {
			return "", true, fault.New(fault.BadArgument, "%s is not a number of 32 bits", w[1])
		}
		var b [4]byte
		var s strings.Builder
		if n < 1<<16 {
			binary.BigEndian.PutUint16(b[:], uint16(n))
			fmt.Fprintf(&s, "%d as 16 bits in network order: % x\n", n, b[:2])
			fmt.Fprintf(&s, "Python: struct.pack(\"!H\", %d), socket.htons(%d)\n", n, n)
		}
		binary.BigEndian.PutUint32(b[:], uint32(n))
		fmt.Fprintf(&s, "%d as 32 bits in network order: % x\n", n, b[:])
		fmt.Fprintf(&s, "Python: struct.pack(\"!I\", %d), socket.htonl(%d)\n", n, n)
		return s.String(), true, nil
	}
	return "", false, nil
}

func pyBytes(b []byte) string {
	var s strings.Builder
	s.WriteString(`b"`)
	for _, c := range b {
		fmt.Fprintf(&s, `\x%02x`, c)
	}
	return s.String() + `"`
}
