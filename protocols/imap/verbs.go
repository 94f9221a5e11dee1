package imap

import (
	"slices"

	"wireline/protocols/verb"
)

func verbs() []verb.Verb {
	return slices.Concat(looking(), fetching(), changing(), mailboxes(), serving())
}

func looking() []verb.Verb {
	return []verb.Verb{
		{
			Name: "ls", Short: "list the messages of the mailbox, or the mailboxes",
			Long:    messages,
			Example: []string{"ls", "ls last 20", "ls unseen --sort -date", "ls --thread", "ls -l 'Arch*'", "ls -m"},
			Explain: []string{"FETCH 1:100 (UID FLAGS RFC822.SIZE ENVELOPE), or LIST", "Python: m.list(), m.fetch(...)"},
			Run:     verb.Call((*Session).Ls),
		},
		{
			Name: "cd", Aliases: []string{"select"}, Short: "go to a mailbox",
			Example: []string{"cd INBOX", "cd -r Archive", "cd /"},
			Explain: []string{"SELECT, or EXAMINE with -r", "Python: m.select('INBOX')"},
			Run:     verb.Call((*Session).Cd),
		},
		{Name: "examine", Short: "go to a mailbox for reading only", Example: []string{"examine Archive"}, Explain: []string{"EXAMINE", "Python: m.select('INBOX', readonly=True)"}, Run: verb.Call((*Session).Examine)},
		{
			Name: "search", Short: "find messages",
			Long:    searching,
			Example: []string{"search from:bob since:2026-01-01 unseen", `search subject:"two words" or flagged`, "search --raw 'OR SUBJECT x SUBJECT y'", "search younger:7d -l"},
			Explain: []string{"UID SEARCH", "Python: m.uid('SEARCH', None, 'FROM', 'bob')"},
			Run:     verb.Call((*Session).Search),
		},
		{
			Name: "sort", Short: "list messages in an order",
			Example: []string{"sort -date", "sort from unseen", "sort size last 100"},
			Explain: []string{"UID SORT (RFC 5256)"},
			Run:     verb.Call((*Session).Sort),
		},
		{
			Name: "thread", Short: "list messages with the answers to them below",
			Example: []string{"thread", "thread last 100"},
			Explain: []string{"UID THREAD (RFC 5256)"},
			Run:     verb.Call((*Session).Thread),
		},
		{
			Name: "watch", Short: "tell what happens to the mailbox",
			Long:    "By IDLE; a server that has none is asked now and then.",
			Example: []string{"watch", "watch INBOX --count 1 -t 600", "watch --new --exec 'jq -r .subject'"},
			Explain: []string{"IDLE, anew every 28 minutes; or NOOP", "Python: m.idle()"},
			Run:     verb.Call((*Session).Watch),
		},
	}
}

