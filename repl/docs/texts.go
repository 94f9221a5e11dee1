package docs

// What no declaration tells.

var description = []string{
	"wireline speaks the classic protocols of the internet at a prompt, once, or in a script. The same commands work in all three.",
	"Without words it is a shell: help lists the commands and TAB completes them. With words it runs that one command, whose result goes to standard output; everything else goes to standard error. With -c or -f it runs lines as they are typed in the shell, and stops at the first that fails.",
	"A command of a protocol is typed with the protocol's name in front, as in: ftp ls ftp://localhost/pub/. Within a session, which connect opens, the name may be left out. Several sessions can be open: sessions lists them, use changes the current one, and @NAME in front of a command picks one for that line.",
}

var language = [][2]string{
	{"; && ||", "end a command; the next one runs in any case, after success, after failure. Each stands behind a blank, or ; before one."},
	{"&", "at the end of a line runs it in the background."},
	{"| COMMAND", "hands the output to the rest of the line, which is for $SHELL."},
	{"> FILE, >> FILE, 2> FILE, < FILE", "redirect, after a blank."},
	{"<< WORD", "takes the lines up to one that is WORD as input."},
	{"!COMMAND", "runs a local program."},
	{"# TEXT", "is a comment, after a blank or at the start of a line."},
	{"'TEXT'", "is one word, as it is."},
	{"\"TEXT\"", "is one word in which $NAME, $(COMMAND) and \\r \\n \\t \\0 \\xHH \\u{H} \\\\ \\\" \\$ are read."},
	{"$NAME, $(COMMAND)", "alone as a word are replaced by a value: of a variable, of the last command ($? its status, $last.FIELD a field of its JSON), or by what a command prints. A value is never parsed again."},
	{"let NAME = WORD", "sets a variable."},
	{"- COMMAND", "may fail without ending a script."},
}

var environment = [][2]string{
	{"XDG_CONFIG_HOME", "where the directory wireline with the user's configuration is; ~/.config if not set."},
	{"NETRC", "names and passwords, if not ~/.netrc."},
	{"NO_COLOR", "if set, nothing is coloured, unless --color always asks for it."},
	{"SHELL", "runs what follows | and !."},
	{"PAGER", "shows what is longer than the screen; less if not set."},
	{"SCHEME_proxy, all_proxy, no_proxy", "proxies for URLs of a scheme, such as https_proxy, and for all; whom to reach without."},
}

var files = [][2]string{
	{"~/.config/wireline/config", "settings, as set and alias take them, a line each; [HOST] begins those for a host. set --save adds to it."},
	{"~/.config/wireline/bookmarks", "names for URLs, a line each."},
	{"~/.config/wireline/history", "lines typed, without their passwords."},
	{"~/.netrc", "names and passwords for hosts; it must be readable by its owner only."},
}

var onErrors = []string{
	"A command that fails says so in one line on standard error: what was being done, in which phase, why, and where; then, in parentheses, the kind of failure and the exit status. On a terminal a second line may say what to try. With --json the same is on standard output as name, exit, error and hint.",
	"The statuses are those of curl where curl has one for the meaning. A script ends with that of the command that ended it. What a server answered, such as 550, is in the message and in the field code; it is never the status.",
}
