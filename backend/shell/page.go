package shell

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

//go:embed templates
var builtin embed.FS

const (
	basePage     = "base.html"
	modalPartial = "partials/modal.html"

	modalTemplate = "ops-partial-modal" // the id of the template element that holds it
)

// blocks are what a theme's base.html may redefine.
var blocks = []string{"title", "nav", "content", "extra_css", "extra_js"}

// modalParts are what the screens fill in a dialog; modal.html says what each is.
var modalParts = []string{"dialog", "title", "dismiss", "body", "footer"}

func builtinTemplates() (*template.Template, error) {
	t := template.New("")
	for _, name := range []string{basePage, modalPartial} {
		text, err := builtin.ReadFile("templates/" + name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		if _, err := t.New(name).Parse(string(text)); err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
	}
	return t, nil
}

// render makes the page, with as much of the theme as leads to one that works.
func (t *theme) render(e entry) ([]byte, error) {
	use, err := builtinTemplates()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{basePage, modalPartial} {
		text, ok := t.templates[name]
		if !ok {
			continue
		}
		if changed, err := override(use, name, text, t.page(e)); err != nil {
			t.problem(name, "template", err)
		} else {
			use = changed
		}
	}
	page, err := execute(use, t.page(e))
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w", basePage, err)
	}
	return page, nil
}

// page is what the templates are given: the built entry, and the theme's stylesheet after ours.
func (t *theme) page(e entry) entry {
	if t.stylesheet {
		e.Styles = append(slices.Clone(e.Styles), themePath+themeStylesheet)
	}
	return e
}

// override gives the templates with one file of a theme over them, if the page still works then.
func override(current *template.Template, name, text string, data entry) (*template.Template, error) {
	changed, err := current.Clone()
	if err != nil {
		return nil, err
	}
	parsed, err := template.New(name).Parse(text)
	if err != nil {
		return nil, err
	}
	for _, part := range parsed.Templates() {
		inBase := name == basePage && part.Name() != basePage
		if inBase && !slices.Contains(blocks, part.Name()) {
			return nil, fmt.Errorf("there is no block %q; there are %s", part.Name(), strings.Join(blocks, ", "))
		}
		if name == basePage && !inBase {
			if part.Tree != nil && strings.TrimSpace(part.Tree.Root.String()) != "" {
				return nil, errors.New("only {{define}}s of blocks may stand in it; the text outside of them would show nowhere")
			}
			continue
		}
		if _, err := changed.AddParseTree(part.Name(), part.Tree); err != nil {
			return nil, err
		}
	}
	if _, err := execute(changed, data); err != nil {
		return nil, err
	}
	return changed, nil
}

// execute renders the page and makes sure that the screens find in it what they mount on.
func execute(templates *template.Template, data entry) ([]byte, error) {
	templates, err := templates.Clone() // a template that was executed can't be cloned any more
	if err != nil {
		return nil, err
	}
	var page capped
	if err := templates.ExecuteTemplate(&page, basePage, data); err != nil {
		return nil, err
	}
	return page.Bytes(), check(page.Bytes(), data)
}

// capped is a page that can't fill the memory.
type capped struct{ bytes.Buffer }

const maxPage = 1 << 20 // bytes; ours has two thousand

func (c *capped) Write(text []byte) (int, error) {
	if c.Len()+len(text) > maxPage {
		return 0, fmt.Errorf("the page grows beyond %d MiB", maxPage>>20)
	}
	return c.Buffer.Write(text)
}

// check reads the page as a browser would. Header and status lie outside of every block; an environment's badge can't
// be left out by a theme's markup.
func check(page []byte, data entry) error {
	document, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return err
	}
	ids, parts, scripts := map[string]int{}, map[string]int{}, map[string]int{}
	for node := range document.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		home := templateOf(node)
		for _, a := range node.Attr {
			switch {
			case a.Key == "id" && home == "":
				ids[a.Val]++
			case a.Key == "data-ops" && home == modalTemplate:
				parts[a.Val]++
			case a.Key == "src" && home == "" && node.Data == "script":
				scripts[a.Val]++
			}
		}
	}
	for _, id := range []string{"ops-header", "ops-content", "ops-status", modalTemplate} {
		if ids[id] != 1 {
			return fmt.Errorf("the page has %d elements with the id %s, and needs one", ids[id], id)
		}
	}
	for _, part := range modalParts {
		if parts[part] != 1 {
			return fmt.Errorf(`the dialog has %d elements with data-ops="%s", and needs one`, parts[part], part)
		}
	}
	for _, src := range data.Scripts {
		if scripts[src] != 1 {
			return errors.New("the page does not load the screens: a tag or a comment is left open")
		}
	}
	return nil
}

// templateOf gives the id of the template element that a node lies in, "" for none.
func templateOf(node *html.Node) string {
	for above := range node.Ancestors() {
		if above.Type != html.ElementNode || above.Data != "template" {
			continue
		}
		for _, a := range above.Attr {
			if a.Key == "id" {
				return a.Val
			}
		}
		return "template without an id"
	}
	return ""
}
