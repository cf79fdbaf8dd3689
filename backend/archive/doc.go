// Package archive reads the files of exported history: it answers the console's ports from a file, as of a moment, and says
// whether the file is what was written. A file is hostile until it is proven: nothing in it is trusted, and nothing is written.
package archive
