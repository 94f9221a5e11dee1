package render

import (
	"io"
	"reflect"
	"sync"
	"time"
)

// showStream writes the rows of a stream as they come.
func showStream(out *output, o Options, v reflect.Value) error {
	w := newPaced(out)
	var put func(reflect.Value) error
	var end func() error
	if o.JSON {
		enc := &encoder{want: o.Fields}
		put = func(row reflect.Value) error { return enc.line(w, row) }
		end = func() error { return nil }
	} else {
		t := &table{w: w, o: o}
		put, end = t.put, t.end
	}
	err := each(v, put)
	if e := end(); err == nil {
		err = e
	}
	if e := w.Close(); err == nil {
		err = e
	}
	return err
}

// each calls put for the rows of a stream until one of them fails.
func each(v reflect.Value, put func(reflect.Value) error) error {
	for row, e := range v.Seq2() {
		if err, _ := e.Interface().(error); err != nil {
			return err
		}
		if err := put(row); err != nil {
			return err
		}
	}
	return nil
}

// showSlice shows a slice like a stream that is all there.
func showSlice(out io.Writer, o Options, v reflect.Value) error {
	t := &table{w: out, o: o, whole: true}
	for i := range v.Len() {
		if err := t.put(v.Index(i)); err != nil {
			return err
		}
	}
	return t.end()
}

// What a table waits for before it decides on the width of its columns.
const (
	maxHeld  = 200                    // rows
	heldTime = 100 * time.Millisecond // since the first of them
)

// A table aligns its columns by the first rows, so that it never holds more
// than those (L03). Rows that are not structs are lines.
type table struct {
	w     io.Writer
	o     Options
	whole bool // all rows will come at once

	mu     sync.Mutex
	of     reflect.Type
	fields []field
	texts  []string   // of the template
	widths []int      // nil: not decided; of a column that is left out, less than 0
	held   [][]string // rows before that
	timer  *time.Timer
	err    error
}

func (t *table) put(v reflect.Value) error {
	v = indirect(v)
	if !v.IsValid() {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return t.err
	}
	if v.Kind() != reflect.Struct || scalar(v.Type()) || stringer(v) {
		t.decide()
		t.of = nil
		t.write(ended(lineOf(v, t.o)))
		return t.err
	}
	if v.Type() != t.of {
		t.decide()
		if t.err = t.begin(v.Type()); t.err != nil {
			return t.err
		}
	}
	row := make([]string, len(t.fields))
	for i, f := range t.fields {
		row[i] = t.cell(f.of(v))
	}
	if t.widths != nil && !t.lacks(row) {
		t.row(row, none)
		return t.err
	}
	t.widths = nil
	if t.held = append(t.held, row); len(t.held) >= maxHeld && !t.whole || !t.o.aligned() {
		t.decide()
	} else if t.timer == nil && !t.whole {
		t.timer = time.AfterFunc(heldTime, func() {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.decide()
		})
	}
	return t.err
}

// end writes the rows that were held.
func (t *table) end() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer != nil {
		t.timer.Stop()
	}
	t.decide()
	return t.err
}

func (t *table) write(s string) {
	if t.err == nil {
		_, t.err = io.WriteString(t.w, s)
	}
}
