package ftp

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"io"
	"path"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// An algorithm is a way to check a file, and how servers call it.
type algorithm struct {
	name    string // in HASH and for people
	command string // of its own
	new     func() hash.Hash
}

// algorithms are known, the best first.
func algorithms() []algorithm {
	return []algorithm{
		{"SHA-256", "XSHA256", sha256.New},
		{"SHA-512", "XSHA512", sha512.New},
		{"SHA-1", "XSHA1", sha1.New},
		{"MD5", "XMD5", md5.New},
		{"CRC32", "XCRC", func() hash.Hash { return crc32.NewIEEE() }},
	}
}

// A Sum is the checksum of a file.
type Sum struct {
	Path      string `json:"path"`
	Algorithm string `json:"algorithm"`
	Sum       string `json:"sum"`
}

// String is how sha256sum shows it.
func (x Sum) String() string { return x.Sum + "  " + x.Path }

// HashArgs are the arguments of hash.
type HashArgs struct {
	Path string `arg:"remote" help:"file" complete:"remote"`
	With string `flag:"with" enum:"sha256,sha512,sha1,md5,crc32" help:"algorithm; the best that the server knows if left out"`
}

// Hash has the server compute the checksum of a file.
func (s *Session) Hash(ctx context.Context, a HashArgs) (Sum, error) {
	p, err := s.remote("remote", a.Path)
	if err != nil {
		return Sum{}, err
	}
	if err := s.ready(ctx); err != nil {
		return Sum{}, err
	}
	sum, _, err := s.sum(ctx, p, a.With)
	return sum, err
}

// sum asks for the checksum of a file by HASH (draft-bryan-ftp-hash) or by
// one of the commands of old.
func (s *Session) sum(ctx context.Context, p, want string) (Sum, algorithm, error) {
	if strings.HasPrefix(s.cwd, "/") {
		p = files.Join(s.cwd, p) // some servers take it from the root
	}
	known, hashes := s.caps.has("HASH")
	for _, a := range algorithms() {
		if want != "" && want != strings.ToLower(strings.ReplaceAll(a.name, "-", "")) {
			continue
		}
		if hashes && word(known, a.name) {
			if !strings.Contains(known, a.name+"*") {
				if _, err := s.must(ctx, "OPTS HASH "+a.name); err != nil {
					return Sum{}, a, err
				}
			}
			r, err := s.must(ctx, "HASH "+p)
			return s.sumIn(r, p, a, err)
		}
		command := a.command
		if _, ok := s.caps.has(command); !ok && a.name == "MD5" {
			command = "MD5"
		}
		if _, ok := s.caps.has(command); ok {
			r, err := s.must(ctx, command+" "+p)
			return s.sumIn(r, p, a, err)
		}
	}
	f := fault.New(fault.Unsupported, "the server computes no checksum of this kind")
	f.At = s.target.String()
	return Sum{}, algorithm{}, f.WithHint("caps shows what it can: HASH, XSHA256, XMD5 …")
}

// sumIn finds the checksum among the words of a reply.
func (s *Session) sumIn(r Reply, p string, a algorithm, err error) (Sum, algorithm, error) {
	if err != nil {
		return Sum{}, a, s.of(p, err)
	}
	digits := 2 * a.new().Size()
	for _, line := range r.Lines {
		for _, w := range strings.Fields(line) {
			if a.name == "CRC32" && len(w) < digits && len(r.Lines[0]) > 4 && w == strings.TrimSpace(r.text()) {
				w = strings.Repeat("0", digits-len(w)) + w
			}
			if _, err := hex.DecodeString(w); err == nil && len(w) == digits {
				return Sum{p, a.name, strings.ToLower(w)}, a, nil
			}
		}
	}
	return Sum{}, a, s.of(p, &fault.Error{Kind: fault.Protocol, At: s.target.String(), Code: "213", Text: "there is no " + a.name + " in the reply: " + quote(r.text())})
}

// VerifyArgs are the arguments of verify.
type VerifyArgs struct {
	Path  string     `arg:"remote" help:"file at the server" complete:"remote"`
	Local verb.Input `flag:"local" help:"our file; the one of the same name if left out" complete:"local"`
	With  string     `flag:"with" enum:"sha256,sha512,sha1,md5,crc32" help:"algorithm; the best that the server knows if left out"`
}

// Verified says that two files are the same.
type Verified struct {
	Sum
	Same bool `json:"same"`
}

// Message says it.
func (v Verified) Message() string { return v.Path + ": the same, by " + v.Algorithm + " " + v.Sum.Sum }

// Verify compares the checksum of a file at the server with that of ours.
func (s *Session) Verify(ctx context.Context, a VerifyArgs) (v Verified, err error) {
	local := a.Local.ReadCloser
	if local != nil {
		defer local.Close()
	}
	p, err := s.remote("remote", a.Path)
	if err != nil {
		return v, err
	}
	if local == nil {
		disk, err := diskOf(ctx)
		if err != nil {
			return v, fault.New(fault.Usage, "--local names the file to compare with")
		}
		b, err := disk.Fetch(ctx, files.At{Path: path.Base(p)}, 0)
		if err != nil {
			return v, err
		}
		defer b.Close()
		local = b
	}
	if err := s.ready(ctx); err != nil {
		return v, err
	}
	sum, alg, err := s.sum(ctx, p, a.With)
	if err != nil {
		return v, err
	}
	v.Sum = sum
	h := alg.new()
	if _, err := io.Copy(h, local); err != nil {
		return v, fault.New(fault.ReadLocal, "our file could not be read: %w", err)
	}
	if ours := hex.EncodeToString(h.Sum(nil)); ours != sum.Sum {
		f := fault.New(fault.Assert, "the files differ: %s is %s there and %s here", alg.name, sum.Sum, ours)
		f.At = s.target.String()
		return v, s.of(p, f)
	}
	v.Same = true
	return v, nil
}
