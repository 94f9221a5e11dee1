package repl

import (
	"context"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// ProbeArgs are those of probe.
type ProbeArgs struct {
	Host   string         `arg:"host" help:"host name or address"`
	Ports  []string       `arg:"ports..." help:"ports, services and ranges: 22 80,443 8000-8010 imaps"`
	UDP    bool           `flag:"u,udp" help:"send a datagram to each, instead of connecting"`
	Banner bool           `flag:"banner" help:"show what an open port says by itself"`
	Wait   *time.Duration `flag:"w,wait" help:"limit for each port; 1s if left out"`
	Every  *time.Duration `flag:"every" help:"pause between two ports; 50ms if left out"`
}

// A ProbeRow is what was found at a port.
type ProbeRow struct {
	Port    int    `json:"port"`
	Service string `json:"service"`
	State   string `json:"state"` // open, closed, filtered or open|filtered
	Banner  string `json:"banner,omitempty"`
}

// manyPorts is more than anybody means who looks after his own hosts.
const manyPorts = 1024

// Probe looks which ports of a host are open, one after the other.
func (sh *Shell) Probe(ctx context.Context, a ProbeArgs) (verb.Stream[ProbeRow], error) {
	network := "tcp"
	if a.UDP {
		network = "udp"
	}
	ports, err := portList(network, a.Ports)
	if err != nil {
		return nil, err
	}
	wait, every, banner := time.Second, 50*time.Millisecond, 0
	if a.Wait != nil && *a.Wait > 0 {
		wait = *a.Wait
	}
	if a.Every != nil {
		every = *a.Every
	}
	if a.Banner {
		banner = 200
	}
	d := sh.dialer(running(ctx).opts)
	return func(yield func(ProbeRow, error) bool) {
		defer d.Bind(ctx)()
		found := false
		for i, port := range ports {
			if i > 0 {
				select {
				case <-time.After(every):
				case <-ctx.Done():
					yield(ProbeRow{}, context.Cause(ctx))
					return
				}
			}
			state, said, err := d.Probe(ctx, network, a.Host, port, wait, banner)
			if err != nil {
				yield(ProbeRow{}, err)
				return
			}
			found = found || strings.HasPrefix(state, "open")
			line, _, _ := strings.Cut(string(said), "\n")
			row := ProbeRow{Port: port, Service: wire.Service(network, port), State: state}
			if a.Banner {
				row.Banner = strings.TrimRight(line, "\r")
			}
			if !yield(row, nil) {
				return
			}
		}
		if !found {
			yield(ProbeRow{}, &fault.Error{Kind: fault.Connect, At: a.Host, Text: "none of these ports is open"})
		}
	}, nil
}

// portList reads ports, names of services, and ranges.
func portList(network string, words []string) (ports []int, err error) {
	for _, w := range words {
		for s := range strings.SplitSeq(w, ",") {
			from, to, isRange := strings.Cut(s, "-")
			if _, err := strconv.Atoi(from); err != nil || !isRange {
				from, to = s, s // a name may have a hyphen
			}
			first, err := wire.Port(network, from)
			if err != nil {
				return nil, err
			}
			last, err := wire.Port(network, to)
			if err != nil {
				return nil, err
			}
			if first > last || first == 0 {
				return nil, fault.New(fault.BadArgument, "%s is not a range of ports", s)
			}
			if len(ports)+last-first >= manyPorts {
				return nil, fault.New(fault.BadArgument, "%d ports at a time are the most", manyPorts)
			}
			for p := first; p <= last; p++ {
				ports = append(ports, p)
			}
		}
	}
	if len(ports) == 0 {
		return nil, fault.New(fault.Usage, "probe which ports?").WithHint("probe localhost 22 80,443 8000-8010")
	}
	return ports, nil
}
