// Command bench measures what the console asks of its servers, at a million runs and more, against floors: the cheapest
// thing that could answer. Both are measured in turns in the same run, because absolute times say more about the machine
// than about us. `make bench` runs it; docs/performance.md holds what was found.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/node"
)

// runShim is how the nodes of the measured cluster start their commands.
const runShim = "run-shim"

func main() {
	if len(os.Args) > 1 && os.Args[1] == runShim {
		os.Exit(node.RunShim(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	runs := flags.String("runs", "1000000", "how many runs in the history, comma separated; 0 leaves this part out")
	archives := flags.String("archives", "1000000", "how many runs in the archive, comma separated; 0 leaves this part out")
	workers := flags.String("workers", "50,1000,10000", "how many workers, comma separated; 0 leaves this part out")
	audit := flags.String("audit", "1,8,32", "over how many connections to write into the audit; 0 leaves this part out")
	nodes := flags.Int("nodes", 50, "how many scheduler nodes, in one process; 0 leaves this part out")
	clusterTime := flags.Duration("cluster-time", 65*time.Second, "how long the cluster is measured without, and with, runs in line")
	out := flags.String("out", "test-results/bench", "folder for the tables")
	data := flags.String("data", "", "folder to keep the loaded histories in, for another run on the same day; by default they are removed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	histories, err := sizes(*runs)
	if err != nil {
		return err
	}
	files, err := sizes(*archives)
	if err != nil {
		return err
	}
	fleets, err := sizes(*workers)
	if err != nil {
		return err
	}
	writers, err := sizes(*audit)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(*out, 0o750); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	for _, n := range histories {
		if err := report(filepath.Join(*out, fmt.Sprintf("runs-%d.md", n)), func() (table, error) { return measureRuns(ctx, *data, n, log) }); err != nil {
			return err
		}
	}
	for _, n := range files {
		if err := report(filepath.Join(*out, fmt.Sprintf("archive-%d.md", n)), func() (table, error) { return measureArchive(ctx, *data, n, log) }); err != nil {
			return err
		}
	}
	if len(writers) > 0 {
		if err := report(filepath.Join(*out, "gate.md"), func() (table, error) { return measureAudit(ctx, writers, log) }); err != nil {
			return err
		}
	}
	if *nodes > 0 {
		if err := reportCluster(ctx, filepath.Join(*out, "cluster.md"), *nodes, *clusterTime); err != nil {
			return err
		}
	}
	if len(fleets) == 0 {
		return nil
	}
	return report(filepath.Join(*out, "workers.md"), func() (table, error) { return measureWorkers(ctx, fleets, log) })
}

// reportCluster measures the scheduler, prints the table and writes it to a file.
func reportCluster(ctx context.Context, file string, nodes int, each time.Duration) error {
	text, err := measureCluster(ctx, nodes, each)
	fmt.Print(text)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o600)
}

// sizes reads "1000,2000"; zeros are left out.
func sizes(list string) ([]int, error) {
	var all []int
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is no list of sizes", list)
		}
		if n > 0 {
			all = append(all, n)
		}
	}
	return all, nil
}

// report measures, prints the table and writes it to a file. What was measured before a failure is kept.
func report(file string, measure func() (table, error)) error {
	began := time.Now()
	t, err := measure()
	text := t.markdown()
	fmt.Print(text)
	fmt.Printf("(took %s; written to %s)\n\n", time.Since(began).Round(time.Second), file)
	if writing := os.WriteFile(file, []byte(text), 0o600); writing != nil && err == nil {
		err = writing
	}
	return err
}
