package desktop

// MenuTexts are the words of the application's menu, in the operator's language.
type MenuTexts struct {
	File        string `json:"file"`
	OpenArchive string `json:"openArchive"`
	Help        string `json:"help"`
	Diagnostics string `json:"diagnostics"`
}

// menuEvent is no topic of changedEvent: a page that has missed some of those reads everything again, and would do all that the
// menu has.
const menuEvent = "opsdeck:menu"

// MenuCommand is what can be chosen in the application's menu.
type MenuCommand string

// The commands.
const (
	MenuOpenArchive MenuCommand = "archive"
	MenuDiagnostics MenuCommand = "help"
)

// SetMenu names the entries of the application's menu, where the system has one.
func (s *Session) SetMenu(texts MenuTexts) {
	if s.config.SetMenu != nil {
		s.config.SetMenu(texts)
	}
}

// Choose asks the page to do what was chosen in the menu. It is no method of the session, because the page could call that.
func Choose(s *Session, command MenuCommand) { s.config.Emit(menuEvent, string(command)) }
