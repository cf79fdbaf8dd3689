//go:build !bindings

package main

import (
	"context"
	goruntime "runtime"
	"sync/atomic"

	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/menu/keys"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/opsdeck/opsdeck/backend/desktop"
)

// hasMenu tells whether programs have a menu outside of their window here. There nothing can be copied or pasted without its
// Edit menu; elsewhere the window has all that it needs.
const hasMenu = goruntime.GOOS == "darwin"

// firstMenu is the menu until the page has named its entries.
func firstMenu() *menu.Menu {
	if !hasMenu {
		return nil
	}
	return menu.NewMenuFromItems(menu.AppMenu(), menu.EditMenu(), menu.WindowMenu())
}

// setMenu gives the function that shows the menu in the operator's language; nil where there is none.
func setMenu(window *atomic.Pointer[context.Context], choose func(desktop.MenuCommand)) func(desktop.MenuTexts) {
	if !hasMenu {
		return nil
	}
	return func(texts desktop.MenuTexts) {
		w := window.Load()
		if w == nil {
			return
		}
		entry := func(command desktop.MenuCommand) menu.Callback { return func(*menu.CallbackData) { choose(command) } }
		file, help := menu.NewMenu(), menu.NewMenu()
		file.AddText(texts.OpenArchive, keys.CmdOrCtrl("o"), entry(desktop.MenuOpenArchive))
		help.AddText(texts.Diagnostics, nil, entry(desktop.MenuDiagnostics))
		runtime.MenuSetApplicationMenu(*w, menu.NewMenuFromItems(
			menu.AppMenu(), menu.SubMenu(texts.File, file), menu.EditMenu(), menu.WindowMenu(), menu.SubMenu(texts.Help, help)))
	}
}
