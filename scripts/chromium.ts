/** The browser that the browser tests drive. */
import { findProgram, installPackage } from './debian.ts';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * `CHROMIUM_PATH`, or an installed one, or as root Debian's, installed now.
 * @throws a sentence with the one command to run
 */
export function ensureChromium(): string {
  const given = process.env['CHROMIUM_PATH'];
  if (given) {
    if (findProgram([given])) return given;
    throw new Error(`CHROMIUM_PATH is ${given}, where there is no program to run.`);
  }
  const found = findProgram(names);
  if (found) return found;
  installPackage('chromium');
  const installed = findProgram(names);
  if (!installed) throw new Error('chromium was installed but is not on the PATH: set CHROMIUM_PATH.');
  return installed;
}
