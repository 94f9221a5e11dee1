package lab

// Nginx serves files, named by their paths, over http, and over https on the
// port "tls".
func Nginx(files map[string]string) Server {
	s := Server{
		Program: "nginx",
		Args:    []string{"-p", "{{.Dir}}", "-c", "{{.Path `nginx.conf`}}", "-e", "{{.Path `error.log`}}"},
		Ports:   []string{"tls"},
		Files:   map[string]string{"nginx.conf": nginxConf, "html/.keep": ""},
		URL:     "http://{{.Addr}}/",
	}
	for name, text := range files {
		s.Files["html/"+name] = literal(text)
	}
	return s
}

// One process in the foreground, with every file in its own directory.
const nginxConf = `
daemon off;
master_process off;
pid {{.Path "nginx.pid"}};
events {}
http {
	access_log {{.Path "access.log"}};
	client_body_temp_path {{.Path "body"}};
	proxy_temp_path {{.Path "proxy"}};
	fastcgi_temp_path {{.Path "fastcgi"}};
	uwsgi_temp_path {{.Path "uwsgi"}};
	scgi_temp_path {{.Path "scgi"}};
	types { text/html html; text/plain txt; }
	server {
		listen {{.Addr}};
		listen {{.Host}}:{{.PortOf "tls"}} ssl;
		ssl_certificate {{.Cert}};
		ssl_certificate_key {{.Key}};
		root {{.Path "html"}};
		autoindex on;
	}
}
`

// Socat listens on its port and sends what comes to and fro an address of
// socat's, for each client anew: "EXEC:cat" echoes.
func Socat(address string) Server {
	return Server{
		Program: "socat",
		Args:    []string{"-d", "-d", "TCP-LISTEN:{{.Port}},bind={{.Host}},reuseaddr,fork", address},
		Ready:   Logs("listening on"),
		URL:     "tcp://{{.Addr}}",
	}
}

// SocatListen listens on any address of socat's, such as
// "UDP-RECVFROM:{{.Port}},bind={{.Host}},fork" or "UNIX-LISTEN:{{.Dir}}/s,fork".
// For packets socat tells nothing when it is ready: give a Ready with it.
func SocatListen(listen, address string, ready Ready) Server {
	if ready == nil {
		ready = Logs("listening on")
	}
	return Server{Program: "socat", Args: []string{"-d", "-d", listen, address}, Ready: ready}
}

// Ncat listens once; what comes is its output. args are further options,
// such as -k to listen again, --ssl or -u.
func Ncat(args ...string) Server {
	return Server{
		Program: "ncat",
		Args:    append([]string{"-v", "-l", "{{.Host}}", "{{.Port}}"}, args...),
		Ready:   Logs("Listening on"),
		URL:     "tcp://{{.Addr}}",
	}
}

// Netcat is the netcat of OpenBSD: it listens once, and what comes is its
// output.
func Netcat(args ...string) Server {
	return Server{
		Program: "nc.openbsd",
		Args:    append(append([]string{"-v"}, args...), "-l", "{{.Host}}", "{{.Port}}"),
		Ready:   Logs("Listening on"),
		URL:     "tcp://{{.Addr}}",
	}
}

// Python runs a script, with the address and the port as its arguments. It
// is ready when it prints a line that says ready.
func Python(script string) Server {
	return Server{
		Program: "python3",
		Args:    []string{"-u", "{{.Path `script.py`}}", "{{.Host}}", "{{.Port}}"},
		Files:   map[string]string{"script.py": literal(script)},
		Ready:   Logs("ready\n"),
		URL:     "tcp://{{.Addr}}",
	}
}

// Tutorial is the server of Python's socket tutorial, as it is printed there
// but for the address.
func Tutorial() Server {
	return Python(`
import socket, sys
s = socket.socket()
s.bind((sys.argv[1], int(sys.argv[2])))
s.listen(5)
print("ready")
while True:
    c, addr = s.accept()
    print('Got connection from', addr)
    c.send(b'Thank you for connecting')
    c.close()
`)
}

// PythonHTTP is the http.server of Python, over a directory.
func PythonHTTP(dir string) Server {
	return Server{
		Program: "python3",
		Args:    []string{"-u", "-m", "http.server", "--bind", "{{.Host}}", "--directory", dir, "{{.Port}}"},
		Ready:   Logs("Serving HTTP on"),
		URL:     "http://{{.Addr}}/",
	}
}

// OpenSSL is openssl s_server, which prints what comes and sends what its
// standard input is given. args are further options: -www, -tls1_2, -Verify 1.
func OpenSSL(args ...string) Server {
	return Server{
		Program: "openssl",
		Args:    append([]string{"s_server", "-accept", "{{.Addr}}", "-cert", "{{.Cert}}", "-key", "{{.Key}}"}, args...),
		Ready:   Logs("ACCEPT\n"),
		URL:     "tls://{{.Addr}}",
	}
}

// Microsocks is a SOCKS5 proxy; user may be empty.
func Microsocks(user, password string) Server {
	s := Server{Program: "microsocks", Args: []string{"-i", "{{.Host}}", "-p", "{{.Port}}"}, URL: "socks5://{{.Addr}}"}
	if user != "" {
		s.Args = append(s.Args, "-u", user, "-P", password)
	}
	return s
}

// Tinyproxy is an HTTP proxy that lets CONNECT reach any port; user may be
// empty.
func Tinyproxy(user, password string) Server {
	s := Server{
		Program: "tinyproxy",
		Args:    []string{"-d", "-c", "{{.Path `tinyproxy.conf`}}"},
		Files: map[string]string{"tinyproxy.conf": `
Listen {{.Host}}
Port {{.Port}}
Timeout 60
MaxClients 50
LogLevel Connect
PidFile "{{.Path "pid"}}"
`},
		URL: "http://{{.Addr}}",
	}
	if user != "" {
		s.Files["tinyproxy.conf"] += "BasicAuth " + user + " " + password + "\n"
	}
	return s
}
