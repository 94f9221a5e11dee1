package repl

import (
	"wireline/protocols/verb"
)

// verbs are the shell's own, declared as the protocols' are. connect, listen,
// bind and socket are each protocol's; see route.
func (sh *Shell) verbs() []verb.Verb {
	return append(sessionVerbs(), append(nameVerbs(), append(scriptVerbs(), append(localVerbs(), helpVerbs()...)...)...)...)
}

func sessionVerbs() []verb.Verb {
	return []verb.Verb{
		{Name: "accept", Short: "take the client that waits at a listener, or wait for one", Run: verb.Call((*Shell).Accept),
			Example: []string{"accept", "accept 2 -t 10"},
			Explain: []string{"accept(2)", "Python: conn, addr = s.accept()"}},
		{Name: "use", Short: "make a session the current one", Run: verb.Call((*Shell).Use), Example: []string{"use 3"}},
		{Name: "sessions", Short: "list the open sessions", Run: verb.Call((*Shell).Sessions), Example: []string{"sessions"}},
		{Name: "close", Short: "end a session politely", Long: "PROTO quit, such as smtp quit, ends the newest session of a protocol.", Run: verb.Call((*Shell).CloseVerb), Example: []string{"close", "close 2"},
			Explain: []string{"the protocol's goodbye, such as QUIT or LOGOUT, then close(2)", "Python: s.close()"}},
		{Name: "abort", Short: "end a session at once, without a goodbye", Run: verb.Call((*Shell).Abort), Example: []string{"abort"}},
		{Name: "info", Short: "tell about the session, this host or its interfaces", Run: verb.Call((*Shell).Info), Example: []string{"info", "info 2", "info host"},
			Explain: []string{"getsockname(2), getpeername(2), getsockopt(2) TCP_INFO", "Python: s.getsockname(), s.getpeername()"}},
		{Name: "cert", Short: "show the certificates of the session's server", Run: verb.Call((*Shell).Cert), Example: []string{"cert"},
			Explain: []string{"the certificates that the server sent in the TLS handshake", "Python: s.getpeercert()", "openssl s_client -showcerts"}},
		{Name: "trace", Short: "show what goes over the wire, from now on", Run: verb.Call((*Shell).TraceVerb), Example: []string{"trace hex", "trace line wire.log", "trace off"}},
		{Name: "timing", Short: "say after each command how long its phases took", Run: verb.Call((*Shell).Timing), Example: []string{"timing on", "timing off"}},
		{Name: "relay", Short: "copy between two sessions until both ends have closed", Run: verb.Call((*Shell).Relay), Example: []string{"relay 1 2"}},
		{Name: "cp", Short: "copy a file, or messages, from one session to another, through us", Run: verb.Call((*Shell).Cp), Example: []string{"cp @1:/a.iso @2:/b.iso", "cp @1:/a.iso .", "cp last 20 @2:Archive"}},
		{Name: "set", Short: "show the settings, or change one", Run: verb.Call((*Shell).Set), Example: []string{"set", "set timeout 5", "set keep 30s", "set theme light", "set theme.error bold magenta", "set color never --save", "set limits", "set tls require --host mail.example.org --save"},
			Long: "A setting is a flag that need not be typed any more, limits.NAME, alias.NAME, timing, theme for all colours, theme.ROLE for one, or keep: how long a session may be idle at the prompt until its server is told that we are there (60s; off for ever). With --save it is kept in the user's configuration, which is read at the next start."},
		{Name: "unset", Short: "put a setting back, or forget a variable", Run: verb.Call((*Shell).Unset), Example: []string{"unset timeout"}},
		{Name: "bookmark", Short: "list bookmarks, add one or remove one, or exchange them", Run: verb.Call((*Shell).Bookmark), Example: []string{"bookmark", "bookmark add work tcp://localhost:12345", "bookmark rm work", "bookmark export mine.txt", "bookmark import < mine.txt"},
			Long: "connect work, or @work in front of a command, uses one. What belongs to it besides its URL, such as --encoding or --password-command, goes into the section [@work] of the settings: set encoding cp437 --host @work --save."},
	}
}

func nameVerbs() []verb.Verb {
	return []verb.Verb{
		{Name: "resolve", Short: "ask for the addresses of a name, or the names of an address", Run: verb.Call((*Shell).Resolve), Example: []string{"resolve localhost", "resolve -x 127.0.0.1"},
			Explain: []string{"getaddrinfo(3); with -x getnameinfo(3)", "Python: socket.getaddrinfo(host, None), socket.gethostbyaddr(addr)"}},
		{Name: "probe", Short: "look which ports of a host are open, one after the other", Run: verb.Call((*Shell).Probe), Example: []string{"probe localhost 22 80,443 8000-8010", "probe localhost imaps --banner", "probe localhost 53 --udp"},
			Long:    "A port is open, closed when it says so, and filtered when nothing answers. Over UDP a port that does not answer may be open or not, and is told as open|filtered.",
			Explain: []string{"connect(2) to each; over UDP send(2), and what ICMP says", "Python: s.connect_ex((host, port))"}},
		{Name: "services", Short: "show the port of a service, or the service of a port", Run: verb.Call((*Shell).Services), Example: []string{"services imaps", "services 25"},
			Explain: []string{"getservbyname(3), getservbyport(3)", `Python: socket.getservbyname("imaps"), socket.getservbyport(993)`}},
		{Name: "hostname", Short: "show the name of this host", Run: verb.Call((*Shell).Hostname), Example: []string{"hostname"},
			Explain: []string{"gethostname(2)", "Python: socket.gethostname()"}},
		{Name: "interfaces", Short: "list the network interfaces of this host", Run: verb.Call((*Shell).Interfaces), Example: []string{"interfaces"},
			Explain: []string{"if_nameindex(3), getifaddrs(3)", "Python: socket.if_nameindex()"}},
	}
}

