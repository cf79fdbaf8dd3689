package shell

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
)

// plainRules are the at-rules that only choose when rules apply; every other one may load something.
var plainRules = []string{"@media", "@supports", "@container", "@layer", "@keyframes"}

// loading are the functions of CSS that fetch.
var loading = []string{"url(", "src(", "image(", "image-set(", "-webkit-image-set(", "cross-fade(", "-webkit-cross-fade("}

// checkStylesheet refuses what a theme's stylesheet could load or bring in unseen. The page's policy would stop it as
// well; here its author hears of it.
func checkStylesheet(text []byte) error {
	lexer := css.NewLexer(parse.NewInputBytes(bytes.Clone(text))) // the lexer writes behind what it is given
	open := 0
	for {
		kind, token := lexer.Next()
		word := strings.ToLower(string(token))
		switch kind {
		case css.ErrorToken:
			if err := lexer.Err(); !errors.Is(err, io.EOF) {
				return err
			}
			if open != 0 {
				return errors.New("a brace is not closed, or one too many is")
			}
			return nil
		case css.URLToken, css.BadURLToken:
			return fmt.Errorf("%s loads something; a theme's stylesheet may not", short(token))
		case css.BadStringToken:
			return fmt.Errorf("the text %s is not closed", short(token))
		case css.FunctionToken:
			if strings.Contains(word, `\`) || slices.Contains(loading, word) {
				return fmt.Errorf("%s) loads something; a theme's stylesheet may not", short(token))
			}
		case css.AtKeywordToken:
			if !slices.Contains(plainRules, word) {
				return fmt.Errorf("%s is not one of %s", short(token), strings.Join(plainRules, ", "))
			}
		case css.LeftBraceToken:
			open++
		case css.RightBraceToken:
			if open--; open < 0 {
				return errors.New("a brace is not closed, or one too many is")
			}
		}
	}
}

func short(token []byte) string {
	const limit = 60
	if len(token) > limit {
		return strings.ToValidUTF8(string(token[:limit]), "") + "…"
	}
	return string(token)
}
