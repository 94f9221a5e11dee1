package web

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"wireline/protocols/digest"
	"wireline/protocols/wire"
)

// HTTP-09, H02: a challenge is answered once, by the strongest means; what is
// wrong is not tried again, and nobody is asked twice. C08: no trace shows
// any of it.
func TestLogin(t *testing.T) {
	var seen []string
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Get("Authorization"))
		user, password, basic := r.BasicAuth()
		ok := basic && user == "ann" && password == "secret"
		if r.URL.Path == "/digest" {
			ok = digestOK(r)
		}
		if !ok {
			if r.URL.Path == "/digest" {
				w.Header().Add("WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth"`)
			}
			w.Header().Add("WWW-Authenticate", `Basic realm="r"`)
			w.WriteHeader(401)
		}
	})
	for _, c := range []struct {
		path, scheme, password string
		code, requests         int
	}{
		{"/", "", "secret", 200, 1},
		{"/", "auto", "secret", 200, 2},
		{"/", "", "wrong", 401, 1},
		{"/", "auto", "wrong", 401, 2},
		{"/digest", "auto", "secret", 200, 2},
		{"/digest", "digest", "secret", 200, 2},
		{"/digest", "", "secret", 200, 2},
		{"/digest", "digest", "wrong", 401, 2},
		{"/", "digest", "secret", 401, 1},
	} {
		var trace strings.Builder
		seen = nil
		asked := 0
		k := client(t, wire.Options{})
		k.Wire.Trace = func(e wire.Event) { trace.Write(e.Data); trace.WriteString(e.Note) }
		r := get(t, srv.URL+c.path)
		l := k.Login(r.URL, &Login{User: "ann", Scheme: c.scheme, Ask: func(context.Context) (string, string, error) { asked++; return "ann", c.password, nil }})
		res, err := k.Send(t.Context(), r, l)
		body(t, res, err)
		if res.Code != c.code || len(seen) != c.requests || asked > 1 || l.Refused(res) != (c.code == 401 && c.requests+len(c.scheme) != 7) {
			t.Errorf("%+v: %d after %d requests, asked %d times, refused %v", c, res.Code, len(seen), asked, l.Refused(res))
		}
		if got := trace.String(); strings.Contains(got, "YW5u") || strings.Contains(got, "response=") {
			t.Errorf("%+v: a secret in %s", c, got)
		}
		if c.path == "/digest" && c.code == 200 {
			// A second request uses the nonce again, without being asked.
			res, err := k.Send(t.Context(), r, l)
			body(t, res, err)
			if res.Code != 200 || !strings.Contains(seen[len(seen)-1], "nc=00000002") || len(seen) != c.requests+1 {
				t.Errorf("again: %d, %q", res.Code, seen)
			}
		}
	}
}

// digestOK checks an answer to the challenge of TestLogin, by itself.
func digestOK(r *http.Request) bool {
	all := digest.Challenges([]string{r.Header.Get("Authorization")})
	if len(all) != 1 || all[0].Scheme != "digest" {
		return false
	}
	p := all[0].Params
	sum := func(s string) string { h := md5.Sum([]byte(s)); return hex.EncodeToString(h[:]) }
	return p["uri"] == r.URL.RequestURI() &&
		p["response"] == sum(sum("ann:r:secret")+":n:"+p["nc"]+":"+p["cnonce"]+":auth:"+sum(r.Method+":"+p["uri"]))
}

// HTTP-09, HTTP-18: requests that are under way together are asked together, and
// each answers; a good password is not taken for a wrong one.
func TestLoginTogether(t *testing.T) {
	const many = 4
	for _, scheme := range []string{"Digest", "Basic"} {
		var all sync.WaitGroup
		var nonces atomic.Int64
		all.Add(many)
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
			user, password, _ := r.BasicAuth()
			if got := digest.Challenges([]string{r.Header.Get("Authorization")}); len(got) == 1 && answers(got[0], "ann", "secret", r) || user == "ann" && password == "secret" {
				return
			}
			if r.Header.Get("Authorization") == "" {
				all.Done()
				all.Wait()
			}
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`%s realm="r", nonce="n%d", qop="auth"`, scheme, nonces.Add(1)))
			w.WriteHeader(401)
		})
		k := client(t, wire.Options{})
		dropped := atomic.Int64{}
		l := k.Login(get(t, srv.URL).URL, &Login{User: "ann", Scheme: "auto", Drop: func(context.Context) bool { dropped.Add(1); return false }})
		l.SetPassword("secret")
		var work sync.WaitGroup
		for range many {
			work.Go(func() {
				res, err := k.Send(t.Context(), get(t, srv.URL), l)
				if err != nil || res.Code != 200 {
					t.Errorf("%s: %+v, %v", scheme, res, err)
				}
				if err == nil {
					_ = res.Drain()
				}
			})
		}
		work.Wait()
		if dropped.Load() > 0 {
			t.Errorf("%s: the password is forgotten", scheme)
		}
	}
}

// answers checks an answer to a challenge, by itself.
func answers(c digest.Challenge, user, password string, r *http.Request) bool {
	sum := func(s string) string { h := md5.Sum([]byte(s)); return hex.EncodeToString(h[:]) }
	p, method := c.Params, r.Method+":"+r.RequestURI
	if p["qop"] == "auth-int" {
		b, _ := io.ReadAll(r.Body)
		method += ":" + sum(string(b))
	}
	a1, name := sum(user+":"+p["realm"]+":"+password), user
	if p["algorithm"] == "MD5-sess" {
		a1 = sum(a1 + ":" + p["nonce"] + ":" + p["cnonce"])
	}
	if p["userhash"] == "true" {
		name = sum(user + ":" + p["realm"])
	}
	return c.Scheme == "digest" && p["username"] == name && p["response"] == sum(a1+":"+p["nonce"]+":"+p["nc"]+":"+p["cnonce"]+":"+p["qop"]+":"+sum(method))
}

// HTTP-09: odd challenges. A server has two realms, forgets its nonces, wants a
// hash of the body, or offers what cannot be done beside what can.
func TestDigestOdd(t *testing.T) {
	nonces := 0
	stale := ""
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		realm, qop := strings.TrimPrefix(r.URL.Path, "/"), "auth"
		switch realm {
		case "int":
			qop = "auth-int"
		case "sess":
			qop = `auth", algorithm=MD5-sess, charset="UTF-8`
		case "hash":
			qop = `auth", userhash="true`
		case "odd":
			if user, password, _ := r.BasicAuth(); user == "ann" && password == "secret" {
				return
			}
			w.Header().Add("WWW-Authenticate", `Digest realm="odd", nonce="x", qop="auth-other"`)
			w.Header().Add("WWW-Authenticate", `Digest realm="odd", nonce="x", algorithm=SHA-512-256`)
			w.Header().Add("WWW-Authenticate", `Basic realm="odd"`)
			w.WriteHeader(401)
			return
		}
		got := digest.Challenges([]string{r.Header.Get("Authorization")})
		if len(got) == 1 && got[0].Params["realm"] == realm && got[0].Params["nonce"] == fmt.Sprint(realm, nonces) && answers(got[0], "ann", "secret", r) {
			return
		}
		nonces++
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Digest realm=%q, nonce="%s%d", qop="%s"%s`, realm, realm, nonces, qop, stale))
		w.WriteHeader(401)
	})
	for _, c := range []struct {
		paths, password string
		forgets         int // before which request the nonces are forgotten
		stale           string
		code            int
	}{
		{"/a /a /b /a", "secret", 0, "", 200},
		{"/a /a /a", "secret", 2, "", 200},
		{"/a /a /a", "secret", 1, ", stale=true", 200},
		{"/int /int", "secret", 0, "", 200},
		{"/sess /sess /hash", "secret", 0, "", 200},
		{"/odd /odd", "secret", 0, "", 200},
		{"/a /b", "wrong", 0, "", 401},
		{"/a", "wrong", 0, ", stale=true", 401},
	} {
		k := client(t, wire.Options{})
		l := k.Login(get(t, srv.URL).URL, &Login{User: "ann", Scheme: "auto"})
		l.SetPassword(c.password)
		stale = c.stale
		for i, path := range strings.Fields(c.paths) {
			if i == c.forgets && i > 0 {
				nonces++
			}
			before := nonces
			r := get(t, srv.URL+path)
			r.Method, r.Body = "POST", Text("some")
			res, err := k.Send(t.Context(), r, l)
			body(t, res, err)
			if res.Code != c.code || nonces > before+maxRounds+1 || c.stale == "" && c.code == 401 && nonces > before+2 {
				t.Errorf("%+v: %s: %d after %d challenges", c, path, res.Code, nonces-before)
			}
		}
	}
	k := client(t, wire.Options{})
	r := get(t, srv.URL+"/int")
	r.Method, r.Body = "POST", &Body{Size: -1, Once: true, Open: Text("some").Open}
	res, err := k.Send(t.Context(), r, k.Login(r.URL, &Login{User: "ann", Scheme: "auto"}))
	if body(t, res, err); res.Code != 401 {
		t.Errorf("%d", res.Code)
	}
}

