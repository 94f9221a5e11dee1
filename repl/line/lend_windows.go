package line

// A Loan is the terminal in the hands of another program. There is no job
// control here, so nothing is ever lent.
type Loan struct{}

func (e *Editor) CanLend() bool             { return false }
func (e *Editor) Lend(int) *Loan            { return nil }
func (l *Loan) Give(bool, func() bool) bool { return false }
func (l *Loan) Take(bool)                   {}
func (l *Loan) Continue()                   {}
func (e *Editor) borrow() (giveBack func()) { return func() {} }
