package shell_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/shell"
)

// themed writes a theme and opens the window's pages with it.
func themed(t *testing.T, files map[string]string) (http.Handler, []shell.Problem, string) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	h, problems, err := shell.New(dist(built), folder)
	if err != nil {
		t.Fatal(err)
	}
	return h, problems, folder
}

const modal = `<div data-ops="dialog"><h2 data-ops="title"></h2><button data-ops="dismiss"></button>
  <div data-ops="body"></div><p class="acme" data-ops="footer"></p></div>`

func TestAThemeChangesWhatItMay(t *testing.T) {
	t.Parallel()
	h, problems, _ := themed(t, map[string]string{
		"theme.css": `:root { --ops-accent: #123456 } @media (min-width: 9px) { .acme { color: var(--ops-fg) } }`,
		"base.html": `{{define "title"}}Acme <ops>{{end}}
			{{define "nav"}}<img src="/theme/static/logo.svg" alt="Acme"><nav id="ops-nav"></nav>{{end}}
			{{define "extra_js"}}<script type="module" src="/theme/static/extra.js"></script>{{end}}`,
		"partials/modal.html": modal,
		"static/logo.svg":     `<svg xmlns="http://www.w3.org/2000/svg"/>`,
		"static/extra.js":     `export {}`,
		".DS_Store":           "\x00",
		".git/config":         "x",
	})
	if len(problems) != 0 {
		t.Errorf("problems: %+v", problems)
	}
	page := get(t, h, "/").Body.String()
	for _, want := range []string{
		"Acme &lt;ops>", `alt="Acme"`, `class="acme"`, `src="/theme/static/extra.js"`, `id="ops-header"`,
		"<link rel=\"stylesheet\" href=\"/assets/main-1.css\">\n  <link rel=\"stylesheet\" href=\"/theme/theme.css\">",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	for path, kind := range map[string]string{
		"/theme/theme.css": "text/css; charset=utf-8", "/theme/static/logo.svg": "image/svg+xml",
		"/theme/static/extra.js": "text/javascript; charset=utf-8",
	} {
		w := get(t, h, path)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != kind || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s answers %d, %v", path, w.Code, w.Header())
		}
	}
	for _, path := range []string{"/theme/base.html", "/theme/.git/config", "/theme/", "/theme/static/", "/theme/../go.mod"} {
		if w := get(t, h, path); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
}

// Whatever a theme does, the page that comes out is one that the screens can live in, and the problem is told.
func TestABrokenThemeFallsBack(t *testing.T) {
	t.Parallel()
	plain, _, _ := themed(t, nil)
	want := get(t, plain, "/").Body.String()
	for name, test := range map[string]struct {
		file, text, what, cause string
	}{
		"syntax":             {"base.html", `{{define "title"}}{{end`, "template", "unclosed action"},
		"unknown value":      {"base.html", `{{define "title"}}{{.Nobody}}{{end}}`, "template", "Nobody"},
		"unknown block":      {"base.html", `{{define "footer"}}x{{end}}`, "template", `no block "footer"`},
		"text between":       {"base.html", `<p>lost</p>{{define "title"}}x{{end}}`, "template", "outside"},
		"no content":         {"base.html", `{{define "content"}}<p>hello</p>{{end}}`, "template", "0 elements with the id ops-content"},
		"two headers":        {"base.html", `{{define "nav"}}<div id="ops-header"></div>{{end}}`, "template", "2 elements with the id ops-header"},
		"open comment":       {"base.html", `{{define "content"}}<main id="ops-content"></main><!--{{end}}`, "template", ""},
		"open script":        {"base.html", `{{define "nav"}}<script>{{end}}`, "template", ""},
		"too long":           {"base.html", `{{define "nav"}}{{range 9999999}}a word {{end}}{{end}}`, "template", "grows beyond"},
		"endless":            {"base.html", `{{define "title"}}{{template "title" .}}{{end}}`, "template", "exceeded maximum template depth"},
		"modal without body": {"partials/modal.html", strings.ReplaceAll(modal, `data-ops="body"`, ""), "template", `data-ops="body"`},
		"modal twice":        {"partials/modal.html", modal + modal, "template", "2 elements"},
		"modal out of place": {"partials/modal.html", "</template>" + modal, "template", ""},
		"redefined base":     {"partials/modal.html", modal + `{{define "base.html"}}x{{end}}`, "template", ""},
		"not UTF-8":          {"base.html", "{{define \"title\"}}\xff{{end}}", "text", "UTF-8"},
		"import":             {"theme.css", `@import "https://hostile.example/a.css";`, "css", "@import"},
		"url":                {"theme.css", `body { background: URL( 'x.png' ) }`, "css", "loads"},
		"bare url":           {"theme.css", `body { background: url(x.png) }`, "css", "loads"},
		"escaped url":        {"theme.css", `body { background: \75rl("x.png") }`, "css", "loads"},
		"image set":          {"theme.css", `body { background: image-set("x.png" 1x) }`, "css", "loads"},
		"font face":          {"theme.css", `@font-face { font-family: x }`, "css", "@font-face"},
		"open brace":         {"theme.css", `body { color: red`, "css", "brace"},
		"closed twice":       {"theme.css", `body { color: red }}`, "css", "brace"},
		"open text":          {"theme.css", "body { content: \"x\n }", "css", "not closed"},
		"url in static":      {"static/more.css", `body { background: url(x.png) }`, "css", "loads"},
		"unknown file":       {"readme.txt", "hello", "unknown", ""},
		"unknown kind":       {"static/run.sh", "rm", "unknown", ""},
		"out of place":       {"partials/table.html", "x", "unknown", ""},
		"too big":            {"static/big.js", strings.Repeat(" ", 3<<20), "too_big", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, problems, _ := themed(t, map[string]string{test.file: test.text})
			if len(problems) != 1 || problems[0].File != test.file || problems[0].What != test.what ||
				problems[0].Cause == nil || !strings.Contains(problems[0].Cause.Error(), test.cause) {
				t.Errorf("problems: %+v", problems)
			}
			if page := get(t, h, "/").Body.String(); page != want {
				t.Errorf("the page is not the built-in one:\n%s", page)
			}
		})
	}
}

