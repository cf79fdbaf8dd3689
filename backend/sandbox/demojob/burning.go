package demojob

import (
	"context"
	"crypto/sha256"
	"os"
	"time"
)

// burning uses some processor, memory and disk for about ten seconds, little enough for a laptop.
func burning(ctx context.Context, out output) int {
	scratch, err := os.CreateTemp("", "opsdeck-thumbnails-*")
	if err != nil {
		out.errorf("%v", err)
		return 1
	}
	defer os.Remove(scratch.Name())
	defer scratch.Close()

	held := make([]byte, 48<<20)
	for page := 0; page < len(held); page += os.Getpagesize() {
		held[page] = 1 // memory that is never touched is never taken
	}
	for image := range 40 {
		began, sum := time.Now(), sha256.Sum256(held[:1<<20])
		for time.Since(began) < 60*time.Millisecond {
			sum = sha256.Sum256(held[:1<<20])
			copy(held, sum[:])
		}
		if _, err := scratch.WriteAt(held[:256<<10], 0); err != nil {
			out.errorf("%v", err)
			return 1
		}
		if _, err := scratch.ReadAt(held[:256<<10], 0); err != nil {
			out.errorf("%v", err)
			return 1
		}
		out.printf("%02d/40 %x.webp", image+1, sum[:6])
		if !pause(ctx, 190*time.Millisecond) {
			return 1
		}
	}
	return 0
}
