package verb

import (
	"reflect"
	"strings"
)

// A Param is one argument or flag, read off a field of an argument struct:
//
//	Path   string `arg:"remote" help:"file to fetch" complete:"remote"`
//	Local  string `arg:"local?" help:"where to write it" complete:"local"`
//	Resume bool   `flag:"c,resume" help:"continue a partial file"`
//	Mode   string `flag:"tls" enum:"auto,require,off" help:"when to use TLS"`
//
// In an arg tag a trailing ? means optional and a trailing ... means the
// rest, none or more. A dash:"yes" on an argument lets it begin with a dash
// when no flag of that name exists; escapes:"yes" has \r, \n and their like
// read in a word that did not come through the shell's own quotes. A flag that is a slice may be repeated.
// An embedded struct lends its fields.
type Param struct {
	Name     string   // "remote" or "resume"
	Letter   string   // "c", for -c; "" for none
	Flag     bool     // not positional
	Optional bool     // may be left out
	Rest     bool     // takes all that follows
	Dash     bool     // may begin with a dash
	Escapes  bool     // \r, \n, \xHH … are read where the shell has not done so already
	Enum     []string // the words allowed
	Help     string
	Complete string // "remote", "local", "host", "session", "verb", or a|b|c
	Type     reflect.Type
	index    []int
}

// Bool reports whether p is a flag without a value.
func (p Param) Bool() bool { return p.Flag && p.Type.Kind() == reflect.Bool }

// Params lists the arguments of v in order, then its flags.
func (v Verb) Params() (args, flags []Param) { return params(v.Run.args) }

// Flags lists the flags of a struct of flags that several verbs share.
func Flags(set any) []Param {
	_, flags := params(reflect.TypeOf(set).Elem())
	return flags
}

func params(t reflect.Type) (args, flags []Param) {
	if t == nil || t.Kind() != reflect.Struct {
		return nil, nil
	}
	for _, f := range reflect.VisibleFields(t) {
		p := Param{Help: f.Tag.Get("help"), Complete: f.Tag.Get("complete"), Dash: f.Tag.Get("dash") != "", Escapes: f.Tag.Get("escapes") != "", Type: f.Type, index: f.Index}
		if e := f.Tag.Get("enum"); e != "" {
			p.Enum = strings.Split(e, ",")
		}
		if name, ok := f.Tag.Lookup("arg"); ok {
			p.Name, p.Rest = strings.CutSuffix(name, "...")
			p.Name, p.Optional = strings.CutSuffix(p.Name, "?")
			p.Optional = p.Optional || p.Rest
			args = append(args, p)
		} else if name, ok := f.Tag.Lookup("flag"); ok {
			p.Flag, p.Optional, p.Name = true, true, name
			if l, n, ok := strings.Cut(name, ","); ok {
				p.Letter, p.Name = l, n
			}
			flags = append(flags, p)
		}
	}
	return args, flags
}
