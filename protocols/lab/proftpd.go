package lab

import (
	"fmt"
	"os"
	"strings"
)

// ProFTPD serves files, named by their paths below home, to the user ann with
// the password secret, who may also write. directives are added to its
// configuration; see ProFTPDTLS for some.
func ProFTPD(files map[string]string, directives ...string) Server {
	s := Server{
		Program: "proftpd",
		Args:    []string{"-n", "-q", "-c", "{{.Path `proftpd.conf`}}"},
		Files: map[string]string{
			"proftpd.conf": proftpdConf + strings.Join(directives, "\n") + "\n",
			// The password is secret.
			"passwd":     fmt.Sprintf("ann:$6$wireline$%s:%d:%d:Ann:{{.Path `home`}}:/bin/sh\n", proftpdHash, os.Getuid(), os.Getgid()),
			"home/.keep": "",
		},
		Ready: Banner("220 "),
		URL:   "ftp://ann@{{.Addr}}/",
	}
	for name, text := range files {
		s.Files["home/"+name] = literal(text)
	}
	if strings.Contains(s.Files["proftpd.conf"], "UseImplicitSSL") {
		s.Ready, s.URL = Connects, "ftps"+strings.TrimPrefix(s.URL, "ftp") // TLS comes before the banner
	}
	return s
}

const proftpdHash = "e.SumKxwTQJ/eeTJrFyMvxnOYfj7XEgxOf8ZI/GTBnbCtiG9ehJfhoFTc2cdOxcWHsviuieC7NNY8N1XYbPWe1"

// ProFTPDTLS gives a ProFTPD a certificate. What it demands, directives say:
// "TLSRequired on", or "TLSOptions UseImplicitSSL". Unless told otherwise by
// "TLSOptions NoSessionReuseRequired" it wants data connections to resume the
// session of the control connection.
const ProFTPDTLS = `
LoadModule mod_tls.c
TLSEngine on
TLSLog {{.Path "tls.log"}}
TLSProtocol TLSv1.2 TLSv1.3
TLSECCertificateFile {{.Cert}}
TLSECCertificateKeyFile {{.Key}}
`

const proftpdConf = `
ServerType standalone
ServerName lab
DefaultServer on
DefaultAddress {{.Host}}
Port {{.Port}}
UseIPv6 off
MaxInstances 64
RootLogin on
RequireValidShell off
AuthOrder mod_auth_file.c
AuthFileOptions InsecurePerms
AuthUserFile {{.Path "passwd"}}
AllowOverwrite on
AllowStoreRestart on
AllowRetrieveRestart on
PidFile {{.Path "pid"}}
ScoreboardFile {{.Path "scoreboard"}}
SystemLog {{.Path "proftpd.log"}}
TransferLog none
WtmpLog off
UseReverseDNS off
DelayEngine off
`
