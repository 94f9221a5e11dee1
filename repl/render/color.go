package render

// The palette: SGR parameters of the eight basic colours, which every theme
// of a terminal has made readable.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// paint returns s in a colour, if o has colours. The text of s is already
// clean.
func (o Options) paint(color, s string) string {
	if !o.Color || !o.Terminal || s == "" {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// Bold returns s in bold, for a prompt on a terminal that has colours.
func Bold(s string) string { return Options{Terminal: true, Color: true}.paint(bold, s) }
