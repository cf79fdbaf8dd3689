package main

import "github.com/opsdeck/opsdeck/backend/desktop"

// bound lists everything that the page can call.
func bound(s *desktop.Session) []any {
	return []any{
		desktop.NewLogs(s),
		s, desktop.NewOperations(s), desktop.NewProfiles(s),
		desktop.NewDashboard(s), desktop.NewRuns(s), desktop.NewJobs(s), desktop.NewWorkers(s), desktop.NewWindows(s),
		desktop.NewSettings(s), desktop.NewAudit(s), desktop.NewEvents(s), desktop.NewFailures(s), desktop.NewExports(s), desktop.NewLaunches(s), desktop.NewDiagnostics(s), desktop.NewComparisons(s), desktop.NewWatches(s),
	}
}
