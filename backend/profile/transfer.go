package profile

import (
	"reflect"
	"slices"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Export writes a profile for another machine or person. A program that gives secrets stays here: its arguments may tell something,
// and nobody should run what a file says.
func Export(p Profile) ([]byte, error) {
	if p.SecretsFrom.Kind == FromCommand {
		p.SecretsFrom = SecretsFrom{Kind: FromOperator}
	}
	return Encode(p.Normal())
}

// Note is something about an import that its reader should know. It is a key that both languages have words for.
type Note string

// The notes.
const (
	CommandDropped Note = "command_dropped" // a program to get secrets from is not taken over
	KindKept       Note = "kind_kept"       // the file says a less careful kind
	KindRaised     Note = "kind_raised"     // the file says a more careful kind
	SourceKept     Note = "source_kept"     // secrets go on coming from where they do
	WayChanged     Note = "way_changed"     // other servers, or another way there: secrets have to be entered again
	IDChanged      Note = "id_changed"      // the file's id can't be used
)

// Import is what taking over an exported profile would do. Nothing is written, and nothing connected, before [Store.Save].
type Import struct {
	Profile Profile
	// Base is what Save wants: "" if the profile is new, else the state of the profile with the same id, which is in Replaces.
	Base     Revision
	Replaces Profile
	Notes    []Note

	asIs Profile // what the file says, but for what no file may
}

// ReadImport reads an exported profile, whoever wrote it, and holds it against the profiles that are here.
func (s *Store) ReadImport(b []byte) (Import, error) {
	incoming, err := decode(b, upgrades)
	if err != nil {
		return Import{}, err
	}
	i := Import{Profile: incoming}
	if incoming.SecretsFrom.Kind == FromCommand {
		i.Profile.SecretsFrom = SecretsFrom{Kind: FromOperator}
		i.note(CommandDropped)
	}
	i.asIs = i.Profile
	if incoming.ID == string(Sandbox) {
		i.Profile.ID = s.FreeID(incoming.Name)
		i.note(IDChanged)
		return i, nil
	}
	i.Replaces, i.Base, err = s.Get(incoming.ID)
	if scheduler.CodeOf(err) == scheduler.NotFound {
		return i, nil
	}
	if err != nil {
		return Import{}, err // a damaged one is not to be replaced unseen
	}
	i.over(i.Replaces)
	return i, nil
}

// AsNew lets the import be a profile of its own beside the one with the same id.
func (s *Store) AsNew(i Import, name string) Import {
	p := i.asIs
	p.Name, p.ID = name, s.FreeID(name)
	return Import{Profile: p, Notes: slices.DeleteFunc(slices.Clone(i.Notes), func(n Note) bool { return n != CommandDropped })}
}

// over keeps what a file may not change of a profile that is here.
func (i *Import) over(here Profile) {
	switch was, will := slices.Index(Kinds(), here.Kind), slices.Index(Kinds(), i.Profile.Kind); {
	case will < was:
		i.Profile.Kind = here.Kind
		i.note(KindKept)
	case will > was:
		i.note(KindRaised)
	}
	if here.IdleMinutes > 0 && (i.Profile.IdleMinutes == 0 || i.Profile.IdleMinutes > here.IdleMinutes) {
		i.Profile.IdleMinutes = here.IdleMinutes // as careful as it was
	}
	if !reflect.DeepEqual(here.SecretsFrom, i.Profile.SecretsFrom) {
		i.Profile.SecretsFrom = here.SecretsFrom
		i.note(SourceKept)
	}
	if !reflect.DeepEqual(here.way(), i.Profile.way()) {
		i.note(WayChanged)
	}
}

func (i *Import) note(n Note) { i.Notes = append(i.Notes, n) }

// way is a profile without what says nothing about where its secrets go.
func (p Profile) way() Profile {
	p.Name, p.Color, p.IdleMinutes, p.SecretsFrom = "", "", 0, SecretsFrom{}
	return p
}
