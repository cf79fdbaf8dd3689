package localstate

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const (
	recentName = "archives.json"
	// maxRecent is how many archives are remembered.
	maxRecent = 12
	// maxRecentSize is the most that is read of the list: paths may be long.
	maxRecentSize = 256 << 10
)

// RecentArchive is an archive that was opened.
type RecentArchive struct {
	ID     string    `json:"id"` // what it is known by, wherever it lies
	Path   string    `json:"path"`
	Name   string    `json:"name"`
	Opened time.Time `json:"opened"`
}

// RecentArchives remembers which archives were opened. It is safe for concurrent use.
type RecentArchives struct {
	Folder string
	mu     sync.Mutex
}

// List gives them, the latest first; none where nobody knows, or the file makes no sense.
func (r *RecentArchives) List() []RecentArchive {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.load()
}

// Opened puts an archive on top. Where its file was moved here from another place, that place is forgotten.
func (r *RecentArchives) Opened(a RecentArchive) error {
	return r.change(func(list []RecentArchive) []RecentArchive {
		list = slices.DeleteFunc(list, func(old RecentArchive) bool {
			return old.Path == a.Path || old.ID == a.ID && a.ID != "" && !exists(old.Path)
		})
		return slices.Insert(list, 0, a)
	})
}

// Forget takes a path off the list.
func (r *RecentArchives) Forget(path string) error {
	return r.change(func(list []RecentArchive) []RecentArchive {
		return slices.DeleteFunc(list, func(old RecentArchive) bool { return old.Path == path })
	})
}

func (r *RecentArchives) change(how func([]RecentArchive) []RecentArchive) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := how(r.load())
	text, err := json.Marshal(list[:min(len(list), maxRecent)])
	if err != nil {
		return err
	}
	return write(r.Folder, recentName, text)
}

func (r *RecentArchives) load() []RecentArchive {
	text, err := os.ReadFile(filepath.Join(r.Folder, recentName))
	if err != nil || len(text) > maxRecentSize {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var list []RecentArchive
	if decoder.Decode(&list) != nil {
		return nil
	}
	return slices.DeleteFunc(list[:min(len(list), maxRecent)], func(a RecentArchive) bool { return !filepath.IsAbs(a.Path) })
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
