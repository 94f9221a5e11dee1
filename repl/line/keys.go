package line

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Commands to the editor, which take the place of a character on their way
// through the library.
const (
	keyUp rune = firstInside + 2 + iota
	keyDown
	keySearch
	keySearchOn
	keyAbort
	keyDelete
	keyTab
	keyClear
	keyStop
	keyPaste
	keyTranspose
	keyWordLeft
	keyWordRight
	keyKillWord     // to the end of the word
	keyKillWordBack // to its beginning
	keyKillBlank    // back to a blank
	keyKillEnd
	keyKillStart
	keyYank
	keyNone // something was typed that means nothing
)

const (
	escWait   = 500 * time.Millisecond // between ESC and the key it belongs to
	replyWait = 50 * time.Millisecond  // within what a terminal sends by itself
)

// keys translates what the terminal sends into keys the library knows, one
// byte for each Read, so that nothing typed ahead ends in its buffer.
type keys struct {
	in  *input
	out []byte

	mu     sync.Mutex
	pastes []string

	began, over chan struct{} // closed at the first Read and at the last
	first, last sync.Once
}

func newKeys(in *input) *keys {
	return &keys{in: in, began: make(chan struct{}), over: make(chan struct{})}
}

func (k *keys) Read(p []byte) (int, error) {
	k.first.Do(func() { close(k.began) })
	for len(k.out) == 0 {
		if err := k.step(); err != nil {
			k.last.Do(func() { close(k.over) })
			return 0, io.EOF // the library knows no other error
		}
	}
	p[0], k.out = k.out[0], k.out[1:]
	return 1, nil
}

// Close is for the library, which does not own the input.
func (k *keys) Close() error { return nil }

func (k *keys) next(wait time.Duration) (byte, error) {
	var b [1]byte
	_, err := k.in.read(context.Background(), b[:], wait)
	return b[0], err
}

func (k *keys) emit(s string) { k.out = append(k.out, s...) }

// step reads one key and translates it; there is always something to emit.
func (k *keys) step() error {
	b, err := k.next(0)
	switch {
	case errors.Is(err, ErrInterrupt):
		k.emit("\x03")
	case err != nil:
		return err
	case b == 0x1B:
		return k.escape()
	case b >= 0x80:
		return k.letter(b)
	case b >= 0x20 && b < 0x7F:
		k.emit(string(rune(b)))
	default:
		k.emit(control(b))
	}
	return nil
}

// letter reads the rest of a character of several bytes.
func (k *keys) letter(b byte) error {
	buf := []byte{b}
	for !utf8.FullRune(buf) && len(buf) < utf8.UTFMax {
		next, err := k.next(replyWait)
		if errors.Is(err, errNoInput) {
			break
		}
		if err != nil {
			return err
		}
		buf = append(buf, next)
	}
	for len(buf) > 0 {
		r, n := utf8.DecodeRune(buf)
		if r >= firstInside && r <= lastInside || r >= 0x80 && r < 0xA0 {
			r = utf8.RuneError
		}
		k.emit(string(r))
		buf = buf[n:]
		if r == utf8.RuneError && n == 1 && len(buf) > 0 && buf[0] < utf8.RuneSelf {
			k.in.giveBack(buf)
			break
		}
	}
	return nil
}

// escape reads what follows an ESC: a key, a paste, or the answer to a
// question that somebody asked the terminal. Answers are read to their end
// and dropped, so that none is taken for something typed.
func (k *keys) escape() error {
	b, err := k.next(escWait)
	switch {
	case errors.Is(err, errNoInput):
		k.emit(string(keyNone))
		return nil
	case err != nil:
		return err
	}
	switch b {
	case '[':
		return k.csi()
	case 'O':
		if b, err = k.next(replyWait); err == nil {
			k.emit(ss3Key(b))
			return nil
		}
	case 'P', ']', '_', '^', 'X':
		return k.reply()
	case 3, 10, 13, 0x1B:
		k.in.giveBack([]byte{b})
	default:
		k.emit(alt(b))
		return nil
	}
	k.emit(string(keyNone))
	if errors.Is(err, errNoInput) {
		return nil
	}
	return err
}

// csi reads a control sequence.
func (k *keys) csi() error {
	var params strings.Builder
	for params.Len() < 64 {
		b, err := k.next(replyWait)
		if errors.Is(err, errNoInput) {
			break
		}
		if err != nil {
			return err
		}
		if b < 0x20 || b > 0x7E {
			k.in.giveBack([]byte{b})
			break
		}
		if b >= '@' {
			switch {
			case params.String() == "200" && b == '~':
				return k.paste()
			case params.String() == "" && b == 'M': // a click
				for range 3 {
					k.next(replyWait)
				}
			}
			k.emit(csiKey(params.String(), b))
			return nil
		}
		params.WriteByte(b)
	}
	k.emit(string(keyNone))
	return nil
}
