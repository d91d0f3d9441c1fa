/** Browsers inside other apps, by how they name themselves. */
const inAppBrowsers: readonly [RegExp, string][] = [
  [/Instagram/i, 'Instagram'],
  [/FBAN|FBAV|FB_IAB|FBIOS/, 'Facebook'],
  [/musical_ly|BytedanceWebview|TikTok|trill_/i, 'TikTok'],
];

/** The app that this browser lives in; null: a browser of its own. */
export function findInAppBrowser(userAgent: string): string | null {
  return inAppBrowsers.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
}

/**
 * A link that leaves the app for the system's browser: Android takes an intent, iOS (17 and later)
 * Safari's own scheme. Null elsewhere, where only typing helps.
 */
export function systemBrowserLink(userAgent: string, url: string): string | null {
  const { host, pathname, protocol } = new URL(url);
  const scheme = protocol.slice(0, -1);
  if (/Android/i.test(userAgent)) return `intent://${host}${pathname}#Intent;scheme=${scheme};end`;
  if (/iPhone|iPad|iPod/i.test(userAgent)) return `x-safari-${scheme}://${host}${pathname}`;
  return null;
}
