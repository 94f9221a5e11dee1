package protocols

// ShellWords are the commands of the shell itself. No protocol may declare a
// verb of such a name: within a session it could not be reached.
var ShellWords = []string{
	"abort", "accept", "alias", "assert", "at", "bind", "bookmark", "cert", "close", "completion", "connect",
	"echo", "exit", "expect", "explain", "fg", "help", "history", "hostname", "info", "interact",
	"interfaces", "jobs", "kill", "lcd", "let", "listen", "lls", "lpwd", "open", "play", "probe", "queue",
	"quit", "raw", "record", "relay", "repeat", "replay", "resolve", "robots", "serve",
	"services", "sessions", "set", "sleep", "socket", "source", "timing", "tour", "trace", "unset", "url",
	"use", "wait",
}

// SessionWords are those shell words that the shell hands on to the session
// if that has a verb of the name.
var SessionWords = []string{"interact", "raw", "tour"}
