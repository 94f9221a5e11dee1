package digest

import (
	"fmt"
	"strings"
	"testing"
)

// HTTP-09: the example of RFC 7616, section 3.9.1.
func TestDigestExample(t *testing.T) {
	all := Challenges([]string{
		`Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
		`Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
	})
	if len(all) != 2 || Strongest(all, true).Params["algorithm"] != "SHA-256" {
		t.Fatalf("%+v", all)
	}
	if c := Strongest([]Challenge{all[1], all[0]}, true); c.Params["algorithm"] != "SHA-256" {
		t.Errorf("the weaker one comes first, and is taken: %+v", c)
	}
	for i, want := range []string{"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", "8ca523f5e9506fed4657c9700eebdbec"} {
		d := New(all[i])
		got := d.answer("Mufasa", "Circle of Life", "GET", "/dir/index.html", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "")
		if !strings.Contains(got, `response="`+want+`"`) || !strings.Contains(got, "nc=00000001") || !strings.Contains(got, `opaque="FQhe/`) {
			t.Errorf("%s", got)
		}
	}
}

func TestChallenges(t *testing.T) {
	all := Challenges([]string{`Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple"`, `Negotiate, Bearer`, `Digest realm = "x" , nonce="n"`})
	var got []string
	for _, c := range all {
		got = append(got, fmt.Sprint(c.Scheme, c.Params))
	}
	want := `newauthmap[realm:apps title:Login to "apps" type:1] basicmap[realm:simple] negotiatemap[] bearermap[] digestmap[nonce:n realm:x]`
	if strings.Join(got, " ") != want {
		t.Errorf("%s\nwant\n%s", strings.Join(got, " "), want)
	}
}

func FuzzChallenges(f *testing.F) {
	f.Add(`Basic realm="x", Digest nonce=y`)
	f.Add(`a b="\`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range Challenges([]string{text}) {
			if c.Scheme == "" || len(c.Params) > 32 {
				t.Errorf("%+v", c)
			}
		}
	})
}
