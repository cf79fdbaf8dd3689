package desktop

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// openArchiveTimeout bounds how long opening an archive may take: large ones are checked.
const openArchiveTimeout = 60 * time.Second

// PathRequest names a file.
type PathRequest struct {
	Path string `json:"path"`
}

// OpenArchiveRequest names an archive to open.
type OpenArchiveRequest struct {
	Path string `json:"path"`
	// Expect is what the archive has to be known by; "" = anything. A link leads into no other archive than its own.
	Expect string `json:"expect"`
}

// FileKind is what a dialog for opening a file offers.
type FileKind struct {
	Name    string // for people
	Pattern string // such as *.opsdeck
}

// ChooseArchiveRequest is what the dialog that chooses an archive says.
type ChooseArchiveRequest struct {
	Title string `json:"title"`
	Name  string `json:"name"` // of the kind of files
}

// ChooseArchive lets the operator pick an archive in the system's own dialog; an empty path means that they did not.
func (s *Session) ChooseArchive(req ChooseArchiveRequest) (PathRequest, error) {
	if s.config.ChooseToOpen == nil {
		return PathRequest{}, scheduler.Errorf(scheduler.Unavailable, "export.no_dialog", "There is no dialog to choose a file with. Type its path.")
	}
	path, err := s.config.ChooseToOpen(req.Title, FileKind{Name: req.Name, Pattern: "*.opsdeck"})
	return PathRequest{Path: path}, err
}

// OpenArchive opens an archive beside whatever else is open, and shows it. A file that is open already is only shown.
func (s *Session) OpenArchive(req OpenArchiveRequest) (SessionState, error) {
	file := lookAt(req.Path)
	if s.showOpen(file, req.Expect) {
		return s.State(), nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), openArchiveTimeout)
	defer cancel()
	env, err := s.config.Opener.OpenArchive(ctx, req.Path)
	if err != nil {
		return SessionState{}, err
	}
	if req.Expect != "" && env.Archive.ID != req.Expect {
		return SessionState{}, errors.Join(scheduler.Errorf(scheduler.Conflict, "archive.another", "%s is another archive than the one that is wanted.", req.Path).
			With("path", req.Path), env.Close())
	}
	s.remember(env)
	o := enliven("", env)
	o.trust, o.file = newTrust(), file
	s.changed(func() {
		s.archives = append(s.archives, o)
		s.show(o)
		if env.Archive.Verify != nil {
			o.uses.Go(func() { s.verify(o) })
		}
	})
	return s.State(), nil
}

// lookAt takes note of a file, so that it is known again; nil where there is none.
func lookAt(path string) os.FileInfo {
	info, err := os.Stat(path)
	if err != nil {
		return nil // opening it says why
	}
	return info
}

// showOpen shows an archive that is open from the same file, unless that was changed meanwhile.
func (s *Session) showOpen(file os.FileInfo, expect string) (shown bool) {
	if file == nil {
		return false
	}
	s.changed(func() {
		at := slices.IndexFunc(s.archives, func(a *opened) bool {
			return a.file != nil && os.SameFile(a.file, file) && a.file.Size() == file.Size() && a.file.ModTime().Equal(file.ModTime()) &&
				(expect == "" || expect == a.Archive.ID)
		})
		if shown = at >= 0; shown {
			s.show(s.archives[at])
		}
	})
	return shown
}

// CloseArchive closes an archive. If it is shown, the live environment is shown instead, or the first screen.
func (s *Session) CloseArchive(req ShowRequest) (SessionState, error) {
	s.mu.Lock()
	o := s.find(req.Key)
	s.mu.Unlock()
	if o == nil || o.Archive == nil {
		return SessionState{}, scheduler.Errorf(scheduler.NotFound, "session.not_open", "What should be closed is not open any more.")
	}
	s.closeArchive(req.Key)
	return s.State(), nil
}

func (s *Session) openArchives() []*opened {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.archives)
}

func (s *Session) closeArchive(key string) {
	var ours *opened
	s.changed(func() {
		at := slices.IndexFunc(s.archives, func(a *opened) bool { return a.key == key })
		if at < 0 {
			return
		}
		ours = s.archives[at]
		s.archives = slices.Delete(s.archives, at, at+1)
		if s.shown == ours {
			s.show(s.live)
		}
	})
	if ours != nil {
		s.closing(ours)
	}
}
