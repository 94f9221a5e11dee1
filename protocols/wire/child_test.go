package wire

import (
	"errors"
	"strings"
	"testing"
)

func TestChild(t *testing.T) {
	d := &Dialer{Options: Options{IPv4: true}, Limits: Limits{Line: 3}}
	address := serve(t, echo)
	first := dial(t, d, address)
	kid := d.Child()
	if kid.Options.IPv4 != true || kid.Limits.Line != 3 {
		t.Errorf("the options are %+v, the limits %+v", kid.Options, kid.Limits)
	}
	d.Bind(t.Context())() // the timing begins anew
	c := dial(t, kid, address)
	if d.Last() != first || kid.Last() != c || d.Timing().Connect != 0 || kid.Timing().Connect == 0 {
		t.Error("what the child does is taken for what its parent does")
	}

	var r recorder
	d.SetTrace(r.add) // only now
	d.Secret("hunter2")
	if _, err := c.Write([]byte("pass hunter2 and no more")); err != nil {
		t.Fatal(err)
	}
	if got := r.data("send"); strings.Contains(got, "hunter2") || !strings.Contains(got, "pass ***") {
		t.Errorf("the trace of the child is %q", got)
	}
	if _, out := d.Counts(); out != 24 {
		t.Errorf("%d bytes are counted, not 24", out)
	}

	cause := errors.New("the user has had enough")
	kid.Cut(cause)
	if _, err := c.Write([]byte("x")); !errors.Is(err, cause) {
		t.Errorf("after a cut of the child, writing there says %v", err)
	}
	if _, err := first.Write([]byte("x")); err != nil {
		t.Errorf("a cut of the child has reached its parent: %v", err)
	}
	c = dial(t, kid, address)
	d.Cut(cause)
	if _, err := c.Write([]byte("x")); !errors.Is(err, cause) {
		t.Errorf("after a cut of the parent, writing on the child's connection says %v", err)
	}
}
