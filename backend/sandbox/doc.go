// Package sandbox runs a whole scheduler cluster on this machine, for trying out and for tests: a private PostgreSQL and
// Redis, the Django scheduler's schema with its users, node processes that meet over mutual TLS, jobs that really run,
// and a month of past. Everything is in one folder; nothing outside of it is touched.
//
// It ends with its process. What a killed process leaves behind ends with it or is ended by the next start.
package sandbox
