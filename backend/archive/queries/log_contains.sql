{{/* Whether a block of a log has a text; the block before it is looked at for what begins in it. */ -}}
log_contains(@log_text, l.text, l.size, b.text, b.size{{if .Past}}, l.chunks, @at{{end}})