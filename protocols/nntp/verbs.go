package nntp

import "wireline/protocols/verb"

func browsing() []verb.Verb {
	return []verb.Verb{
		{
			Name: "ls", Short: "list groups, or the articles of a group",
			Long:    articles + "\nWithout words it is all groups or, within a group, all of its articles. A\npattern such as comp.lang.* is groups.",
			Example: []string{"ls comp.lang.*", "ls last 20", "ls comp.lang.go 1-100", "ls --thread", "ls new", "nntp ls nntp://localhost/comp.lang.go"},
			Explain: []string{"LIST NEWSGROUPS, LIST ACTIVE; or GROUP, OVER", `Python: s.list("comp.*"), s.over((1, 100))`},
			Run:     verb.Call((*Session).Ls),
		},
		{
			Name: "cd", Aliases: []string{"group"}, Short: "go to a group",
			Example: []string{"cd comp.lang.go", "cd"}, Explain: []string{"GROUP comp.lang.go", `Python: s.group("comp.lang.go")`},
			Run: verb.Call((*Session).Cd),
		},
		{Name: "pwd", Short: "show the current group", Example: []string{"pwd"}, Explain: []string{"nothing is sent"}, Run: verb.Call((*Session).Pwd)},
		{
			Name: "numbers", Aliases: []string{"listgroup"}, Short: "list the numbers of the articles that a group has",
			Example: []string{"numbers", "numbers comp.lang.go 1-100"}, Explain: []string{"LISTGROUP comp.lang.go 1-100"},
			Run: verb.Call((*Session).Numbers),
		},
		{
			Name: "newgroups", Short: "list groups that are new at the server",
			Example: []string{"newgroups", "newgroups --since 2026-01-31"}, Explain: []string{"NEWGROUPS 20260131 000000 GMT", "Python: s.newgroups(date)"},
			Run: verb.Call((*Session).Newgroups),
		},
		{
			Name: "newnews", Short: "list articles that are new at the server",
			Example: []string{"newnews comp.lang.* --since 36h"}, Explain: []string{"NEWNEWS comp.lang.* 20260131 000000 GMT", "Python: s.newnews(group, date)"},
			Run: verb.Call((*Session).Newnews),
		},
		{
			Name: "watch", Short: "tell of the articles that a group gets",
			Example: []string{"watch comp.lang.go", "watch --every 60 --count 1"}, Explain: []string{"GROUP comp.lang.go, again and again; OVER for what is new"},
			Run: verb.Call((*Session).Watch),
		},
	}
}

func reading() []verb.Verb {
	return []verb.Verb{
		{
			Name: "cat", Short: "show an article", Number: true,
			Long:    "The text is decoded; of what else the article has, such as attachments, only a\nline tells. With .PART it is that part, decoded: cat 1234.2",
			Example: []string{"cat 1234", "cat <id@host>", "cat 1234 --raw", "nntp cat nntp://localhost/<id@host>"},
			Explain: []string{"ARTICLE 1234", "Python: s.article(1234)"},
			Run:     verb.Call((*Session).Cat),
		},
		{
			Name: "get", Short: "fetch articles",
			Long:    articles + "\nOne article is saved byte by byte, several each in a file of its own, or all in\none with --mbox.",
			Example: []string{"get 1234", "get <id@host> -o a.eml", "get last 100 --mbox out.mbox", "get 1-100 --to news"},
			Explain: []string{"ARTICLE 1, ARTICLE 2 and so on, without waiting for the replies"},
			Run:     verb.Call((*Session).Get),
		},
		{
			Name: "save", Short: "write an article, a part of it, or the file in several, to a file",
			Long:    "A part is decoded, and has the name that the article gives it; -o FILE gives\nanother. An article is written byte for byte as the server has it. Of several\narticles, and with --decode of one, it is the file that they have in them, in\nyEnc, uuencoded or as parts of one message, put together and checked.",
			Example: []string{"save 1234.2", "save 1234.2 -o r.pdf", "save 1234 -o a.eml", "save 55-58 -o f.bin"}, Explain: []string{"ARTICLE, or BODY of each part", "Python: s.article(n)"}, Run: verb.Call((*Session).Save),
		},
		{Name: "headers", Aliases: []string{"header"}, Short: "show the header of an article, decoded", Example: []string{"headers 1234"}, Explain: []string{"HEAD 1234"}, Run: verb.Call((*Session).Headers)},
		{Name: "parts", Aliases: []string{"attachments"}, Short: "list the parts of an article", Example: []string{"parts 1234"}, Explain: []string{"ARTICLE", "Python: s.article(n)"}, Run: verb.Call((*Session).Parts)},
		{Name: "article", Short: "show an article as the server has it", Example: []string{"article 1234"}, Explain: []string{"ARTICLE 1234", "Python: s.article(1234)"}, Run: verb.Call((*Session).Article)},
		{Name: "head", Short: "show the header of an article as the server has it", Example: []string{"head 1234"}, Explain: []string{"HEAD 1234", "Python: s.head(1234)"}, Run: verb.Call((*Session).Head)},
		{Name: "body", Short: "show the body of an article as the server has it", Example: []string{"body 1234"}, Explain: []string{"BODY 1234", "Python: s.body(1234)"}, Run: verb.Call((*Session).Body)},
		{Name: "stat", Short: "tell whether an article is there, and go to it", Example: []string{"stat 1234", "stat <id@host>"}, Explain: []string{"STAT 1234", "Python: s.stat(1234)"}, Run: verb.Call((*Session).Stat)},
		{Name: "next", Short: "go to the next article", Example: []string{"next"}, Explain: []string{"NEXT", "Python: s.next()"}, Run: verb.Call((*Session).Next)},
		{Name: "last", Short: "go to the article before", Example: []string{"last"}, Explain: []string{"LAST", "Python: s.last()"}, Run: verb.Call((*Session).Last)},
	}
}

