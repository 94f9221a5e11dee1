package wire

import (
	"crypto/tls"
	"slices"
	"strings"

	"wireline/protocols/fault"
)

// chooseCiphers has cfg offer the suites named, as IANA or as OpenSSL writes
// them. Those of TLS 1.3 cannot be chosen, so it is not offered.
func chooseCiphers(cfg *tls.Config, names []string) error {
	for _, list := range names {
		for name := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ':' || r == ' ' }) {
			id, err := cipher(name)
			if err != nil {
				return err
			}
			cfg.CipherSuites = append(cfg.CipherSuites, id)
		}
	}
	if len(cfg.CipherSuites) == 0 {
		return fault.New(fault.BadArgument, "--ciphers names no cipher")
	}
	if cfg.MinVersion > tls.VersionTLS12 {
		return fault.New(fault.BadArgument, "--ciphers chooses those of TLS 1.2, and --tls-min 1.3 rules it out")
	}
	cfg.MaxVersion = tls.VersionTLS12
	return nil
}

func cipher(name string) (uint16, error) {
	is := func(s *tls.CipherSuite) bool { return cipherKey(s.Name) == cipherKey(name) }
	find := func(all []*tls.CipherSuite) *tls.CipherSuite {
		if i := slices.IndexFunc(all, is); i >= 0 {
			return all[i]
		}
		return nil
	}
	switch s := find(tls.CipherSuites()); {
	case s == nil && find(tls.InsecureCipherSuites()) != nil:
		return 0, fault.New(fault.BadArgument, "--ciphers: %s is not safe, and not spoken", name)
	case s == nil:
		var known []string
		for _, s := range tls.CipherSuites() {
			if slices.Contains(s.SupportedVersions, tls.VersionTLS12) {
				known = append(known, s.Name)
			}
		}
		return 0, fault.New(fault.BadArgument, "--ciphers: no cipher %q", name).WithHint("there are %s", strings.Join(known, " "))
	case !slices.Contains(s.SupportedVersions, tls.VersionTLS12):
		return 0, fault.New(fault.BadArgument, "--ciphers: %s is of TLS 1.3, where there is nothing to choose", name)
	default:
		return s.ID, nil
	}
}

// cipherKey is what the names of a suite have in common:
// TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA is OpenSSL's ECDHE-RSA-AES128-SHA.
func cipherKey(name string) string {
	key := strings.ToUpper(name)
	for _, cut := range []string{"TLS_", "_WITH", "_CBC"} {
		key = strings.ReplaceAll(key, cut, "")
	}
	key = strings.NewReplacer("_", "", "-", "", "RC4_128", "RC4").Replace(key)
	if strings.Contains(key, "CHACHA20POLY1305") {
		key = strings.TrimSuffix(key, "SHA256")
	}
	return key
}
