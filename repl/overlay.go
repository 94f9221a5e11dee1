package repl

import (
	"reflect"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// overlay has the options of connections that were typed with this command
// hold for a session that was there before, until back is called. A session
// that keeps its one connection cannot have them any more.
func (r *run) overlay() (back func(), err error) {
	kept := r.sess.wire.Options
	next := kept
	typed, usual, to := reflect.ValueOf(r.opts), reflect.ValueOf(r.sh.set.options), reflect.ValueOf(&next).Elem()
	changed := ""
	for i := range typed.NumField() {
		if !reflect.DeepEqual(typed.Field(i).Interface(), usual.Field(i).Interface()) {
			to.Field(i).Set(typed.Field(i))
			changed = typed.Type().Field(i).Name
		}
	}
	if changed == "" {
		return func() {}, nil
	}
	if _, ok := r.sess.Session.(protocols.Redialer); !ok {
		return func() {}, nil
	}
	if !reflect.DeepEqual(next.ALPN, kept.ALPN) || next.Cert != kept.Cert || next.Key != kept.Key {
		return nil, fault.New(fault.Usage, "--cert, --key and --alpn are for connect: the session has begun without them")
	}
	r.sess.wire.Options = next
	return func() { r.sess.wire.Options = kept }, nil
}
