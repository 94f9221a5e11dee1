// Package telnet speaks to the servers of RFC 854: logins, routers, boards
// and games.
package telnet

import (
	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// Protocol is telnet, in the clear and under TLS.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name: "telnet", Short: "remote terminals: logins, routers, boards, games",
		Schemes: []wire.Scheme{
			{Name: "telnet", Port: "23"},
			{Name: "telnets", Port: "992", Security: wire.TLS},
		},
		Open: []verb.Verb{{
			Name: "connect", Short: "open a session",
			Long: "On port 23, on telnets and with --negotiate the options of a terminal are asked for; elsewhere those that the server asks for are answered and no more. " +
				"A server learns the type of the terminal and the size of its window; with --telnet-env also the variables named. With -f a script runs in the session, such as one that logs in. With --tls require nothing is said before START_TLS; with --tls auto it is agreed to if the server asks.",
			Example: []string{"connect telnet localhost 2323", "connect telnet bbs.example --encoding cp437", "connect telnet telnets://router.example/", "connect telnet router.example -f login.wl"},
			Explain: []string{"IAC DO SGA, IAC WILL TTYPE, IAC WILL NAWS", `Python: t = telnetlib.Telnet("localhost", 2323)`},
			Run:     verb.Call(Connect),
		}},
		Verbs: append(append(talking(), negotiating()...), keeping()...),
		Tools: []verb.Verb{{
			Name: "play", Short: "show a log of a telnet session again",
			Long:    "A log with times is shown in its time, an asciicast of asciinema's too; ^C ends it. It reaches the terminal as it came, since it may draw; --safe lets through text, colours and movements only. Where no person looks on, all is shown at once.",
			Example: []string{"play session.cast", "play session.cast --speed 4 --pause 1s"},
			Explain: []string{"nothing is sent", "script's scriptreplay"},
			Run:     verb.Call(play),
		}},
	}
}

// talking are the verbs for data.
func talking() []verb.Verb {
	return []verb.Verb{
		{
			Name: "send", Short: "send text", Aliases: []string{"write"},
			Long:    "The text goes as it is written; 255 is doubled, and a CR that ends no line is followed by NUL, as telnet has it. raw sends bytes without that.",
			Example: []string{`send "ann\r\n"`, "send --eol crlf ls", "send --hex ff 0d"},
			Explain: []string{"255 goes as IAC IAC, CR as CR NUL", `Python: t.write(b"ann\r\n")`},
			Run:     verb.Call((*Session).Send),
		},
		{
			Name: "recv", Short: "receive text", Aliases: []string{"read"},
			Long:    "It takes what came, without the commands in it, and waits if that is nothing. What is not taken stays for the next one.",
			Example: []string{`recv --until "$ " -t 5`, "recv --nowait", "recv --all > session.txt"},
			Explain: []string{`Python: t.read_until(b"$ ", 5), t.read_very_eager(), t.read_all(), t.read_some()`},
			Run:     verb.Call((*Session).Recv),
		},
		{
			Name: "put", Short: "send a file as text",
			Example: []string{"put commands.txt", "put commands.txt --eol crlf"},
			Explain: []string{"the bytes of a file, 255 as IAC IAC and line ends as CR LF", "Python: t.write(data)"},
			Run:     verb.Call((*Session).Put),
		},
		{
			Name: "watch", Short: "show what comes as it comes",
			Example: []string{"watch", "watch --count 3 -t 60"},
			Explain: []string{"recv(2) until it is stopped", "Python: t.read_some()"},
			Run:     verb.Call((*Session).Watch),
		},
		{
			Name: "interact", Short: "talk to the server; ^] goes back to the prompt",
			Long: "Keys go to the server at once when it echoes them, else line by line; then ^C, ^Z, ^\\ and ^D go as IP, SUSP, ABORT and EOF. " +
				"What the server sends reaches the terminal as it is, since it may draw; --safe lets through text, colours and movements only. " +
				"When standard input is not a terminal it is sent as text, and what comes goes to standard output.",
			Example: []string{"interact", "interact --safe"},
			Explain: []string{"character mode: IAC WILL ECHO and IAC WILL SGA are in force", "Python: t.interact()"},
			Run:     verb.Call((*Session).Interact),
		},
		{
			Name: "raw", Short: "send bytes as they are, commands included",
			Example: []string{`raw "\xff\xf6"`, "raw --hex ff f6"},
			Explain: []string{"nothing is doubled and nothing is added"},
			Run:     verb.Call((*Session).Raw),
		},
	}
}

