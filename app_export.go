//go:build !bindings

package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"log/slog"
	"os"
	"os/user"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/archive/write"
	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/localstate"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/record"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

// exporter writes archives of one environment.
type exporter struct {
	source  history.Source
	profile profile.Profile
	version string
}

func newExporter(c *connect.Connection, p profile.Profile, samples, version string) exporter {
	source := c.History
	source.Samples = record.Samples{Path: samples}
	return exporter{source, p, version}
}

// Export writes an archive, or goes on with one.
func (e exporter) Export(ctx context.Context, o desktop.ArchiveOrder, gate func(context.Context) error, told func(desktop.ArchiveProgress)) error {
	options := write.Options{
		Path: o.Path, Replace: o.Replace, Kind: write.RunsKind, Title: o.Title, Filter: o.Filter, Logs: o.Logs, LogIndex: true, Masks: o.Masks,
		Program: "opsdeck " + e.version, Profile: e.profile.Name, ProfileID: e.profile.ID, Stage: string(e.profile.Kind), TimeZone: o.TimeZone,
	}
	options.Host, _ = os.Hostname() // "" is as good a note as any
	if account, err := user.Current(); err == nil {
		options.Account = account.Username
	}
	if o.Incident {
		options.Kind, options.Reach = write.IncidentKind, true
	}
	if o.Sign {
		key, err := secrets.SigningKey(ctx, true)
		if err != nil {
			return err
		}
		options.Signer = write.WithKey(key, signerName())
	}
	if o.Note != "" {
		// The note's time is the window's, so that the same order again is the same export and goes on.
		at := time.UnixMicro(0)
		if o.Filter.CreatedFrom != nil {
			at = *o.Filter.CreatedFrom
		}
		options.Notes = []history.Note{{At: at, Author: options.Account, Text: o.Note}}
	}
	return write.Export(ctx, e.source, options, gate, func(p write.Progress) { told(progressOf(p)) })
}

func progressOf(p write.Progress) desktop.ArchiveProgress {
	progress := desktop.ArchiveProgress{
		Part: p.Part, Finishing: p.Phase == write.Finishing, Runs: p.Runs, Rows: p.Rows, Share: desktop.ShareOf(p.From, p.At, p.To), Resumed: p.Resumed,
	}
	if progress.Finishing && p.Steps > 0 {
		progress.Share = float64(p.Step) / float64(p.Steps)
	}
	return progress
}

// exportBook keeps unfinished exports where the window keeps what it needs of itself.
type exportBook struct {
	kept *localstate.UnfinishedExports
	log  *slog.Logger
}

// Unfinished gives those that have left something to go on with.
func (b exportBook) Unfinished() (list []desktop.KeptExport) {
	for id, text := range b.kept.List() {
		var k desktop.KeptExport
		if err := json.Unmarshal(text, &k); err != nil {
			b.log.Warn("an unfinished export can't be read", "id", id, "error", err)
			continue
		}
		if _, err := os.Stat(k.Order.Path + write.PartialSuffix); err == nil {
			list = append(list, k)
		}
	}
	return list
}

// Keep notes one that has begun.
func (b exportBook) Keep(k desktop.KeptExport) error {
	text, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return b.kept.Put(k.ID, text)
}

// Drop forgets one that is finished or discarded.
func (b exportBook) Drop(id string) error { return b.kept.Drop(id) }

// Discard removes what an unfinished archive has left.
func (exportBook) Discard(path string) error { return write.Discard(path) }

// Signer is the operator, with their key from the keyring. Without one yet, the first signature makes it.
func (exporter) Signer(ctx context.Context) (desktop.Signer, error) {
	who := desktop.Signer{Name: signerName()}
	key, err := secrets.SigningKey(ctx, false)
	if err == nil {
		who.Fingerprint = format.Fingerprint(key.Public().(ed25519.PublicKey))
	} else if scheduler.CodeOf(err) != scheduler.NotFound {
		return desktop.Signer{}, err
	}
	return who, nil
}

// signerName is what the operator calls themselves in a signature, as "opsctl archive sign" has it.
func signerName() string {
	host, _ := os.Hostname() // "" is as good a note as any
	account, err := user.Current()
	if err != nil {
		return "@" + host
	}
	return account.Username + "@" + host
}
