package scheduler

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// maxSettingText is how long a setting's text may be, in characters.
const maxSettingText = 4000

// Parse makes the JSON value of what an operator typed, or says what is wrong with it. White space around numbers is
// ignored. Errors are Invalid with reasons "settings.…" that a form shows at the field.
func (s SettingSpec) Parse(input string) (json.RawMessage, error) {
	switch s.Type {
	case IntegerSetting:
		n, err := strconv.ParseInt(strings.TrimSpace(input), 10, 64)
		if err != nil {
			return nil, Errorf(Invalid, "settings.not_integer", "Write a whole number.")
		}
		return s.bounded(float64(n), json.RawMessage(strconv.FormatInt(n, 10)))
	case DecimalSetting:
		text := strings.TrimSpace(input)
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) || strings.ContainsAny(text, "xXpP_") {
			return nil, Errorf(Invalid, "settings.not_number", "Write a number, such as 0.3.")
		}
		value, _ := json.Marshal(n) // finite numbers can be marshalled
		return s.bounded(n, value)
	case BooleanSetting:
		if input != "true" && input != "false" {
			return nil, Errorf(Invalid, "settings.not_boolean", "Choose on or off.")
		}
		return json.RawMessage(input), nil
	case ChoiceSetting:
		if !slices.Contains(s.Choices, input) {
			return nil, Errorf(Invalid, "settings.not_choice", "%q is none of %s.", input, strings.Join(s.Choices, ", ")).
				With("choices", strings.Join(s.Choices, ", "))
		}
	}
	return textValue(input)
}

func textValue(input string) (json.RawMessage, error) {
	if strings.ContainsFunc(input, unicode.IsControl) || strings.ContainsRune(input, unicode.ReplacementChar) {
		return nil, Errorf(Invalid, "settings.control", "The text has a control character or a line break, which no setting takes.")
	}
	if len([]rune(input)) > maxSettingText {
		return nil, Errorf(Invalid, "settings.too_long", "The text is longer than %d characters.", maxSettingText)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(input); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(text.Bytes()), nil
}

// bounded gives value, which stands for n, if n is within the bounds.
func (s SettingSpec) bounded(n float64, value json.RawMessage) (json.RawMessage, error) {
	if s.Min != nil && n < float64(*s.Min) {
		low := strconv.FormatInt(*s.Min, 10)
		return nil, Errorf(Invalid, "settings.too_small", "The smallest value is %s.", low).With("min", low)
	}
	if s.Max != nil && n > float64(*s.Max) {
		high := strconv.FormatInt(*s.Max, 10)
		return nil, Errorf(Invalid, "settings.too_large", "The largest value is %s.", high).With("max", high)
	}
	return value, nil
}

// Usable tells whether processes can use a stored value, and if not, why; value is without its wrapper. Processes take
// numbers and truth values as text too, as forms used to write them.
func (s SettingSpec) Usable(value json.RawMessage) error {
	var decoded any
	if err := json.Unmarshal(value, &decoded); err != nil {
		return Errorf(Invalid, "settings.unusable", "The stored value is not JSON.").Because(err)
	}
	text, isText := decoded.(string)
	switch s.Type {
	case BooleanSetting:
		switch decoded.(type) {
		case bool, float64, string:
			return nil
		}
		return Errorf(Invalid, "settings.not_boolean", "Choose on or off.")
	case IntegerSetting, DecimalSetting:
		if !isText {
			text = string(bytes.TrimSpace(value))
		}
		_, err := s.Parse(text)
		return err
	}
	if !isText {
		if _, number := decoded.(float64); !number {
			return Errorf(Invalid, "settings.not_text", "The stored value is not a text.")
		}
		return nil
	}
	if s.Type == ChoiceSetting && !slices.Contains(s.Choices, text) {
		_, err := s.Parse(text)
		return err
	}
	return nil
}
