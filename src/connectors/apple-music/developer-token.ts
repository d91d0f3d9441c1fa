import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { GiveUp } from '#lib/errors.ts';
import type { AppleMusicSettings } from './connector.ts';

/** How long a token of ours is good; Apple allows half a year. A leaked one is worth an hour. */
const lifeMs = 60 * 60_000;
/** Signed anew so long before its end. */
const marginMs = 10 * 60_000;
/** Against clocks that differ: a token from the future is refused. */
const backdatedMs = 5 * 60_000;

export interface DeveloperTokens {
  /** For calls of the server; one token serves until it nears its end. */
  current(): Promise<string>;
  /** Signs another one at the next call: this one was refused. */
  forget(): void;
  /** For a fan's browser, good on pages of this origin only. */
  forPage(origin: string): Promise<string>;
}

/** The app's own name towards Apple: a JWT signed ES256 with the team's key, made here and rotated. */
export function createDeveloperTokens(settings: AppleMusicSettings, now: () => Date): DeveloperTokens {
  let key: KeyObject | undefined;
  let kept: { token: Promise<string>; untilMs: number } | undefined;

  async function sign(claims: Record<string, unknown>): Promise<string> {
    key ??= readKey(settings.privateKey);
    const nowMs = now().getTime();
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: settings.keyId })
      .setIssuer(settings.teamId)
      .setIssuedAt(Math.floor((nowMs - backdatedMs) / 1_000))
      .setExpirationTime(Math.floor((nowMs + lifeMs) / 1_000))
      .sign(key);
  }

  return {
    current() {
      const nowMs = now().getTime();
      if (kept === undefined || kept.untilMs <= nowMs) {
        kept = { token: sign({}), untilMs: nowMs + lifeMs - marginMs };
      }
      return kept.token;
    },
    forget: () => void (kept = undefined),
    forPage: (origin) => sign({ origin: [origin] }),
  };
}

function readKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Told below: the reason of a parser helps nobody, and could repeat the key.
  }
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new GiveUp('Apple Music: the private key cannot be read; paste the whole text of the .p8 file');
  }
  return key;
}
