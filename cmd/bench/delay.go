package main

import (
	"net"
	"strconv"
	"sync"
	"time"
)

// oneWay is how long a byte travels through a delaying proxy.
const oneWay = 10 * time.Millisecond

// delayed is a proxy before a port of this machine, as far away as another
// continent: everything arrives late, in both directions.
func delayed(to string) (port string, stop func(), err error) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return "", nil, err
	}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			near, err := l.AcceptTCP()
			if err != nil {
				return
			}
			work.Go(func() {
				defer near.Close()
				time.Sleep(oneWay) // of the first half of a handshake
				far, err := net.Dial("tcp4", "127.0.0.1:"+to)
				if err != nil {
					return
				}
				defer far.Close()
				var both sync.WaitGroup
				both.Go(func() { late(far.(*net.TCPConn), near) })
				both.Go(func() { late(near, far.(*net.TCPConn)) })
				both.Wait()
			})
		}
	})
	stop = func() {
		l.Close()
		work.Wait()
	}
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), stop, nil
}

type parcel struct {
	text []byte
	due  time.Time
}

// late copies one direction, each piece when it is due.
func late(to, from *net.TCPConn) {
	queue := make(chan parcel, 1024)
	go func() {
		defer close(queue)
		for {
			p := make([]byte, 64<<10)
			n, err := from.Read(p)
			if n > 0 {
				queue <- parcel{p[:n], time.Now().Add(oneWay)}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range queue {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.text); err != nil {
			from.Close()
			break
		}
	}
	to.CloseWrite()
	for range queue { // whoever reads may go on to the end
	}
}
