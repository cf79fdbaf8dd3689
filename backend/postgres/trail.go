package postgres

// searchStatements are the ways to search a list that has few indexes; see search.
type searchStatements struct {
	edge, match, gather, gatherPlan string
}

// trailStatements ask for what may hold secrets: settings, the audit, events.
type trailStatements struct {
	settings, settingHelp, settingChanges, reloads   string
	auditEntry, auditActions, event, eventsAt        string
	olderAudit, newerAudit, olderEvents, newerEvents searchStatements
	exportAudit, exportEvents, exportReloads         string
}

// trail gives the statements for a database: the gate's views mask secrets, and its operators may read nothing else.
func (s statements) trail(f facts) *trailStatements {
	if f.Gate {
		return &s.views
	}
	return &s.tables
}

// trailSource is where trailStatements read.
type trailSource struct {
	Gate                                bool
	Audit, Event, Setting, Help, Reload string
}

var (
	tables = trailSource{
		Audit: "scheduler_admin_action_logs", Event: "scheduler_events", Setting: "scheduler_settings",
		Help: "scheduler_setting_help", Reload: "scheduler_config_reload_requests",
	}
	views = trailSource{
		Gate: true, Audit: "opsdeck.audit", Event: "opsdeck.event", Setting: "opsdeck.setting",
		Help: "opsdeck.setting_help", Reload: "opsdeck.reload_request",
	}
)

func loadTrail(render func(name string, data any) string, from trailSource, older, newer direction) trailStatements {
	search := func(list string, d direction) searchStatements {
		data := struct {
			direction
			trailSource
		}{d, from}
		return searchStatements{
			edge: render(list+"_edge", data), match: render(list+"_match", data), gather: render(list+"_gather", data),
			gatherPlan: render(list+"_gather_plan", data),
		}
	}
	return trailStatements{
		settings: render("settings", from), settingHelp: render("setting_help", from),
		settingChanges: render("setting_changes", from), reloads: render("reloads", from),
		exportAudit: render("export_audit", from), exportEvents: render("export_events", from), exportReloads: render("export_reloads", from),
		auditEntry: render("audit_entry", from), auditActions: render("audit_actions", from),
		event: render("event", from), eventsAt: render("events_at", from),
		olderAudit: search("audit", older), newerAudit: search("audit", newer),
		olderEvents: search("events", older), newerEvents: search("events", newer),
	}
}
