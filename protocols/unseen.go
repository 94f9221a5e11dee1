package protocols

// An Unseen session idles by listening only, of which its server sees nothing
// and may hang up as on any other. The shell has Idle rest for a Keep then.
type Unseen interface {
	Idler
	Keeper
	Unseen()
}
