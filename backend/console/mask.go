package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Masked stands where a secret was; the gate's views write the same.
const Masked = "<masked>"

// MaskJSON gives a JSON document with its secrets masked: whatever stands under a name that says so, as
// scheduler.SecretName has it, and passwords in addresses, whatever their name. Order and numbers stay as they are. The
// database masks where the gate is installed; this is for databases without it, where it is a courtesy. A text that is not
// JSON is masked as a whole.
func MaskJSON(document json.RawMessage) json.RawMessage {
	masked, err := maskJSON(document)
	if err != nil {
		return json.RawMessage(`"` + Masked + `"`)
	}
	return masked
}

func maskJSON(document json.RawMessage) (json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	w := maskWriter{decoder: decoder}
	if err := w.value(false); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one document")
	}
	return w.out.Bytes(), nil
}

// maxMaskedDepth is how deep a document may be: PostgreSQL's own limit is deeper, but nobody reads that.
const maxMaskedDepth = 200

// maskWriter copies a document token by token, so that names keep their order.
type maskWriter struct {
	decoder *json.Decoder
	out     bytes.Buffer
	depth   int
}

// value copies the next value; a secret one is read and masked.
func (w *maskWriter) value(secret bool) error {
	token, err := w.decoder.Token()
	if err != nil {
		return err
	}
	delimiter, opens := token.(json.Delim)
	switch {
	case opens && secret:
		if err := w.skip(); err != nil {
			return err
		}
		w.text(Masked)
	case opens:
		return w.container(delimiter)
	case secret && token != nil && token != "":
		w.text(Masked)
	default:
		w.scalar(token)
	}
	return nil
}

func (w *maskWriter) container(opening json.Delim) error {
	if w.depth++; w.depth > maxMaskedDepth {
		return errors.New("too deep")
	}
	defer func() { w.depth-- }()
	w.out.WriteString(opening.String())
	for first := true; w.decoder.More(); first = false {
		if !first {
			w.out.WriteString(", ")
		}
		secret := false
		if opening == '{' {
			token, err := w.decoder.Token()
			if err != nil {
				return err
			}
			name, _ := token.(string)
			w.text(name)
			w.out.WriteString(": ")
			secret = scheduler.SecretName(name)
		}
		if err := w.value(secret); err != nil {
			return err
		}
	}
	closing, err := w.decoder.Token()
	if err != nil {
		return err
	}
	w.out.WriteString(closing.(json.Delim).String()) // More said that it comes
	return nil
}

// skip reads past the container that was just opened.
func (w *maskWriter) skip() error {
	for depth := 1; depth > 0; {
		token, err := w.decoder.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

func (w *maskWriter) scalar(token json.Token) {
	switch v := token.(type) {
	case string:
		w.text(MaskText(v))
	case json.Number:
		w.out.WriteString(v.String())
	case bool:
		if v {
			w.out.WriteString("true")
		} else {
			w.out.WriteString("false")
		}
	default:
		w.out.WriteString("null")
	}
}

func (w *maskWriter) text(s string) {
	encoder := json.NewEncoder(&w.out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s)           // a buffer takes any text
	w.out.Truncate(w.out.Len() - 1) // its line break
}

// password finds the password of an address, such as redis://user:password@host, and what follows "Bearer".
var password = regexp.MustCompile(`(://[^/?#\s:@]*:)[^/?#\s@]+(@)|(?i)(\bbearer\s+)[\w.~+/=-]+`)

// MaskText masks the passwords of addresses in a text.
func MaskText(text string) string { return password.ReplaceAllString(text, "${1}${3}"+Masked+"${2}") }

// Secret is where a secret stands in a text, in bytes, and where that begins which tells that it is one.
type Secret struct{ Sign, From, To int }

// SecretsIn finds what MaskText masks.
func SecretsIn(text string) []Secret {
	var found []Secret
	for _, m := range password.FindAllStringSubmatchIndex(text, -1) {
		if m[2] >= 0 {
			found = append(found, Secret{m[0], m[3], m[4]}) // between “//user:” and “@”
		} else {
			found = append(found, Secret{m[0], m[7], m[1]}) // behind “Bearer ”
		}
	}
	return found
}
