// The windows in a real browser, on the fake agent: what jsdom cannot tell, because it draws nothing.
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** Away from the port of `npm run dev`, so that both can run. */
const PORT = 5199;

/** Where the page with the fake agent in it is built. */
const PAGE = 'node_modules/.page';

/** The system's own browser, by the name that its distribution gave it. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`);

export default defineConfig({
  testDir: 'tests',
  outputDir: 'node_modules/.playwright',
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'line',
  timeout: 60_000,
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    timezoneId: 'UTC',
    launchOptions: {
      executablePath: BROWSERS.find((each) => existsSync(each)) ?? 'chromium',
      // Root has no sandbox to run it in, and it has nobody to call.
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
    },
  },
  webServer: {
    // Built once, with the fake agent in it: each view is then loaded in two files and not in two hundred.
    command: `npx vite build --mode development --outDir ${PAGE} && npx vite preview --outDir ${PAGE} --host 127.0.0.1 --port ${PORT}`,
    env: { NODE_ENV: 'development' },
    url: `http://127.0.0.1:${PORT}`,
    reuseExistingServer: false,
    stdout: 'ignore',
  },
});
