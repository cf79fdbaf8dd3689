// Package export writes lists into files that other programs read: CSV for spreadsheets, NDJSON for everything else. A
// file appears under its name only when it is complete, and never replaces one that nobody asked to replace.
package export
