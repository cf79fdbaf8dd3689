package compare

import (
	"math"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
)

// Trend is how a measure of there stands to that of here.
type Trend string

// The trends. Few is what can't be told from so few runs.
const (
	Similar Trend = "similar"
	Higher  Trend = "higher"
	Lower   Trend = "lower"
	Few     Trend = "few"
)

// JobRuns is what became of a job's runs on both sides.
type JobRuns struct {
	Name        string
	State       State
	Here, There *console.JobActivity // nil where it had none
	Failures    Trend                // the share of runs that failed
	Duration    Trend                // the median
}

const (
	// fewestRuns are needed on each side to tell a trend.
	fewestRuns = 20
	// slower is how many times as long runs must take, or as short, for a trend. Half as long again is beyond what the load of a
	// machine does to most jobs.
	slower = 1.5
	// shortest is the difference below which nobody cares.
	shortest = 100 * time.Millisecond
)

// Activity compares what became of the runs of two sides, by the names of jobs. Two windows never count the same, so that a job
// differs where one of its trends does.
func Activity(here, there []console.JobActivity) []JobRuns {
	return pair(here, there, func(a console.JobActivity) string { return a.JobName }, func(name string, here, there []console.JobActivity) JobRuns {
		runs := JobRuns{Name: name, Failures: Few, Duration: Few}
		if len(here) > 1 || len(there) > 1 {
			runs.State = Unknown // which belongs to which?
			return runs
		}
		if len(here) == 1 {
			runs.Here = &here[0]
		}
		if len(there) == 1 {
			runs.There = &there[0]
		}
		runs.judge()
		return runs
	})
}

func (r *JobRuns) judge() {
	switch {
	case r.There == nil:
		r.State = OnlyHere
		return
	case r.Here == nil:
		r.State = OnlyThere
		return
	}
	r.Failures, r.Duration = failures(*r.Here, *r.There), durations(r.Here.Duration, r.There.Duration)
	r.State = Equal
	for _, trend := range []Trend{r.Failures, r.Duration} {
		if trend == Higher || trend == Lower {
			r.State = Different
		}
	}
}

// failures compares two shares by what each may be with a certainty of 95 %: they differ where those ranges don't meet.
func failures(here, there console.JobActivity) Trend {
	allHere, failedHere := here.Ended()
	allThere, failedThere := there.Ended()
	if allHere < fewestRuns || allThere < fewestRuns {
		return Few
	}
	lowHere, highHere := wilson(failedHere, allHere)
	lowThere, highThere := wilson(failedThere, allThere)
	switch {
	case lowThere > highHere:
		return Higher
	case highThere < lowHere:
		return Lower
	}
	return Similar
}

// wilson is the range that a share lies in, after E. B. Wilson; it holds for small shares too, unlike the usual one.
func wilson(part, of int) (low, high float64) {
	const z = 1.96
	n := float64(of)
	p := float64(part) / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	reach := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return middle - reach, middle + reach
}

func durations(here, there console.Percentiles) Trend {
	if here.N < fewestRuns || there.N < fewestRuns {
		return Few
	}
	switch {
	case (there.P50 - here.P50).Abs() < shortest:
		return Similar
	case float64(there.P50) > slower*float64(here.P50):
		return Higher
	case float64(here.P50) > slower*float64(there.P50):
		return Lower
	}
	return Similar
}
