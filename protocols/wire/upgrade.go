package wire

// An Upgrade is the dialogue, in the clear, after which both sides speak TLS.
// It is data, held here and not in the protocols' libraries, so that every
// protocol has it and a trace shows plain text below TLS as above it.
type Upgrade struct {
	Name   string // "smtp", for connect tls --starttls smtp
	Greet  string // how the server's greeting begins
	Hello  string // what must be said before asking, if anything
	Hail   string // how the answer to that begins
	Offer  string // the word in that answer by which TLS is offered, if there is one
	Ask    string // the question
	Go     string // how the go-ahead begins
	Later  string // how a refusal begins that wants First to be said before Ask
	First  string // what such a server is told, which answers as it greets
	Replay string // the greeting that a library is given, with none of what was said in the clear
}

// The upgrades of the protocols that have one.
var (
	SMTP = &Upgrade{Name: "smtp", Greet: "220", Hello: "EHLO localhost", Hail: "250", Offer: "STARTTLS", Ask: "STARTTLS", Go: "220", Replay: "220 ready"}
	LMTP = &Upgrade{Name: "lmtp", Greet: "220", Hello: "LHLO localhost", Hail: "250", Offer: "STARTTLS", Ask: "STARTTLS", Go: "220", Replay: "220 ready"}
	POP3 = &Upgrade{Name: "pop3", Greet: "+OK", Ask: "STLS", Go: "+OK", Replay: "+OK ready"}
	IMAP = &Upgrade{Name: "imap", Greet: "* OK", Ask: "a STARTTLS", Go: "a OK", Replay: "* OK ready"}
	FTP  = &Upgrade{Name: "ftp", Greet: "220", Ask: "AUTH TLS", Go: "234", Replay: "220 ready"}
	NNTP = &Upgrade{Name: "nntp", Greet: "20", Ask: "STARTTLS", Go: "382", Later: "401 MODE-READER", First: "MODE READER", Replay: "200 ready"}
)

// Upgrades lists them.
func Upgrades() []*Upgrade { return []*Upgrade{SMTP, LMTP, POP3, IMAP, FTP, NNTP} }
