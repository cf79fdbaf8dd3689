// Packaging makes what packages hold beside the programs: a manual page for each subcommand, and the icon in the sizes that
// desktops ask for.
//
//	go run ./build/tools/packaging VERSION FOLDER
package main

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"golang.org/x/image/draw"

	"github.com/opsdeck/opsdeck/backend/cli"
)

// sizes are those of hicolor that menus, panels and switchers look for.
var sizes = []int{16, 24, 32, 48, 64, 128, 256, 512}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: packaging VERSION FOLDER")
		os.Exit(2)
	}
	if err := prepare(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "packaging:", err)
		os.Exit(1)
	}
}

func prepare(version, folder string) error {
	pages := filepath.Join(folder, "man")
	if err := os.MkdirAll(pages, 0o750); err != nil {
		return err
	}
	for _, program := range []*cobra.Command{cli.NewOpsctl(version), cli.NewOpsdeck(version, nil)} {
		if err := manual(program, version, pages); err != nil {
			return err
		}
	}
	return icons("build/appicon.png", filepath.Join(folder, "icons"))
}

// manual writes a page for opsctl and each of its subcommands; for opsdeck, which has the same ones, a page alone.
func manual(program *cobra.Command, version, folder string) error {
	program.DisableAutoGenTag = true
	date := time.Unix(0, 0) // a page that is made again is the same
	header := &doc.GenManHeader{Section: "1", Source: "Opsdeck " + version, Manual: "Opsdeck", Date: &date}
	if program.Name() == "opsctl" {
		return doc.GenManTree(program, header, folder)
	}
	file, err := os.Create(filepath.Join(folder, program.Name()+".1"))
	if err != nil {
		return err
	}
	return errors.Join(doc.GenMan(program, header, file), file.Close())
}

// icons scales the icon down to every size.
func icons(from, folder string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer file.Close()
	whole, err := png.Decode(file)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	for _, size := range sizes {
		small := image.NewRGBA(image.Rect(0, 0, size, size))
		draw.CatmullRom.Scale(small, small.Bounds(), whole, whole.Bounds(), draw.Src, nil)
		if err := save(small, filepath.Join(folder, fmt.Sprintf("%dx%d", size, size), "apps", "opsdeck.png")); err != nil {
			return err
		}
	}
	return nil
}

func save(picture image.Image, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // the package has folders with the same rights
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(file, picture), file.Close())
}
