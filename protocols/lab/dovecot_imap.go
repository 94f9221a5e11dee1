package lab

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
)

// DovecotIMAP is Dovecot as an IMAP server, with TLS from the first byte on
// its port "tls". Any user may log in with the password. conf is put behind
// its configuration, such as "imap_capability = IMAP4rev1".
func DovecotIMAP(password, conf string) Server {
	return Server{
		Program: "dovecot",
		Args:    []string{"-F", "-c", "{{.Path `dovecot.conf`}}"},
		Ports:   []string{"tls"},
		Files:   map[string]string{"dovecot.conf": dovecotIMAP + "\npassdb {\n  driver = static\n  args = password=" + literal(password) + "\n}\n" + literal(conf)},
		URL:     "imap://{{.Addr}}/",
	}
}

const dovecotIMAP = `
base_dir = {{.Path "run"}}
log_path = {{.Path "dovecot.log"}}
protocols = imap
listen = {{.Host}}
ssl = yes
ssl_cert = <{{.Cert}}
ssl_key = <{{.Key}}
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
default_login_user = {{.Account}}
default_internal_user = {{.Account}}
default_internal_group = {{.Group}}
first_valid_uid = 1
mail_location = maildir:{{.Shared "mail"}}/%u/Maildir
mail_plugins = acl quota zlib
protocol imap {
  mail_plugins = $mail_plugins imap_acl imap_quota imap_zlib
  mail_max_userip_connections = 100
}
mail_attribute_dict = file:{{.Shared "mail"}}/%u/attributes
imap_metadata = yes
plugin {
  acl = vfile
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=1G
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Drafts {
    special_use = \Drafts
    auto = create
  }
  mailbox Trash {
    special_use = \Trash
    auto = create
  }
}
userdb {
  driver = static
  args = uid={{.Account}} gid={{.Group}} home={{.Shared "mail"}}/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = {{.Port}}
  }
  inet_listener imaps {
    port = {{.PortOf "tls"}}
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`

// Shared is a directory in Dir that any user may write to. That above Dir,
// which is the test's too, is opened so that others get there.
func (p Place) Shared(name string) (string, error) {
	dir := p.Path(name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	if err := os.Chmod(filepath.Dir(p.Dir), 0o711); err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o777)
}

// Account is the user that servers are run as which refuse to be root's: the
// one who runs the test, or nobody.
func (p Place) Account() (string, error) {
	u, err := p.account()
	if err != nil {
		return "", err
	}
	return u.Username, nil
}

// Group is the group of Account.
func (p Place) Group() (string, error) {
	u, err := p.account()
	if err != nil {
		return "", err
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		return "", err
	}
	return g.Name, nil
}

func (Place) account() (*user.User, error) {
	if os.Getuid() == 0 {
		return user.Lookup("nobody")
	}
	return user.LookupId(strconv.Itoa(os.Getuid()))
}
