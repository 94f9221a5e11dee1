package protocols

import "context"

// A Pauser is a session that may be busy with nothing but waiting, such as for
// new mail. The shell asks it to pause when it wants to use it meanwhile.
// Pause returns when the session may be used, and resume ends that; ok is
// false when it does not wait, or ctx has ended before.
type Pauser interface {
	Pause(ctx context.Context) (resume func(), ok bool)
}
