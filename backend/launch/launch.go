// Package launch reads what the desktop hands to the program: a link that somebody followed, or the file of an archive.
// Both may come from anybody, so that a link only ever names a screen: it never says what to do there.
package launch

import (
	"net/url"
	"path/filepath"
	"strings"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Scheme begins every link.
const Scheme = "opsdeck"

// Extension ends the name of every archive.
const Extension = ".opsdeck"

// Request is what to show. Exactly one of Link and Archive is set.
type Request struct {
	Link    *Link
	Archive string // the whole path of a file
}

// Read reads one argument of the command line. folder is where relative paths begin.
func Read(argument, folder string) (Request, error) {
	scheme, _, found := strings.Cut(argument, ":")
	switch {
	case found && strings.EqualFold(scheme, Scheme):
		link, err := ParseLink(argument)
		if err != nil {
			return Request{}, err
		}
		return Request{Link: &link}, nil
	case found && strings.EqualFold(scheme, "file"):
		path, err := filePath(argument)
		if err != nil {
			return Request{}, err
		}
		return archive(path, folder)
	}
	return archive(argument, folder)
}

// archive is a request for a file, which isn't looked at here.
func archive(path, folder string) (Request, error) {
	if path == "" || len(path) > maxPath || strings.ContainsRune(path, 0) || !strings.EqualFold(filepath.Ext(path), Extension) {
		return Request{}, scheduler.Errorf(scheduler.Invalid, "launch.not_known",
			"%.80q is neither a link (opsdeck://…), nor an archive (….opsdeck), nor a subcommand.", path)
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	return Request{Archive: filepath.Clean(path)}, nil
}

// maxPath is the longest path that systems take.
const maxPath = 4096

// filePath is the path of a file: URL, which file managers hand over.
func filePath(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" || (u.Host != "" && u.Host != "localhost") {
		return "", scheduler.Errorf(scheduler.Invalid, "launch.bad_file", "%.80q doesn't name a file of this machine.", text)
	}
	return filepath.FromSlash(u.Path), nil
}
