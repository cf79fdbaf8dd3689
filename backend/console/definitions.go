package console

import (
	"context"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// MaxDefinitions is how many jobs are read whole at once.
	MaxDefinitions = 2000
	// definitionsAtOnce is how many of them are asked for at the same time.
	definitionsAtOnce = 8
)

// Definitions gives every job whole, arguments included, by name. It costs a query a job.
func (c *Console) Definitions(ctx context.Context) ([]scheduler.Job, error) {
	listed, err := c.ports.Jobs.ListJobs(ctx, 1)
	if err != nil {
		return nil, err
	}
	if len(listed) > MaxDefinitions {
		return nil, scheduler.Errorf(scheduler.Invalid, "definitions.too_many", "There are more than %d jobs; they can't be read whole at once.", MaxDefinitions).
			With("max", strconv.Itoa(MaxDefinitions))
	}
	jobs := make([]scheduler.Job, len(listed))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(definitionsAtOnce)
	for i, row := range listed {
		group.Go(func() (err error) {
			jobs[i], err = c.ports.Jobs.Job(ctx, row.Job.ID)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return jobs, nil
}

// StoredSettings gives every setting that the database has a value for, by key, as this login may see it.
func (c *Console) StoredSettings(ctx context.Context) ([]Setting, error) {
	tables, err := c.ports.Settings.SettingTables(ctx)
	if err != nil {
		return nil, err
	}
	all := mergeSettings(tables, nil)
	stored := all[:0]
	for _, s := range all {
		if s.Stored {
			stored = append(stored, s)
		}
	}
	return stored, nil
}
