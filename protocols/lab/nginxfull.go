package lab

import "strings"

// NginxFull is Nginx with what a site has beside its files: HTTP/2 under TLS,
// a unix socket at {{.Dir}}/nginx.sock, gzip, /private for ann with the
// password secret, and, on the port "mutual", a page that says the
// subject of the client's certificate.
func NginxFull(files map[string]string) Server {
	s := Nginx(files)
	s.Ports = append(s.Ports, "mutual")
	conf := strings.Replace(s.Files["nginx.conf"], `{{.PortOf "tls"}} ssl;`, `{{.PortOf "tls"}} ssl http2;`, 1)
	end := strings.LastIndex(conf, "}")
	open := strings.LastIndex(conf[:end], "}")
	s.Files["nginx.conf"] = conf[:open] + nginxMore + "}\n"
	s.Files["passwords"] = "ann:{PLAIN}secret\n"
	return s
}

const nginxMore = `
		listen unix:{{.Path "nginx.sock"}};
		gzip on;
		gzip_min_length 1;
		gzip_types text/plain;
		location /private {
			auth_basic "private";
			auth_basic_user_file {{.Path "passwords"}};
			try_files $uri /a.txt;
		}
	}
	server {
		listen {{.Host}}:{{.PortOf "mutual"}} ssl;
		ssl_certificate {{.Cert}};
		ssl_certificate_key {{.Key}};
		ssl_verify_client optional_no_ca;
		location / { return 200 "$ssl_client_s_dn\n"; }
	}
`
