package desktop

// MenuTexts are the words of the application's menu, in the operator's language.
type MenuTexts struct {
	File        string `json:"file"`
	OpenArchive string `json:"openArchive"`
	Help        string `json:"help"`
	Diagnostics string `json:"diagnostics"`
}

// MenuCommand is what can be chosen in the application's menu, and the topic under which the page hears of it.
type MenuCommand string

// The commands.
const (
	MenuOpenArchive MenuCommand = "menu.archive"
	MenuDiagnostics MenuCommand = "menu.help"
)

// SetMenu names the entries of the application's menu, where the system has one.
func (s *Session) SetMenu(texts MenuTexts) {
	if s.config.SetMenu != nil {
		s.config.SetMenu(texts)
	}
}

// Choose asks the page to do what was chosen in the menu. It is no method of the session, because the page could call that.
func Choose(s *Session, command MenuCommand) { s.clock.changed(string(command)) }
