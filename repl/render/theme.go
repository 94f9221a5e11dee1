package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Theme has the SGR parameters (ECMA-48, 8.3.117) of each role; "" leaves a
// text as it is.
type Theme [roles]string

// defaultTheme keeps to the basic colours, which the themes of terminals have
// made readable.
var defaultTheme = Theme{prompt: "1", heading: "1", key: "36", str: "32", number: "33",
	good: "32", moved: "33", bad: "31", hint: "33", sent: "32", received: "36", remark: "2"}

var themes = []struct {
	name  string
	theme Theme
}{
	{"default", defaultTheme},
	{"bright", Theme{prompt: "1;96", heading: "1;97", key: "96", str: "92", number: "93",
		good: "92", moved: "93", bad: "1;91", hint: "93", sent: "92", received: "96", remark: "90"}},
	{"light", Theme{prompt: "1;34", heading: "1", key: "34", str: "32", number: "35",
		good: "32", moved: "35", bad: "1;31", hint: "35", sent: "32", received: "34", remark: "90"}},
	{"blue-orange", Theme{prompt: "1", heading: "1", key: "38;5;75", str: "38;5;39", number: "38;5;214",
		good: "38;5;39", moved: "38;5;220", bad: "1;38;5;208", hint: "38;5;220", sent: "38;5;214", received: "38;5;75", remark: "2"}},
	{"mono", Theme{prompt: "1", heading: "1;4", key: "1", moved: "4", bad: "1;7", hint: "1", sent: "1", remark: "2"}},
}

// ThemeNames lists the themes; the first is the one that holds by itself.
func ThemeNames() (names []string) {
	for _, t := range themes {
		names = append(names, t.name)
	}
	return names
}

// FindTheme is the theme of a name. Its error is of kind Usage.
func FindTheme(name string) (Theme, error) {
	for _, t := range themes {
		if t.name == name {
			return t.theme, nil
		}
	}
	names := ThemeNames()
	what := "there are " + strings.Join(names, ", ")
	if near := verb.Nearest(name, names); near != "" {
		what = "did you mean " + near + "?"
	}
	return Theme{}, fault.New(fault.Usage, "no theme %q", name).WithHint("%s", what)
}

// Roles lists what a theme has a colour for.
func Roles() []string { return slices.Clone(roleNames[prompt:]) }

// With is t with another colour for a role: words such as "bold red", "white
// on blue", "#ff8700", "208", or none. Its error is of kind Usage.
func (t Theme) With(name, words string) (Theme, error) {
	i := slices.Index(roleNames[:], name)
	if i <= 0 {
		return t, fault.New(fault.Usage, "nothing called %q has a colour", name).WithHint("there are %s", strings.Join(Roles(), ", "))
	}
	sgr, err := parseColor(words)
	t[i] = sgr
	return t, err
}

// Color is the colour of a role, in the words that With takes.
func (t Theme) Color(name string) string {
	i := slices.Index(roleNames[:], name)
	if i <= 0 || t[i] == "" {
		return "none"
	}
	return colorWords(t[i])
}

var (
	attributes = map[string]string{"bold": "1", "dim": "2", "italic": "3", "underline": "4", "reverse": "7"}
	colorNames = []string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}
)

func parseColor(words string) (string, error) {
	var sgr []string
	ground := 30
	for _, w := range strings.Fields(words) {
		if w == "on" && ground == 30 {
			ground = 40
			continue
		}
		if w == "none" {
			continue
		}
		if a, ok := attributes[w]; ok {
			sgr = append(sgr, a)
			continue
		}
		c, ok := colorCode(w, ground)
		if !ok {
			return "", fault.New(fault.Usage, "%q is no colour", w).
				WithHint("%s, bright-red and so on, 0 to 255, #rrggbb, on COLOUR, bold, dim, italic, underline, reverse, none", strings.Join(colorNames, ", "))
		}
		sgr = append(sgr, c)
	}
	return strings.Join(sgr, ";"), nil
}

// colorCode is the parameter of one colour, in the foreground (30) or in the
// background (40).
func colorCode(w string, ground int) (string, bool) {
	name, bright := strings.CutPrefix(w, "bright-")
	if i := slices.Index(colorNames, name); i >= 0 {
		if bright {
			i += 60
		}
		return strconv.Itoa(ground + i), true
	}
	if hex, ok := strings.CutPrefix(w, "#"); ok && len(hex) == 6 {
		n, err := strconv.ParseUint(hex, 16, 32)
		return fmt.Sprintf("%d;2;%d;%d;%d", ground+8, n>>16, n>>8&0xff, n&0xff), err == nil
	}
	n, err := strconv.ParseUint(w, 10, 8)
	return fmt.Sprintf("%d;5;%d", ground+8, n), err == nil
}

// colorWords says SGR parameters in words.
func colorWords(sgr string) string {
	var words []string
	p := strings.Split(sgr, ";")
	num := func(i int) int { n, _ := strconv.Atoi(p[i]); return n }
	for i := 0; i < len(p); i++ {
		n := num(i)
		for w, code := range attributes {
			if code == p[i] {
				words = append(words, w)
			}
		}
		if n >= 40 && n <= 48 || n >= 100 {
			words = append(words, "on")
			n -= 10
		}
		switch {
		case n >= 90:
			words = append(words, "bright-"+colorNames[n-90])
		case n == 38 && i+2 < len(p) && p[i+1] == "5":
			words = append(words, p[i+2])
			i += 2
		case n == 38 && i+4 < len(p):
			words = append(words, fmt.Sprintf("#%02x%02x%02x", num(i+2), num(i+3), num(i+4)))
			i += 4
		case n >= 30 && n < 38:
			words = append(words, colorNames[n-30])
		}
	}
	return strings.Join(words, " ")
}
