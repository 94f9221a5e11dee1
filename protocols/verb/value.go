package verb

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Size is a number of bytes: 100, 64k, 1M, 2G, with powers of 1024.
type Size int64

// UnmarshalText reads a Size.
func (s *Size) UnmarshalText(b []byte) error {
	t := strings.ToUpper(strings.TrimSuffix(strings.ToUpper(string(b)), "B"))
	t = strings.TrimSuffix(t, "I")
	shift := 0
	if n := len(t); n > 0 {
		if i := strings.IndexByte("KMGT", t[n-1]); i >= 0 {
			t, shift = t[:n-1], 10*(i+1)
		}
	}
	f, err := strconv.ParseFloat(t, 64)
	if err != nil || f < 0 || f > float64(int64(1)<<62>>shift) {
		return fmt.Errorf("%q is not a size such as 100, 64k or 1M", b)
	}
	*s = Size(f * float64(int64(1)<<shift))
	return nil
}

// Seconds reads a time span as people type it: 2 is two seconds, 0.5 half of
// one; 500ms, 2m and 1h30m work too.
func Seconds(s string) (time.Duration, error) {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if f < 0 || f > 1e9 || f != f {
			return 0, fmt.Errorf("%q is not a time span of 0 seconds or more", s)
		}
		return time.Duration(f * float64(time.Second)), nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a time span such as 2, 0.5 or 500ms", s)
	}
	return d, nil
}

func set(f reflect.Value, p Param, env Env, s string) error {
	if p.Escapes && env.Unescape != nil {
		b, err := env.Unescape(s)
		if err != nil {
			return err
		}
		s = string(b)
	}
	if len(p.Enum) > 0 && !slices.Contains(p.Enum, s) {
		return fmt.Errorf("%q is not one of %s", s, strings.Join(p.Enum, ", "))
	}
	if f.Kind() == reflect.Slice && f.Type().Elem().Kind() != reflect.Uint8 {
		n := f.Len()
		f.Grow(1)
		f.SetLen(n + 1)
		return scalar(f.Index(n), s)
	}
	if f.Kind() == reflect.Pointer {
		f.Set(reflect.New(f.Type().Elem()))
		f = f.Elem()
	}
	return scalar(f, s)
}

func scalar(f reflect.Value, s string) error {
	if f.Type() == reflect.TypeFor[Input]() {
		f.Set(reflect.ValueOf(Input{Name: s, Size: -1}))
		return nil
	}
	if u, ok := f.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(s))
	}
	if f.Type() == reflect.TypeFor[time.Duration]() {
		d, err := Seconds(s)
		f.SetInt(int64(d))
		return err
	}
	switch {
	case f.Kind() == reflect.String:
		f.SetString(s)
	case f.Kind() == reflect.Bool:
		b, err := strconv.ParseBool(s)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", s)
		}
		f.SetBool(b)
	case f.CanInt():
		n, err := strconv.ParseInt(s, 10, f.Type().Bits())
		if err != nil {
			return fmt.Errorf("%q is not a whole number", s)
		}
		f.SetInt(n)
	case f.CanUint():
		n, err := strconv.ParseUint(s, 10, f.Type().Bits())
		if err != nil {
			return fmt.Errorf("%q is not a whole number", s)
		}
		f.SetUint(n)
	case f.CanFloat():
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return fmt.Errorf("%q is not a number", s)
		}
		f.SetFloat(x)
	default:
		panic("verb: cannot read a " + f.Type().String())
	}
	return nil
}