// One broken file costs that file and no other.
func TestTheRestOfAThemeStays(t *testing.T) {
	t.Parallel()
	h, problems, _ := themed(t, map[string]string{
		"theme.css": "@import 'x';", "base.html": `{{define "title"}}Acme{{end}}`, "partials/modal.html": "nothing",
	})
	if len(problems) != 2 {
		t.Errorf("problems: %+v", problems)
	}
	page := get(t, h, "/").Body.String()
	if !strings.Contains(page, "<title>Acme</title>") || strings.Contains(page, "/theme/theme.css") || !strings.Contains(page, `data-ops="body"`) {
		t.Error(page)
	}
}

func TestAThemeThatOthersMayWriteIsNotUsed(t *testing.T) {
	t.Parallel()
	_, _, folder := themed(t, map[string]string{"theme.css": "body{}", "base.html": `{{define "title"}}Acme{{end}}`})
	if err := os.Chmod(filepath.Join(folder, "base.html"), 0o666); err != nil {
		t.Fatal(err)
	}
	h, problems, err := shell.New(dist(built), folder)
	if err != nil || len(problems) != 1 || problems[0].What != "writable" || problems[0].File != "base.html" {
		t.Errorf("%+v, %v", problems, err)
	}
	if page := get(t, h, "/").Body.String(); strings.Contains(page, "Acme") || !strings.Contains(page, "/theme/theme.css") {
		t.Error(page)
	}
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	_, problems, err = shell.New(dist(built), folder)
	if err != nil || len(problems) != 1 || problems[0].What != "writable" || problems[0].File != "" {
		t.Errorf("%+v, %v", problems, err)
	}
}

func TestLinksOutOfAThemeAreNotFollowed(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "secret.js")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, folder := themed(t, map[string]string{"static/a.js": ""})
	if err := os.Symlink(secret, filepath.Join(folder, "static", "out.js")); err != nil {
		t.Fatal(err)
	}
	h, problems, err := shell.New(dist(built), folder)
	if err != nil || len(problems) != 1 || problems[0].File != "static/out.js" {
		t.Errorf("%+v, %v", problems, err)
	}
	if w := get(t, h, "/theme/static/out.js"); w.Code != http.StatusNotFound {
		t.Error(w.Body)
	}
}

func TestAMissingThemeIsTold(t *testing.T) {
	t.Parallel()
	for name, folder := range map[string]string{"missing": "/nowhere/theme", "a file": "theme_test.go"} {
		_, problems, err := shell.New(dist(built), folder)
		if err != nil || len(problems) != 1 || problems[0].What != "missing" {
			t.Errorf("%s: %+v, %v", name, problems, err)
		}
	}
}

// The example in the documentation is a theme that works.
func TestTheExampleIsATheme(t *testing.T) {
	t.Parallel()
	h, problems, err := shell.New(dist(built), filepath.FromSlash("../../docs/theme/example"))
	if err != nil || len(problems) != 0 {
		t.Fatalf("%+v, %v", problems, err)
	}
	page := get(t, h, "/").Body.String()
	for _, want := range []string{"/theme/theme.css", "/theme/static/", `id="ops-nav"`, `id="ops-content"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
}

func FuzzTheme(f *testing.F) {
	f.Add("body { color: var(--ops-fg) }", `{{define "title"}}x{{end}}`, modal)
	f.Add(`\75 rl(x)`, `{{define "content"}}<main id=ops-content>{{end}}`, "{{.}}")
	f.Fuzz(func(t *testing.T, css, base, dialog string) {
		h, _, _ := themed(t, map[string]string{"theme.css": css, "base.html": base, "partials/modal.html": dialog})
		page := get(t, h, "/").Body.String()
		for _, want := range []string{`id="ops-header"`, "ops-content", `src="/assets/main-1.js"`} {
			if !strings.Contains(page, want) {
				t.Fatalf("the page lacks %s:\n%s", want, page)
			}
		}
	})
}
