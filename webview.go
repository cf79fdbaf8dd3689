//go:build !bindings && !(production && !e2e)

package main

// prepareWebview leaves the environment as it is: developers and test drivers need the inspector.
func prepareWebview() { steadyRenderer() }
