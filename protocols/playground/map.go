package playground

import (
	"net"
	"slices"
	"strings"
)

// local are the hosts that mean this machine: at them every server of the
// world is found under its demo port.
var local = []string{"localhost", "localhost.localdomain", "127.0.0.1", "::1"}

// Map is where address really is, if it means a server of the world: a demo
// host or this machine, and the server's demo port; or a demo host and its
// real port. Otherwise it is "". It is made for wire.Dialer.Map.
func (w *World) Map(network, address string) string {
	network = strings.TrimRight(network, "46")
	if strings.HasPrefix(network, "unix") {
		for _, r := range w.running {
			if r.network == network && r.port == address {
				return r.addr
			}
		}
		return ""
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	for _, r := range w.running {
		if r.network == network && r.means(host, port) {
			return r.addr
		}
	}
	return ""
}

func (r running) means(host, port string) bool {
	if slices.Contains(local, host) {
		return port == r.port
	}
	if !slices.Contains(r.names, host) {
		return false
	}
	_, real, _ := net.SplitHostPort(r.addr)
	return port == r.port || port == real || slices.Contains(r.also, port)
}

// Services tells of every server, in the order of their ports under
// Options.PortBase.
func (w *World) Services() []Service {
	var all []Service
	for _, r := range w.running {
		s := Service{Name: r.port, Proto: r.proto, URL: r.url(), Note: r.note}
		if len(r.names) > 0 {
			s.Name = net.JoinHostPort(r.names[0], r.port)
		}
		if r.login {
			s.User, s.Password = User, Password
		}
		all = append(all, s)
	}
	return all
}

// hosts are all names in the certificate of the world's servers.
func hosts() []string {
	all := slices.Clone(local)
	for _, s := range table() {
		all = append(all, s.names...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
