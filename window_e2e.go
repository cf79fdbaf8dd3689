//go:build e2e && linux

package main

// A test driver may only drive a web view that was made for automation, and that can be asked for at its creation
// alone; Wails makes the view and has no option for it. So this file, in test builds only, defines the library's
// function that Wails calls: the linker prefers the executable's own. A release has none of it, which
// build/window.sh checks in the symbols of bin/opsdeck.

/*
#cgo pkg-config: gtk+-3.0 webkit2gtk-4.1

#include <webkit2/webkit2.h>

// A session asks for a view to work in. It gets the window's.
static GtkWidget *giveView(WebKitAutomationSession *session, GtkWidget *view) { return view; }

static void startSession(WebKitWebContext *context, WebKitAutomationSession *session, GtkWidget *view) {
	g_signal_connect(session, "create-web-view", G_CALLBACK(giveView), view);
}

GtkWidget *webkit_web_view_new_with_user_content_manager(WebKitUserContentManager *manager) {
	WebKitWebContext *context = webkit_web_context_get_default();
	webkit_web_context_set_automation_allowed(context, TRUE);
	GtkWidget *view = g_object_new(WEBKIT_TYPE_WEB_VIEW,
		"user-content-manager", manager, "is-controlled-by-automation", TRUE, NULL);
	g_signal_connect(context, "automation-started", G_CALLBACK(startSession), view);
	return view;
}
*/
import "C"
