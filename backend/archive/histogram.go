package archive

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
)

// histogram counts durations by steps of five percent.
type histogram map[int64]int

// bucketOf is the step of a histogram that a duration falls into; see docs/archive-format.md.
func bucketOf(d time.Duration) int64 {
	if d < time.Millisecond {
		return 0
	}
	return 1 + int64(math.Log(float64(d)/float64(time.Millisecond))/math.Log(bucketRatio))
}

// bucketValue is the middle of a step.
func bucketValue(bucket int64) time.Duration {
	if bucket <= 0 {
		return 0
	}
	return time.Duration(float64(time.Millisecond) * math.Pow(bucketRatio, float64(bucket)-0.5))
}

const bucketRatio = 1.05

// percentiles reads them off, to within two and a half percent.
func (h histogram) percentiles() console.Percentiles {
	buckets := slices.Sorted(maps.Keys(h))
	n := 0
	for _, runs := range h {
		n += runs
	}
	at := func(q float64) time.Duration {
		rest := int(q * float64(n-1))
		for _, b := range buckets {
			if rest -= h[b]; rest < 0 {
				return bucketValue(b)
			}
		}
		return 0
	}
	if n == 0 {
		return console.Percentiles{}
	}
	return console.Percentiles{N: n, P50: at(0.5), P95: at(0.95), P99: at(0.99)}
}
