package connect

import (
	"context"
	"log/slog"
	"time"

	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/tunnel"
)

// OpenHistory connects to the database of a profile alone: an export needs no other server. The caller calls the returned
// function at the end.
func OpenHistory(ctx context.Context, p profile.Profile, secrets profile.Secrets, log *slog.Logger) (history.Source, func(), error) {
	way, err := tunnel.New(Way(p.Reach, secrets), time.Now, log)
	if err != nil {
		return history.Source{}, nil, err
	}
	database, err := postgres.Connect(ctx, Database(p, secrets, way), log)
	if err != nil {
		way.Close()
		return history.Source{}, nil, err
	}
	return historyOf(database), func() {
		cut := time.AfterFunc(farewell, way.Close)
		defer cut.Stop()
		database.Close()
		way.Close()
	}, nil
}

// HistoryAt is OpenHistory of a database that is named by its URL.
func HistoryAt(ctx context.Context, url string, log *slog.Logger) (history.Source, func(), error) {
	database, err := postgres.Open(ctx, url, log)
	if err != nil {
		return history.Source{}, nil, err
	}
	return historyOf(database), database.Close, nil
}
