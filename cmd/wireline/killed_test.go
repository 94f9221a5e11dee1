//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/lab"
)

var (
	kills    = flag.Int("kills", 6, "how often TestKilled kills each kind of download")
	killSize = flag.Int("killsize", 16<<20, "bytes of the file that TestKilled downloads")
)

// D06, D08, FTP-14, FTP-15: a download that is killed at any byte, again and
// again, and gone on with, gives the file that is at the server, and nothing
// has its name before. When the file has changed meanwhile it is the new one,
// or an error, and never a mixture.
func TestKilled(t *testing.T) {
	for name, directives := range map[string][]string{"ftp": nil, "ftps": {lab.ProFTPDTLS}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := lab.Start(t, lab.ProFTPD(nil, directives...))
			url := strings.Replace(r.URL, "ann@", "ann:secret@", 1)
			args := []string{"ftp", "get", url + "big.iso", "-c", "--tls", "off"}
			if directives != nil {
				cert, err := r.Cert()
				if err != nil {
					t.Fatal(err)
				}
				args = append(args[:4], "--tls", "require", "--ca", cert)
			}
			k := &killer{t: t, dir: t.TempDir(), remote: r.Path("home/big.iso"), args: args}
			k.seed = rand.Uint64()
			t.Logf("seed %d", k.seed)
			k.rand = rand.New(rand.NewPCG(k.seed, 0))
			for n := range 4 * *kills {
				if k.killed >= *kills {
					break
				}
				k.round(n == 0)
			}
			if k.killed < *kills/2 {
				t.Errorf("only %d were killed before they were done", k.killed)
			}
			if k.resumed == 0 {
				t.Error("none was gone on with")
			}
			t.Logf("%d killed; %d whole, %d of them gone on with; %d refused to go on", k.killed, k.whole, k.resumed, k.refused)
		})
	}
}

// A killer downloads a file and has it killed.
type killer struct {
	t           *testing.T
	dir, remote string
	args        []string
	seed        uint64
	rand        *rand.Rand
	is          [][sha256.Size]byte // what has been at the server

	killed, whole, resumed, refused int
}

// publish puts a file at the server. When quiet, it has the size and the time
// of the one before.
func (k *killer) publish(quiet bool) {
	k.t.Helper()
	b := make([]byte, *killSize)
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(k.rand.Uint32())
	}
	rand.NewChaCha8(seed).Read(b)
	old, err := os.Stat(k.remote)
	mtime := time.Now().Add(-time.Duration(k.rand.IntN(1e6)) * time.Second)
	if quiet && err == nil {
		mtime = old.ModTime()
	}
	fresh := k.remote + ".new"
	if err := os.WriteFile(fresh, b, 0o600); err != nil {
		k.t.Fatal(err)
	}
	if err := os.Chtimes(fresh, mtime, mtime); err != nil {
		k.t.Fatal(err)
	}
	if err := os.Rename(fresh, k.remote); err != nil {
		k.t.Fatal(err)
	}
	k.is = append(k.is, sha256.Sum256(b))
}

// round is one file: killed a few times, and then to its end. A plain one is
// in one piece, and does not change at the server.
func (k *killer) round(plain bool) {
	k.publish(false)
	args := k.args
	if !plain && k.rand.IntN(3) == 0 {
		args = append(args[:len(args):len(args)], "--segments", "3")
	}
	for range 1 + k.rand.IntN(3) {
		if !k.kill(args) {
			break
		}
		if !plain && k.rand.IntN(4) == 0 {
			k.publish(k.rand.IntN(2) == 0)
		}
	}
	out, err := k.command(args).CombinedOutput()
	path := filepath.Join(k.dir, "big.iso")
	defer os.Remove(path)
	got, rerr := os.ReadFile(path)
	switch {
	case err == nil && rerr == nil && sha256.Sum256(got) == k.is[len(k.is)-1]:
		k.whole++
		if f := strings.Split(string(out), "\t"); len(f) > 3 && f[3] != "0" {
			k.resumed++
		}
	case err == nil || rerr == nil:
		k.t.Errorf("%v: there are %d bytes (%v), which are not those at the server\n%s", err, len(got), rerr, out)
	case strings.Contains(string(out), "RESUME_MISMATCH"):
		k.refused++
	default:
		k.t.Errorf("%v\n%s", err, out)
	}
	if k.rand.IntN(2) == 0 {
		return // the next one finds what is left
	}
	left, _ := filepath.Glob(filepath.Join(k.dir, ".*"))
	for _, f := range left {
		os.Remove(f)
	}
}

func (k *killer) command(args []string) *exec.Cmd {
	cmd := exec.Command("wireline", args...)
	cmd.Dir = k.dir
	cmd.Env = append(os.Environ(), "HOME="+k.dir, "XDG_CONFIG_HOME="+k.dir)
	return cmd
}

// kill starts a download and kills it once some of it has come. It is false
// if it was whole by then.
func (k *killer) kill(args []string) bool {
	k.t.Helper()
	var out bytes.Buffer
	cmd := k.command(append(args[:len(args):len(args)], "--rate", "200M"))
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait(); close(ended) }()
	target := k.rand.Int64N(int64(*killSize))
	path := filepath.Join(k.dir, "big.iso")
	for running := true; running; {
		// Segments have their full size from the beginning.
		if fi, err := os.Stat(filepath.Join(k.dir, ".big.iso.part")); err == nil && fi.Size() > target {
			time.Sleep(time.Duration(k.rand.IntN(5)) * time.Millisecond)
			break
		}
		select {
		case <-ended:
			running = false
		case <-time.After(time.Millisecond):
		}
	}
	cmd.Process.Kill()
	<-ended
	got, err := os.ReadFile(path)
	if err != nil {
		k.killed++
		return true
	}
	for _, sum := range k.is {
		if sha256.Sum256(got) == sum {
			os.Remove(path)
			return false
		}
	}
	k.t.Errorf("killed, and there are %d bytes under the name, which nobody has sent\n%s", len(got), &out)
	return false
}
