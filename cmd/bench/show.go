package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// show writes a result as a table, with the goals below it.
func show(w io.Writer, r *result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s: %s, %d rounds\n", r.Number, r.Race, r.Work, r.Rounds)
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\twall\tcpu\trss\tdone\tours: wall\tcpu\t")
	for _, e := range r.Rows {
		name := e.Name
		if e.Role == bound {
			name = "(" + name + ")"
		}
		if e.Failed != "" {
			continue
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%.0f %%\t%s\t%s\t\n", name, timeText(e.Wall), timeText(e.CPU), memory(e.RSS), 100*e.Done, times(e.WallRatio), times(e.CPURatio))
	}
	t.Flush()
	for _, e := range r.Rows {
		if e.Failed != "" {
			fmt.Fprintf(&b, "  %s failed: %s\n", e.Name, e.Failed)
		}
	}
	if len(r.Missing) > 0 {
		fmt.Fprintf(&b, "  not installed: %s\n", strings.Join(r.Missing, ", "))
	}
	for _, g := range r.Goals {
		verdict := "missed"
		if g.Met {
			verdict = "met"
		}
		fmt.Fprintf(&b, "  goal %s: %s, %s\n", g.Goal, g.text, verdict)
	}
	fmt.Fprintln(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// times is a ratio with its extremes.
func times(s *spread) string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf("%.2f × (%.2f–%.2f)", s.Median, s.Least, s.Most)
}

func memory(n int64) string {
	if n == 0 {
		return "unknown"
	}
	return sizeText(n)
}
