package logtext

import "unicode/utf8"

// characters puts together what a log's pieces cut: the rest of a character waits for the next piece of the same stream, so that
// the other stream's text can't get into it.
type characters struct{ waiting map[string][]byte }

// push gives the text that is complete with the next piece of a stream.
func (c *characters) push(stream string, piece []byte) []byte {
	if rest := c.waiting[stream]; len(rest) > 0 {
		piece = append(rest, piece...)
	}
	end := len(piece)
	for back := 1; back < utf8.UTFMax && back <= len(piece); back++ {
		if at := len(piece) - back; utf8.RuneStart(piece[at]) {
			if !utf8.FullRune(piece[at:]) {
				end = at
			}
			break
		}
	}
	if c.waiting == nil {
		c.waiting = map[string][]byte{}
	}
	c.waiting[stream] = append([]byte(nil), piece[end:]...)
	return piece[:end]
}

// end gives what is left when nothing more comes.
func (c *characters) end() []byte {
	var rest []byte
	for _, stream := range []string{"stdout", "stderr", ""} {
		rest = append(rest, c.waiting[stream]...)
	}
	c.waiting = nil
	return rest
}
