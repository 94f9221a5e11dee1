package lab

import (
	"os"
	"testing"
)

// PostfixMail says how Postfix is set up.
type PostfixMail struct {
	Auth string // host:port of Dovecot's logins; "" is no AUTH
	Mail string // directory of the Maildirs, as Place.Shared makes it; "" is one of its own
}

// Postfix is Postfix as the server of the domain lab.test, whose only user is
// ann, on its port; on the port "submission" after STARTTLS and a login, on
// "smtps" under TLS and after a login, on "plain" without any extension of
// SMTP, and on "proxy" after a PROXY header. XCLIENT is allowed on all but
// "plain". Mail for later@lab.test is refused with 450, for full@lab.test with
// 552; a message has at most 1,000,000 bytes. It must be root's.
func Postfix(t testing.TB, m PostfixMail) Server {
	t.Helper()
	if os.Getuid() != 0 {
		if Required() {
			t.Fatal("lab: postfix must be started by root")
		}
		t.Skip("postfix must be started by root")
	}
	login := " -o smtpd_recipient_restrictions=reject_unauth_destination"
	if m.Auth != "" {
		login = " -o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=dovecot -o smtpd_sasl_path=inet:" + m.Auth +
			" -o smtpd_relay_restrictions=permit_sasl_authenticated,reject -o smtpd_recipient_restrictions=$lab_recipients,permit_sasl_authenticated,reject"
	}
	mail := "{{.Shared `mail`}}" // which others can get at
	if m.Mail != "" {
		mail = literal(m.Mail) + "\n# not in " + mail
	}
	return Server{
		Program: "python3",
		Args:    []string{"-c", startPostfix, Need(t, "postfix"), "{{.Dir}}"},
		Ports:   []string{"submission", "smtps", "plain", "proxy"},
		Files: map[string]string{
			"main.cf":   mainCF + "virtual_mailbox_base = " + mail + "\n",
			"master.cf": masterCF(login),
			"q/.keep":   "",
		},
		Ready: Banner("220"),
		URL:   "smtp://{{.Addr}}/",
	}
}

// Postfix's own start in the foreground leaves a master that is in no group of
// ours, and would stay.
const startPostfix = `
import os, subprocess, sys
subprocess.run([sys.argv[1], "-c", sys.argv[2], "check"])
os.execv("/usr/lib/postfix/sbin/master", ["master", "-c", sys.argv[2], "-d"])
`

const mainCF = `compatibility_level = 3.6
queue_directory = {{.Dir}}/q
data_directory = {{.Dir}}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.lab.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
maillog_file = {{.Dir}}/postfix.log
maillog_file_prefixes = {{.Dir}}
message_size_limit = 1000000
smtputf8_enable = yes
smtpd_tls_cert_file = {{.Cert}}
smtpd_tls_key_file = {{.Key}}
smtpd_tls_security_level = may
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_delay_reject = no
lab_recipients = check_recipient_access inline:{ {later@lab.test = 450 4.2.1 busy}, {full@lab.test = 552 5.2.2 full} }
smtpd_recipient_restrictions = $lab_recipients, reject_unlisted_recipient, reject_unauth_destination
virtual_mailbox_domains = lab.test
virtual_mailbox_maps = inline:{ {ann@lab.test = ann/} }
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1
alias_maps =
`

func masterCF(login string) string {
	const smtpd = " inet n - n - - smtpd"
	return `
{{.Addr}}` + smtpd + `
{{.Host}}:{{.PortOf "submission"}}` + smtpd + ` -o smtpd_tls_security_level=encrypt` + login + `
{{.Host}}:{{.PortOf "smtps"}}` + smtpd + ` -o smtpd_tls_wrappermode=yes` + login + `
{{.Host}}:{{.PortOf "plain"}}` + smtpd + ` -o smtpd_discard_ehlo_keywords=pipelining,size,vrfy,etrn,starttls,auth,enhancedstatuscodes,8bitmime,dsn,smtputf8,chunking -o smtpd_authorized_xclient_hosts=
{{.Host}}:{{.PortOf "proxy"}}` + smtpd + ` -o smtpd_upstream_proxy_protocol=haproxy
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
local unix - n n - - local
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`
}

// SMTPSink is the smtp-sink of Postfix, which takes whatever mail comes, and
// forgets it. args are further options.
func SMTPSink(args ...string) Server {
	if os.Getuid() == 0 {
		args = append([]string{"-u", "nobody"}, args...)
	}
	return Server{
		Program: "smtp-sink",
		Args:    append(args, "{{.Addr}}", "1000"),
		Ready:   Banner("220"),
		URL:     "smtp://{{.Addr}}/",
	}
}
