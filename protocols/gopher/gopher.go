// Package gopher speaks Gopher (RFC 1436), reads and writes its URLs (RFC
// 4266), and asks for the attributes of Gopher+.
package gopher

import (
	"wireline/protocols"
	"wireline/protocols/verb"
)

// Protocol declares Gopher.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name:    "gopher",
		Short:   "menus, texts and files of gopherspace",
		Schemes: schemes,
		Open: []verb.Verb{{
			Name:    "connect",
			Short:   "set where to begin; each request connects",
			Example: []string{"connect gopher localhost", "connect gopher://localhost/1/docs --encoding cp437", "connect gophers://localhost/", "connect gopher localhost --try-tls", "connect gopher ./gophermap"},
			Explain: []string{"nothing is sent: each request has a connection of its own (RFC 1436)"},
			Run:     verb.Call(connect),
		}},
		Verbs: append(append(showing(), moving()...), others()...),
		Route: route,
	}
}

func showing() []verb.Verb {
	return []verb.Verb{
		{
			Name:    "ls",
			Short:   "show a menu and go there",
			Long:    numbers,
			Example: []string{"ls", "ls -l", "ls 3", "gopher ls gopher://localhost/1/docs"},
			Explain: []string{"connect(2), send the selector and CRLF, recv(2) up to a line with a dot", "gopherlib.send_selector(selector, host)"},
			Run:     verb.Call((*Session).Ls),
		},
		{
			Name:    "follow",
			Short:   "go where an item leads",
			Long:    numbers + "\nA picture or an archive is saved, or shown by a program: set open.image feh",
			Example: []string{"follow 3", "follow 5 unix tools"},
			Number:  true,
			Explain: []string{"connect(2), send the item's selector and CRLF", "gopherlib.send_selector(selector, host, port)"},
			Run:     verb.Call((*Session).Follow),
		},
		{
			Name:    "cat",
			Short:   "show a text, or any item",
			Example: []string{"cat 2", "cat /about.txt", "gopher cat 'gopher://localhost/7/v2/vs%09unix'", "cat 4 --encoding cp437", "cat . --raw"},
			Explain: []string{"gopherlib.send_selector(selector, host)"},
			Run:     verb.Call((*Session).Cat),
		},
		{
			Name:    "get",
			Short:   "fetch the bytes of an item",
			Long:    "A text and a menu end with a line of one dot, which is not part of them;\nwith --type 9 an item is fetched as it comes, up to where the server closes.\nOnly TLS, or that line, shows that all has come: --strict makes its absence\nan error.",
			Example: []string{"get 9 -o a.zip", "get /files/a.zip -O", "gopher get gopher://localhost/9/a.zip -O"},
			Explain: []string{"gopherlib.get_binary(f)"},
			Run:     verb.Call((*Session).Get),
		},
		{
			Name:    "search",
			Short:   "ask a search for words",
			Example: []string{`search 5 "unix tools"`, "search gopher://localhost/7/find unix tools"},
			Explain: []string{"connect(2), send the selector, a tab, the words and CRLF", "gopherlib.send_query(selector, query, host)"},
			Run:     verb.Call((*Session).Search),
		},
		{
			Name:    "veronica",
			Short:   "search all of gopherspace, at gopher.floodgap.com",
			Example: []string{"veronica unix tools"},
			Explain: []string{"the search server's selector, TAB, the words, CRLF", "gopherlib.send_query(selector, query, host)"},
			Run:     verb.Call((*Session).Veronica),
		},
	}
}