func fetching() []verb.Verb {
	return []verb.Verb{
		{
			Name: "cat", Short: "show a message", Number: true,
			Long:    "The text is decoded; of attachments only a line tells. With .PART it is that\npart, decoded; .HEADER and .TEXT are the message's. Reading does not mark a\nmessage as read, unless --seen says so.",
			Example: []string{"cat 4711", "cat 4711.2", "cat 4711 --raw", "cat 4711.TEXT --partial 0.1024"},
			Explain: []string{"UID FETCH 4711 (UID BODY.PEEK[])", "Python: m.uid('FETCH', '4711', '(BODY.PEEK[])')"},
			Run:     verb.Call((*Session).Cat),
		},
		{Name: "headers", Aliases: []string{"header"}, Short: "show the header of a message", Example: []string{"headers 4711"}, Explain: []string{"UID FETCH n (BODY.PEEK[HEADER])", "Python: m.uid('FETCH', n, '(BODY.PEEK[HEADER])')"}, Run: verb.Call((*Session).Headers)},
		{Name: "parts", Aliases: []string{"attachments"}, Short: "list the parts of a message", Example: []string{"parts 4711"}, Explain: []string{"UID FETCH n (BODYSTRUCTURE)", "Python: m.uid('FETCH', n, '(BODYSTRUCTURE)')"}, Run: verb.Call((*Session).Parts)},
		{
			Name: "save", Short: "write a message, or a part of it, to a file",
			Long:    "A part is decoded, and has the name that the message gives it; -o FILE gives\nanother. A message is written byte for byte.",
			Example: []string{"save 4711.2", "save 4711.2 -o a.pdf", "save 4711 -o m.eml"},
			Explain: []string{"UID FETCH n (BODY.PEEK[part])", "Python: m.uid('FETCH', n, '(BODY.PEEK[2])')"},
			Run:     verb.Call((*Session).Save),
		},
		{
			Name: "get", Short: "fetch messages byte for byte",
			Long:    getting,
			Example: []string{"get 4711", "get all -o inbox.mbox", "get unseen -o -", "get all --maildir backup --new", "get all --maildir backup --new --prune", "get flagged --mbox in.mbox --delete"},
			Explain: []string{"UID FETCH 1:500 (UID FLAGS INTERNALDATE BODY.PEEK[])", "Python: m.uid('FETCH', '1:500', '(BODY.PEEK[])')"},
			Run:     verb.Call((*Session).Get),
		},
		{
			Name: "fetch", Short: "show items of messages as the server gives them",
			Example: []string{"fetch 4711 FLAGS INTERNALDATE", "fetch last 3 BODY.PEEK[HEADER.FIELDS (SUBJECT)] BODY.PEEK[TEXT]"},
			Explain: []string{"UID FETCH", "Python: m.uid('FETCH', ...)"},
			Run:     verb.Call((*Session).Fetch),
		},
	}
}

func changing() []verb.Verb {
	return []verb.Verb{
		{
			Name: "flag", Aliases: []string{"store"}, Short: "change the flags of messages", Danger: true,
			Long:    messages + "\n\n+ adds a flag, - takes it away, = sets just those that are named. Behind -- a\nflag may begin like an option.",
			Example: []string{`flag 4711 +\Flagged -work`, `flag $ +\Seen`, `flag 1:9 =\Seen =done`},
			Explain: []string{`UID STORE 4711 +FLAGS.SILENT (\Flagged)`, `Python: m.uid('STORE', '4711', '+FLAGS', '(\\Flagged)')`},
			Run:     verb.Call((*Session).Flag),
		},
		{
			Name: "cp", Aliases: []string{"copy"}, Short: "copy messages to another mailbox", Danger: true,
			Example: []string{"cp 4711 Archive", "cp $ Archive"},
			Explain: []string{"UID COPY", "Python: m.uid('COPY', '4711', 'Archive')"},
			Run:     verb.Call((*Session).Cp),
		},
		{
			Name: "mv", Aliases: []string{"move"}, Short: "move messages to another mailbox, or rename a mailbox", Danger: true,
			Long:    "Without the server's MOVE they are copied first, and marked and removed only\nwhen that has gone well.",
			Example: []string{"mv 4711 Archive", "mv $ Archive", "mv Old New"},
			Explain: []string{"UID MOVE; or UID COPY, UID STORE, UID EXPUNGE"},
			Run:     verb.Call((*Session).Mv),
		},
		{
			Name: "put", Aliases: []string{"append"}, Short: "put a message into a mailbox", Danger: true,
			Example: []string{`put draft.eml Drafts --flags \Draft`, "put m.eml --date 2026-01-31", "put in.mbox Archive --mbox"},
			Explain: []string{"APPEND", "Python: m.append('Drafts', flags, date, message)"},
			Run:     verb.Call((*Session).Put),
		},
		{Name: "rm", Short: "mark messages as deleted", Danger: true, Long: messages, Example: []string{"rm 7", "rm 1:5,9"}, Explain: []string{"UID STORE +FLAGS.SILENT (\\Deleted)", "Python: m.uid('STORE', '4711', '+FLAGS', r'(\\Deleted)')"}, Run: verb.Call((*Session).Rm)},
		{Name: "undelete", Short: "take the mark of rm back", Danger: true, Example: []string{"undelete 7"}, Explain: []string{"UID STORE n -FLAGS.SILENT (\\Deleted)", "Python: m.uid('STORE', n, '-FLAGS', '\\Deleted')"}, Run: verb.Call((*Session).Undelete)},
		{
			Name: "expunge", Short: "remove messages that are marked as deleted", Danger: true,
			Long:    "All of the mailbox, or only those that are named.",
			Example: []string{"expunge", "expunge 7"},
			Explain: []string{"EXPUNGE, or UID EXPUNGE"},
			Run:     verb.Call((*Session).Expunge),
		},
	}
}

