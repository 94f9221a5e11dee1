package transfer

import (
	"fmt"
	"strings"
	"time"
)

// line is what is shown at a moment: of one file how much there is of it, of
// several how many are done as well; and the name of one of them.
func (m *Meter) line(now time.Time) string {
	var name string
	there, whole, known := m.whole, m.whole, true
	moved := m.moved
	for j := range m.jobs {
		at := j.at()
		moved += max(0, at-j.from)
		there += at
		whole += max(0, j.whole)
		known = known && j.whole >= 0
		if name == "" || j.name < name {
			name = j.name
		}
	}
	var parts []string
	if several := m.files > 1 || m.done > 0 || len(m.jobs) > 1; several {
		files := fmt.Sprint(m.done)
		if m.files > 0 {
			files += fmt.Sprintf(" of %d", m.files)
		}
		parts = append(parts, files+" files")
		if whole = m.plan; m.files == 0 || there > whole {
			known = false
		} else {
			known = true
		}
	}
	if known {
		parts = append(parts, outOf(there, whole), fmt.Sprintf("%d%%", percent(there, whole)))
	} else {
		parts = append(parts, human(there))
	}
	rate := float64(moved) / max(0.001, now.Sub(m.began).Seconds())
	parts = append(parts, human(int64(rate))+"/s")
	if known && moved > 0 {
		parts = append(parts, clock(time.Duration(float64(whole-there)/rate*float64(time.Second)))+" left")
	}
	if !known && m.plan == 0 && 0 < m.done && m.done <= m.files {
		// Of how many bytes there are in all nothing is known.
		left := float64(now.Sub(m.began)) * float64(m.files-m.done) / float64(m.done)
		parts = append(parts, fmt.Sprintf("%d%%", percent(int64(m.done), int64(m.files))), clock(time.Duration(left))+" left")
	}
	return fit(name, strings.Join(parts, ", "), m.width-1)
}

// sum is what is told in the end.
func (m *Meter) sum(now time.Time) string {
	var parts []string
	if m.done > 0 {
		took := now.Sub(m.began)
		parts = append(parts, fmt.Sprintf("%s, %s in %s, %s/s", count(m.done), human(m.whole), clock(took), human(int64(float64(m.moved)/max(0.001, took.Seconds())))))
	} else {
		parts = append(parts, "nothing to transfer")
	}
	if m.kept > 0 || m.done == 0 {
		parts = append(parts, fmt.Sprintf("%d unchanged", m.kept))
	}
	return strings.Join(parts, "; ")
}

func count(files int) string {
	if files == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", files)
}

// fit puts a name before a text, cut to what fits on a line.
func fit(name, text string, room int) string {
	t := []rune(text)
	if len(t) > room {
		return string(t[:max(0, room)])
	}
	r := []rune(plain(name))
	switch room -= len(t) + 2; {
	case room < 8 || len(r) == 0:
		return text
	case len(r) > room:
		r = append([]rune("…"), r[len(r)-room+1:]...)
	}
	return string(r) + "  " + text
}

// plain leaves out of a name what could steer a terminal or take more than
// one column.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x300 {
			return '?'
		}
		return r
	}, name)
}

func percent(n, of int64) int64 {
	if of <= 0 {
		return 100
	}
	return int64(100 * float64(n) / float64(of))
}

// outOf is two numbers of bytes, in one unit if that tells of both: 1.2 of 4.0
// MiB.
func outOf(n, whole int64) string {
	div, unit := scale(whole)
	if unit == "B" {
		return fmt.Sprintf("%d of %d B", n, whole)
	}
	if _, small := scale(n); n > 0 && small != unit {
		return human(n) + " of " + human(whole)
	}
	return fmt.Sprintf("%.1f of %.1f %s", float64(n)/div, float64(whole)/div, unit)
}

// human is a number of bytes for people: 1.4 MiB.
func human(n int64) string {
	div, unit := scale(n)
	if unit == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", float64(n)/div, unit)
}

func scale(n int64) (div float64, unit string) {
	div, unit = 1, "B"
	for _, next := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if float64(n) < 1024*div {
			break
		}
		div, unit = 1024*div, next
	}
	return div, unit
}

// clock is a time for people: 1:02:03, 2:03, or 0.3 s.
func clock(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	s := int(d.Round(time.Second).Seconds())
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
