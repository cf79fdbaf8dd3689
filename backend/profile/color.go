package profile

// Color is a name in a fixed palette, which themes turn into what is seen. Names only: a profile is hostile input.
type Color string

// The palette.
const (
	Slate  Color = "slate"
	Blue   Color = "blue"
	Teal   Color = "teal"
	Green  Color = "green"
	Yellow Color = "yellow"
	Orange Color = "orange"
	Pink   Color = "pink"
	Purple Color = "purple"
	Red    Color = "red"
)

// Colors are the palette, in the order in which it is offered.
func Colors() []Color { return []Color{Slate, Blue, Teal, Green, Yellow, Orange, Pink, Purple, Red} }

// ColorOf is the color that an environment of a kind has unless somebody chose another.
func ColorOf(k Kind) Color {
	switch k {
	case Sandbox:
		return Teal
	case Development:
		return Blue
	case Staging:
		return Orange
	case Production:
		return Red
	default:
		return Slate
	}
}
