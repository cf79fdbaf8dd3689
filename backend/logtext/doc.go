// Package logtext keeps a log as it is read: a private copy on disk with an index of its rows, so that a log of any length
// can be shown from any place, searched, copied and saved in bounded memory.
//
// A row is a line, or a piece of a line that is too long for one row. Rows are numbered from 0, lines from 1.
package logtext
