package profile

import (
	"errors"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	format  = "opsdeck-profile"
	version = 2
	// maxDocument is far more than a profile with long certificate chains needs.
	maxDocument = 1 << 20
	// maxQuoted is how much of somebody else's text an error repeats.
	maxQuoted = 80
)

// document is a profile as files have it.
type document struct {
	Format  string  `json:"format"`
	Version int     `json:"version"`
	Profile Profile `json:"profile"`
}

// upgrade changes a document of one version into one of the next.
type upgrade func(document map[string]any) error

// upgrades are by the version that they start from, the first from 1. A version that adds a field needs no more than to be counted:
// older programs then say that they are too old instead of dropping the field.
var upgrades = []upgrade{counted} // 2: idle_minutes

func counted(map[string]any) error { return nil }

// Encode writes a profile as files have it, for people too: they look into their files.
func Encode(p Profile) ([]byte, error) {
	b, err := json.Marshal(document{format, version, p}, jsontext.WithIndent("  "))
	return append(b, '\n'), err
}

// decode reads a document strictly, whoever wrote it. The profile that it gives is normal and valid.
func decode(b []byte, upgrades []upgrade) (Profile, error) {
	if len(b) > maxDocument {
		return Profile{}, scheduler.Errorf(scheduler.Invalid, "profile.too_large",
			"The file is larger than a profile can be (%d bytes).", maxDocument).With("bytes", strconv.Itoa(maxDocument))
	}
	var header struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(b, &header); err != nil {
		return Profile{}, unreadable(err)
	}
	latest := len(upgrades) + 1
	switch {
	case header.Format != format || header.Version < 1:
		return Profile{}, scheduler.Errorf(scheduler.Invalid, "profile.no_profile",
			"The file is no profile of Opsdeck. A profile comes from “Export” or from “opsctl profile export”.")
	case header.Version > latest:
		return Profile{}, scheduler.Errorf(scheduler.Invalid, "profile.newer",
			"The profile was written by a newer Opsdeck (format %d; this one knows %d). Update Opsdeck.", header.Version, latest).
			With("found", strconv.Itoa(header.Version)).With("known", strconv.Itoa(latest))
	case header.Version < latest:
		var err error
		if b, err = raise(b, header.Version, upgrades); err != nil {
			return Profile{}, unreadable(err)
		}
	}
	var d document
	if err := json.Unmarshal(b, &d, json.RejectUnknownMembers(true)); err != nil {
		return Profile{}, unreadable(err)
	}
	p := d.Profile.Normal()
	return p, p.Validate()
}

func raise(b []byte, from int, upgrades []upgrade) ([]byte, error) {
	var d map[string]any
	if err := json.Unmarshal(b, &d); err != nil {
		return nil, err
	}
	for _, step := range upgrades[from-1:] {
		if err := step(d); err != nil {
			return nil, err
		}
	}
	d["version"] = len(upgrades) + 1
	return json.Marshal(d)
}

func unreadable(cause error) error {
	where := ""
	if e, ok := errors.AsType[*json.SemanticError](cause); ok {
		where = string(e.JSONPointer)
	} else if e, ok := errors.AsType[*jsontext.SyntacticError](cause); ok {
		where = string(e.JSONPointer)
	}
	if runes := []rune(where); len(runes) > maxQuoted {
		where = string(runes[:maxQuoted]) + "…"
	}
	where = strconv.QuoteToGraphic(where)
	return scheduler.Errorf(scheduler.Invalid, "profile.unreadable",
		"The profile can't be read: it is damaged at %s, or has a field that this version doesn't know.", where).With("where", where).Because(cause)
}

// Decode reads what Encode wrote, or what somebody has made of it. The profile that it gives is normal and valid.
func Decode(b []byte) (Profile, error) { return decode(b, upgrades) }
