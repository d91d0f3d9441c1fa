import { afterEach, describe, expect, it } from 'vitest';
import { GiveUp, NeedsReconnect, RetryLater } from '#lib/errors.ts';
import type { Access, Tokens } from '../connector.ts';
import { redirectOf } from '../testing/sign-in.ts';
import { createSpotifyClient } from './client.ts';
import { spotifySettings } from './connector.ts';
import { refusals } from './errors.ts';
import { accessOf, albumId, allScopes, artistId, setStage } from './testing.ts';
import type { Stage } from './testing.ts';

const key = { key: 'effect-1' };
const album = { kind: 'album', id: albumId } as const;
let stage: Stage;
afterEach(() => stage.close());

/** Method and path of the Web API calls so far. */
function webCalls(): string[] {
  return stage.fake.calls().map(({ method, path, status }) => `${method} ${path.split('?')[0]} ${status}`);
}

function isGood(settings: object): boolean {
  return spotifySettings.safeParse({ clientId: 'x', ...settings }).success;
}

/** Real milliseconds until the error allows the next call; NaN when it names no time. */
function waitMs(error: unknown): number {
  return error instanceof RetryLater ? (error.at?.getTime() ?? NaN) - Date.now() : NaN;
}

async function rejection(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}

describe('saving', () => {
  it('is one call without a body, verified by its answer', async () => {
    stage = await setStage();
    const access = await stage.access();
    await expect(stage.client.save(access, [album], key)).resolves.toEqual({ result: 'verified' });
    expect(webCalls()).toEqual(['PUT /v1/me/library 200']);
    const { saved } = await stage.fake.library('mara-lindqvist');
    expect(saved).toEqual([{ uri: `spotify:album:${albumId}`, at: stage.now().toISOString() }]);
  });

  it('R61 takes 40 items a call and never sends more', async () => {
    stage = await setStage();
    const access = await stage.access();
    const items = Array.from({ length: 41 }, (_, index) => ({
      kind: 'track' as const,
      id: `track${String(index).padStart(17, '0')}`,
    }));
    await stage.client.save(access, items.slice(0, 40), key);
    expect((await stage.fake.library('mara-lindqvist')).saved).toHaveLength(40);
    await expect(stage.client.save(access, items, key)).rejects.toThrow(RangeError);
    await expect(stage.client.save(access, [], key)).rejects.toThrow(RangeError);
    expect(webCalls()).toHaveLength(1);
  });

  it('an id that is none never reaches the query string', async () => {
    stage = await setStage();
    const access = await stage.access();
    const attempt = stage.client.save(access, [{ kind: 'album', id: `${albumId}&market=DE` }], key);
    await expect(attempt).rejects.toThrow(GiveUp);
    expect(webCalls()).toEqual([]);
  });
});

describe('following an artist', () => {
  it('goes through the library and is read back', async () => {
    stage = await setStage();
    await expect(stage.client.follow(await stage.access(), artistId, key)).resolves.toEqual({
      result: 'verified',
    });
    expect(webCalls()).toEqual(['PUT /v1/me/library 200', 'GET /v1/me/library/contains 200']);
  });

  it('falls back to the older call where the library does not know artists', async () => {
    stage = await setStage({ acceptsArtistUris: false });
    const access = await stage.access();
    await expect(stage.client.follow(access, artistId, key)).resolves.toEqual({ result: 'verified' });
    expect(webCalls()).toEqual([
      'PUT /v1/me/library 400',
      'PUT /v1/me/following 204',
      'GET /v1/me/library/contains 200',
    ]);
    await stage.client.unfollow(access, artistId, key);
    expect((await stage.fake.library('mara-lindqvist')).following).toEqual([]);
  });

  it('gives up where development mode refuses the older call too', async () => {
    stage = await setStage({ acceptsArtistUris: false, mode: 'development' }, { mode: 'development' });
    const error = await rejection(stage.client.follow(await stage.access(), artistId, key));
    expect(error).toBeInstanceOf(GiveUp);
    expect(error).toMatchObject({ skip: undefined, reason: expect.stringContaining(refusals.endpoint) });
  });

  it('is only accepted when the answer was 200 and the artist is not there', async () => {
    stage = await setStage({ ignoresArtistUris: true });
    await expect(stage.client.follow(await stage.access(), artistId, key)).resolves.toEqual({
      result: 'accepted',
    });
  });

  it('is only accepted when the fan never allowed reading', async () => {
    stage = await setStage();
    const access = await stage.access('mara-lindqvist', ['user-follow-modify']);
    await expect(stage.client.follow(access, artistId, key)).resolves.toEqual({ result: 'accepted' });
  });
});

