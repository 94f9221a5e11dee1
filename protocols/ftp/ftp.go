// Package ftp speaks FTP (RFC 959) and FTPS (RFC 4217).
//
// The library has the session: it logs in, and says what it knows how to say.
// Its connections are the wire's, so that TLS, proxies, limits and traces are
// too, and data connections are handed out as they are, for the kernel to
// move the bytes.
package ftp

import (
	"wireline/protocols"
	"wireline/protocols/files"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// Protocol declares FTP.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name:  "ftp",
		Short: "files on a server",
		Schemes: []wire.Scheme{
			{Name: "ftp", Port: "21", Upgrade: wire.FTP},
			{Name: "ftps", Port: "990", Security: wire.TLS},
			{Name: "ftpes", Port: "21", Security: wire.StartTLS, Upgrade: wire.FTP},
		},
		Open: []verb.Verb{{
			Name:    "connect",
			Short:   "log in at a server, under TLS if it can",
			Long:    tlsFirst,
			Example: []string{"connect ftp localhost", "connect ftp localhost -u ann --tls require", "connect ftps://ann@localhost/pub/", "connect ftp localhost --active --ports 50000-50100"},
			Explain: []string{"FTP greeting, AUTH TLS, USER, PASS, FEAT, TYPE I, PBSZ 0, PROT P, PWD", "ftplib.FTP_TLS(host).login(user, password)"},
			Run:     verb.Call(connect),
		}},
		Verbs: append(append(append(listingVerbs(), transferVerbs()...), changingVerbs()...), rawVerbs()...),
		Route: route,
	}
}

const tlsFirst = `TLS is asked for first, and a server that does not have it is spoken to in the
clear, but for a password, which goes to another machine only under TLS or
with --allow-cleartext. --tls require does without such servers, --tls off
does not ask. ftps:// has TLS from the first byte.

Without -u and without a name in the URL the user is anonymous. ~ in a path is
the directory to which the login leads.

A connection that is lost is made again by the next verb, in the same
directory.`

func listingVerbs() []verb.Verb {
	ls := files.Ls((*Session).Ls)
	ls.Explain = []string{"MLSD, or LIST where the server does not have it, on a data connection", "ftp.mlsd(path)"}
	pwd := files.Pwd((*Session).Pwd)
	pwd.Explain = []string{"PWD", "ftp.pwd()"}
	cd := files.Cd((*Session).Cd)
	cd.Explain = []string{"CWD, PWD", "ftp.cwd(dir)"}
	return []verb.Verb{
		ls, cd, pwd,
		{Name: "cdup", Aliases: []string{"up"}, Short: "go to the directory above", Example: []string{"cdup"}, Explain: []string{"CDUP", `ftp.cwd("..")`}, Run: verb.Call((*Session).Cdup)},
		{Name: "dir", Short: "list a directory as the server shows it", Example: []string{"dir", "dir /pub"}, Explain: []string{"LIST, on a data connection", "ftp.dir(path)"}, Run: verb.Call((*Session).Dir)},
		{Name: "nlst", Short: "list names as the server sends them", Example: []string{"nlst", "nlst /pub"}, Explain: []string{"NLST, on a data connection", "ftp.nlst(path)"}, Run: verb.Call((*Session).Nlst)},
		files.Find((*Session).Find).Explained("MLSD, or LIST, of each directory"),
		{Name: "size", Short: "show how many bytes a file has", Example: []string{"size big.iso"}, Explain: []string{"SIZE (RFC 3659)", "ftp.size(name)"}, Run: verb.Call((*Session).Size)},
		{Name: "mtime", Short: "show when a file was changed", Example: []string{"mtime big.iso"}, Explain: []string{"MDTM (RFC 3659)", `ftp.sendcmd("MDTM " + name)`}, Run: verb.Call((*Session).Mtime)},
		{
			Name: "hash", Short: "have the server compute a checksum",
			Example: []string{"hash big.iso", "hash big.iso --with md5"}, Explain: []string{"HASH, or XSHA256, XSHA1, XMD5, XCRC"},
			Run: verb.Call((*Session).Hash),
		},
		{
			Name: "verify", Short: "compare a file with ours by its checksum",
			Example: []string{"verify big.iso", "verify big.iso --local copy.iso"}, Explain: []string{"HASH, or XSHA256, XSHA1, XMD5, XCRC"},
			Run: verb.Call((*Session).Verify),
		},
	}
}

func transferVerbs() []verb.Verb {
	cat := files.Cat((*Session).Cat)
	cat.Explain = []string{"RETR, on a data connection", `ftp.retrlines("RETR " + name)`}
	get := files.Get((*Session).Get)
	get.Explain = []string{"MLST or SIZE and MDTM, EPSV, RETR; with -c REST", `ftp.retrbinary("RETR " + name, file.write)`}
	put := files.Put((*Session).Put)
	put.Explain = []string{"EPSV, STOR, MFMT; with -c REST", `ftp.storbinary("STOR " + name, file)`}
	return []verb.Verb{
		cat, get, put,
		files.Mput((*Session).Mput).Explained("EPSV, STOR, MFMT for each file", `ftp.storbinary("STOR " + name, file)`),
		files.Mirror((*Session).Mirror).Explained("MLSD of each directory, and RETR, or STOR with -R, for each file that differs", "lftp -c mirror"),
		{
			Name: "append", Short: "add to the end of a file", Danger: true,
			Example: []string{"append today.log all.log"}, Explain: []string{"APPE", `ftp.storbinary("APPE " + name, file)`},
			Run: verb.Call((*Session).Append),
		},
		{
			Name: "put-unique", Short: "store a file under a name that the server makes up", Danger: true,
			Example: []string{"put-unique a.txt"}, Explain: []string{"STOU", `ftp.storbinary("STOU", file)`},
			Run: verb.Call((*Session).PutUnique),
		},
	}
}

