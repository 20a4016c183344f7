import { existsSync } from 'node:fs';
import { hostPackages } from './hostPackages.mjs';
import { HumanError } from './humanError.mjs';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** As root, and in containers, Chromium's own sandbox cannot start; the tests only open pages of their own. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * What Playwright's `chromium.launch` needs: `CHROME_PATH`, an installed Chromium, or else the one from the npm registry.
 * @returns {Promise<{ executablePath: string, args: string[], env: Record<string, string> }>}
 */
export async function chromiumLaunchOptions() {
  const env = /** @type {Record<string, string>} */ ({ ...process.env });
  const chosen = process.env['CHROME_PATH'];
  if (chosen && !existsSync(chosen)) {
    throw new HumanError({
      seen: `CHROME_PATH is ${chosen}, and there is no such file.`,
      expected: 'The path of a Chromium or Chrome executable.',
      next: 'Next: correct CHROME_PATH, or unset it to use the Chromium that the tests bring along.',
    });
  }
  const installed = chosen || INSTALLED.find((path) => existsSync(path));
  if (installed) return { executablePath: installed, args: ARGS, env };
  const { chromium } = await hostPackages();
  if (!chromium) {
    throw new HumanError({
      seen: `No Chromium in ${INSTALLED.join(', ')}.`,
      expected: 'On arm64 an installed Chromium: the npm registry has one for x64 only.',
      next: 'Next: install Chromium (Debian: apt-get install chromium), or set CHROME_PATH.',
    });
  }
  return { executablePath: chromium.executablePath, args: ARGS, env: { ...env, ...chromium.env } };
}
