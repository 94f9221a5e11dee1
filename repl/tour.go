package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/repl/line"
)

// A Lesson is one screen of the tour.
type Lesson struct {
	Name string // what it is about, such as a protocol
	Text string // a script: comments tell, lines are typed
}

// keystroke is how long the tour takes for a character.
const keystroke = 15 * time.Millisecond

type TourArgs struct {
	Lesson string `arg:"lesson?" help:"where to begin; with the first if left out"`
}

// Tour shows the lessons, one after the other: each of their lines is typed
// and run when the learner hits Enter. Without a terminal it gives them as a
// script.
func (sh *Shell) Tour(ctx context.Context, a TourArgs) (any, error) {
	if len(sh.Lessons) == 0 {
		return nil, fault.New(fault.Unsupported, "there are no servers here to show").WithHint("wireline demo has some, and the tour of them")
	}
	lessons := sh.Lessons
	if a.Lesson != "" {
		i := slices.IndexFunc(lessons, func(l Lesson) bool { return l.Name == a.Lesson })
		if i < 0 {
			return nil, fault.New(fault.Usage, "no lesson %q", a.Lesson).WithHint("there are %s", strings.Join(lessonNames(lessons), ", "))
		}
		lessons = lessons[i:]
	}
	r := running(ctx)
	if sh.In == nil || !line.IsTerminal(sh.In) || !r.io.seen() || r.flags.JSON {
		var texts []string
		for _, l := range lessons {
			texts = append(texts, l.Text)
		}
		return strings.Join(texts, "\n"), nil
	}
	if sh.touring {
		return nil, fault.New(fault.Usage, "this is the tour").WithHint("Enter goes on, ^C goes to the next lesson, ^D leaves")
	}
	if _, err := sh.console(); err != nil {
		return nil, err
	}
	if r.io.front != nil {
		r.io.front.end() // each line of the tour is one of its own
	}
	prompts := sh.prompts
	sh.prompts, sh.touring = true, true
	defer func() { sh.prompts, sh.touring = prompts, false }()
	err := sh.guide(lessons)
	if !prompts {
		sh.leaving = true // the tour was all that was asked for
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return nil, err
}

func lessonNames(lessons []Lesson) (names []string) {
	for _, l := range lessons {
		names = append(names, l.Name)
	}
	return names
}

// guide goes through the lessons; its error is io.EOF when the learner leaves.
func (sh *Shell) guide(lessons []Lesson) error {
	fmt.Fprint(sh.Out, "Enter types the next line for you. Lines of your own work as well.\n"+
		"^C goes to the next lesson, ^D leaves the tour.\n")
	for i, l := range lessons {
		if err := sh.lesson(l); err != nil && !errors.Is(err, line.ErrInterrupt) || sh.leaving {
			return err
		}
		if i+1 == len(lessons) {
			break
		}
		err := sh.learner("[Enter: " + lessons[i+1].Name + "] ")
		if err != nil && !errors.Is(err, line.ErrInterrupt) || sh.leaving {
			return err
		}
	}
	fmt.Fprint(sh.Out, "\nThat was the tour. help lists the commands, bookmark the servers.\n")
	return nil
}

func (sh *Shell) lesson(l Lesson) error {
	io.WriteString(sh.Out, "\n")
	title := true
	for text := range strings.Lines(l.Text) {
		text = strings.TrimRight(text, "\r\n")
		comment, ok := strings.CutPrefix(text, "#")
		switch {
		case text == "":
		case ok:
			comment = strings.TrimPrefix(comment, " ")
			if title {
				comment = sh.set.colored(sh.Out).Prompt(comment)
			}
			title = false
			io.WriteString(sh.Out, comment+"\n")
		default:
			if err := sh.learner("[Enter] "); err != nil || sh.leaving {
				return err
			}
			sh.show(text)
			sh.typed(text, 1)
			if sh.leaving {
				return nil
			}
		}
	}
	return nil
}

// learner runs what the learner types until that is nothing but Enter.
func (sh *Shell) learner(what string) error {
	for !sh.leaving {
		sh.watchAll()
		text, err := sh.editor.ReadLine(what + sh.prompt())
		sh.restAll()
		if err != nil || strings.TrimSpace(text) == "" {
			return err
		}
		sh.typed(text, 1)
	}
	return nil
}

// show types a line at the prompt.
func (sh *Shell) show(text string) {
	io.WriteString(sh.Out, sh.prompt())
	for _, c := range text {
		io.WriteString(sh.Out, string(c))
		time.Sleep(keystroke)
	}
	io.WriteString(sh.Out, "\n")
}
