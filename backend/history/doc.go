// Package history is what an export carries: the rows of a cluster's history, and the ports that give them in closed
// ranges, so that nothing ever holds a long snapshot of a scheduler's database.
package history
