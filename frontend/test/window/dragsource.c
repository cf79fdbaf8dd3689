// A window that files can be dragged from, as from a file manager: dragsource PATH... It says how far a drag is.
#include <gtk/gtk.h>

static char **uris;

static void say(const char *what) {
  puts(what);
  fflush(stdout);
}

static void give(GtkWidget *widget, GdkDragContext *drag, GtkSelectionData *data, guint info, guint time, gpointer user) {
  gtk_selection_data_set_uris(data, uris);
}

// Looks whether what is below the pointer takes the drag.
static gboolean look(gpointer drag) {
  if (gdk_drag_context_get_selected_action(drag) == 0) return G_SOURCE_CONTINUE;
  say("accepted");
  return G_SOURCE_REMOVE;
}

static void begin(GtkWidget *widget, GdkDragContext *drag, gpointer user) {
  say("began");
  g_timeout_add(20, look, drag);
}

int main(int argc, char **argv) {
  gtk_init(&argc, &argv);
  uris = g_new0(char *, argc);
  for (int i = 1; i < argc; i++) uris[i - 1] = g_filename_to_uri(argv[i], NULL, NULL);
  GtkWidget *window = gtk_window_new(GTK_WINDOW_POPUP), *box = gtk_event_box_new();
  gtk_container_add(GTK_CONTAINER(window), box);
  gtk_window_resize(GTK_WINDOW(window), 100, 100);
  gtk_drag_source_set(box, GDK_BUTTON1_MASK, NULL, 0, GDK_ACTION_COPY);
  gtk_drag_source_add_uri_targets(box);
  g_signal_connect(box, "drag-begin", G_CALLBACK(begin), NULL);
  g_signal_connect(box, "drag-data-get", G_CALLBACK(give), NULL);
  gtk_widget_show_all(window);
  say("shown");
  gtk_main();
}