func scriptVerbs() []verb.Verb {
	return []verb.Verb{
		{Name: "expect", Short: "wait until the session says something that matches", Run: verb.Call((*Shell).Expect), Example: []string{"expect /OK/", "expect /login:/ -t 5"}},
		{Name: "assert", Short: "check the outcome of the last command", Run: verb.Call((*Shell).Assert), Example: []string{"assert code == 250", "assert tls.days > 14", "assert data.bytes >= 5"}},
		{Name: "echo", Short: "print words", Run: verb.Call((*Shell).Echo), Example: []string{"echo $?"}},
		{Name: "sleep", Short: "wait a while", Run: verb.Call((*Shell).Sleep), Example: []string{"sleep 0.5"}},
		{Name: "source", Short: "run the lines of a file", Run: verb.Call((*Shell).Source), Example: []string{"source check.wl"}},
		{Name: "repeat", Short: "run a command several times", Run: verb.Call((*Shell).Repeat), Example: []string{"repeat 3 send ping", "repeat 5 --every 1 hostname"}},
		{Name: "record", Short: "write down what is said from now on, without secrets, for replay and serve", Run: verb.Call((*Shell).Record), Example: []string{"record mail.jsonl", "record off"}},
		{Name: "replay", Short: "say a recording again to a server, and compare the answers", Run: verb.Call((*Shell).Replay), Example: []string{"replay mail.jsonl --against localhost:2525", "replay mail.jsonl --against localhost:2525 --codes --ignore /queued.*/"},
			Long: "In a recording, *** stands for a secret that was left out. In an answer it stands for anything; what the client says gets the password of the target in its place, which is found as for connect."},
		{Name: "serve", Short: "be the server of a recording", Run: verb.Call((*Shell).Serve), Example: []string{"serve mail.jsonl --port 2525", "serve mail.jsonl --once"},
			Long: "A client is answered as the client of the recording was, whenever it has said as many lines or bytes, whatever is in them; what differs is told. It goes on until ^C; at the prompt, & behind it lets it run in the background."},
		{Name: "queue", Short: "run commands in the background, one after the other", Run: verb.Call((*Shell).Queue), Example: []string{"queue sleep 5", "queue", "queue --clear"}},
		{Name: "at", Short: "wait until a time, then run a command", Run: verb.Call((*Shell).At), Example: []string{"at 18:30 hostname", "at +0.1 echo now"},
			Long: "With & at the end of the line it waits in the background."},
		{Name: "let", Short: "set a variable", Run: verb.Call((*Shell).Let), Example: []string{"let name = value"}},
		{Name: "alias", Short: "list the aliases, or make one", Run: verb.Call((*Shell).Alias), Example: []string{"alias", "alias ll ls -l", "alias hello 'send \"HELLO $1\\r\\n\" && recv'"},
			Long: "What it stands for is parsed as a line is when it is used; $1 to $9 and $* are the words that follow it there.\nWords that it does not use come after those of its command. alias NAME alone drops it."},
		{Name: "jobs", Short: "list what runs in the background", Run: verb.Call((*Shell).Jobs), Example: []string{"jobs"}},
		{Name: "wait", Short: "wait for a job, or for all", Run: verb.Call((*Shell).Wait), Example: []string{"wait", "wait 1"}},
		{Name: "fg", Short: "bring a job to the foreground", Run: verb.Call((*Shell).Fg), Example: []string{"fg", "fg 1"}},
		{Name: "kill", Short: "stop a job", Run: verb.Call((*Shell).Kill), Example: []string{"kill 1"}},
	}
}

func localVerbs() []verb.Verb {
	return []verb.Verb{
		{Name: "lcd", Short: "change the local directory", Run: verb.Call((*Shell).Lcd), Example: []string{"lcd /tmp"}},
		{Name: "lpwd", Short: "show the local directory", Run: verb.Call((*Shell).Lpwd), Example: []string{"lpwd"}},
		{Name: "lls", Short: "list a local directory", Run: verb.Call((*Shell).Lls), Example: []string{"lls", "lls -l /tmp", "lls --sort size"}},
		{Name: "history", Short: "show the lines typed before", Run: verb.Call((*Shell).History), Example: []string{"history", "history 10", "history --proto http --grep /users/"}},
		{Name: "exit", Aliases: []string{"quit"}, Short: "close all sessions politely and leave", Run: verb.Call((*Shell).ExitVerb), Example: []string{"exit"}},
	}
}

func helpVerbs() []verb.Verb {
	return []verb.Verb{
		{Name: "help", Short: "list the commands, or tell about one", Run: verb.Call((*Shell).Help), Example: []string{"help", "help tcp", "help tcp send", "help exits", "help ftp --man | man -l -", "help tcp send --schema"}},
		{Name: "completion", Short: "print the completion of these commands for a shell", Run: verb.Call((*Shell).Completion), Example: []string{"completion bash"},
			Long: "In bash, source <(wireline completion bash) turns it on; in fish, wireline completion fish | source."},
		{Name: "explain", Short: "show what a command does on the wire, and its like in Python", Run: verb.Call((*Shell).Explain), Example: []string{"explain send", "explain connect tcp"}},
		{Name: "tour", Short: "be shown what there is, a line at a time", Run: verb.Call((*Shell).Tour), Example: []string{"tour", "tour http"},
			Long: "Enter types the next line and runs it; lines of your own work as well. ^C goes to the next lesson, ^D leaves. Without a terminal the lessons are printed as a script."},
	}
}
