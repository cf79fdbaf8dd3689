//go:build !bindings

package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/signers"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/launch"
	"github.com/opsdeck/opsdeck/backend/localstate"
)

// aMoment is how long before its export a window may end and still be of the present.
const aMoment = time.Minute

// OpenArchive opens an archive. It is checked later, beside the screens.
func (o opener) OpenArchive(ctx context.Context, path string) (_ *desktop.Environment, err error) {
	a, err := archive.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = a.Close()
		}
	}()
	facts := a.Facts()
	from, to, err := a.Window(ctx)
	if err != nil {
		return nil, err
	}
	at := func(ctx context.Context, moment time.Time) (*console.Console, console.Knowledge, error) {
		known, err := a.Known(ctx, moment)
		if err != nil {
			return nil, console.Knowledge{}, err
		}
		return console.New(a.Ports(moment), func() time.Time { return moment }, o.options.Log), known, nil
	}
	whole, known, err := at(ctx, to)
	if err != nil {
		return nil, err
	}
	// What was exported of the past is looked at as of its own end first; after that nothing was taken.
	shown, moment := whole, to
	if end := facts.To; end.After(from) && to.Sub(end) > aMoment {
		moment = end
		if shown, known, err = at(ctx, moment); err != nil {
			return nil, err
		}
	}
	id, unknown := a.Identity(ctx)
	if unknown != nil {
		o.options.Log.WarnContext(ctx, "no link can lead into this archive", "path", a.Path(), "error", unknown)
	}
	name := strings.TrimSuffix(filepath.Base(a.Path()), filepath.Ext(a.Path()))
	if facts.Title != "" {
		name = facts.Title
	}
	return &desktop.Environment{
		ID: "archive:" + a.Path(), Name: name, Kind: facts.Stage, Console: shown, Close: a.Close,
		Archive: &desktop.ArchiveFacts{
			Path: a.Path(), ID: id, Source: facts.Profile, Profile: facts.ProfileID, From: from, To: to, MadeAt: facts.Exported, MadeBy: maker(facts), Filter: conditions(facts.Filter),
			Masked: masked(facts.Masked), Moment: moment, Known: known, Whole: whole, At: at,
			Verify: func(ctx context.Context, progress func(done, total int64)) (desktop.Trust, error) {
				return o.verify(ctx, a, progress)
			},
		},
	}, nil
}

func (o opener) verify(ctx context.Context, a *archive.Archive, progress func(done, total int64)) (desktop.Trust, error) {
	verdict, err := a.Verify(ctx, progress)
	if err != nil {
		return desktop.Trust{}, err
	}
	trust := desktop.Trust{Chained: verdict.Chain != nil}
	for i, change := range verdict.Changed {
		trust.Changed = append(trust.Changed, change.Part)
		if i == 0 {
			trust.FirstRow = change.FirstRow
		}
	}
	if verdict.Chain != nil && !verdict.Chain.OK {
		trust.ChainBroken = verdict.Chain.AuditID
	}
	for _, s := range verdict.Signatures {
		standing, name, err := o.signers.Judge(s.PublicKey, s.Signer)
		if err != nil {
			o.options.Log.WarnContext(ctx, "nobody's key is known", "error", err)
		}
		// Of several signatures the worst is told, and before a stranger's that of somebody known.
		if trust.Signed && s.Valid && standing != signers.Impostor && (trust.Impostor || standing != signers.Known) {
			continue
		}
		trust.Signed, trust.Signature = true, "good"
		trust.Key, trust.Fingerprint, trust.Claimed = s.PublicKey, s.Fingerprint, s.Signer
		trust.Signer, trust.Impostor = name, standing == signers.Impostor
		if !s.Valid {
			trust.Key, trust.Signature = nil, "bad"
			break
		}
	}
	return trust, nil
}

// signerBook remembers signers where the command line does.
type signerBook struct{ file signers.File }

// Trust adds a key under a name.
func (b signerBook) Trust(name string, key []byte) error {
	return b.file.Trust(signers.Signer{Name: name, Key: key})
}

// maker is who exported: the operator as the database knows them, or the account on their machine.
func maker(f archive.Facts) string {
	for _, name := range []string{f.Operator, f.Login, f.Account} {
		if name != "" {
			return name
		}
	}
	return ""
}

// maxConditions bounds what is told of a filter: whoever wrote the file chose it.
const maxConditions = 50

// conditions is what narrowed the runs, as it was written down.
func conditions(filter any) (list []desktop.Condition) {
	fields, ok := filter.(map[string]any)
	if !ok {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value := wordOf(fields[name])
		if list = append(list, desktop.Condition{Name: name, Value: value}); len(list) == maxConditions {
			break
		}
	}
	return list
}

// wordOf is a value of a filter as text; of several, separated by commas.
func wordOf(value any) string {
	switch v := value.(type) {
	case []any:
		words := make([]string, len(v))
		for i, one := range v {
			words[i] = wordOf(one)
		}
		return strings.Join(words, ",")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64) // ids are no powers of ten
	}
	return fmt.Sprint(value)
}

func masked(counts map[string]int64) (n int64) {
	for _, c := range counts {
		n += c
	}
	return n
}

// recentBook remembers archives where the window keeps what it needs of itself.
type recentBook struct{ kept *localstate.RecentArchives }

// List gives the archives that were opened, the latest first.
func (b recentBook) List() (list []desktop.RecentArchive) {
	for _, a := range b.kept.List() {
		list = append(list, desktop.RecentArchive(a))
	}
	return list
}

// Opened puts one on top.
func (b recentBook) Opened(a desktop.RecentArchive) error {
	return b.kept.Opened(localstate.RecentArchive(a))
}

// Forget takes a path off the list.
func (b recentBook) Forget(path string) error { return b.kept.Forget(path) }

// handed shows what the desktop hands over: files that were dropped onto the window, the link of a notification.
func handed(session *desktop.Session, arguments ...string) {
	for _, argument := range arguments {
		request, err := launch.Read(argument, "/")
		if err != nil {
			desktop.Launch(session, nil, err)
			continue
		}
		desktop.Launch(session, &request, nil)
	}
}
