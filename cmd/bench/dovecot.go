package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

const dovecotConf = `base_dir = %[1]s/run
state_dir = %[1]s/run
log_path = %[1]s/log
protocols = pop3 imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
default_login_user = %[2]s
default_internal_user = %[2]s
default_internal_group = %[3]s
first_valid_uid = 1
mail_location = maildir:%[1]s/mail/%%n
mail_fsync = never
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=%[2]s gid=%[3]s home=%[1]s/mail/%%n
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = %[4]s
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = %[5]s
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`

// dovecot starts Dovecot with a mailbox of so many messages for ann, whose
// password is secret, and gives its port for POP3.
func (c *course) dovecot(ctx context.Context, messages int64) (port string, err error) {
	pop3, _, err := c.dovecots(ctx, messages)
	return pop3, err
}

// dovecots does so and gives its ports for POP3 and for IMAP.
func (c *course) dovecots(ctx context.Context, messages int64) (pop3, imap string, err error) {
	who, err := account()
	if err != nil {
		return "", "", err
	}
	group, err := user.LookupGroupId(who.Gid)
	if err != nil {
		return "", "", err
	}
	dir, err := os.MkdirTemp("", "dovecot") // short, for the paths of its sockets
	if err != nil {
		return "", "", err
	}
	c.ends = append(c.ends, func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", "", err
	}
	if err := fill(filepath.Join(dir, "mail", "ann"), messages); err != nil {
		return "", "", err
	}
	if err := own(filepath.Join(dir, "mail"), who); err != nil {
		return "", "", err
	}
	ports, err := freePorts(2)
	if err != nil {
		return "", "", err
	}
	conf := filepath.Join(dir, "dovecot.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, dovecotConf, dir, who.Username, group.Name, ports[0], ports[1]), 0o644); err != nil {
		return "", "", err
	}
	// What was put onto the end is taken off first: the server ends before its
	// directory goes.
	before := c.ends
	c.ends = nil
	err = c.started(ctx, ports[0], "dovecot", "-F", "-c", conf)
	c.ends = append(c.ends, before...)
	return ports[0], ports[1], err
}

// account is who owns the mail: root may not.
func account() (*user.User, error) {
	if os.Getuid() == 0 {
		return user.Lookup("nobody")
	}
	return user.Current()
}

// fill makes a Maildir with messages of about 17 KB.
func fill(dir string, messages int64) error {
	for _, d := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
		}
	}
	text := strings.Repeat(strings.Repeat("x", 78)+"\r\n", messageSize/80)
	for i := range messages {
		head := fmt.Sprintf("From: a@bench.test\r\nTo: ann@bench.test\r\nSubject: number %d\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\n", i+1)
		size := len(head) + len(text)
		name := filepath.Join(dir, "cur", fmt.Sprintf("%d.M%d.bench,S=%d,W=%d:2,S", 1700000000+i, i, size, size))
		if err := os.WriteFile(name, []byte(head+text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// messageSize is about how long each message of the mailbox is.
const messageSize = 17 << 10

// own gives a directory and all that is in it to somebody, if we may.
func own(dir string, who *user.User) error {
	if os.Getuid() != 0 {
		return nil
	}
	uid, err := strconv.Atoi(who.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(who.Gid)
	if err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err == nil {
			err = os.Lchown(path, uid, gid)
		}
		return err
	})
}
