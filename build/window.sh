#!/usr/bin/env bash
# Runs the window suite: the true WebKitGTK window on a virtual display, driven by WebKitWebDriver. The driven program is
# the release with one more file (window_e2e.go); the release itself is built too, to see that it lacks that file.
#
#   build/window.sh [REPORT] [PLAYWRIGHT ARGUMENT]...   REPORT is the JUnit file to write
set -euo pipefail
cd "$(dirname "$0")/.."

PLAYWRIGHT_JUNIT_OUTPUT_FILE=$PWD/${1:-test-results/window/junit.xml}
export PLAYWRIGHT_JUNIT_OUTPUT_FILE
shift || true

make --no-print-directory window window-e2e
cd frontend
exec ../build/with-display.sh npx --no-install playwright test --config=playwright.window.config.ts --reporter=list,junit "$@"
