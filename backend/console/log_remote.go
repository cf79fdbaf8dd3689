package console

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// remoteLog reads a log from outside. While its run goes on it is asked again for what was added, and after a failure for what
// was missing.
type remoteLog struct {
	console *Console
	run     scheduler.Run // as it was before the last look at the log
	place   LogPlace
	file    *LogFile // nil between two looks
	grows   bool
	size    int64
	read    int64
	sum     hash.Hash // of what was read: whoever sends it again has to send the same
	version string
	broken  bool // reading failed there, and more of the same is wanted
	anew    bool // the next page begins the log again
}

func (c *Console) remoteLog(ctx context.Context, run scheduler.Run, place LogPlace) (*LogReader, error) {
	r := &remoteLog{console: c, run: run, place: place, sum: sha256.New()}
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	return &LogReader{Place: place, Size: r.size, next: func(context.Context) (LogPage, error) { return r.next(ctx) }, close: r.close}, nil
}

// open asks for what follows what was read, and makes sure that it does follow.
func (r *remoteLog) open(ctx context.Context) error {
	from, version := r.read, ""
	if r.broken {
		version = r.version
	}
	if !r.grows || r.broken && version == "" { // there is no place in it, or nothing to tell it from another by
		from = 0
	}
	if err := r.ask(ctx, from, version); err != nil {
		return err
	}
	follows := r.size < 0 || r.size >= r.read
	if follows && r.file.From < r.read {
		var err error
		if follows, err = r.repeats(); err != nil {
			r.broken = true
			return errors.Join(err, r.close())
		}
	}
	if follows {
		return nil
	}
	if err := r.close(); err != nil {
		return err
	}
	r.read, r.anew = 0, true
	r.sum.Reset()
	return r.ask(ctx, 0, "")
}

func (r *remoteLog) ask(ctx context.Context, from int64, version string) (err error) {
	if r.file, err = r.console.ports.LogFiles.OpenLog(ctx, r.place.Ref, from, version); err != nil {
		r.broken = true
		return err
	}
	r.grows, r.size, r.version, r.broken = r.file.Grows, r.file.Size, r.file.Version, false
	return nil
}

// repeats tells whether a log that comes from its beginning again begins with what was read of it.
func (r *remoteLog) repeats() (bool, error) {
	again := sha256.New()
	_, err := io.CopyN(again, r.file, r.read)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	return string(again.Sum(nil)) == string(r.sum.Sum(nil)), err
}

func (r *remoteLog) next(ctx context.Context) (page LogPage, err error) {
	if r.file == nil {
		if r.run, err = r.console.ports.Runs.Run(ctx, r.run.ID); err != nil {
			return page, err
		}
		if err := r.open(ctx); err != nil {
			return page, err
		}
	}
	data := make([]byte, MaxLogBytes)
	n, err := io.ReadFull(r.file, data)
	r.read += int64(n)
	r.sum.Write(data[:n])
	page = LogPage{Next: r.read, More: err == nil, Version: r.run.Version, Size: max(0, r.size), Anew: r.anew}
	r.anew = false
	if n > 0 {
		page.Chunks = []LogChunk{{Seq: r.read, Data: data[:n]}}
	}
	if err == nil {
		return page, nil
	}
	if _, failed := errors.AsType[*scheduler.Error](err); failed {
		r.broken = true
		return page, errors.Join(err, r.close())
	}
	if r.read < r.size {
		return r.short(page)
	}
	page.Ended = !r.grows || r.run.State.Final()
	return page, r.close()
}

// short is a page after which the log ended before its server's own end of it: a server may answer with less than was asked for,
// and is asked for the rest, but not for ever.
func (r *remoteLog) short(page LogPage) (LogPage, error) {
	r.broken = true
	if page.More = len(page.Chunks) > 0; page.More {
		return page, r.close()
	}
	return page, errors.Join(scheduler.Errorf(scheduler.Unavailable, "log.short",
		"The log ended at byte %d of %d, and its server sends no more.", r.read, r.size), r.close())
}

func (r *remoteLog) close() error {
	if r.file == nil {
		return nil
	}
	file := r.file
	r.file = nil
	return file.Close()
}
