//go:build !bindings && !linux

package main

func steadyRenderer() {}

func checkDisplay() error { return nil }
