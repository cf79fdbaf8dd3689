package desktop

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/opsdeck/opsdeck/backend/export"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Profiles keeps the profiles of environments, tries them out and opens them. It needs nothing to be open.
type Profiles struct{ session *Session }

// NewProfiles binds the profiles. A window without a store has none.
func NewProfiles(s *Session) *Profiles { return &Profiles{s} }

// keyringTime bounds how long a keyring may ask somebody before it gives a secret.
const keyringTime = 35 * time.Second

// List gives the profiles, the one that was opened last first.
func (p *Profiles) List() (ProfileList, error) {
	return alone(p, "Profiles.List", func(context.Context) (ProfileList, error) {
		entries, err := p.store().List()
		list := ProfileList{Profiles: make([]ProfileCard, len(entries))}
		for i, e := range entries {
			list.Profiles[i] = wireCard(e)
		}
		return list, err
	})
}

// Get gives a profile for the editor.
func (p *Profiles) Get(req IDRequest) (ProfileDetail, error) {
	return alone(p, "Profiles.Get", func(context.Context) (ProfileDetail, error) {
		found, revision, err := p.store().Get(req.ID)
		if err != nil {
			return ProfileDetail{}, err
		}
		kept, byPassphrase, err := p.secrets().Kept(found.ID)
		return ProfileDetail{
			Profile: found, Revision: string(revision), Kept: wireNames(kept), ByPassphrase: byPassphrase, KeptError: wireOptional(err),
		}, nil
	})
}

// Save writes a profile, and with it what is kept of its secrets.
func (p *Profiles) Save(req ProfileRequest) (SavedProfile, error) {
	return alone(p, "Profiles.Save", func(ctx context.Context) (SavedProfile, error) {
		typed, err := parseSecrets(req.Secrets)
		if err != nil {
			return SavedProfile{}, err
		}
		wanted := req.Profile
		if wanted.ID == "" {
			wanted.ID = p.store().FreeID(wanted.Name)
		}
		revision, dropped, err := p.secrets().Save(ctx, wanted, profile.Revision(req.Revision), typed)
		if problems := problemsOf(err); problems != nil {
			return SavedProfile{ID: wanted.ID, Problems: problems, Dropped: []string{}}, nil
		}
		return SavedProfile{ID: wanted.ID, Revision: string(revision), Problems: []FieldProblem{}, Dropped: wireNames(dropped)}, err
	})
}

// ForgetSecrets removes all that is kept of a profile's secrets. What is open stays open.
func (p *Profiles) ForgetSecrets(req IDRequest) error {
	_, err := alone(p, "Profiles.ForgetSecrets", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.secrets().Forget(ctx, req.ID)
	})
	return err
}

// Delete removes a profile with its secrets. What is open stays open.
func (p *Profiles) Delete(req IDRequest) error {
	_, err := alone(p, "Profiles.Delete", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.secrets().Delete(ctx, req.ID)
	})
	return err
}

// Duplicate makes a profile like another one, without its secrets.
func (p *Profiles) Duplicate(req NewProfile) (SavedProfile, error) {
	return alone(p, "Profiles.Duplicate", func(context.Context) (SavedProfile, error) {
		copied, _, err := p.store().Get(req.ID)
		if err != nil {
			return SavedProfile{}, err
		}
		copied.Name, copied.ID = req.Name, p.store().FreeID(req.Name)
		revision, err := p.store().Save(copied, "")
		if problems := problemsOf(err); problems != nil {
			return SavedProfile{Problems: problems, Dropped: []string{}}, nil
		}
		return SavedProfile{ID: copied.ID, Revision: string(revision), Problems: []FieldProblem{}, Dropped: []string{}}, err
	})
}

// ReadImport says what taking a file over would do. Saving what it gives does it.
func (p *Profiles) ReadImport(req TextRequest) (ImportPreview, error) {
	return alone(p, "Profiles.ReadImport", func(context.Context) (ImportPreview, error) {
		found, err := p.store().ReadImport([]byte(req.Text))
		return ImportPreview{
			Profile: found.Profile, Revision: string(found.Base), Replaces: found.Replaces.Name, Notes: wireNames(found.Notes),
		}, err
	})
}

// Export writes a profile without secrets into a file that the operator picks, or else into the folder of downloads.
func (p *Profiles) Export(req SuggestProfileRequest) (ExportFile, error) {
	return alone(p, "Profiles.Export", func(context.Context) (ExportFile, error) {
		found, _, err := p.store().Get(req.ID)
		if err != nil {
			return ExportFile{}, err
		}
		text, err := profile.Export(found)
		if err != nil {
			return ExportFile{}, err
		}
		return p.write(found.ID+".opsdeck-profile.json", req.Title, text)
	})
}

// SuggestProfileRequest names a profile to export, and the dialog that asks where to.
type SuggestProfileRequest struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func (p *Profiles) write(name, title string, text []byte) (ExportFile, error) {
	path, err := p.session.config.ChooseFile(title, export.Folder(), name)
	if err != nil || path == "" {
		return ExportFile{}, err
	}
	file, err := export.Create(path, "json", true)
	if err != nil {
		return ExportFile{}, err
	}
	if _, err := file.Write(text); err != nil {
		return ExportFile{}, errors.Join(err, file.Drop())
	}
	return ExportFile{Path: file.Path(), Chosen: true}, file.Finish()
}

// ReadPostgresURL reads an address as libpq writes it into fields.
func (p *Profiles) ReadPostgresURL(req TextRequest) (ServerURL, error) {
	return alone(p, "Profiles.ReadPostgresURL", func(context.Context) (ServerURL, error) {
		fields, password, err := profile.ParsePostgresURL(req.Text)
		return ServerURL{Postgres: fields, Password: password.Reveal()}, err
	})
}

// ReadRedisURL reads an address as redis-cli writes it into fields.
func (p *Profiles) ReadRedisURL(req TextRequest) (ServerURL, error) {
	return alone(p, "Profiles.ReadRedisURL", func(context.Context) (ServerURL, error) {
		fields, password, err := profile.ParseRedisURL(req.Text)
		return ServerURL{Redis: fields, Password: password.Reveal()}, err
	})
}

// Open begins to open a profile's environment. Another live one is closed first; the topic "session" tells how it goes.
func (p *Profiles) Open(req OpenProfileRequest) (SessionState, error) {
	typed, err := parseSecrets(req.Secrets)
	if err != nil {
		return SessionState{}, err
	}
	return p.session.openProfile(req.ID, typed), nil
}

func (p *Profiles) store() ProfileStore   { return p.session.config.Profiles }
func (p *Profiles) secrets() SecretKeeper { return p.session.config.Secrets }

// alone is lend for what belongs to no environment.
func alone[T any](p *Profiles, name string, do func(context.Context) (T, error)) (result T, err error) {
	if p.session.config.Profiles == nil {
		return result, scheduler.Errorf(scheduler.Unavailable, "profile.no_store", "This window has no folder for profiles. The log says why.")
	}
	ctx, cancel := context.WithTimeout(context.Background(), keyringTime)
	defer cancel()
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("panic in %s: %v\n%s", name, caught, debug.Stack())
		}
		if err != nil {
			p.session.config.Log.ErrorContext(ctx, "bound call failed", "call", name, "error", err)
		}
	}()
	return do(ctx)
}
