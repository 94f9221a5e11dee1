package lab

// DovecotPOP3 is Dovecot as a POP3 server, with TLS from the first byte on its
// port "tls", and with its logins for Postfix on the port "auth". Any user may
// log in with the password; his mail is in the Maildir that Place.Shared makes
// at "mail", in a directory of his name. conf is put behind the configuration.
// The program pop3-login is needed too.
func DovecotPOP3(password, conf string) Server {
	return Server{
		Program: "dovecot",
		Args:    []string{"-F", "-c", "{{.Path `dovecot.conf`}}"},
		Ports:   []string{"tls", "auth"},
		Files:   map[string]string{"dovecot.conf": dovecotPOP3 + "\npassdb {\n  driver = static\n  args = password=" + literal(password) + "\n}\n" + literal(conf)},
		Ready:   Banner("+OK"),
		URL:     "pop3://{{.Addr}}/",
	}
}

const dovecotPOP3 = `
base_dir = {{.Path "run"}}
log_path = {{.Path "dovecot.log"}}
protocols = pop3
listen = {{.Host}}
ssl = yes
ssl_cert = <{{.Cert}}
ssl_key = <{{.Key}}
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 apop scram-sha-1 scram-sha-256
default_login_user = {{.Account}}
default_internal_user = {{.Account}}
default_internal_group = {{.Group}}
first_valid_uid = 1
mail_location = maildir:{{.Shared "mail"}}/%n
pop3_uidl_format = %g
protocol pop3 {
  mail_max_userip_connections = 100
}
userdb {
  driver = static
  args = uid={{.Account}} gid={{.Group}} home={{.Shared "mail"}}/%n
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = {{.Port}}
  }
  inet_listener pop3s {
    port = {{.PortOf "tls"}}
    ssl = yes
  }
}
service auth {
  inet_listener {
    port = {{.PortOf "auth"}}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`
