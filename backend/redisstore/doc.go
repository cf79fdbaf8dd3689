// Package redisstore answers the console's question about the live cluster from Redis: which workers are there, what
// they say of themselves, and who leads. A [Store] only reads, with commands that a viewer's ACL allows; [Flags] write the
// few keys by which operators ask for something.
package redisstore
