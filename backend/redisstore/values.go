package redisstore

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Redis holds bytes that anybody may have written. These give the nearest thing that the rest of the program can carry.

// clean makes valid UTF-8 without NUL of a value, so that it can be shown and asked for.
func clean(value string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(value, "\uFFFD"), "\x00", "\uFFFD")
}

// integer is nil for what is no 64-bit integer.
func integer(text string) *int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// number is 0 for what is no 32-bit integer.
func number(text string) int {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0
	}
	return int(n)
}

// moment reads Unix seconds with a fraction; nil for anything that is no time of the years 1970 to 9999.
func moment(text string) *time.Time {
	const end = 253402300800 // of the year 9999
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds > 0 && seconds < end) {
		return nil
	}
	whole, fraction := math.Modf(seconds)
	at := time.Unix(int64(whole), int64(fraction*1e9)).UTC()
	return &at
}

func truth(text string) bool { return text == "1" || strings.EqualFold(text, "true") }