func mailboxes() []verb.Verb {
	return []verb.Verb{
		{Name: "list", Short: "list mailboxes", Example: []string{"list", "list 'Arch%' -l"}, Explain: []string{"LIST", "Python: m.list()"}, Run: verb.Call((*Session).List)},
		{Name: "lsub", Short: "list the mailboxes subscribed to", Example: []string{"lsub"}, Explain: []string{"LSUB", "Python: m.lsub()"}, Run: verb.Call((*Session).Lsub)},
		{Name: "status", Short: "show the numbers of a mailbox", Example: []string{"status Archive"}, Explain: []string{"STATUS", "Python: m.status('Archive', '(MESSAGES UNSEEN)')"}, Run: verb.Call((*Session).Status)},
		{Name: "mkdir", Aliases: []string{"create"}, Short: "make a mailbox", Danger: true, Example: []string{"mkdir Archive", "mkdir Papierkorb --use trash"}, Explain: []string{"CREATE", "Python: m.create('Archive')"}, Run: verb.Call((*Session).Mkdir)},
		{Name: "rmdir", Aliases: []string{"delete"}, Short: "remove a mailbox with all that is in it", Danger: true, Example: []string{"rmdir Old"}, Explain: []string{"DELETE", "Python: m.delete('Archive')"}, Run: verb.Call((*Session).Rmdir)},
		{Name: "rename", Short: "give a mailbox another name", Danger: true, Example: []string{"rename Old New"}, Explain: []string{"RENAME", "Python: m.rename('a', 'b')"}, Run: verb.Call((*Session).Rename)},
		{Name: "subscribe", Short: "put a mailbox on the list of lsub", Danger: true, Example: []string{"subscribe Archive"}, Explain: []string{"SUBSCRIBE", "Python: m.subscribe('Archive')"}, Run: verb.Call((*Session).Subscribe)},
		{Name: "unsubscribe", Short: "take a mailbox off the list of lsub", Danger: true, Example: []string{"unsubscribe Archive"}, Explain: []string{"UNSUBSCRIBE", "Python: m.unsubscribe('Archive')"}, Run: verb.Call((*Session).Unsubscribe)},
		{Name: "check", Short: "have the server put the mailbox in order, and count anew", Example: []string{"check"}, Explain: []string{"CHECK, or NOOP under IMAP4rev2", "Python: m.check()"}, Run: verb.Call((*Session).Check)},
		{Name: "unselect", Short: "leave the mailbox", Long: "Nothing is removed, unless --expunge says so, which is IMAP's CLOSE.", Example: []string{"unselect", "unselect --expunge"}, Explain: []string{"UNSELECT (RFC 3691), or CLOSE with --expunge", "Python: m.unselect(), m.close()"}, Run: verb.Call((*Session).Unselect)},
		{Name: "quota", Short: "show how much room there is, or set it", Example: []string{"quota root INBOX", "quota", "quota get ''", "quota set user.ann STORAGE=1024"}, Explain: []string{"GETQUOTAROOT, GETQUOTA, SETQUOTA (RFC 9208)", "Python: m.getquotaroot('INBOX'), m.setquota(root, limits)"}, Run: verb.Call((*Session).Quota)},
		{Name: "acl", Short: "show who may do what with a mailbox, or set it", Example: []string{"acl get INBOX", "acl my INBOX", "acl set INBOX bob +lr", "acl rm INBOX bob"}, Explain: []string{"GETACL, SETACL, DELETEACL, MYRIGHTS (RFC 4314)", "Python: m.getacl('INBOX'), m.setacl('INBOX', who, what)"}, Run: verb.Call((*Session).ACL)},
		{Name: "metadata", Aliases: []string{"annotation"}, Short: "show what is noted of a mailbox, or note it", Example: []string{"metadata get INBOX", "metadata set INBOX /private/comment mine", "metadata get /"}, Explain: []string{"GETMETADATA, SETMETADATA (RFC 5464)", "Python: m.getannotation(mailbox, entry, attribute)"}, Run: verb.Call((*Session).Metadata)},
	}
}