// negotiating are the verbs for commands and options.
func negotiating() []verb.Verb {
	return []verb.Verb{
		{
			Name: "options", Short: "list the options that were spoken of",
			Example: []string{"options", "options --all", "options --sb"},
			Explain: []string{"Python: t.read_sb_data()"},
			Run:     verb.Call((*Session).Options),
		},
		{
			Name: "caps", Short: "list the options in force",
			Example: []string{"caps"},
			Explain: []string{"nothing is sent: the options that both sides agreed to"},
			Run:     verb.Call((*Session).Caps),
		},
		{
			Name: "do", Short: "ask the server to do what an option says",
			Example: []string{"do naws", "do echo", "do 200"}, Explain: []string{"IAC DO OPTION, by RFC 1143"},
			Run: verb.Call((*Session).Do),
		},
		{
			Name: "dont", Short: "ask the server not to do what an option says",
			Example: []string{"dont echo"}, Explain: []string{"IAC DONT OPTION, by RFC 1143"},
			Run: verb.Call((*Session).Dont),
		},
		{
			Name: "will", Short: "offer to do what an option says",
			Example: []string{"will binary"}, Explain: []string{"IAC WILL OPTION, by RFC 1143"},
			Run: verb.Call((*Session).Will),
		},
		{
			Name: "wont", Short: "do no more what an option says",
			Example: []string{"wont echo"}, Explain: []string{"IAC WONT OPTION, by RFC 1143"},
			Run: verb.Call((*Session).Wont),
		},
		{
			Name: "send-cmd", Short: "send a command: ayt, ip, ao, brk, ec, el, nop, dm and their like",
			Long:    "dm is the synch of RFC 854: its last byte is sent as urgent data, where the connection is not under TLS.",
			Example: []string{"send-cmd ayt", "send-cmd ip dm"},
			Explain: []string{"IAC AYT", `Python: t.get_socket().send(IAC + AYT)`},
			Run:     verb.Call((*Session).SendCmd),
		},
		{
			Name: "starttls", Short: "begin TLS on the open connection",
			Example: []string{"starttls"}, Explain: []string{"IAC WILL START_TLS, then IAC SB START_TLS FOLLOWS IAC SE from both, then the handshake"},
			Run: verb.Call((*Session).StartTLS),
		},
	}
}

// keeping are the verbs for what is beside the talk.
func keeping() []verb.Verb {
	return []verb.Verb{
		{
			Name: "charset", Short: "show or set the character set of the server", Aliases: []string{"encoding"},
			Long:    "What comes is shown as UTF-8, and what is typed is sent in that set. In petscii, that of the Commodore 64, colours and movements become those of a terminal.",
			Example: []string{"charset", "charset cp437", "encoding petscii", "charset utf-8"},
			Explain: []string{"nothing is sent; CHARSET (RFC 2066) when the server asks"},
			Run:     verb.Call((*Session).Charset),
		},
		{
			Name: "gmcp", Short: "show what a game server told beside the text, or tell it something",
			Long:    "What came by GMCP, MSDP and MSSP is shown, the last 64 messages.",
			Example: []string{"gmcp", `gmcp Core.Supports.Set '["Room 1"]'`},
			Explain: []string{"IAC SB GMCP ... IAC SE, option 201"},
			Run:     verb.Call((*Session).GMCP),
		},
		{
			Name: "on", Short: "do something by itself whenever the server says something",
			Long:    "What matches a text or a /regular expression/ within a line, or what the server says of an option, makes us send, send-cmd, raw, do, dont, will or wont something, at once: at the prompt, within interact, and while another session is used. A line that has come already and has not ended is answered.",
			Example: []string{`on /continue\?/ do send "y\r\n"`, `on "-- more --" do send " "`, "on option will echo do send-cmd ayt", "on", "on off 1", "on off"},
			Explain: []string{"Python: t.set_option_negotiation_callback(f)"},
			Run:     verb.Call((*Session).On),
		},
		{
			Name: "log", Short: "keep what comes in a file",
			Long:    "The file gets what came as text without escapes, with --raw as it came, with --times as an asciicast that asciinema plays. A file that exists is appended to.",
			Example: []string{"log on session.txt", "log on session.cast --times", "log off", "log"},
			Explain: []string{"nothing is sent", "script(1)"},
			Run:     verb.Call((*Session).Log),
		},
	}
}
