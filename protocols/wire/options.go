package wire

import "time"

// Options is what a user can say about connections. Every protocol has all
// of it: the shell reads the flags, the Dialer acts on them.
type Options struct {
	IPv4        bool          `flag:"4,ipv4" help:"use IPv4 only"`
	IPv6        bool          `flag:"6,ipv6" help:"use IPv6 only"`
	Source      string        `flag:"source" help:"local address, port or address:port to connect from"`
	Interface   string        `flag:"interface" help:"network interface to use"`
	Resolve     []string      `flag:"resolve" help:"HOST:PORT:ADDR, use ADDR for HOST"`
	ConnectTo   []string      `flag:"connect-to" help:"HOST:PORT:HOST2:PORT2, connect to HOST2:PORT2 instead"`
	NoPrivate   bool          `flag:"no-private" help:"refuse addresses of this machine and of private networks, whatever names lead there"`
	DNS         string        `flag:"dns" help:"ask this name server, ADDR or ADDR:PORT"`
	Proxy       string        `flag:"x,proxy" help:"socks5://, socks5h://, socks4a://, http:// or https:// proxy"`
	ProxyAuth   string        `flag:"proxy-auth" enum:"basic,digest" help:"how it is said: basic at once, and digest when the proxy asks for it, unless one is named"`
	ProxyUser   string        `flag:"proxy-user" help:"who asks the proxy, NAME:PASSWORD; instead of those in its URL"`
	ProxyTunnel bool          `flag:"proxy-tunnel" help:"have an HTTP proxy make a tunnel (CONNECT) for plain HTTP as well"`
	NoProxy     string        `flag:"no-proxy" help:"hosts to reach without the proxy, comma separated; * is all"`
	ProxyHeader string        `flag:"proxy-protocol" enum:"v1,v2" help:"begin with a PROXY protocol header"`
	ConnectTime time.Duration `flag:"connect-timeout" help:"limit for connecting, all addresses together"`
	IdleTime    time.Duration `flag:"idle-timeout" help:"limit without a byte"`
	ReplyTime   time.Duration `flag:"reply-timeout" help:"limit for one reply"`

	TLS       string   `flag:"tls" enum:"auto,require,off" help:"whether to upgrade to TLS where the protocol can"`
	Insecure  bool     `flag:"k,insecure" help:"accept any certificate, with a warning"`
	CA        []string `flag:"ca" help:"file of PEM certificates to trust instead of the system's"`
	Cert      string   `flag:"cert" help:"client certificate, PEM"`
	Key       string   `flag:"key" help:"its key, PEM; the --cert file if left out"`
	TLSMin    string   `flag:"tls-min" enum:"1.2,1.3" help:"lowest TLS version"`
	TLSMax    string   `flag:"tls-max" enum:"1.2,1.3" help:"highest TLS version"`
	Ciphers   []string `flag:"ciphers" help:"cipher suites of TLS 1.2 to offer, which is then the version; comma separated"`
	SNI       string   `flag:"sni" help:"server name to ask for and to verify"`
	ALPN      []string `flag:"alpn" help:"application protocol to offer"`
	Pin       []string `flag:"pin" help:"sha256/BASE64 of a public key that must be in the chain"`
	TOFU      bool     `flag:"tofu" help:"trust an unknown issuer when a server is first seen, and afterwards only the same key"`
	KeyLog    string   `flag:"keylog" help:"append TLS secrets to this file, for debugging"`
	NoDelay   *bool    `flag:"nodelay" help:"TCP_NODELAY, true or false"`
	Keepalive *bool    `flag:"keepalive" help:"SO_KEEPALIVE, true or false"`
	TTL       int      `flag:"ttl" help:"IP time to live, or hop limit"`
	TOS       int      `flag:"tos" help:"IP type of service, or traffic class"`
	Buffer    int      `flag:"buf" help:"socket buffer size in bytes"`

	Cleartext bool `flag:"allow-cleartext" help:"send a password over a connection that is not encrypted"`
}

// ordinary reports whether the socket of a connection needs nothing but to be
// connected.
func (o *Options) ordinary() bool {
	return o.Source == "" && o.Interface == "" && o.NoDelay == nil && o.Keepalive == nil && o.TTL == 0 && o.TOS == 0 && o.Buffer == 0
}

// Limits are the bounds on what a server may make us wait for or keep. A
// zero field means the default of DefaultLimits; a negative one, no limit.
type Limits struct {
	Connect   time.Duration // all addresses together
	Delay     time.Duration // Happy Eyeballs: head start of one address over the next
	Handshake time.Duration // TLS
	Reply     time.Duration // one reply, whatever its progress
	Idle      time.Duration // without a byte, in a body
	Goodbye   time.Duration // for a polite end; negative: it is not waited for
	Line      int           // bytes of one line
	Lines     int           // lines of one reply
	Bytes     int           // bytes of one multi-line reply
}
