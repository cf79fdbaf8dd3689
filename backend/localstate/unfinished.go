package localstate

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
)

const (
	unfinishedName = "exports.json"
	// maxUnfinished bounds what is read and kept of exports: an order is small, but filters and notes may be long.
	maxUnfinished = 1 << 20
)

// UnfinishedExports keeps what is needed to go on with exports that a window has begun, by their ids. It is safe for concurrent use.
type UnfinishedExports struct {
	Folder string
	mu     sync.Mutex
}

// List gives them; none where nobody knows, or the file makes no sense.
func (u *UnfinishedExports) List() map[string]json.RawMessage {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.load()
}

// Put keeps one.
func (u *UnfinishedExports) Put(id string, export json.RawMessage) error {
	return u.change(func(all map[string]json.RawMessage) { all[id] = export })
}

// Drop forgets one, as when it is finished.
func (u *UnfinishedExports) Drop(id string) error {
	return u.change(func(all map[string]json.RawMessage) { delete(all, id) })
}

func (u *UnfinishedExports) change(how func(map[string]json.RawMessage)) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := u.load()
	how(all)
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return write(u.Folder, unfinishedName, text)
}

func (u *UnfinishedExports) load() map[string]json.RawMessage {
	all := map[string]json.RawMessage{}
	text, err := os.ReadFile(filepath.Join(u.Folder, unfinishedName))
	if err != nil || len(text) > maxUnfinished || json.Unmarshal(text, &all) != nil || all == nil {
		return map[string]json.RawMessage{}
	}
	return all
}
