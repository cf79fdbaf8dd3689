package compare

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Store keeps the rules of each pair of profiles in a file. They hold no secret; the folder is the operator's own.
type Store struct {
	Folder string
	mu     sync.Mutex
}

const (
	rulesVersion = 1
	maxRulesFile = 4 << 20
)

// rulesFile is what a file holds. Its sides are the profiles in the order of their ids.
type rulesFile struct {
	Version int    `json:"version"`
	Here    string `json:"here"`
	There   string `json:"there"`
	Rules   Rules  `json:"rules"`
}

var profileID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// Load gives the rules between two profiles, as here reads them; none where none were kept.
func (s *Store) Load(here, there string) (Rules, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load(here, there)
}

// Change changes the rules between two profiles and keeps them.
func (s *Store) Change(here, there string, change func(Rules) (Rules, error)) (Rules, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rules, err := s.load(here, there)
	if err != nil {
		return nil, err
	}
	if rules, err = change(rules); err != nil {
		return nil, err
	}
	return rules, s.save(here, there, rules)
}

func (s *Store) load(here, there string) (Rules, error) {
	path, turned, err := s.path(here, there)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	var file rulesFile
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil || len(text) > maxRulesFile || file.Version != rulesVersion {
		return nil, unreadable(path, err)
	}
	file.Rules.tidy()
	for _, rule := range file.Rules {
		if err := rule.check(); err != nil {
			return nil, unreadable(path, err)
		}
	}
	if turned {
		return file.Rules.turned(), nil
	}
	return file.Rules, nil
}

func (s *Store) save(here, there string, rules Rules) error {
	path, turned, err := s.path(here, there)
	if err != nil {
		return err
	}
	file := rulesFile{Version: rulesVersion, Here: here, There: there, Rules: rules}
	if turned {
		file.Here, file.There, file.Rules = there, here, rules.turned()
	}
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.Folder, 0o700); err != nil {
		return unwritable(path, err)
	}
	part, err := os.CreateTemp(s.Folder, "."+filepath.Base(path)+".*") // readable by its owner alone
	if err != nil {
		return unwritable(path, err)
	}
	_, err = part.Write(text)
	if err = errors.Join(err, part.Sync(), part.Close()); err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		return errors.Join(unwritable(path, err), os.Remove(part.Name()))
	}
	return nil
}

// path names the file of a pair, whichever side asks, and tells whether here is its second side.
func (s *Store) path(here, there string) (path string, turned bool, err error) {
	if !profileID.MatchString(here) || !profileID.MatchString(there) || here == there {
		return "", false, scheduler.Errorf(scheduler.Invalid, "compare.bad_pair", "Two different environments are needed to compare.")
	}
	if turned = there < here; turned {
		here, there = there, here
	}
	return filepath.Join(s.Folder, here+"."+there+".json"), turned, nil
}

func unreadable(path string, cause error) error {
	return scheduler.Errorf(scheduler.Invalid, "compare.unreadable", "%s can't be read: repair or delete it. No difference counts as expected until then.", path).
		With("path", path).Because(cause)
}

func unwritable(path string, cause error) error {
	return scheduler.Errorf(scheduler.Unavailable, "compare.unwritable", "%s can't be written. Check its folder's rights and the space on its disk.", path).
		With("path", path).Because(cause)
}