func looking() []verb.Verb {
	return []verb.Verb{
		{
			Name: "search", Short: "look for articles of a group",
			Long:    "A word is looked for in the subject and in the name of the writer. What was\nfound is $ from then on: get $ --mbox found.mbox",
			Example: []string{"search unix", "search from:ann since:7d", "search subject:go --in 'last 1000'", "nntp search nntp://localhost/comp.lang.go subject:go"},
			Explain: []string{"OVER, and what does not match is left out here"},
			Run:     verb.Call((*Session).Search),
		},
		{Name: "over", Aliases: []string{"xover"}, Short: "show the overview of articles as the server has it", Long: articles, Example: []string{"over 1-100", "over last 20"}, Explain: []string{"OVER 1-100", "Python: s.over((1, 100))"}, Run: verb.Call((*Session).Over)},
		{Name: "hdr", Aliases: []string{"xhdr"}, Short: "show one field of articles", Long: articles, Example: []string{"hdr subject 1-100", "hdr from <id@host>"}, Explain: []string{"HDR subject 1-100", `Python: s.xhdr("subject", "1-100")`}, Run: verb.Call((*Session).Hdr)},
		{Name: "xpat", Short: "show one field of those articles where it is like a pattern", Example: []string{"xpat subject 1-100 *go*"}, Explain: []string{"XPAT subject 1-100 *go*"}, Run: verb.Call((*Session).Xpat)},
	}
}

func writing() []verb.Verb {
	return []verb.Verb{
		{
			Name: "post", Aliases: []string{"put"}, Short: "post an article", Danger: true,
			Long:    "The file is an article with a header, or only its text. What the header lacks\nis made: Message-ID, Date and, of an answer, References, Subject and Newsgroups.\nAt the prompt, without a file, your editor has a draft: what VISUAL or EDITOR\nnames, or vi. An article is sent once, whatever becomes of it.",
			Example: []string{"post reply.txt --followup 1234", "post --followup 1234", "post --to misc.test --subject Hello --from ann@example.org --body 'Hello, all'", "post news.txt --from ann@example.org --subject Hello --to misc.test"},
			Explain: []string{"POST, the article with dots doubled, a line with a dot", "Python: s.post(f)"},
			Run:     verb.Call((*Session).Post),
		},
		{Name: "draft", Short: "write an article to be edited and posted", Example: []string{"draft --followup 1234 > reply.txt"}, Explain: []string{"HEAD of the article that is answered", "Python: s.head(n)"}, Run: verb.Call((*Session).Draft)},
		{Name: "ihave", Short: "hand over an article as a server does", Danger: true, Example: []string{"ihave a.eml"}, Explain: []string{"IHAVE <id@host>", `Python: s.ihave("<id@host>", f)`}, Run: verb.Call((*Session).Ihave)},
	}
}

func keeping() []verb.Verb {
	return []verb.Verb{
		{Name: "mark", Short: "note articles as read, in the file of connect --newsrc", Long: articles, Example: []string{"mark 1-100", "mark all", "mark 7 --unread"}, Explain: []string{"nothing is sent: .newsrc is written"}, Run: verb.Call((*Session).Mark)},
		{Name: "subscribe", Short: "note that a group is to be read", Example: []string{"subscribe comp.lang.go"}, Explain: []string{"nothing is sent: .newsrc is written"}, Run: verb.Call((*Session).Subscribe)},
		{Name: "unsubscribe", Short: "note that a group is not to be read", Example: []string{"unsubscribe comp.lang.go"}, Explain: []string{"nothing is sent: .newsrc is written"}, Run: verb.Call((*Session).Unsubscribe)},
	}
}

func others() []verb.Verb {
	return []verb.Verb{
		{Name: "caps", Short: "show what the server can", Example: []string{"caps"}, Explain: []string{"CAPABILITIES", "Python: s.getcapabilities()"}, Run: verb.Call((*Session).Caps)},
		{Name: "date", Short: "show what time it is at the server", Example: []string{"date"}, Explain: []string{"DATE", "Python: s.date()"}, Run: verb.Call((*Session).Date)},
		{Name: "srvhelp", Short: "show the server's own help", Example: []string{"srvhelp"}, Explain: []string{"HELP", "Python: s.help()"}, Run: verb.Call((*Session).Srvhelp)},
		{Name: "login", Short: "log in", Example: []string{"login -u ann", "login -u ann --mech PLAIN"}, Explain: []string{"AUTHINFO USER, AUTHINFO PASS; or AUTHINFO SASL", "Python: s.login(user, password)"}, Run: verb.Call((*Session).Login)},
		{Name: "starttls", Short: "put the connection under TLS", Example: []string{"starttls"}, Explain: []string{"STARTTLS", "Python: s.starttls()"}, Run: verb.Call((*Session).StartTLS)},
		{Name: "compress", Short: "compress all that is said from now on", Example: []string{"compress"}, Explain: []string{"COMPRESS DEFLATE"}, Run: verb.Call((*Session).Compress)},
		{
			Name: "raw", Short: "send a command and show the reply",
			Example: []string{"raw LIST OVERVIEW.FMT", "raw SLAVE"}, Explain: []string{"Python: s._shortcmd(line)"},
			Run: verb.Call((*Session).Raw),
		},
	}
}

const articles = `Articles are such as 5, 1-100, 1:5,9, 100-, last 20, first 5, all, new (those
not read, with connect --newsrc), $ (what search found) and <id@host>. Another
group than the current one may stand before them.`
