package render

// A role is why a text is coloured; a Theme says how.
type role int

const (
	none     role = iota
	prompt        // also the titles of the tour
	heading       // of a table; the first line of a request
	key           // name of a field, of a header, of a member
	str           // string in JSON
	number        // number, true, false and null in JSON
	good          // what a server granted
	moved         // what is elsewhere
	bad           // an error, and what a server refused
	hint          // what to try
	sent          // in a trace
	received      // in a trace
	remark        // in a trace, what is neither
	roles
)

// roleNames are what users call them.
var roleNames = [roles]string{prompt: "prompt", heading: "heading", key: "key", str: "string", number: "number",
	good: "good", moved: "moved", bad: "error", hint: "hint", sent: "sent", received: "received", remark: "remark"}

// paint returns s in the colour of its role, if o has colours. The text of s
// is already clean.
func (o Options) paint(r role, s string) string {
	if s == "" {
		return s
	}
	if begin := o.begin(r); begin != "" {
		return begin + s + endColor
	}
	return s
}

const endColor = "\x1b[0m"

// begin is what switches the colour of r on; "" if it has none.
func (o Options) begin(r role) string {
	if !o.Always && !(o.Color && o.Terminal) {
		return ""
	}
	t := o.Theme
	if t == nil {
		t = &defaultTheme
	}
	if t[r] == "" {
		return ""
	}
	return "\x1b[" + t[r] + "m"
}

// Prompt returns s in the colour of prompts.
func (o Options) Prompt(s string) string { return o.paint(prompt, s) }
