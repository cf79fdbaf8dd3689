package shell

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"sort"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	themePath       = "/theme/"
	themeStylesheet = "theme.css"
	staticFolder    = "static"

	maxFile  = 2 << 20 // bytes; a theme is read whole at the start
	maxTheme = 8 << 20
	maxFiles = 100
)

// served are the kinds of files that a theme's static folder may hold.
var served = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".woff2": "font/woff2",
}

// Problem is a part of a theme that was left out, and why.
type Problem struct {
	File string // below the theme's folder; "" is the folder itself
	// What is one of: missing, writable, unreadable, too_big, unknown, text, css, template.
	What  string
	Cause error
}

// theme is what of a theme's folder can be used.
type theme struct {
	templates  map[string]string // by their names in builtin
	files      map[string][]byte // by their paths below themePath
	stylesheet bool
	problems   []Problem
}

func (t *theme) problem(file, what string, cause error) {
	t.problems = append(t.problems, Problem{File: file, What: what, Cause: cause})
}

// readTheme reads a theme's folder:
//
//	theme.css             tokens and plain rules, after ours
//	base.html             {{define}}s of base.html's blocks
//	partials/modal.html   what every dialog looks like
//	static/…              files for them, served below /theme/static/
func readTheme(folder string) *theme {
	t := &theme{templates: map[string]string{}, files: map[string][]byte{}}
	if folder == "" {
		return t
	}
	root, err := os.OpenRoot(folder) // nothing that a link leads out to
	if err != nil {
		t.problem("", "missing", err)
		return t
	}
	defer root.Close()
	if err := onlyItsOwnerWrites(root, "."); err != nil {
		t.problem("", "writable", err)
		return t
	}
	size, count := 0, 0
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			t.problem(name, "unreadable", err)
			return nil
		case name == "." || strings.HasPrefix(path.Base(name), "."):
			if entry.IsDir() && name != "." {
				return fs.SkipDir
			}
			return nil
		}
		if err := onlyItsOwnerWrites(root, name); err != nil {
			t.problem(name, "writable", err)
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			return nil
		}
		text, err := readFile(root, name)
		if err != nil {
			t.problem(name, what(err), err)
			return nil
		}
		if count++; count > maxFiles || size+len(text) > maxTheme {
			t.problem("", "too_big", fmt.Errorf("more than %d files or %d MiB", maxFiles, maxTheme>>20))
			return fs.SkipAll
		}
		size += len(text)
		t.take(name, text)
		return nil
	})
	if err != nil {
		t.problem("", "unreadable", err)
	}
	sort.SliceStable(t.problems, func(i, j int) bool { return t.problems[i].File < t.problems[j].File })
	return t
}

var errTooBig = fmt.Errorf("more than %d MiB", maxFile>>20)

func what(err error) string {
	if errors.Is(err, errTooBig) {
		return "too_big"
	}
	return "unreadable"
}

func readFile(root *os.Root, name string) ([]byte, error) {
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	if info.Size() > maxFile {
		return nil, errTooBig
	}
	return root.ReadFile(name)
}

// take keeps a file of the theme for what its place says it is.
func (t *theme) take(name string, text []byte) {
	kind := path.Ext(name)
	_, servable := served[kind]
	inStatic := strings.HasPrefix(name, staticFolder+"/") && servable
	switch {
	case !inStatic && name != themeStylesheet && name != basePage && name != modalPartial:
		t.problem(name, "unknown", errors.New("a theme has no such file"))
	case kind != ".css" && kind != ".html" && kind != ".js":
		t.files[name] = text
	case !utf8.Valid(text):
		t.problem(name, "text", errors.New("not UTF-8"))
	case kind == ".html":
		t.templates[name] = string(text)
	case kind == ".css":
		if err := checkStylesheet(text); err != nil {
			t.problem(name, "css", err)
			return
		}
		t.files[name] = text
		t.stylesheet = t.stylesheet || name == themeStylesheet
	default:
		t.files[name] = text
	}
}

func (t *theme) serve(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, themePath)
	text, ok := t.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", served[path.Ext(name)])
	w.Header().Set("Cache-Control", "no-store")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
}
