// Package postgres answers the console's questions about runs, jobs, logs and the operator from the scheduler's
// database. It only ever reads: every session is read only, bounded by a statement timeout, and leaves no trace but
// its application name.
//
// The SQL lies in queries/, one file a question. Optional filters are written as "@x is null or …", which finds its
// index only under a custom plan; the pool sets plan_cache_mode accordingly.
package postgres
