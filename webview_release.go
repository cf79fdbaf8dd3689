//go:build !bindings && production && !e2e

package main

import "os"

// prepareWebview closes the doors that WebKit's environment variables open even in release builds: with them, another
// program could look into the page.
func prepareWebview() {
	for _, name := range []string{"WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER"} {
		_ = os.Unsetenv(name) // fails for malformed names only
	}
	steadyRenderer()
}
