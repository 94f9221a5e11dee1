package line

import "time"

// stopTime is how long a stop takes to take effect, at most.
const stopTime = 100 * time.Millisecond

// stop lets the shell that started the program have the terminal, until it
// brings the program back. Without such a shell nothing stops.
func (s *screenEditor) stop() {
	if !canStop {
		return
	}
	e := s.e
	e.out.leave()
	e.modes.pause()
	select {
	case <-e.continued:
	default:
	}
	sent := time.Now()
	stopSelf()
	select {
	case <-e.continued:
		return
	case <-time.After(stopTime):
	}
	if time.Since(sent) > 2*stopTime { // it did stop; the signal is on its way
		select {
		case <-e.continued:
			return
		case <-time.After(time.Second):
		}
	}
	e.resume()
}

// resumed is called when the process was stopped and continues.
func (e *Editor) resumed() {
	e.resume()
	select {
	case e.continued <- struct{}{}:
	default:
	}
	e.resized()
}

// resume puts the modes and the prompt back; the shell may have changed
// both.
func (e *Editor) resume() {
	e.modes.again()
	e.out.back()
}

// resized tells of a new size of the terminal.
func (e *Editor) resized() {
	e.out.refresh(false)
	e.talkMu.Lock()
	defer e.talkMu.Unlock()
	if e.talk != nil {
		select {
		case e.talk.resized <- struct{}{}:
		default:
		}
	}
}
