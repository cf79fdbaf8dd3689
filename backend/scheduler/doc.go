// Package scheduler is the vocabulary of a leader/worker job scheduler: jobs, runs, workers, leadership, schedules,
// and the errors that every part of the program speaks in. It holds no I/O, no clock and no goroutine, and imports
// the standard library only, so that everything else may import it.
package scheduler
