package playground

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Fault is something that goes wrong with every connection to a server.
type Fault struct {
	Server string // a protocol, scheme, demo host, port or HOST:PORT of Services; or ftp-data
	Kind   string // fin, rst, stall, garbage
	After  int64  // bytes that the server has sent by then, or on ftp-data either side; under TLS those of TLS
}

// The kinds of Fault.
const (
	Fin     = "fin"     // the server says no more and closes
	Reset   = "rst"     // the connection is reset; a unix socket knows no reset and is closed
	Stall   = "stall"   // nothing comes any more, not even the end
	Garbage = "garbage" // what comes is noise, in lines as long as those it stands for
)

// UnmarshalText reads SERVER:KIND@BYTE, such as imap:stall@120.
func (f *Fault) UnmarshalText(b []byte) error {
	text := string(b)
	head, after, ok := strings.Cut(text, "@")
	i := strings.LastIndexByte(head, ':')
	if !ok || i < 1 {
		return fmt.Errorf("%q is no fault such as imap:stall@120", text)
	}
	kinds := []string{Fin, Reset, Stall, Garbage}
	server, kind := head[:i], head[i+1:]
	if !slices.Contains(kinds, kind) {
		return fmt.Errorf("%q is not one of %s", kind, strings.Join(kinds, ", "))
	}
	var n verb.Size
	if err := n.UnmarshalText([]byte(after)); err != nil {
		return err
	}
	*f = Fault{server, kind, int64(n)}
	return nil
}

func (f Fault) String() string { return fmt.Sprintf("%s:%s@%d", f.Server, f.Kind, f.After) }

// A Share is a part of a whole, from 0 to 1: 0.1, 10%.
type Share float64

// UnmarshalText reads a Share.
func (s *Share) UnmarshalText(b []byte) error {
	number, percent := strings.CutSuffix(string(b), "%")
	x, err := strconv.ParseFloat(number, 64)
	if percent {
		x /= 100
	}
	if err != nil || !(x >= 0 && x <= 1) {
		return fmt.Errorf("%q is not a share such as 10%% or 0.1", b)
	}
	*s = Share(x)
	return nil
}

// check refuses options that no set of these servers can have.
func (o Options) check(all []server) error {
	ports := 0
	for _, s := range all {
		if !s.unix() {
			ports++
		}
	}
	if last := 1<<16 - ports; o.PortBase < 0 || o.PortBase > last {
		return fault.New(fault.Usage, "port base %d: it has to be from 1 to %d, since %d ports in a row are needed", o.PortBase, last, ports)
	}
	named := append(slices.Clone(all), server{proto: dataLink})
	for _, f := range o.Faults {
		var names []string
		found, streams := false, false
		for _, s := range named {
			names = append(names, s.labels()...)
			if slices.Contains(s.labels(), f.Server) {
				found, streams = true, streams || s.answer == nil
			}
		}
		switch {
		case !found:
			e := fault.New(fault.Usage, "fault %s: no server %q", f, f.Server)
			if near := verb.Nearest(f.Server, names); near != "" {
				e = fault.New(fault.Usage, "fault %s: no server %q; did you mean %s?", f, f.Server, near)
			}
			return e.WithHint("a server is named by its protocol, its host, its port or both: imap, mail, 993, mail:993")
		case !streams:
			return fault.New(fault.Usage, "fault %s: %s are datagrams, which have no byte %d", f, f.Server, f.After).WithHint("--loss loses some of them")
		}
	}
	return nil
}

// labels are what a Fault may call s by.
func (s server) labels() []string {
	all := append([]string{s.proto, s.scheme, s.port}, s.names...)
	for _, n := range s.names {
		all = append(all, n+":"+s.port)
	}
	return slices.DeleteFunc(append(all, s.also...), func(n string) bool { return n == "" })
}

// faults are those of s, the earliest first.
func (w *World) faults(s server) []Fault {
	var all []Fault
	for _, f := range w.opts.Faults {
		if slices.Contains(s.labels(), f.Server) {
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b Fault) int { return cmp.Compare(a.After, b.After) })
	return all
}
