package shell_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/opsdeck/opsdeck/backend/shell"
)

func dist(manifest string) fstest.MapFS {
	return fstest.MapFS{
		".vite/manifest.json": {Data: []byte(manifest)},
		"assets/main-1.js":    {Data: []byte("export {}")},
		"assets/main-1.css":   {Data: []byte("body{}")},
	}
}

const built = `{
  "src/main.ts": {"file": "assets/main-1.js", "isEntry": true, "css": ["assets/main-1.css"], "imports": ["_shared.js"]},
  "_shared.js":  {"file": "assets/shared-1.js", "css": ["assets/shared-1.css"], "imports": ["src/main.ts"]}
}`

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

func TestPageNamesWhatWasBuilt(t *testing.T) {
	t.Parallel()
	h, problems, err := shell.New(dist(built), "")
	if err != nil || len(problems) != 0 {
		t.Fatal(problems, err)
	}
	page := get(t, h, "/").Body.String()
	order := []string{
		`href="/assets/shared-1.css"`, `href="/assets/main-1.css"`,
		`id="ops-header"`, `id="ops-nav"`, `id="ops-content"`, `id="ops-status"`, `src="/assets/main-1.js"`,
	}
	from := 0
	for _, want := range order {
		at := strings.Index(page[from:], want)
		if at < 0 {
			t.Fatalf("the page lacks %s, or has it too early:\n%s", want, page)
		}
		from += at
	}
}

func TestEveryAnswerCarriesThePolicy(t *testing.T) {
	t.Parallel()
	h, _, err := shell.New(dist(built), "")
	if err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{
		"/": 200, "/assets/main-1.js": 200, "/assets/": 404, "/assets/none.js": 404,
		"/.vite/manifest.json": 404, "/ops/runs": 404, "/theme/theme.css": 404, "/../go.mod": 404,
	} {
		w := get(t, h, path)
		if w.Code != status {
			t.Errorf("%s answers %d, not %d", path, w.Code, status)
		}
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s has the policy %q", path, policy)
		}
	}
}

func TestUnbuiltFrontEndIsSaid(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		dist fstest.MapFS
		want string
	}{
		"never built":  {fstest.MapFS{}, "make build"},
		"not JSON":     {dist("{"), "manifest"},
		"no entry":     {dist("{}"), "0 entries"},
		"two entries":  {dist(`{"a":{"isEntry":true},"b":{"isEntry":true}}`), "2 entries"},
		"not a object": {dist("[]"), "manifest"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := shell.New(test.dist, ""); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a sentence with %q", err, test.want)
			}
		})
	}
}