// a token that was good and is refused is asked for again, and the request
// is sent again; one that was refused at once is not. C08: no trace shows any.
func TestBearer(t *testing.T) {
	good, requests := "t1", 0
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if requests++; r.Header.Get("Authorization") != "Bearer "+good {
			w.WriteHeader(401)
		}
	})
	var trace strings.Builder
	asked := 0
	k := client(t, wire.Options{})
	k.Wire.Trace = func(e wire.Event) { trace.Write(e.Data); trace.WriteString(e.Note) }
	l := k.Login(get(t, srv.URL).URL, &Login{Scheme: "bearer", Ask: func(context.Context) (string, string, error) {
		asked++
		return "", fmt.Sprint("t", asked), nil
	}})
	for _, c := range []struct {
		good                  string
		code, asked, requests int
	}{
		{"t1", 200, 1, 1}, {"t1", 200, 1, 2}, {"t2", 200, 2, 4}, {"other", 401, 3, 6}, {"other", 401, 4, 7},
	} {
		good = c.good
		res, err := k.Send(t.Context(), get(t, srv.URL), l)
		body(t, res, err)
		if res.Code != c.code || asked != c.asked || requests != c.requests || l.Refused(res) != (c.code == 401) {
			t.Errorf("%+v: %d after %d requests, asked %d times", c, res.Code, requests, asked)
		}
		if l.Refused(res) {
			l.Forget()
		}
	}
	if got := trace.String(); strings.Contains(got, "Bearer t") {
		t.Errorf("a secret in %s", got)
	}
}
