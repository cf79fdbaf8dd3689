// Package doctor tries out a profile step by step, from the way there to the workers, and says of each step what it found and what to
// do. It changes nothing anywhere.
package doctor

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// State is how a step went.
type State string

// The states.
const (
	OK      State = "ok"
	Warning State = "warning" // it works, and somebody should know
	Failed  State = "failed"
	Skipped State = "skipped" // not tried, because a step before it failed
)

// Finding is what one step found. Says is a sentence whatever the state is; only where a step failed is it an error.
type Finding struct {
	Check string // as in Names
	State State
	Says  *scheduler.Error
}

// check is one step. It gives its sentence, and an error of its own where it can't go on.
type check struct {
	name  string
	needs []string // steps that must not have failed
	when  func(profile.Profile) bool
	run   func(context.Context, *visit) Finding
}

// checkTime bounds a step; the way there may wait for somebody to touch a token.
const (
	checkTime = 15 * time.Second
	wayTime   = 45 * time.Second
)

// checks are all steps in their order.
var checks = []check{
	{name: "way", run: checkWay},
	{name: "postgres.resolve", needs: []string{"way"}, run: resolvePostgres},
	{name: "postgres.connect", needs: []string{"postgres.resolve"}, run: connectPostgres},
	{name: "postgres.tls", needs: []string{"postgres.connect"}, run: postgresTLS},
	{name: "postgres.login", needs: []string{"postgres.tls"}, run: postgresLogin},
	{name: "postgres.schema", needs: []string{"postgres.login"}, run: postgresSchema},
	{name: "postgres.gate", needs: []string{"postgres.schema"}, run: postgresGate},
	{name: "postgres.rights", needs: []string{"postgres.schema"}, run: postgresRights},
	{name: "postgres.clock", needs: []string{"postgres.login"}, run: postgresClock},
	{name: "postgres.replica", needs: []string{"postgres.login"}, when: hasReplica, run: postgresReplica},
	{name: "redis.resolve", needs: []string{"way"}, run: resolveRedis},
	{name: "redis.connect", needs: []string{"redis.resolve"}, run: connectRedis},
	{name: "redis.login", needs: []string{"redis.connect"}, run: redisLogin},
	{name: "redis.rights", needs: []string{"redis.login"}, run: redisRights},
	{name: "redis.clock", needs: []string{"redis.login"}, run: redisClock},
	{name: "workers.certificate", when: callsByTLS, run: workersCertificate},
	{name: "workers.answer", needs: []string{"redis.rights", "workers.certificate"}, when: callsWorkers, run: workersAnswer},
	{name: "workers.clock", needs: []string{"workers.answer"}, when: callsWorkers, run: workersClock},
}

// Names are all steps in their order. Some don't apply to every profile.
func Names() []string {
	names := make([]string, len(checks))
	for i, c := range checks {
		names[i] = c.name
	}
	return names
}

// Run tries out a profile with its secrets and tells each finding as it comes. known is the system identifier that its PostgreSQL must
// have, "" = any; the one that was found is given back. Run ends early with ctx, without a word about what was not tried.
func Run(ctx context.Context, p profile.Profile, secrets profile.Secrets, known string, tell func(Finding)) (server string) {
	v := &visit{profile: p, secrets: secrets, known: known, log: slog.New(slog.DiscardHandler)}
	defer v.close()
	broken := map[string]bool{}
	for _, c := range checks {
		if c.when != nil && !c.when(p) {
			continue
		}
		f := v.perform(ctx, c, broken)
		if ctx.Err() != nil {
			break
		}
		f.Check = c.name
		broken[c.name] = f.State == Failed || f.State == Skipped
		tell(f)
	}
	return v.database.Server
}

// perform makes one step, unless one that it stands on failed.
func (v *visit) perform(ctx context.Context, c check, broken map[string]bool) Finding {
	for _, need := range c.needs {
		if broken[need] {
			return say(Skipped, "doctor.not_tried", "Not tried, because a step before it failed.")
		}
	}
	limit := checkTime
	if c.name == "way" {
		limit = wayTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return c.run(ctx, v)
}

// say makes a finding of a sentence.
func say(s State, reason, format string, args ...any) Finding {
	code := scheduler.Unavailable
	return Finding{State: s, Says: scheduler.Errorf(code, reason, format, args...)}
}

// with adds a value that the translated sentence names.
func (f Finding) with(name, value string) Finding {
	f.Says = f.Says.With(name, value)
	return f
}

// failed makes a finding of an error, which says what to do.
func failed(err error) Finding {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return Finding{State: Failed, Says: e}
	}
	f := say(Failed, "doctor.unexpected", "The step failed in a way that Opsdeck doesn't know: %v.", err)
	f.Says.Cause = err
	return f
}

// aboutTime judges how far a clock is from ours.
func aboutTime(part string, offset, uncertain time.Duration) Finding {
	words := offset.Round(time.Millisecond).String()
	switch {
	case offset.Abs() > tooFarOff+uncertain:
		return say(Failed, "doctor.clock_wrong",
			"The clock of %s is %s from this machine's. Times on screen and schedules would mislead; have both set by NTP.", part, words).
			with("part", part).with("offset", words)
	case offset.Abs() > farOff+uncertain:
		return say(Warning, "doctor.clock_off", "The clock of %s is %s from this machine's. Have both set by NTP.", part, words).
			with("part", part).with("offset", words)
	}
	return say(OK, "doctor.clock_fine", "The clock of %s is %s from this machine's.", part, words).with("part", part).with("offset", words)
}

// How far clocks may be apart before somebody should know, and before nothing on screen can be trusted.
const (
	farOff    = 2 * time.Second
	tooFarOff = time.Minute
)
