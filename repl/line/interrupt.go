package line

import (
	"os"
	"os/signal"
	"sync"

	"wireline/protocols/fault"
)

// interrupts is where the signals of the terminal arrive.
type interrupts struct {
	person   bool // somebody is at a terminal: ^C must not end the program
	onResize func()
	onResume func()
	onEnd    func(*fault.Kind)

	untaken chan os.Signal // a ^C that nobody has taken yet
	other   chan os.Signal
	done    chan struct{}
	wg      sync.WaitGroup
}

func newInterrupts(person bool) *interrupts {
	return &interrupts{person: person, untaken: make(chan os.Signal, 1), other: make(chan os.Signal, 4), done: make(chan struct{})}
}

func (i *interrupts) start() {
	if !i.person {
		return
	}
	signal.Notify(i.untaken, os.Interrupt)
	notifyTerminal(i.other)
	i.wg.Go(func() {
		for {
			select {
			case <-i.done:
				return
			case s := <-i.other:
				switch kind := ending(s); {
				case kind != nil:
					i.onEnd(kind)
				case resumed(s):
					i.onResume()
				default:
					i.onResize()
				}
			}
		}
	})
}

func (i *interrupts) close() {
	signal.Stop(i.untaken)
	signal.Stop(i.other)
	close(i.done)
	i.wg.Wait()
}

// forget drops a ^C that came while nobody listened.
func (i *interrupts) forget() {
	select {
	case <-i.untaken:
	default:
	}
}

// keep leaves a ^C for whoever watches next.
func (i *interrupts) keep() {
	select {
	case i.untaken <- os.Interrupt:
	default:
	}
}

// watch calls f for each ^C until stop, also for one that came before and
// that nobody took.
func (i *interrupts) watch(f func()) (stop func()) {
	c := make(chan os.Signal, 4)
	signal.Notify(c, os.Interrupt)
	if i.person {
		notifyEnd(c)
	}
	select {
	case <-i.untaken:
		select {
		case c <- os.Interrupt:
		default:
		}
	default:
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	fired := false
	wg.Go(func() {
		for {
			select {
			case <-c:
				fired = true
				f()
			case <-done:
				return
			}
		}
	})
	return sync.OnceFunc(func() {
		signal.Stop(c)
		close(done)
		wg.Wait()
		if fired {
			i.forget()
		}
	})
}

// Watch calls cancel for every ^C while a command runs, from another
// goroutine, and when the terminal goes away or the program is told to
// terminate, of which the next ReadLine gives the reason; also for one that was typed right behind the line. The rest of a
// paste of several lines is dropped with it. What else is typed meanwhile is
// kept for the next prompt. Outside a terminal, SIGINT has its usual effect
// unless it is watched for. stop waits for a cancel that is going on.
func (e *Editor) Watch(cancel func()) (stop func()) {
	told := func() {
		e.setQueue(nil)
		cancel()
	}
	stop = e.intr.watch(told)
	if e.modes != nil && e.in.tookInterrupt() {
		told()
	}
	return stop
}