describe('403 has several meanings', () => {
  it('R63 a fan who is not a named tester: the host can tell', async () => {
    stage = await setStage({ mode: 'development', allowedUsers: ['jonas-okafor'] });
    const access = await stage.access();
    for (const attempt of [stage.client.save(access, [album], key), stage.client.oauth.identify(access)]) {
      expect(await rejection(attempt)).toMatchObject({
        name: 'GiveUp',
        skip: 'refused_by_app',
        reason: refusals.notRegistered,
      });
    }
    await stage.client.save(await stage.access('jonas-okafor'), [album], key);
  });

  it('the owner has lost Premium', async () => {
    stage = await setStage({ mode: 'development', ownerHasPremium: false });
    const error = await rejection(stage.client.save(await stage.access(), [album], key));
    expect(error).toMatchObject({ name: 'GiveUp', skip: undefined, reason: refusals.premium });
  });

  it('the fan has not allowed this', async () => {
    stage = await setStage();
    const access = await stage.access('mara-lindqvist', ['user-follow-modify']);
    const error = await rejection(stage.client.save(access, [album], key));
    expect(error).toMatchObject({ name: 'GiveUp', skip: undefined, reason: refusals.scope });
  });
});

describe('limits', () => {
  it('R61 a used-up quota pauses the whole lane for hours', async () => {
    stage = await setStage({ quotaExceeded: true });
    const error = await rejection(stage.client.save(await stage.access(), [album], key));
    expect(error).toMatchObject({ isLaneWide: true });
    expect(waitMs(error)).toBeGreaterThan(3 * 3_600_000);
  });

  it('R61 the rate window says how long, and opens again', async () => {
    stage = await setStage({ callsPer30Seconds: 2 });
    const access = await stage.access();
    await stage.client.save(access, [album], key);
    stage.advance(10_000);
    await stage.client.probe(access);
    const error = await rejection(stage.client.probe(access));
    expect(waitMs(error)).toBeGreaterThan(19_000);
    expect(waitMs(error)).toBeLessThanOrEqual(20_000);
    stage.advance(20_000);
    await stage.client.probe(access);
  });
});

