package profile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
	"golang.org/x/text/secure/precis"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Store is the folder of an operator's profiles, a file each. Several processes may use it at once. Nothing is kept in memory.
type Store struct{ dir string }

// Revision is a state of a profile's file: saving over another one is refused.
type Revision string

// Entry is a profile in a list.
type Entry struct {
	ID      string
	Profile Profile
	Local   Local
	// Err is why the file can't be read; then ID is all there is. The file is left as it is.
	Err error
}

const (
	profileSuffix = ".profile.json"
	localSuffix   = ".local.json"
)

// DefaultDir is where an operator's profiles are: OPSDECK_CONFIG_DIR, or the user's own configuration folder.
func DefaultDir() (string, error) {
	if dir := os.Getenv("OPSDECK_CONFIG_DIR"); dir != "" {
		return filepath.Abs(dir)
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return "", scheduler.Errorf(scheduler.Invalid, "profile.no_folder",
			"This system names no folder for configuration. Set OPSDECK_CONFIG_DIR to a folder of yours.").Because(err)
	}
	return filepath.Join(config, "opsdeck"), nil
}

// OpenStore uses a folder below dir, and makes it if need be. A folder or file that others could change or read is refused.
func OpenStore(dir string) (*Store, error) {
	s := &Store{filepath.Join(dir, "profiles")}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, explain(s.dir, err)
	}
	if err := checkOwner(s.dir); err != nil {
		return nil, err
	}
	s.removePartial()
	return s, nil
}

// Dir is the folder. What belongs to a profile and isn't in it lies beside it, named after its id.
func (s *Store) Dir() string { return s.dir }

// Path is the file beside a profile that has the suffix.
func (s *Store) Path(id, suffix string) string { return filepath.Join(s.dir, id+suffix) }

// List gives all profiles: the one that was opened last first, then by name.
func (s *Store) List() ([]Entry, error) {
	files, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, explain(s.dir, err)
	}
	var entries []Entry
	for _, file := range files {
		id, found := strings.CutSuffix(file.Name(), profileSuffix)
		if !found || !idShape.MatchString(id) {
			continue
		}
		e := Entry{ID: id}
		if e.Profile, _, e.Err = s.Get(id); scheduler.CodeOf(e.Err) == scheduler.NotFound {
			continue // deleted meanwhile
		}
		e.Local, _ = s.Local(id) // what can't be read is as good as none
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		if order := b.Local.LastOpened.Compare(a.Local.LastOpened); order != 0 {
			return order
		}
		return strings.Compare(a.Profile.Name+"\x00"+a.ID, b.Profile.Name+"\x00"+b.ID)
	})
	return entries, nil
}

// Find gives the profile with that id or, if there is none, that name.
func (s *Store) Find(idOrName string) (Profile, Revision, error) {
	entries, err := s.List()
	if err != nil {
		return Profile{}, "", err
	}
	for _, fits := range []func(e Entry) bool{
		func(e Entry) bool { return e.ID == idOrName },
		func(e Entry) bool { return e.Err == nil && sameName(e.Profile.Name, idOrName) },
	} {
		if i := slices.IndexFunc(entries, fits); i >= 0 {
			return s.Get(entries[i].ID)
		}
	}
	return Profile{}, "", notFound(idOrName)
}

// Get reads a profile.
func (s *Store) Get(id string) (Profile, Revision, error) {
	if !idShape.MatchString(id) {
		return Profile{}, "", notFound(id)
	}
	b, err := s.read(id, profileSuffix, maxDocument)
	if errors.Is(err, fs.ErrNotExist) {
		return Profile{}, "", notFound(id)
	}
	if err != nil {
		return Profile{}, "", err
	}
	p, err := decode(b, upgrades)
	if err == nil && p.ID != id {
		err = scheduler.Errorf(scheduler.Invalid, "profile.renamed",
			"The file %s holds the profile %s. Import it instead of copying it there.", id+profileSuffix, p.ID).With("file", id+profileSuffix).With("id", p.ID)
	}
	if err != nil {
		return Profile{}, "", err
	}
	return p, revisionOf(b), nil
}

