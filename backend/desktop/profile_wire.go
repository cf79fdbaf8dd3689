package desktop

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ProfileList is what can be opened.
type ProfileList struct {
	Profiles []ProfileCard `json:"profiles"`
}

// ProfileCard is a profile in the list. Error says why its file can't be read; then its id is all there is.
type ProfileCard struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Kind        string     `json:"kind"`
	Color       string     `json:"color"`
	User        string     `json:"user"`
	Database    string     `json:"database"`
	Host        string     `json:"host"`  // the first of PostgreSQL's
	Hosts       int        `json:"hosts"` // how many there are
	Reach       string     `json:"reach"`
	SecretsFrom string     `json:"secretsFrom"`
	LastOpened  string     `json:"lastOpened"`
	Error       *WireError `json:"error,omitempty"`
}

// ProfileDetail is a profile for the editor: everything but its secrets, of which only the names are told.
type ProfileDetail struct {
	Profile  profile.Profile `json:"profile"`
	Revision string          `json:"revision"`
	Kept     []string        `json:"kept"`
	// ByPassphrase is set where what is kept is opened by a passphrase, whatever the profile says for the future.
	ByPassphrase bool `json:"byPassphrase"`
	// KeptError is why nobody can tell what is kept.
	KeptError *WireError `json:"keptError,omitempty"`
}

// ProfileRequest is a profile as the editor has it. Secrets are one text, so that no log can show their fields: JSON of
// {"passphrase": text, "newPassphrase": text, "set": {name: text}, "remove": [name]}.
type ProfileRequest struct {
	Profile  profile.Profile `json:"profile"`
	Revision string          `json:"revision"` // that was read; "" = it is new
	Secrets  string          `json:"secrets"`
}

// SavedProfile tells what became of saving. With problems nothing was written.
type SavedProfile struct {
	ID       string         `json:"id"`
	Revision string         `json:"revision"`
	Problems []FieldProblem `json:"problems"`
	Dropped  []string       `json:"dropped"` // secrets that have to be entered again
}

// FieldProblem is what is wrong with one field; "" is the whole.
type FieldProblem struct {
	Field string    `json:"field"`
	Error WireError `json:"error"`
}

// ImportPreview is what taking a file over would do.
type ImportPreview struct {
	Profile  profile.Profile `json:"profile"`
	Revision string          `json:"revision"` // to save it with
	Replaces string          `json:"replaces"` // the name of the profile that it would replace; "" = none
	Notes    []string        `json:"notes"`    // keys that the screens translate
}

// TextRequest is a file's text.
type TextRequest struct {
	Text string `json:"text"`
}

// NewProfile is an existing profile's id and its copy's name.
type NewProfile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// OpenProfileRequest names a profile to open. Secrets are as in ProfileRequest.
type OpenProfileRequest struct {
	ID      string `json:"id"`
	Secrets string `json:"secrets"`
}

// ServerURL is an address that was read into fields. The password is what the address held.
type ServerURL struct {
	Postgres profile.Postgres `json:"postgres"`
	Redis    profile.Redis    `json:"redis"`
	Password string           `json:"password"`
}

func wireCard(e profile.Entry) ProfileCard {
	p := e.Profile
	card := ProfileCard{
		ID: e.ID, Name: p.Name, Kind: string(p.Kind), Color: string(p.Color), User: p.Postgres.User, Database: p.Postgres.Database,
		Hosts: len(p.Postgres.Hosts), Reach: string(p.Reach.Kind), SecretsFrom: string(p.SecretsFrom.Kind),
		LastOpened: wireTime(e.Local.LastOpened), Error: wireOptional(e.Err),
	}
	if card.Hosts > 0 {
		card.Host = p.Postgres.Hosts[0]
	}
	return card
}

// problemsOf gives what is wrong field by field; nil for an error that is about none.
func problemsOf(err error) []FieldProblem {
	var found []FieldProblem
	if all, is := errors.AsType[profile.Problems](err); is {
		for _, e := range all {
			found = append(found, FieldProblem{Field: profile.FieldOf(e), Error: Wire(e)})
		}
	}
	return found
}

// parseSecrets reads what was typed. Its error quotes nothing of it.
func parseSecrets(text string) (SecretInput, error) {
	bad := scheduler.Errorf(scheduler.Invalid, "profile.bad_secrets", "What was typed as secrets can't be read. Please report this.")
	if text == "" {
		return SecretInput{}, nil
	}
	var typed struct {
		Passphrase    string                        `json:"passphrase"`
		NewPassphrase string                        `json:"newPassphrase"`
		Set           map[profile.SecretName]string `json:"set"`
		Remove        []profile.SecretName          `json:"remove"`
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&typed) != nil {
		return SecretInput{}, bad
	}
	in := SecretInput{
		Passphrase: profile.Secret(typed.Passphrase), NewPassphrase: profile.Secret(typed.NewPassphrase), Remove: typed.Remove,
	}
	for name, value := range typed.Set {
		place := in.Set.At(name)
		if place == nil {
			return SecretInput{}, bad
		}
		*place = profile.Secret(value)
	}
	if slices.ContainsFunc(typed.Remove, func(name profile.SecretName) bool { return in.Set.At(name) == nil }) {
		return SecretInput{}, bad
	}
	return in, nil
}

func wireNames[T ~string](names []T) []string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return texts
}
