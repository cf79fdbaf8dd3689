//go:build unix

package cli

const terminalName = "/dev/tty"