func changingVerbs() []verb.Verb {
	rm := files.Rm((*Session).Rm)
	rm.Explain = []string{"DELE; with -r MLSD and RMD too", "ftp.delete(name)"}
	mv := files.Mv((*Session).Mv)
	mv.Explain = []string{"RNFR, RNTO", "ftp.rename(a, b)"}
	mkdir := files.Mkdir((*Session).Mkdir)
	mkdir.Explain = []string{"MKD", "ftp.mkd(dir)"}
	rmdir := files.Rmdir((*Session).Rmdir)
	rmdir.Explain = []string{"RMD", "ftp.rmd(dir)"}
	edit := files.Edit((*Session).Edit)
	edit.Explain = []string{"RETR, your editor, STOR"}
	return []verb.Verb{
		rm, mv, mkdir, rmdir, edit,
		{
			Name: "chmod", Short: "change the permissions of files", Danger: true,
			Example: []string{"chmod 644 a.txt"}, Explain: []string{"SITE CHMOD"}, Run: verb.Call((*Session).Chmod),
		},
		{
			Name: "touch", Short: "set the time of files", Danger: true,
			Example: []string{"touch a.txt", "touch a.txt --time 2026-01-02"}, Explain: []string{"MFMT, or SITE UTIME, or MDTM"}, Run: verb.Call((*Session).Touch),
		},
	}
}

func rawVerbs() []verb.Verb {
	return []verb.Verb{
		{
			Name: "raw", Aliases: []string{"quote"}, Short: "send a command and show the reply",
			Example: []string{`raw "SITE CHMOD 644 x"`, "raw NOOP", "raw --data LIST -la"}, Explain: []string{"ftp.sendcmd(line), ftp.voidcmd(line); ftp.transfercmd(line) with --data"},
			Run: verb.Call((*Session).Raw),
		},
		{Name: "site", Short: "send a command of the server's own", Example: []string{"site help"}, Explain: []string{"SITE"}, Run: verb.Call((*Session).Site)},
		{Name: "caps", Aliases: []string{"feat"}, Short: "show what the server can", Example: []string{"caps"}, Explain: []string{"FEAT (RFC 2389)"}, Run: verb.Call((*Session).Caps)},
		{Name: "stat", Short: "show the state of the server, or of a file", Example: []string{"stat", "stat a.txt"}, Explain: []string{"STAT"}, Run: verb.Call((*Session).Status)},
		{Name: "syst", Short: "show what the server runs on", Example: []string{"syst"}, Explain: []string{"SYST"}, Run: verb.Call((*Session).Syst)},
		{Name: "srvhelp", Short: "show the server's own help", Example: []string{"srvhelp", "srvhelp SITE"}, Explain: []string{"HELP"}, Run: verb.Call((*Session).Help)},
		{Name: "noop", Short: "say nothing, so that the server does not hang up", Example: []string{"noop"}, Explain: []string{"NOOP"}, Run: verb.Call((*Session).Noop)},
		{Name: "abor", Short: "ask the server to stop a transfer", Example: []string{"abor"}, Explain: []string{"ABOR; ^C says it during a transfer", "ftp.abort()"}, Run: verb.Call((*Session).Abor)},
		{Name: "login", Short: "log in as another user", Example: []string{"login ann"}, Explain: []string{"USER, PASS, ACCT on a new connection", "ftp.login(user, password, acct)"}, Run: verb.Call((*Session).Login)},
		{Name: "starttls", Short: "change to TLS in the middle of a session", Example: []string{"starttls"}, Explain: []string{"AUTH TLS, PBSZ 0, PROT P", "ftp.auth(); ftp.prot_p()"}, Run: verb.Call((*Session).StartTLS)},
		{Name: "prot", Short: "set whether data connections are under TLS", Example: []string{"prot c", "prot p"}, Explain: []string{"PROT (RFC 4217)", "ftp.prot_c(), ftp.prot_p()"}, Run: verb.Call((*Session).Prot)},
		{Name: "ccc", Short: "go on with the control connection in the clear", Example: []string{"ccc"}, Explain: []string{"CCC (RFC 4217)", "ftp.ccc()"}, Run: verb.Call((*Session).Ccc)},
		{Name: "passive", Sets: true, Short: "set who makes data connections", Example: []string{"passive off", "passive"}, Explain: []string{"EPSV or PASV; EPRT or PORT when off", "ftp.set_pasv(True)"}, Run: verb.Call((*Session).SetPassive)},
		{Name: "charset", Sets: true, Short: "set how the server spells names", Example: []string{"charset latin1", "charset"}, Explain: []string{"nothing is sent; OPTS UTF8 ON at login asks for UTF-8 (RFC 2640)", "ftp.encoding = 'latin-1'"}, Run: verb.Call((*Session).SetCharset)},
	}
}
