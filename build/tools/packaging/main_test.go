package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"

	"go.yaml.in/yaml/v3"

	"github.com/opsdeck/opsdeck/backend/launch"
)

const (
	root    = "../../.."
	linux   = root + "/build/packaging/linux/"
	archive = "application/vnd.opsdeck.archive"
)

// made is what no clone has: `make build` and build/package.sh make it.
var made = []string{"bin/opsdeck", "bin/opsctl", "bin/packages/files/icons/", "bin/packages/files/man/*.1.gz"}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAPackageHoldsFilesThatAreThere(t *testing.T) {
	t.Parallel()
	var recipe struct {
		Contents []struct{ Src, Dst string }
	}
	if err := yaml.Unmarshal([]byte(read(t, linux+"nfpm.yaml")), &recipe); err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, file := range recipe.Contents {
		places = append(places, file.Dst)
		if slices.Contains(made, file.Src) {
			continue
		}
		if found, err := filepath.Glob(filepath.Join(root, file.Src)); err != nil || len(found) == 0 {
			t.Errorf("%s: %v, %v", file.Src, found, err)
		}
	}
	for _, want := range []string{
		"/usr/bin/opsdeck", "/usr/bin/opsctl", "/usr/share/applications/opsdeck.desktop", "/usr/share/mime/packages/opsdeck.xml",
		"/usr/share/icons/hicolor/", "/usr/share/man/man1/", "/usr/share/doc/opsdeck/copyright",
	} {
		if !slices.Contains(places, want) {
			t.Errorf("nothing goes to %s", want)
		}
	}
}

// What links and archives are called is said in several places; the program's own is the one that counts.
func TestEverySystemIsToldTheSameOfLinksAndArchives(t *testing.T) {
	t.Parallel()
	menu := map[string]string{}
	for line := range strings.Lines(read(t, linux+"opsdeck.desktop")) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), "="); found && menu[name] == "" {
			menu[name] = value
		}
	}
	for name, want := range map[string]string{
		"MimeType": "x-scheme-handler/" + launch.Scheme + ";" + archive + ";", "Exec": "opsdeck -- %u", "Icon": "opsdeck", "StartupWMClass": "opsdeck",
	} {
		if menu[name] != want {
			t.Errorf("the menu's entry has %s=%s, want %s", name, menu[name], want)
		}
	}
	types := read(t, linux+"opsdeck.xml")
	for _, want := range []string{`type="` + archive + `"`, `pattern="*` + launch.Extension + `"`} {
		if !strings.Contains(types, want) {
			t.Errorf("the types lack %s", want)
		}
	}
	var project struct {
		Info struct {
			Protocols        []struct{ Scheme string }
			FileAssociations []struct{ Ext string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, root+"/wails.json")), &project); err != nil {
		t.Fatal(err)
	}
	if len(project.Info.Protocols) != 1 || project.Info.Protocols[0].Scheme != launch.Scheme ||
		len(project.Info.FileAssociations) != 1 || "."+project.Info.FileAssociations[0].Ext != launch.Extension {
		t.Errorf("wails.json has %+v", project.Info)
	}
}

// Wails fills these in. Windows and macOS can't start what they can't read, and say little about why.
func TestTheTemplatesOfOtherSystemsMakeWhatTheyRead(t *testing.T) {
	t.Parallel()
	var project struct {
		Name           string
		OutputFilename string
		Info           struct {
			CompanyName, ProductName, ProductVersion, Copyright, Comments string
			Protocols                                                     []struct{ Scheme, Description, Role string }
			FileAssociations                                              []struct{ Ext, Name, Description, IconName, Role string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, root+"/wails.json")), &project); err != nil {
		t.Fatal(err)
	}
	for path, wants := range map[string][]string{
		"darwin/Info.plist":          {"<string>" + launch.Scheme + "</string>", "<string>" + launch.Extension[1:] + "</string>", "<string>opsdeck</string>"},
		"windows/wails.exe.manifest": {`version="` + project.Info.ProductVersion + `.0"`, "asInvoker"},
		"windows/info.json":          {`"ProductVersion": "` + project.Info.ProductVersion + `"`},
	} {
		filled, err := template.New(path).Parse(read(t, root+"/build/"+path))
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		if err := filled.Execute(&text, project); err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(path) == ".json" {
			if !json.Valid([]byte(text.String())) {
				t.Errorf("%s is no JSON", path)
			}
		} else if err := wellFormed(text.String()); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, want := range wants {
			if !strings.Contains(text.String(), want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
	}
}

// wellFormed tells what is wrong with a text as XML.
func wellFormed(text string) error {
	for decoder := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestPagesAndIconsAreMade(t *testing.T) {
	t.Chdir(root)
	folder := t.TempDir()
	if err := prepare("1.2.3", folder); err != nil {
		t.Fatal(err)
	}
	for _, size := range sizes {
		file, err := os.Open(filepath.Join(folder, "icons", fmt.Sprintf("%dx%d", size, size), "apps", "opsdeck.png"))
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.DecodeConfig(file)
		if err = errors.Join(err, file.Close()); err != nil || picture.Width != size || picture.Height != size {
			t.Errorf("the icon of %d px: %+v, %v", size, picture, err)
		}
	}
	for page, want := range map[string]string{"opsdeck.1": "sandbox", "opsctl-node.1": "grpc"} {
		if text := read(t, filepath.Join(folder, "man", page)); !strings.Contains(text, want) || !strings.Contains(text, "Opsdeck 1.2.3") {
			t.Errorf("%s: %.300s", page, text)
		}
	}
}
