package render

import (
	"reflect"
	"slices"
	"strings"
)

// begin starts a table of structs of type typ.
func (t *table) begin(typ reflect.Type) (err error) {
	t.of, t.widths = typ, nil
	want := t.o.Fields
	if t.o.Template != "" {
		if t.texts, want = holes(t.o.Template); len(want) == 0 {
			t.fields = nil
			return nil
		}
	}
	t.fields, err = chosen(fieldsOf(typ), want)
	if t.o.aligned() && len(t.o.Fields) == 0 {
		t.fields = narrow(t.fields)
	}
	return err
}

// decide fixes the widths by the rows held, and writes them.
func (t *table) decide() {
	if len(t.held) == 0 {
		return
	}
	head := make([]string, len(t.fields))
	for i, f := range t.fields {
		if head[i] = f.name; !t.o.CSV {
			head[i] = strings.ToUpper(f.name)
		}
	}
	header := (t.o.Terminal || t.o.Header || t.o.CSV) && t.o.Template == ""
	t.widths = make([]int, len(t.fields))
	t.leaveOut()
	most := max(20, t.o.width()/2) // one long cell does not push all others aside
	for _, row := range append([][]string{head}, t.held...) {
		for i, s := range row {
			if t.widths[i] >= 0 {
				t.widths[i] = max(t.widths[i], min(columns(s), most))
			}
		}
	}
	if header {
		t.row(head, heading)
	}
	for _, row := range t.held {
		t.row(row, none)
	}
	t.held = nil
}

// leaveOut takes the columns off a terminal that have nothing in them yet: it
// has no room for them.
func (t *table) leaveOut() {
	if !t.o.aligned() || len(t.o.Fields) > 0 {
		return
	}
	any := false
	for i := range t.widths {
		if !slices.ContainsFunc(t.held, func(row []string) bool { return row[i] != "" }) {
			t.widths[i] = -1
		}
		any = any || t.widths[i] == 0
	}
	if !any {
		clear(t.widths)
	}
}

// lacks reports whether row has something in a column that was left out, so
// that the table must begin anew.
func (t *table) lacks(row []string) bool {
	for i, w := range t.widths {
		if w < 0 && row[i] != "" {
			return true
		}
	}
	return false
}

// row writes one line: columns aligned on a terminal, elsewhere with a TAB
// between them.
func (t *table) row(cells []string, r role) {
	if t.o.shaped() {
		t.shape(cells)
		return
	}
	var b strings.Builder
	for i, s := range cells {
		if t.widths[i] < 0 {
			continue
		}
		if i > 0 && !t.o.Terminal {
			b.WriteByte('\t')
		}
		b.WriteString(s)
		if i < len(cells)-1 && t.o.Terminal {
			b.WriteString(strings.Repeat(" ", max(0, t.widths[i]-columns(s))+2))
		}
	}
	line := strings.TrimRight(b.String(), " ")
	t.write(t.o.paint(r, line) + "\n")
}
