package protocols

// An Attender may have something to do as soon as the other side speaks, such
// as answering. While Attends holds, which is asked when nobody uses the
// session, the shell lets it idle also while other sessions are used, and in
// scripts.
type Attender interface {
	Idler
	Attends() bool
}
