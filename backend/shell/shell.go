// Package shell serves what the webview shows: the page that Go renders from base.html, an organisation's theme over
// it, and the built assets, under a content security policy that lets nothing in from outside.
package shell

import (
	"io/fs"
	"net/http"
	"strings"
)

// csp lets the page load what this handler serves and nothing else. The names and texts on the screens come from
// workers and are hostile; should one of them ever become markup, there is nothing it could run or reach.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-src 'none'; object-src 'none'"

// New makes the handler of the window's pages over the front end's build output and a theme's folder; "" is no theme.
// What of the theme can't be used is left out and told as a problem: a broken theme never costs the window. The error
// is about dist alone: it holds no entry page, as in a checkout whose front end was never built.
func New(dist fs.FS, themeFolder string) (http.Handler, []Problem, error) {
	entry, err := readManifest(dist)
	if err != nil {
		return nil, nil, err
	}
	theme := readTheme(themeFolder)
	page, err := theme.render(entry)
	if err != nil {
		return nil, nil, err
	}
	assets := http.FileServerFS(dist)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", csp)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		switch {
		case r.URL.Path == "/" || r.URL.Path == "/index.html":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Cache-Control", "no-store")
			_, _ = w.Write(page) // a webview that went away has nobody to tell
		case strings.HasPrefix(r.URL.Path, "/assets/") && !strings.HasSuffix(r.URL.Path, "/"):
			assets.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, themePath):
			theme.serve(w, r)
		default:
			http.NotFound(w, r)
		}
	}), theme.problems, nil
}
