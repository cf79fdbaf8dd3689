package desktop

import (
	"os"
	"time"
)

// RecentArchive is an archive that was opened in this window or an earlier one.
type RecentArchive struct {
	ID     string // what it is known by, wherever it lies; "" = its digests can't be read
	Path   string
	Name   string
	Opened time.Time
}

// RecentBook remembers which archives were opened.
type RecentBook interface {
	// List gives them, the latest first.
	List() []RecentArchive
	// Opened puts one on top.
	Opened(a RecentArchive) error
	// Forget takes a path off the list.
	Forget(path string) error
}

// RecentState is an archive that was opened before.
type RecentState struct {
	ID       string `json:"id"`
	Path     string `json:"path"`
	Name     string `json:"name"`
	OpenedAt string `json:"openedAt"`
	There    bool   `json:"there"` // there is a file still
}

// RecentList are the archives that were opened before, the latest first.
type RecentList struct {
	Archives []RecentState `json:"archives"`
}

// RecentArchives gives the archives that were opened before.
func (s *Session) RecentArchives() RecentList {
	list := RecentList{Archives: []RecentState{}}
	if s.config.Recent == nil {
		return list
	}
	for _, a := range s.config.Recent.List() {
		info, err := os.Stat(a.Path)
		list.Archives = append(list.Archives, RecentState{
			ID: a.ID, Path: a.Path, Name: a.Name, OpenedAt: wireTime(a.Opened), There: err == nil && info.Mode().IsRegular(),
		})
	}
	return list
}

// ForgetArchive takes an archive off the list of those that were opened before. Its file stays.
func (s *Session) ForgetArchive(req PathRequest) (RecentList, error) {
	if s.config.Recent != nil {
		if err := s.config.Recent.Forget(req.Path); err != nil {
			return RecentList{}, err
		}
	}
	return s.RecentArchives(), nil
}

// remember notes that an archive was opened. Where nothing can be kept the window works without.
func (s *Session) remember(env *Environment) {
	if s.config.Recent == nil {
		return
	}
	if err := s.config.Recent.Opened(RecentArchive{ID: env.Archive.ID, Path: env.Archive.Path, Name: env.Name, Opened: time.Now()}); err != nil {
		s.config.Log.Warn("remembering which archive was opened", "error", err)
	}
}
