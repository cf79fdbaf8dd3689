package postgres

import (
	"embed"
	"strings"
	"text/template"
)

//go:embed queries/*.sql
var queries embed.FS

// statements is the SQL of every question. Those that list or count runs share their filter and columns, which is why
// the files are templates of each other; the only other thing filled in is the direction of a list.
type statements struct {
	facts, run, attempts, countRuns, estimateRuns                  string
	activityBuckets, activityDurations, activityNewest             string
	jobActivityStates, jobActivityDurations                        string
	openRunsByState, openRunsByWorker, jobs, jobsEnabled           string
	logPart, runPulse                                              string // the second where there are no logs
	operator, jobOutcomes, server, replicaLag                      string
	look, gateVersion                                              string
	runsInHand, runsScheduled, runsWatched, terms, termsInferred   string
	runArgs                                                        map[string]string // by where they are read
	job, jobChanges                                                map[string]string // by where jobs, and where the audit are read
	settingsHidden, eventRuns, failedRuns, auditSeals, auditVerify string
	exportRunEdge, exportRunFirst, exportRuns, exportAttempts      string
	exportChunks, exportSeals, exportTerms, exportOrigin           string
	exportAuditUnlinked                                            string
	exportArgs, exportJobs                                         map[string]string // by where they are read
	older, newer                                                   listStatements
	tables, views                                                  trailStatements // the same questions, of the tables and of the gate's views
}

// listStatements are the three ways to find a page of runs, and what the planner says about the second; see findPage.
type listStatements struct {
	walk, gather, gatherPlan, ordered string
}

// source is where rows are read from: the gate's view, which hides secrets, or the table.
type source struct {
	From   string
	Masked string // the expression that tells whether something is hidden
}

// direction is the way a list is read from its cursor.
type direction struct {
	Follows  string // how a row's place compares to the cursor's
	Order    string
	Farthest string // the aggregate that gives the end of a stretch
	Within   string // how a row's place compares to the end of the stretch that it is in
}

var sql = load(template.Must(template.ParseFS(queries, "queries/*.sql")))

func load(files *template.Template) statements {
	render := func(name string, data any) string {
		var text strings.Builder
		if err := files.ExecuteTemplate(&text, name+".sql", data); err != nil {
			panic(err) // the files are part of the program: a test renders all of them
		}
		return text.String()
	}
	list := func(d direction) listStatements {
		return listStatements{
			walk: render("runs_walk", d), gather: render("runs_gather", d), gatherPlan: render("runs_gather_plan", d),
			ordered: render("runs_ordered", d),
		}
	}
	from := func(name string, sources ...source) map[string]string {
		texts := map[string]string{}
		for _, s := range sources {
			texts[s.From] = render(name, s)
		}
		return texts
	}
	older := direction{Follows: "<", Order: "desc", Farthest: "min", Within: ">="}
	newer := direction{Follows: ">", Order: "asc", Farthest: "max", Within: "<="}
	return statements{
		facts: render("facts", nil), run: render("run", nil), attempts: render("attempts", nil),
		countRuns: render("runs_count", nil), estimateRuns: render("runs_estimate", nil),
		jobActivityStates: render("job_activity_states", nil), jobActivityDurations: render("job_activity_durations", nil),
		activityBuckets: render("activity_buckets", nil), activityDurations: render("activity_durations", nil),
		activityNewest:  render("activity_newest", nil),
		openRunsByState: render("open_runs_by_state", nil), openRunsByWorker: render("open_runs_by_worker", nil),
		jobs: render("jobs", nil), jobsEnabled: render("jobs_enabled", nil),
		job:     from("job", source{"opsdeck.job_definition", "d.args_masked"}, source{"scheduler_job_definitions", "false"}),
		logPart: render("log_part", true), runPulse: render("log_part", false),
		operator: render("operator", nil), jobOutcomes: render("job_outcomes", nil),
		server: render("server", nil), replicaLag: render("replica_lag", nil),
		look: render("look", nil), gateVersion: render("gate_version", nil),
		runArgs:    from("run_args", source{From: "opsdeck.run_args"}, source{From: "opsdeck_node.run_args"}),
		runsInHand: render("runs_in_hand", nil), runsScheduled: render("runs_scheduled", nil), runsWatched: render("runs_watched", nil),
		terms: render("terms", nil), termsInferred: render("terms_inferred", nil),
		jobChanges:     from("job_changes", source{From: "opsdeck.audit"}, source{From: "scheduler_admin_action_logs"}),
		settingsHidden: render("settings_hidden", nil), eventRuns: render("event_runs", nil), failedRuns: render("failures", nil),
		auditSeals: render("audit_seals", nil), auditVerify: render("audit_verify", nil),
		exportRunEdge: render("export_run_edge", nil), exportRunFirst: render("export_run_first", nil), exportRuns: render("export_runs", nil),
		exportAttempts: render("export_attempts", nil), exportChunks: render("export_chunks", nil), exportSeals: render("export_seals", nil),
		exportTerms: render("export_terms", nil), exportOrigin: render("export_origin", nil),
		exportAuditUnlinked: render("export_audit", trailSource{Audit: views.Audit}),
		exportArgs:          from("export_args", source{From: "opsdeck.run_args"}, source{From: "opsdeck_node.run_args"}),
		exportJobs:          from("export_jobs", source{"opsdeck.job_definition", "d.args_masked"}, source{"scheduler_job_definitions", "false"}),
		older:               list(older), newer: list(newer), tables: loadTrail(render, tables, older, newer), views: loadTrail(render, views, older, newer),
	}
}
