// Package workerrpc asks the workers of one environment over gRPC, and gives them the few orders that operators may give.
// Connections are kept, bounded in number, and authenticated both ways.
package workerrpc
