//go:build unix

package line

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

const childEnv = "LINE_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(child())
	}
	goleak.VerifyTestMain(m)
}

// child is a small shell on top of the editor; the tests talk to it on a pty.
// What comes in on descriptor 3 happens while the prompt is shown.
func child() int {
	e, err := Open(Config{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		History:  os.Getenv("LINE_TEST_HISTORY"),
		Complete: childComplete,
		Redact: func(l string) (string, bool) {
			if name, _, ok := strings.Cut(l, " hunter"); ok {
				return name + " ***", true
			}
			return l, l != "forget"
		},
		Continue: func(s string) bool {
			return strings.Count(s, `"`)%2 == 1 || strings.Contains(s, "<<EOF") && !strings.HasSuffix(s, "\nEOF")
		},
	})
	if err != nil {
		fmt.Println("open:", err)
		return 1
	}
	events := make(chan struct{})
	go func() {
		defer close(events)
		sc := bufio.NewScanner(os.NewFile(3, "events"))
		for sc.Scan() {
			if sc.Text() == "GO" {
				held <- struct{}{}
				continue
			}
			if sc.Text() == "CLOSE" {
				start := time.Now()
				e.Close()
				fmt.Printf("closed in time: %v\n", time.Since(start) < time.Second)
				continue
			}
			e.Notice(sc.Text())
		}
	}()
	code := childLoop(e)
	e.Close()
	<-events
	if err := goleak.Find(); err != nil {
		fmt.Println("LEAK", err)
		return 1
	}
	return code
}

func childLoop(e *Editor) int {
	prompt := "\x1b[1mwl>\x1b[0m "
	for {
		l, err := e.ReadLine(prompt)
		switch {
		case errors.Is(err, ErrInterrupt):
			continue
		case errors.Is(err, io.EOF):
			fmt.Println("bye")
			return 0
		case err != nil:
			fmt.Println("error:", err)
			return 1
		}
		childRun(e, l)
	}
}

// held ends the command hold.
var held = make(chan struct{})

func childRun(e *Editor, l string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stop := e.Watch(cancel)
	defer stop()
	switch l {
	case "wait":
		fmt.Println("waiting")
		<-ctx.Done()
		fmt.Println("cancelled")
	case "hold":
		fmt.Println("holding")
		<-held
	case "settle":
		fmt.Print("question\x1b[6n\n")
		e.Settle(ctx)
	case "secret":
		fmt.Print("half a line")
		s, err := e.ReadSecret(ctx, "Password for host: ")
		fmt.Printf("%d bytes, %v\n", len(s), err)
	case "confirm":
		fmt.Println("about to ask")
		yes, err := e.Confirm(ctx, "really?")
		fmt.Println(yes, err)
	case "talk", "cook", "talkask":
		childTalk(ctx, e, l)
	case "history":
		fmt.Printf("%q\n", e.History())
	default:
		fmt.Printf("LINE=%q\n", l)
	}
}

// childTalk echoes what is typed until a q.
func childTalk(ctx context.Context, e *Editor, how string) {
	t := e.Terminal(ctx)
	if how != "cook" {
		t.Raw(true)
	}
	if how == "talkask" {
		got := make(chan string)
		go func() {
			b := make([]byte, 1)
			n, err := t.Read(b)
			got <- fmt.Sprintf("%q %v", b[:n], err)
		}()
		s, err := e.ReadSecret(ctx, "Password: ")
		fmt.Fprintf(t, "asked %d %v\r\n", len(s), err)
		fmt.Fprintf(t, "then %s\r\n", <-got)
		return
	}
	var all []byte
	fmt.Fprint(t, "talking\r\n")
	for !strings.Contains(string(all), "q") {
		b := make([]byte, 16)
		n, err := t.Read(b)
		if err != nil {
			fmt.Fprintf(t, "read: %v\r\n", err)
			break
		}
		all = append(all, b[:n]...)
	}
	t.Raw(false)
	fmt.Printf("TALK=%q\n", all)
}

func childComplete(ctx context.Context, l string, pos int) Completion {
	words := []Candidate{
		{Text: "alpha", Help: "the first letter of the alphabet"}, {Text: "alfresco", Help: "outside"},
		{Text: "文件甲"}, {Text: "文件乙"},
		{Text: "longlonglonglonglonglonglong1"}, {Text: "longlonglonglonglonglonglong2"},
		{Text: "'two words' "},
	}
	start := strings.LastIndexByte(l[:pos], ' ') + 1
	typed := strings.TrimPrefix(l[start:pos], "'")
	if typed == "slow" {
		<-ctx.Done()
		time.Sleep(time.Second) // as one that does not look at its context
	}
	c := Completion{Start: start}
	for _, w := range words {
		if strings.HasPrefix(strings.TrimPrefix(w.Text, "'"), typed) {
			c.Words = append(c.Words, w)
		}
	}
	return c
}