describe('tokens', () => {
  it('R60 without a secret every refresh brings a new token and spends the old one', async () => {
    stage = await setStage();
    const first = await stage.fake.issueGrant('mara-lindqvist', allScopes, stage.now());
    const second = await stage.client.oauth.refresh(first);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second).toMatchObject({
      scopes: allScopes,
      expiresAt: new Date(stage.now().getTime() + 3_600_000),
    });
    await expect(stage.client.oauth.refresh(first)).rejects.toThrow(NeedsReconnect);
    await stage.client.oauth.refresh(second);
  });

  it('R60 with a secret the answer has no refresh token and the old one is kept', async () => {
    stage = await setStage({}, { clientSecret: 'segue-sandbox-secret' });
    const first = await stage.fake.issueGrant('mara-lindqvist', allScopes, stage.now());
    const second = await stage.client.oauth.refresh(first);
    expect(second.refreshToken).toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
  });

  it('R58 an authorisation dies six months after it was given, refreshed or not', async () => {
    stage = await setStage();
    const day = 86_400_000;
    const givenAt = stage.now();
    const first = await stage.fake.issueGrant('mara-lindqvist', allScopes, givenAt);
    const diesAt = stage.client.oauth.diesAt(givenAt);
    expect(diesAt).toEqual(new Date('2027-05-23T12:00:00Z'));
    stage.advance(90 * day);
    const later = await stage.client.oauth.refresh(first);
    stage.advance((diesAt?.getTime() ?? 0) - stage.now().getTime() - 1_000);
    const last = await stage.client.oauth.refresh(later);
    stage.advance(1_000);
    await expect(stage.client.oauth.refresh(last)).rejects.toThrow(NeedsReconnect);
  });

  it('R58 six months are calendar months', async () => {
    stage = await setStage();
    const { diesAt } = stage.client.oauth;
    const end = (text: string) => diesAt(new Date(text))?.toISOString().slice(0, 10);
    expect(end('2026-08-31T10:00:00Z')).toBe('2027-02-28');
    expect(end('2027-08-31T10:00:00Z')).toBe('2028-02-29');
    expect(end('2026-12-31T10:00:00Z')).toBe('2027-06-30');
    expect(end('2026-07-15T10:00:00Z')).toBe('2027-01-15');
  });

  it('R59 a mistyped secret does not end a fan’s authorisation', async () => {
    stage = await setStage({}, { clientSecret: 'mistyped' });
    const tokens = await stage.fake.issueGrant('mara-lindqvist', allScopes, stage.now());
    const error = await rejection(stage.client.oauth.refresh(tokens));
    expect(error).toMatchObject({ name: 'RetryLater', isLaneWide: true });
    await stage.clientWith({ clientSecret: 'segue-sandbox-secret' }).oauth.refresh(tokens);
  });

  it('R103 the probe sees an access token that ended, and asks for another once', async () => {
    stage = await setStage();
    let tokens: Tokens = await stage.fake.issueGrant('mara-lindqvist', allScopes, stage.now());
    stage.advance(3_600_000);
    const access: Access = {
      token: async () => tokens.accessToken,
      async renew() {
        tokens = await stage.client.oauth.refresh(tokens);
        return tokens.accessToken;
      },
    };
    await stage.client.probe(access);
    expect(webCalls()).toEqual(['GET /v1/me 401', 'POST /api/token 200', 'GET /v1/me 200']);
  });

  it('identifies by the id that never changes', async () => {
    stage = await setStage();
    const tokens = await stage.fake.issueGrant('ines-halloran', allScopes, stage.now());
    const who = await stage.client.oauth.identify(accessOf(tokens));
    expect(who).toEqual({ accountId: expect.stringMatching(/^acc/), displayName: 'Inês Halloran' });
  });
});

describe('settings', () => {
  it('R63 at most five named testers, and only in development mode', async () => {
    stage = await setStage();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(isGood({ namedTesters: names.slice(0, 5) })).toBe(true);
    expect(isGood({ namedTesters: names })).toBe(false);
    expect(isGood({ mode: 'extended', namedTesters: ['a'] })).toBe(false);
    expect(stage.client.namedTesters).toBeNull();
    expect(stage.clientWith({ mode: 'development', namedTesters: ['a'] }).namedTesters).toEqual(['a']);
  });

  it('asks for the least: reading only where a follow is read back', async () => {
    stage = await setStage();
    const { scopesFor } = stage.client.oauth;
    expect(scopesFor(['save-album', 'save-track'])).toEqual(['user-library-modify']);
    expect(scopesFor(['save-album', 'follow-artist'])).toEqual([
      'user-library-modify',
      'user-follow-modify',
      'user-follow-read',
    ]);
  });

  it('speaks to the real hosts when no other is named', async () => {
    stage = await setStage();
    const urls: string[] = [];
    const client = createSpotifyClient({
      settings: { clientId: 'x' },
      now: stage.now,
      http: async ({ url }) => {
        urls.push(url);
        return {
          status: 200,
          text: '{"access_token":"a","expires_in":3600,"account_id":"1"}',
          header: () => undefined,
        };
      },
    });
    const asked = redirectOf(client).authorizeUrl({
      redirectUri: 'https://x/',
      state: 's',
      codeChallenge: 'c',
      scopes: [],
    });
    expect(asked).toMatch(/^https:\/\/accounts\.spotify\.com\/authorize\?/);
    await redirectOf(client).exchange({ code: 'c', codeVerifier: 'v', redirectUri: 'https://x/' });
    await client.probe(await stage.access());
    expect(urls).toEqual(['https://accounts.spotify.com/api/token', 'https://api.spotify.com/v1/me']);
  });
});
