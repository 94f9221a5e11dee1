package main

import (
	"strings"

	"wireline/protocols/fault"
)

// version is that of the release.
const version = "0.1.0"

const usage = `usage: wireline                          the shell
       wireline demo                     the shell, with servers of its own to play with
       wireline playground [--json]      only those servers, for other programs (--help tells more)
       wireline WORD...                  one command, such as
                                           wireline tcp send localhost 12345 "hi\r\n" --recv-until '\n'
                                           wireline http get http://localhost:8080/
       wireline -c 'LINE'                commands as they are typed in the shell
       wireline -f FILE                  a script; - is standard input

  --json         results and errors as JSON
  -q, --quiet    no messages but errors
  --no-config    read and keep nothing: no settings, no history, no bookmarks
  --keep-going   a script goes on after a failure, and ends with its status
  --tap          say what a script checks as TAP; results go to standard error
  --junit FILE   write what a script checks into FILE
  --version
  -h, --help

Options of a command may stand before it, too: wireline -k imap ls imaps://localhost/

wireline help lists the commands, wireline help exits the exit statuses.
`

// programFlags are what stands before the first word.
type programFlags struct {
	line          *string
	file          string
	version, help bool
	noConfig      bool
	keepGoing     bool
	tap           bool
	junit         string
	settings      []string // settings that hold for the whole run
}

// flags reads the program's own flags, up to the first word.
func flags(args []string) (f programFlags, words []string, err error) {
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-c" || a == "-f" || a == "--junit":
			if i++; i == len(args) {
				return f, nil, fault.New(fault.Usage, "%s needs a value", a)
			}
			switch a {
			case "-c":
				f.line = &args[i]
			case "-f":
				f.file = args[i]
			default:
				f.junit = args[i]
			}
		case strings.HasPrefix(a, "--junit="):
			f.junit = a[len("--junit="):]
		case a == "--keep-going":
			f.keepGoing = true
		case a == "--tap":
			f.tap = true
		case a == "--version" || a == "-V":
			f.version = true
		case a == "--help" || a == "-h":
			f.help = true
		case a == "--no-config":
			f.noConfig = true
		case a == "--json" || a == "--quiet" || a == "-q":
			f.settings = append(f.settings, map[bool]string{true: "json", false: "quiet"}[a == "--json"])
		case f.line == nil && f.file == "":
			return f, args[i:], nil // a command; it may begin with flags of its own, as in -k imap ls
		case strings.HasPrefix(a, "-"):
			return f, nil, fault.New(fault.Usage, "%s: an option of a command cannot follow -c or -f", a).WithHint("it stands in the line or the script, with its command")
		default:
			return f, nil, fault.New(fault.Usage, "%q: a command cannot follow -c or -f", a)
		}
	}
	return f, nil, nil
}
