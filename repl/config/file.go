package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wireline/protocols/fault"
)

const settingsFile = "config"

// Path is the file of the user's settings in dir.
func Path(dir string) string { return filepath.Join(dir, settingsFile) }

// A Setting is one line of the settings: NAME = VALUE, or NAME alone, whose
// value is "".
type Setting struct {
	Name, Value string
	Line        int
}

// A Section is settings that belong together: those before the first [NAME],
// whose Name is "", or those after one.
type Section struct {
	Name     string
	Line     int
	Settings []Setting
}

// Settings reads the user's settings. A file that does not exist is empty;
// one that others may write to is refused, since it can name programs to run.
func Settings(dir string) ([]Section, error) {
	if dir == "" {
		return nil, nil
	}
	path := Path(dir)
	fi, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		if err := unwritable(path, fi); err != nil {
			return nil, err
		}
	}
	b, err := read(dir, settingsFile)
	if err != nil {
		return nil, err
	}
	all, bad := parseSettings(string(b))
	if bad != nil {
		return nil, fault.New(fault.ReadLocal, "%s:%d: %s", path, bad.line, bad.text).WithHint("--no-config does without it")
	}
	return all, nil
}

type badLine struct {
	line int
	text string
}

func parseSettings(text string) ([]Section, *badLine) {
	all := []Section{{}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if len(line) > maxLine {
			return nil, &badLine{n, "the line is longer than 64 KiB"}
		}
		line = strings.TrimSpace(line)
		switch {
		case strings.ContainsRune(line, 0):
			return nil, &badLine{n, "NUL in text"}
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[':
			name, ok := strings.CutSuffix(line[1:], "]")
			if name = strings.TrimSpace(name); !ok || name == "" {
				return nil, &badLine{n, "want [HOST], such as [mail.example.org]"}
			}
			all = append(all, Section{Name: name, Line: n})
		default:
			s := setting(line)
			if s.Name == "" {
				return nil, &badLine{n, "want NAME = VALUE"}
			}
			s.Line = n
			last := &all[len(all)-1]
			last.Settings = append(last.Settings, s)
		}
	}
	return all, nil
}

func setting(line string) Setting {
	name, value, _ := strings.Cut(line, "=")
	return Setting{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)}
}

// Word is the setting as a flag: --name=value.
func (s Setting) Word() string {
	if s.Value == "" {
		return "--" + s.Name
	}
	return "--" + s.Name + "=" + s.Value
}

// Save keeps a setting in a section, in the place of an earlier one of its
// name; Forget drops it. All other lines stay as they are.
func Save(dir, section string, s Setting) error {
	return edit(dir, section, s.Name, strings.TrimSuffix(s.Name+" = "+s.Value, " = "))
}

// Forget drops a setting from a section, if it is there.
func Forget(dir, section, name string) error { return edit(dir, section, name, "") }

func edit(dir, section, name, put string) error {
	if strings.ContainsAny(put, "\r\n\x00") {
		return fault.New(fault.BadArgument, "a line break or NUL in %s", name)
	}
	if _, err := Settings(dir); err != nil {
		return err
	}
	b, err := read(dir, settingsFile)
	if err != nil {
		return err
	}
	var out []string
	in, done, end := "", put == "", -1 // end: where the section's lines end
	if section == "" {
		end = 0
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\r\n")
		t := strings.TrimSpace(line)
		plain := t != "" && t[0] != '#' && t[0] != ';'
		switch {
		case plain && t[0] == '[':
			in = strings.TrimSpace(strings.TrimSuffix(t[1:], "]"))
		case plain && in == section && setting(t).Name == name:
			if line = put; done {
				continue
			}
			done = true
		}
		out = append(out, line)
		if in == section && t != "" {
			end = len(out)
		}
	}
	switch {
	case done:
	case end >= 0:
		out = append(out[:end], append([]string{put}, out[end:]...)...)
	default:
		if len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, "")
		}
		out = append(out, "["+section+"]", put)
	}
	text := strings.Join(out, "\n")
	if text != "" {
		text += "\n"
	}
	return write(dir, settingsFile, []byte(text))
}
