package localstate

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
)

const (
	placementName = "window.json"
	// MinWidth is the narrowest window.
	MinWidth = 720
	// MinHeight is the lowest one.
	MinHeight = 480
	// inView is how much of a window has to be on its screen, so that it can be taken hold of.
	inView = 120
)

// Placement is where the window stands. X and Y count from the corner of its screen.
type Placement struct {
	X         int  `json:"x"`
	Y         int  `json:"y"`
	Width     int  `json:"width"`
	Height    int  `json:"height"`
	Maximised bool `json:"maximised"`
}

// Screen is the size of a screen.
type Screen struct{ Width, Height int }

// LoadPlacement gives where the window stood last; false where nobody knows, or the file makes no sense.
func LoadPlacement(folder string) (Placement, bool) {
	text, err := os.ReadFile(filepath.Join(folder, placementName))
	if err != nil || len(text) > 1000 {
		return Placement{}, false
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var p Placement
	const far = 100_000
	if decoder.Decode(&p) != nil || p.Width <= 0 || p.Height <= 0 || max(p.Width, p.Height, p.X, p.Y, -p.X, -p.Y) > far {
		return Placement{}, false
	}
	return p, true
}

// Save keeps where the window stands.
func (p Placement) Save(folder string) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return write(folder, placementName, text)
}

// Within gives the placement as it fits a screen: the screen that it was kept on may be gone, or smaller now.
func (p Placement) Within(s Screen) Placement {
	p.Width = max(min(p.Width, s.Width), MinWidth)
	p.Height = max(min(p.Height, s.Height), MinHeight)
	p.X = max(min(p.X, s.Width-inView), inView-p.Width)
	p.Y = max(min(p.Y, s.Height-inView), 0) // its title must be in reach
	return p
}
