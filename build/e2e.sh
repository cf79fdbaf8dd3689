#!/usr/bin/env bash
# Runs the browser suite: the same Go program and pages as in the window, driven in headless Chromium over Wails' dev
# server. playwright.config.ts starts the program. The dev build still opens a window, hence the display.
#
#   build/e2e.sh [REPORT] [PLAYWRIGHT ARGUMENT]...   REPORT is the JUnit file to write
set -euo pipefail
cd "$(dirname "$0")/.."

PLAYWRIGHT_JUNIT_OUTPUT_FILE=$PWD/${1:-test-results/e2e/junit.xml}
export PLAYWRIGHT_JUNIT_OUTPUT_FILE
shift || true

make --no-print-directory window-dev
cd frontend
exec ../build/with-display.sh npx --no-install playwright test --reporter=list,junit "$@"
