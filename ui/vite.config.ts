// How the windows are built and tested. The built page must hold under the policy in tauri.conf.json: no inline script or style.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The browser's build of Svelte is what Vitest must find; in the application the plug-in changes nothing.
  plugins: [svelte(), svelteTesting()],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  build: {
    // The oldest web views that Guise runs in: WebKitGTK 2.42 and macOS 14 (Safari 17).
    target: ['es2022', 'safari17'],
    // Small assets as files, never as data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    env: { TZ: 'UTC' },
    testTimeout: 30_000,
  },
});
