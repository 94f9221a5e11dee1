package lab

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// INN is the news server of that name. It has the groups misc.test,
// misc.moderated, misc.closed, and private.test, which is for the user ann
// with the password secret.
type INN struct {
	*Running          // innd: a feed, and a reader after MODE READER
	TLS      *Running // nnrpd: a reader, under TLS from the first byte
	CA       string   // file of the certificate of both

	home Place
}

// Spool is the file of an article: misc/test, 1.
func (n *INN) Spool(group string, number int) string {
	return n.home.Path(filepath.Join("spool/articles", group, strconv.Itoa(number)))
}

// StartINN starts innd, and nnrpd under TLS.
func StartINN(t testing.TB) *INN {
	t.Helper()
	Need(t, "innd")
	Need(t, "nnrpd")
	home := Place{Dir: t.TempDir()}
	news, err := home.news()
	if err != nil {
		t.Fatal("lab:", err)
	}
	n := &INN{home: home, CA: home.Path("cert.pem")}
	t.Setenv("INNCONF", home.Path("inn.conf"))
	if err := home.inn(news); err != nil {
		t.Fatal("lab:", err)
	}
	n.Running = Start(t, Server{
		Program: "innd", Args: []string{"-f", "-4", "{{.Host}}", "-P", "{{.Port}}"},
		Ready: Banner("200 "), URL: "nntp://{{.Addr}}/",
	})
	n.TLS = Start(t, Server{
		Program: "nnrpd", Args: []string{"-D", "-f", "-S", "-b", "{{.Host}}", "-p", "{{.Port}}"},
		URL: "nntps://{{.Addr}}/",
	})
	return n
}

// news is the user that the server runs as.
func (Place) news() (*user.User, error) {
	if os.Getuid() == 0 {
		return user.Lookup("news")
	}
	return user.Current()
}

// inn writes what the server keeps below Dir, for the user.
func (p Place) inn(news *user.User) error {
	if err := os.Chmod(filepath.Dir(p.Dir), 0o711); err != nil {
		return err
	}
	if _, _, err := Certificate(p.Dir); err != nil {
		return err
	}
	conf := strings.NewReplacer("DIR", p.Dir, "USER", news.Username)
	for name, text := range innFiles {
		file := p.Path(name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(conf.Replace(text)), 0o644); err != nil {
			return err
		}
	}
	if err := p.own(news); err != nil {
		return err
	}
	// An empty history has an index, too.
	makedbz := exec.Command("/usr/lib/news/bin/makedbz", "-i", "-o", "-s", "10000")
	makedbz.Dir = p.Path("db")
	if out, err := makedbz.CombinedOutput(); err != nil {
		return fmt.Errorf("makedbz: %w: %s", err, out)
	}
	return nil
}

// own gives all that is in Dir to the user. Only root can, and need do so.
func (p Place) own(news *user.User) error {
	if os.Getuid() != 0 {
		return nil
	}
	uid, err1 := strconv.Atoi(news.Uid)
	gid, err2 := strconv.Atoi(news.Gid)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	return filepath.Walk(p.Dir, func(file string, _ os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(file, uid, gid)
	})
}

// innFiles are the files of the server, with DIR and USER in them. Where it is
// .keep, there must be a directory.
var innFiles = map[string]string{
	"inn.conf": `
mta: "/bin/true %s"
organization: "wireline lab"
ovmethod: tradindexed
hismethod: hisv6
enableoverview: true
pathhost: lab.test
domain: lab.test
fromhost: lab.test
pathnews: /usr/lib/news
pathbin: /usr/lib/news/bin
pathetc: DIR/etc
pathdb: DIR/db
pathfilter: DIR/filter
pathhttp: DIR/log
pathspool: DIR/spool
patharticles: DIR/spool/articles
pathincoming: DIR/spool/incoming
pathoverview: DIR/spool/overview
pathoutgoing: DIR/spool/outgoing
patharchive: DIR/spool/archive
pathtmp: DIR/tmp
pathrun: DIR/run
pathlog: DIR/log
runasuser: USER
runasgroup: USER
allownewnews: true
nnrpdloadlimit: 0
tlscafile: DIR/cert.pem
tlscertfile: DIR/cert.pem
tlskeyfile: DIR/key.pem
`,
	"etc/incoming.conf": "streaming: true\npeer ME {\n  hostname: \"localhost, 127.0.0.1\"\n}\n",
	"etc/readers.conf": `
auth members {
  auth: "ckpasswd -f DIR/etc/users"
}
auth anyone {
  hosts: "*"
  default: "<anonymous>"
}
access anyone {
  users: "<anonymous>"
  newsgroups: "*,!private.*"
  access: RPN
}
access members {
  users: "ann*"
  newsgroups: "*"
  access: RPN
}
`,
	"etc/storage.conf":     "method tradspool {\n  newsgroups: *\n  class: 0\n}\n",
	"etc/newsfeeds":        "ME:*::\n",
	"etc/expire.ctl":       "/remember/:11\n*:A:1:90:never\n",
	"etc/control.ctl":      "all:*:*:drop\n",
	"etc/moderators":       "*:moderator@lab.test\n",
	"etc/passwd.nntp":      "",
	"etc/inn-secrets.conf": "",
	"etc/localgroups":      "",
	"etc/distrib.pats":     "",
	"etc/subscriptions":    "",
	// The password is secret.
	"etc/users": "ann:$6$wireline$" + proftpdHash + "\n",
	"db/active": `control 0000000000 0000000001 n
control.cancel 0000000000 0000000001 n
junk 0000000000 0000000001 n
misc.test 0000000000 0000000001 y
misc.moderated 0000000000 0000000001 m
misc.closed 0000000000 0000000001 n
private.test 0000000000 0000000001 y
`,
	"db/newsgroups":   "misc.test\tFor tests\nmisc.moderated\tWith a moderator (Moderated)\nmisc.closed\tNothing new\nprivate.test\tFor members\n",
	"db/active.times": "",
	"db/history":      "",
	"filter/.keep":    "", "log/.keep": "", "run/.keep": "", "tmp/.keep": "",
	"spool/articles/.keep": "", "spool/incoming/.keep": "", "spool/overview/.keep": "", "spool/outgoing/.keep": "", "spool/archive/.keep": "",
}
