package wire

import (
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// A ServiceEntry is a service with a well-known port.
type ServiceEntry struct {
	Name    string   `json:"name"`
	Port    int      `json:"port"`
	Protos  []string `json:"protos"`
	Aliases []string `json:"aliases,omitempty"`
}

// Port reads a port: a number from 0 to 65535 or the name of a service. The
// network may be "" for any.
func Port(network, s string) (int, error) {
	if s != "" && strings.Trim(s, "0123456789") == "" {
		n, err := strconv.Atoi(s)
		if err != nil || n > 65535 {
			return 0, fault.New(fault.BadArgument, "port %s is out of range", s).WithHint("a port is a number from 0 to 65535")
		}
		return n, nil
	}
	proto := transport(network)
	for _, e := range Services() {
		if (strings.EqualFold(e.Name, s) || slices.ContainsFunc(e.Aliases, func(a string) bool { return strings.EqualFold(a, s) })) &&
			(proto == "" || slices.Contains(e.Protos, proto)) {
			return e.Port, nil
		}
	}
	if s == "" {
		return 0, fault.New(fault.BadArgument, "a port is missing")
	}
	return 0, fault.New(fault.BadArgument, "no service is named %q", s).WithHint("give a number, or a name that services lists")
}

// Service is the name of the service at port, or "".
func Service(network string, port int) string {
	proto := transport(network)
	for _, e := range Services() {
		if e.Port == port && (proto == "" || slices.Contains(e.Protos, proto)) {
			return e.Name
		}
	}
	return ""
}

// transport is tcp or udp for all spellings, tls and the like being tcp.
func transport(network string) string {
	switch {
	case network == "":
		return ""
	case strings.HasPrefix(network, "udp"):
		return "udp"
	default:
		return "tcp"
	}
}

// Services lists the services by port. The table is wireline's own, from
// IANA's registry, and the same on every system.
func Services() []ServiceEntry {
	var all []ServiceEntry
	for line := range strings.Lines(serviceTable) {
		f := strings.Fields(line)
		port, _ := strconv.Atoi(f[1])
		all = append(all, ServiceEntry{Name: f[0], Port: port, Protos: strings.Split(f[2], ","), Aliases: f[3:]})
	}
	return all
}

const serviceTable = `tcpmux 1 tcp
echo 7 tcp,udp
discard 9 tcp,udp sink null
systat 11 tcp users
daytime 13 tcp,udp
netstat 15 tcp
qotd 17 tcp quote
chargen 19 tcp,udp ttytst source
ftp-data 20 tcp
ftp 21 tcp
ssh 22 tcp
telnet 23 tcp
smtp 25 tcp mail
time 37 tcp,udp timserver
whois 43 tcp nicname
tacacs 49 tcp,udp
domain 53 tcp,udp dns
bootps 67 udp
bootpc 68 udp
tftp 69 udp
gopher 70 tcp
finger 79 tcp
http 80 tcp www
kerberos 88 tcp,udp kerberos5 krb5
iso-tsap 102 tcp tsap
acr-nema 104 tcp
pop3 110 tcp pop-3 pop
sunrpc 111 tcp,udp portmapper
auth 113 tcp authentication tap ident
nntp 119 tcp readnews untp news
ntp 123 udp
epmap 135 tcp loc-srv
netbios-ns 137 udp
netbios-dgm 138 udp
netbios-ssn 139 tcp
imap2 143 tcp imap imap4
snmp 161 tcp,udp
snmp-trap 162 tcp,udp snmptrap
cmip-man 163 tcp,udp
mailq 174 tcp
xdmcp 177 udp
bgp 179 tcp
irc 194 tcp
smux 199 tcp
qmtp 209 tcp
z3950 210 tcp wais
ipx 213 udp
ptp-event 319 udp
ptp-general 320 udp
pawserv 345 tcp
zserv 346 tcp
rpc2portmap 369 tcp
codaauth2 370 tcp
clearcase 371 udp
ldap 389 tcp,udp
svrloc 427 tcp,udp
https 443 tcp,udp
snpp 444 tcp
microsoft-ds 445 tcp,udp
kpasswd 464 tcp,udp
submissions 465 tcp smtps ssmtp urd
saft 487 tcp
isakmp 500 udp
exec 512 tcp
biff 512 udp comsat
login 513 tcp
who 513 udp whod
shell 514 tcp cmd
syslog 514 udp
printer 515 tcp spooler
talk 517 udp
ntalk 518 udp
route 520 udp router
gdomap 538 tcp,udp
uucp 540 tcp uucpd
klogin 543 tcp
kshell 544 tcp
dhcpv6-client 546 udp
dhcpv6-server 547 udp
afpovertcp 548 tcp
rtsp 554 tcp,udp
nntps 563 tcp snntp
nqs 607 tcp
submission 587 tcp
ipp 631 tcp
ldaps 636 tcp,udp
ldp 646 tcp,udp
rsync 873 tcp
domain-s 853 tcp,udp dot
ftps-data 989 tcp
ftps 990 tcp
telnets 992 tcp
imaps 993 tcp
ircs 994 tcp
pop3s 995 tcp pops
socks 1080 tcp
proofd 1093 tcp
rmiregistry 1099 tcp
openvpn 1194 tcp,udp
ms-sql-s 1433 tcp
ms-sql-m 1434 udp
radius 1812 udp
radius-acct 1813 udp radacct
mqtt 1883 tcp
cisco-sccp 2000 tcp
nfs 2049 tcp,udp
gnunet 2086 tcp,udp
cvspserver 2401 tcp
docker 2375 tcp
docker-s 2376 tcp
squid 3128 tcp
icpv2 3130 udp icp
mysql 3306 tcp
rdp 3389 tcp ms-wbt-server
nut 3493 tcp
stun 3478 tcp,udp turn
distcc 3632 tcp
svn 3690 tcp subversion
epmd 4369 tcp
sieve 4190 tcp managesieve
ipsec-nat-t 4500 udp
iax 4569 udp
sip 5060 tcp,udp
sip-tls 5061 tcp,udp
xmpp-client 5222 tcp jabber-client
xmpp-server 5269 tcp jabber-server
mdns 5353 udp
postgresql 5432 tcp postgres
amqps 5671 tcp
amqp 5672 tcp
vnc 5900 tcp rfb
x11 6000 tcp x11-0
redis 6379 tcp
ircu 6667 tcp
ircs-u 6697 tcp
bacula-dir 9101 tcp
git 9418 tcp
http-alt 8080 tcp webcache
https-alt 8443 tcp
mqtts 8883 tcp secure-mqtt
jetdirect 9100 tcp
memcached 11211 tcp,udp
zabbix-agent 10050 tcp
mongodb 27017 tcp
`
