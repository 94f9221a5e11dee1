package verb

import (
	"context"
	"encoding/json"
	"testing"
	"time"
)

type node struct {
	Name  string    `json:"name"`
	When  time.Time `json:"when"`
	Lines []string  `json:"lines"`
	Child *node     `json:"child"`
	Took  time.Duration
}

type nodeArgs struct {
	Path string `arg:"path" help:"which one"`
	Sort string `flag:"s,sort" enum:"name,size" help:"by what"`
	Many []int  `flag:"many" help:"numbers"`
}

// a schema tells the type of every argument and of every field,
// and ends where a type is within itself.
func TestSchema(t *testing.T) {
	v := Verb{Name: "ls", Short: "list", Run: Call(func(int, context.Context, nodeArgs) (Stream[node], error) { return nil, nil })}
	b, err := json.Marshal(v.Schema())
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"description":"list","input":{"additionalProperties":false,"properties":{` +
		`"many":{"description":"numbers","items":{"type":"integer"},"type":"array"},` +
		`"path":{"description":"which one","type":"string"},` +
		`"sort":{"description":"by what","enum":["name","size"],"type":"string"}},"required":["path"],"type":"object"},` +
		`"name":"ls","output":{"properties":{"child":{},"lines":{"items":{"type":"string"},"type":"array"},` +
		`"name":{"type":"string"},"when":{"format":"date-time","type":["string","null"]}},"type":"object"},"shape":"records"}`
	if string(b) != want {
		t.Errorf("%s\nwant\n%s", b, want)
	}
}
