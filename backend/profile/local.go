package profile

import (
	"cmp"
	"errors"
	"io/fs"
	"time"

	"github.com/go-json-experiment/json"
)

// Local is what this machine remembers of a profile. It isn't exported.
type Local struct {
	LastOpened time.Time `json:"last_opened"`
	// SystemIdentifier is the PostgreSQL cluster that was found at the first opening; "" = not opened yet.
	SystemIdentifier string `json:"system_identifier"`
}

// Local gives what this machine remembers of a profile. A file that can't be read is like none.
func (s *Store) Local(id string) (Local, error) {
	b, err := s.read(id, localSuffix, maxDocument)
	if errors.Is(err, fs.ErrNotExist) {
		return Local{}, nil
	}
	if err != nil {
		return Local{}, err
	}
	var l Local
	if err := json.Unmarshal(b, &l); err != nil {
		return Local{}, unreadable(err)
	}
	return l, nil
}

// Remember changes what this machine remembers of a profile.
func (s *Store) Remember(id string, change func(*Local)) error {
	return s.locked(func() error {
		if now, err := s.revision(id); err != nil || now == "" {
			return cmp.Or(err, notFound(id))
		}
		l, _ := s.Local(id) // damaged: begun anew
		change(&l)
		b, err := json.Marshal(l)
		if err != nil {
			return err
		}
		return s.write(id, localSuffix, b)
	})
}