func serving() []verb.Verb {
	return []verb.Verb{
		{Name: "login", Short: "log in", Example: []string{"login -u ann", "login -u ann --mech SCRAM-SHA-256"}, Explain: []string{"LOGIN, or AUTHENTICATE"}, Run: verb.Call((*Session).Login)},
		{Name: "starttls", Short: "change to TLS, before the login", Example: []string{"starttls"}, Explain: []string{"STARTTLS", "Python: m.starttls()"}, Run: verb.Call((*Session).Starttls)},
		{Name: "caps", Short: "show what the server can", Example: []string{"caps"}, Explain: []string{"CAPABILITY"}, Run: verb.Call((*Session).Caps)},
		{Name: "id", Short: "ask the server who it is", Example: []string{"id"}, Explain: []string{"ID"}, Run: verb.Call((*Session).ID)},
		{Name: "namespace", Short: "show where mailboxes are", Example: []string{"namespace"}, Explain: []string{"NAMESPACE"}, Run: verb.Call((*Session).Namespace)},
		{Name: "enable", Short: "have the server use extensions", Example: []string{"enable CONDSTORE"}, Explain: []string{"ENABLE"}, Run: verb.Call((*Session).Enable)},
		{Name: "compress", Short: "compress what is sent from here on", Example: []string{"compress"}, Explain: []string{"COMPRESS DEFLATE"}, Run: verb.Call((*Session).Compress)},
		{Name: "noop", Short: "do nothing; the server may have something to tell", Example: []string{"noop"}, Explain: []string{"NOOP", "Python: m.noop()"}, Run: verb.Call((*Session).Noop)},
		{
			Name: "raw", Aliases: []string{"xatom"}, Short: "send a command as it is and show the answer",
			Long:    "A tag is put before it. What has letters beyond ASCII in quotes goes as a\nliteral.",
			Example: []string{`raw "UID FETCH 4711 (BODY.PEEK[HEADER])"`, "raw CHECK"},
			Explain: []string{"the line, with a tag before it", "Python: m.xatom('NAME', 'args')"},
			Run:     verb.Call((*Session).Raw),
		},
	}
}

const getting = `One message is written as it is, several as an mbox; -o FILE names the file.
--mbox and --maildir add to what is there. With --new they note beside it, in
.uids, which messages were fetched, by UIDVALIDITY and UID, and the next time
only the others are, and the files in a Maildir get the flags that the messages
have by now; --prune removes from it those that are gone from the mailbox. What
changed is asked of the server if it can tell (CONDSTORE, QRESYNC). --delete removes messages from the mailbox once they are
safe here, and none before.`

const searching = `Criteria that all must hold: from:bob to: cc: bcc: subject: body: text:
since:2026-01-01 before: on: younger:7d older:1y larger:1M smaller: seen
unseen flagged answered deleted draft and so on, keyword:work header:X-Y=z
uid:1:9 seq:1:9. A word alone is looked for anywhere. or stands between two
criteria, not or a - before one. $ means what was found.`
