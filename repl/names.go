package repl

import (
	"context"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

type ResolveArgs struct {
	Name    string `arg:"name" help:"host name, or with -x an address"`
	Port    string `arg:"port?" help:"port or service to show with the addresses"`
	Reverse bool   `flag:"x,reverse" help:"ask for the names of an address"`
	Canon   bool   `flag:"canon" help:"show the canonical name only"`
}

type ResolveRow struct {
	Host      string `json:"host"`
	Address   string `json:"address"`
	Family    string `json:"family"`
	Canonical string `json:"canonical,omitempty"`
}

// Resolve asks for the addresses of a name, or the names of an address.
func (sh *Shell) Resolve(ctx context.Context, a ResolveArgs) (any, error) {
	d := sh.dialer(running(ctx).opts)
	defer d.Bind(ctx)()
	if a.Reverse {
		names, err := d.Reverse(ctx, a.Name)
		if err != nil {
			return nil, err
		}
		return strings.Join(names, "\n"), nil
	}
	ans, err := d.Lookup(ctx, a.Name)
	if err != nil {
		return nil, err
	}
	if a.Canon {
		return ans.Canonical, nil
	}
	port := ""
	if a.Port != "" {
		n, err := wire.Port("tcp", a.Port)
		if err != nil {
			return nil, err
		}
		port = strconv.Itoa(n)
	}
	return verb.Stream[ResolveRow](func(yield func(ResolveRow, error) bool) {
		for _, ip := range ans.Addrs {
			row := ResolveRow{Host: ans.Host, Address: ip.String(), Family: "IPv6", Canonical: ans.Canonical}
			if ip.Is4() || ip.Is4In6() {
				row.Family = "IPv4"
			}
			if port != "" {
				row.Address = net.JoinHostPort(row.Address, port)
			}
			if !yield(row, nil) {
				return
			}
		}
	}), nil
}

type ServicesArgs struct {
	Name  string `arg:"name?" help:"service name, or port number"`
	Proto string `flag:"proto" help:"tcp or udp"`
}

// Services shows the table of services.
func (sh *Shell) Services(_ context.Context, a ServicesArgs) (any, error) {
	var found []wire.ServiceEntry
	for _, s := range wire.Services() {
		if a.Proto != "" && !slices.Contains(s.Protos, a.Proto) {
			continue
		}
		if a.Name == "" || s.Name == a.Name || strconv.Itoa(s.Port) == a.Name || slices.Contains(s.Aliases, a.Name) {
			found = append(found, s)
		}
	}
	if len(found) == 0 {
		var names []string
		for _, s := range wire.Services() {
			names = append(names, s.Name)
		}
		return nil, fault.New(fault.NotFound, "no service %q%s", a.Name, didYouMean(a.Name, names))
	}
	return rows(found), nil
}

// Hostname is the name of this host.
func (sh *Shell) Hostname(context.Context, struct{}) (string, error) {
	n, err := os.Hostname()
	if err != nil {
		return "", fault.New(fault.Resolve, "this host has no name: %v", cause(err))
	}
	return n, nil
}

type InterfaceRow struct {
	Index int      `json:"index"`
	Name  string   `json:"name"`
	Flags string   `json:"flags"`
	MTU   int      `json:"mtu"`
	Addrs []string `json:"addresses"`
}

// Interfaces lists the network interfaces.
func (sh *Shell) Interfaces(context.Context, struct{}) (verb.Stream[InterfaceRow], error) {
	ifs, err := net.Interfaces()
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "the interfaces cannot be listed: %v", cause(err))
	}
	var all []InterfaceRow
	for _, i := range ifs {
		row := InterfaceRow{Index: i.Index, Name: i.Name, Flags: i.Flags.String(), MTU: i.MTU}
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			row.Addrs = append(row.Addrs, a.String())
		}
		all = append(all, row)
	}
	return rows(all), nil
}

// rows is a list as a stream.
func rows[T any](list []T) verb.Stream[T] {
	return func(yield func(T, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}
