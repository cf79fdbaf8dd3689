// Package desktop is the window's side of the bridge: one bound struct a screen. Each method takes at most one
// request and gives one response, translates between the wire and the console, and decides nothing.
//
// On the wire, times are RFC 3339 strings in UTC ("" = none), 64-bit ids are decimal strings, durations are
// milliseconds, and a value that may be unknown is optional.
package desktop
