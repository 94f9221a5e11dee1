package http

import "strings"

// An option is one of curl's.
type option struct {
	letter byte
	long   string
	valued bool
	ours   string // the same here, or the name of a special one; "" is of no consequence
}

// curlOptions is a line for each option of curl that has a meaning here: its
// letter or a dash, its name, = if it has a value, and what it is here.
const curlOptions = `
- url = url
X request = method
I head . head
G get . get
H header = header
d data = data
- data-ascii = data
- data-binary = binary
- data-raw = raw
- data-urlencode = urlencode
- json = json
- url-query = query
F form = form
- form-string = text
T upload-file = upload
A user-agent = agent
e referer = referer
b cookie = cookie
c cookie-jar = jar
w write-out = format
D dump-header = dump
C continue-at = resume
O remote-name . names
- remote-name-all . names
J remote-header-name . -J
o output = output
Z parallel . parallel
- parallel-max = -j
r range = --range
L location . --follow
- max-redirs = --max-redirects
- proto = --proto
- proto-redir = --proto-redir
i include . --print=hb
- show-headers . --print=hb
v verbose . -v
u user = --user
- basic . --auth=basic
- digest . --auth=digest
- anyauth . --auth=auto
- oauth2-bearer = --bearer
k insecure . -k
- cacert = --ca
E cert = --cert
- key = --key
- tlsv1.2 . --tls-min=1.2
- tlsv1.3 . --tls-min=1.3
- tls-max = --tls-max
- pinnedpubkey = --pin
x proxy = --proxy
U proxy-user = --proxy-user
- proxy-basic . --proxy-auth=basic
- proxy-digest . --proxy-auth=digest
- proxy-anyauth .
p proxytunnel = --proxy-tunnel
- socks5 = --proxy=socks5://
- socks5-hostname = --proxy=socks5h://
- socks4a = --proxy=socks4a://
- noproxy = --no-proxy
- resolve = --resolve
- connect-to = --connect-to
- interface = --interface
- unix-socket = --unix-socket
- abstract-unix-socket = --unix-socket=@
4 ipv4 . -4
6 ipv6 . -6
0 http1.0 . --http=1.0
- http1.1 . --http=1.1
- http2 . --http=2
- http2-prior-knowledge . --http=2
m max-time = --max-time
- connect-timeout = --connect-timeout
- retry = --retry
- max-filesize = --max-filesize
- limit-rate = --rate
- compressed . --compressed
- tcp-nodelay . --nodelay=true
- dry-run . --dry-run
- as = --as
- explain . --explain
s silent .
S show-error .
f fail .
- fail-with-body .
- fail-early .
g globoff . plain
N no-buffer .
# progress-bar .
- no-progress-meter .
- path-as-is . as-is
- create-dirs .
- parallel-immediate .
n netrc .
- netrc-optional .
q disable .
R remote-time .
`

// curlOption finds an option.
func curlOption(is func(option) bool) (option, bool) {
	for line := range strings.Lines(curlOptions) {
		f := strings.Fields(line)
		if len(f) < 3 {
			continue
		}
		o := option{long: f[1], valued: f[2] == "="}
		if f[0] != "-" {
			o.letter = f[0][0]
		}
		if len(f) > 3 {
			o.ours = f[3]
		}
		if is(o) {
			return o, true
		}
	}
	return option{}, false
}
