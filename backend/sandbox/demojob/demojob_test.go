package demojob_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/sandbox/catalog"
	"github.com/opsdeck/opsdeck/backend/sandbox/demojob"
)

func TestEveryJobOfTheCatalogDoesSomething(t *testing.T) {
	t.Parallel()
	var commands []string
	for _, j := range catalog.Jobs {
		commands = append(commands, j.Command)
	}
	slices.Sort(commands)
	if names := demojob.Names(); !slices.Equal(names, commands) {
		t.Errorf("demojob knows %v, the catalog has %v", names, commands)
	}
}

func TestRunExitCodes(t *testing.T) {
	t.Parallel()
	over, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		ctx     context.Context
		command string
		want    int
		says    string
	}{
		"told to end": {over, "ledger_closing", 143, "told to end"},
		"unknown":     {context.Background(), "no_such_job", 64, "no_such_job"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said bytes.Buffer
			if got := demojob.Run(c.ctx, c.command, nil, io.Discard, &said); got != c.want || !strings.Contains(said.String(), c.says) {
				t.Errorf("exit code %d, %q", got, said.String())
			}
		})
	}
}

func TestFailingJobLooksLikeAFailure(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if got := demojob.Run(t.Context(), "partner_feed", nil, &stdout, &stderr); got != 3 {
		t.Errorf("exit code %d", got)
	}
	if !strings.Contains(stderr.String(), "Traceback") || stdout.Len() == 0 {
		t.Errorf("stdout %q, stderr %q", stdout.String(), stderr.String())
	}
}

func TestHostileJobWritesWhatScreensMustSurvive(t *testing.T) {
	t.Parallel()
	var stdout bytes.Buffer
	if got := demojob.Run(t.Context(), "hostile_text", nil, &stdout, io.Discard); got != 0 && got != 66 {
		t.Errorf("exit code %d", got)
	}
	for _, want := range []string{"\x00", "\u202e", "<script>", "\x1b]8;", "\xe3\x81\n"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
}
