import { defineConfig } from 'vitest/config'

// Go renders the page and finds the hashed names in the manifest, so there is no index.html here.
export default defineConfig({
  build: {
    target: ['es2022', 'safari16'],
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000, // the page comes from the program itself, not over a network
    rolldownOptions: { input: 'src/main.ts' },
  },
  test: {
    environment: 'happy-dom',
    setupFiles: ['test/page.ts'],
    include: ['test/{unit,dom}/**/*.test.ts'],
    restoreMocks: true,
    testTimeout: 30_000, // more than test/page.ts waits
  },
})
