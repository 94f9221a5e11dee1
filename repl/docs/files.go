package docs

import (
	"encoding/json"
	"maps"
	"slices"

	"wireline/protocols/verb"
)

// Completion is the completion for a shell: bash, zsh or fish.
func Completion(t Tree, shell string) (string, bool) {
	switch shell {
	case "bash":
		return bash(t), true
	case "zsh":
		return zsh(t), true
	case "fish":
		return fish(t), true
	}
	return "", false
}

// Schema is a JSON document of what each verb takes and yields.
func Schema(t Tree) string {
	list := func(vs []verb.Verb) []any {
		all := []any{}
		for _, v := range vs {
			all = append(all, v.Schema())
		}
		return all
	}
	protocols := []any{}
	for _, p := range t.Protocols {
		protocols = append(protocols, map[string]any{"name": p.Name, "description": p.Short, "open": list(p.Open), "verbs": list(slices.Concat(p.Verbs, p.Tools))})
	}
	options := map[string]any{}
	for _, f := range common(t) {
		options[f.Name] = f.Schema()
	}
	b, err := json.MarshalIndent(map[string]any{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"title":       "wireline",
		"description": "what each command takes, and the data of its result",
		"options":     options, "verbs": list(t.Verbs), "protocols": protocols,
	}, "", " ")
	if err != nil {
		panic(err) // of maps and strings there is always JSON
	}
	return string(b) + "\n"
}

// Files are all documents that t makes, by their paths.
func Files(t Tree) map[string]string {
	all := map[string]string{"schema.json": Schema(t)}
	for _, topic := range Topics(t) {
		all["man/"+pageName(topic)+".1"], _ = Man(t, topic)
		all["reference/"+pageName(topic)+".md"], _ = Markdown(t, topic)
	}
	for shell, file := range map[string]string{"bash": "wireline.bash", "zsh": "_wireline", "fish": "wireline.fish"} {
		all["completion/"+file], _ = Completion(t, shell)
	}
	return all
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