// Save writes a profile. base is the revision that was read, "" for a profile that is new: if the file is another by now nothing is
// written. The revision that it gives is the new one.
func (s *Store) Save(p Profile, base Revision) (Revision, error) {
	p = p.Normal()
	if err := p.Validate(); err != nil {
		return "", err
	}
	if p.ID == string(Sandbox) {
		return "", scheduler.Errorf(scheduler.Invalid, "profile.reserved_id", "The sandbox is no profile that can be kept.")
	}
	b, err := Encode(p)
	if err != nil {
		return "", err
	}
	return revisionOf(b), s.locked(func() error {
		now, err := s.revision(p.ID)
		if err != nil {
			return err
		}
		if now != base {
			return scheduler.Errorf(scheduler.Conflict, "profile.changed",
				"The profile %s was changed meanwhile, here or in another window. Look at it again.", p.ID).With("id", p.ID)
		}
		if err := s.nameIsFree(p); err != nil {
			return err
		}
		return s.write(p.ID, profileSuffix, b)
	})
}

// revision is what a profile's file is now; "" if there is none. A damaged file has one too, so that it can be replaced.
func (s *Store) revision(id string) (Revision, error) {
	b, err := s.read(id, profileSuffix, maxDocument)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return revisionOf(b), err
}

func (s *Store) nameIsFree(p Profile) error {
	entries, err := s.List()
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.ID != p.ID && (e.ID == p.Name || e.Err == nil && sameName(e.Profile.Name, p.Name)) {
			return Problems{scheduler.Errorf(scheduler.Conflict, "profile.name_taken", "Another profile has this name. Two that look alike get confused.").
				With("field", "name")}
		}
	}
	return nil
}

// sameName compares as people see names: by letters, whatever their case and width.
func sameName(a, b string) bool {
	x, errX := precis.Nickname.CompareKey(a)
	y, errY := precis.Nickname.CompareKey(b)
	return errX == nil && errY == nil && x == y
}

// FreeID makes an id from a name, for a profile that is new.
func (s *Store) FreeID(name string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return ' '
	}, name)
	id := strings.Join(strings.Fields(plain), "-")
	if id = strings.Trim(id[:min(len(id), 40)], "-"); id == "" || reserved.MatchString(id) || id == string(Sandbox) {
		id = "profile"
	}
	free := id
	for n := 2; s.taken(free); n++ {
		free = id + "-" + strconv.Itoa(n)
	}
	return free
}

// taken tells whether anything is left of a profile with that id, its secrets for instance.
func (s *Store) taken(id string) bool {
	files, _ := filepath.Glob(s.Path(id, ".*")) // the pattern is ours
	return len(files) > 0
}

// Delete removes a profile and all that lies beside it. Deleting again does nothing.
func (s *Store) Delete(id string) error {
	if !idShape.MatchString(id) {
		return notFound(id)
	}
	return s.locked(func() error {
		files, _ := filepath.Glob(s.Path(id, ".*")) // the pattern is ours
		// The profile itself goes last: while it is there, the rest can be deleted again.
		slices.SortFunc(files, func(a, b string) int { return strings.Compare(endsLast(a), endsLast(b)) })
		for _, file := range files {
			if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return explain(file, err)
			}
		}
		return nil
	})
}

func endsLast(file string) string {
	if strings.HasSuffix(file, profileSuffix) {
		return "1"
	}
	return "0"
}

// locked keeps other processes, and other calls of this one, from writing meanwhile.
func (s *Store) locked(do func() error) error {
	lock := flock.New(filepath.Join(s.dir, ".lock"), flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return explain(s.dir, err)
	}
	defer func() { _ = lock.Unlock() }() // it goes with the file at the latest
	return do()
}

func (s *Store) read(id, suffix string, limit int64) ([]byte, error) {
	path := s.Path(id, suffix)
	f, err := openOwn(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, explain(path, err)
	}
	return b, nil
}

func revisionOf(b []byte) Revision {
	sum := sha256.Sum256(b)
	return Revision(hex.EncodeToString(sum[:]))
}

func notFound(id string) error {
	return scheduler.Errorf(scheduler.NotFound, "profile.not_found", "There is no profile %q.", id).With("profile", id)
}