func moving() []verb.Verb {
	return []verb.Verb{
		{Name: "cd", Short: "go to a menu without showing it", Example: []string{"cd 3", "cd ..", "cd"}, Explain: []string{"the menu's selector and CRLF", "gopherlib.send_selector(selector, host)"}, Run: verb.Call((*Session).Cd)},
		{Name: "back", Short: "go to the menu before this one", Example: []string{"back"}, Explain: []string{"the selector of the menu before and CRLF"}, Run: verb.Call((*Session).Back)},
		{Name: "forward", Short: "go to where back came from", Example: []string{"forward"}, Explain: []string{"the selector of the menu after and CRLF"}, Run: verb.Call((*Session).Forward)},
		{Name: "up", Short: "go to the menu above this one", Example: []string{"up"}, Explain: []string{"the selector of the menu above and CRLF"}, Run: verb.Call((*Session).Up)},
		{Name: "root", Short: "go to the main menu of the server", Example: []string{"root"}, Explain: []string{"an empty selector and CRLF", "gopherlib.send_selector('', host)"}, Run: verb.Call((*Session).Root)},
		{Name: "reload", Short: "fetch the menu again", Example: []string{"reload"}, Explain: []string{"the same selector and CRLF again"}, Run: verb.Call((*Session).Reload)},
		{Name: "pwd", Short: "show the selector of the menu", Example: []string{"pwd"}, Explain: []string{"nothing is sent"}, Run: verb.Call((*Session).Pwd)},
		{Name: "link", Short: "show the URL of the menu or of an item", Example: []string{"link", "link 3"}, Explain: []string{"nothing is sent: the URL of an item (RFC 4266)"}, Run: verb.Call((*Session).Link)},
		{
			Name:    "tour",
			Short:   "note items to see later, or see the next of them",
			Example: []string{"tour 3 5-7", "tour", "tour --list"},
			Explain: []string{"nothing is sent until the next item of the tour is asked for"},
			Run:     verb.Call((*Session).Tour),
		},
		{Name: "visited", Short: "list where the session was", Example: []string{"visited"}, Explain: []string{"nothing is sent"}, Run: verb.Call((*Session).Visited)},
		{
			Name:    "mark",
			Short:   "keep an item in a gophermap of your own",
			Long:    "The file is marks.gophermap beside the settings, or the one of --file. marks\nshows it.",
			Example: []string{"mark", "mark 3", "mark 3 --file ./links.gophermap"},
			Explain: []string{"nothing is sent: the item is written to a gophermap of yours"},
			Run:     verb.Call((*Session).Mark),
		},
		{Name: "marks", Short: "show what mark has kept, as a menu", Example: []string{"marks", "marks ./links.gophermap"}, Explain: []string{"nothing is sent: your gophermap of marks is read"}, Run: verb.Call((*Session).Marks)},
	}
}

func others() []verb.Verb {
	return []verb.Verb{
		{Name: "encoding", Sets: true, Short: "set the encoding of names and texts, or show it", Example: []string{"encoding cp437", "encoding"}, Explain: []string{"nothing is sent"}, Run: verb.Call((*Session).SetEncoding)},
		{Name: "caps", Short: "show what the server says of itself in caps.txt", Example: []string{"caps"}, Explain: []string{"caps.txt and CRLF", "gopherlib.send_selector('caps.txt', host)"}, Run: verb.Call((*Session).Caps)},
		{
			Name:    "mirror",
			Short:   "copy a menu and what it leads to at the same server",
			Long:    "Menus become files called gophermap that lead to the copies, so that\ngopher ./hole/gophermap shows them. Files that are there are kept as they are.\nrobots.txt is obeyed, with the pause that it asks for.",
			Example: []string{"mirror . ./hole --depth 3", "mirror /docs ./docs --below --wait 0.5 --rate 1M", "gopher mirror gopher://localhost/ ./hole"},
			Explain: []string{"robots.txt, and each menu and item in turn"},
			Run:     verb.Call((*Session).Mirror),
		},
		{
			Name:    "attributes",
			Short:   "show what Gopher+ knows of an item",
			Example: []string{"attributes 3", "attributes --all"},
			Explain: []string{"connect(2), send the selector, a tab, ! and CRLF"},
			Run:     verb.Call((*Session).Attributes),
		},
		{
			Name:    "raw",
			Short:   "send a line and show the reply as it comes",
			Example: []string{"raw /about.txt", `raw "/find\tunix"`},
			Explain: []string{"the selector as it is and CRLF", "printf 'selector\\r\\n' | nc host 70"},
			Run:     verb.Call((*Session).Raw),
		},
	}
}

const numbers = `An item is named by its number in the menu that was shown last, by its URL,
or by its selector or its name in that menu. A number alone is enough: 3 goes
where item 3 leads. What belongs to another protocol is opened by that, if you
say yes; elsewhere than at a prompt it is said what would open it.`
