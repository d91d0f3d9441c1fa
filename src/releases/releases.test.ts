import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { createTestDatabase } from '../../test/db.ts';
import { createArtist, findArtistByService, getArtist, listArtists, updateArtist } from './artists.ts';
import {
  connectCode,
  connectLinkExpiry,
  createConnectLink,
  findPageLink,
  findShortLink,
} from './connect-links.ts';
import { createRelease, findReleaseByService, getRelease, listReleases, updateRelease } from './releases.ts';
import { parseServiceLink } from './service-links.ts';
import { createSealer } from '#lib/seal.ts';
import { dayMs, key, sealer, setStage } from './testing/stage.ts';

const { db } = await createTestDatabase();
const stage = await setStage(db);
const other = await setStage(db);
afterAll(async () => {
  await stage.close();
  await other.close();
});
const { projectId, artistId } = stage;
const now = stage.now();
const album = (id: string) => `https://open.spotify.com/intl-de/album/${id}?si=tracking`;
const id22 = (letter: string) => letter.repeat(22);

describe('R21 identity', () => {
  test('links with language and tracking name the same work', () => {
    expect(parseServiceLink(album(id22('a')))).toEqual(parseServiceLink(`spotify:album:${id22('a')}`));
    expect(parseServiceLink('https://example.com/album/1')).toBeNull();
  });

  test('a second release with the id of the first is refused; another project may have it', async () => {
    const input = {
      title: 'Nightglass',
      artistId,
      kind: 'album' as const,
      releaseAt: now,
      services: [{ url: album(id22('b')) }],
    };
    const first = await createRelease(db, projectId, input, now);
    expect(first.services).toEqual([
      { service: 'spotify', serviceId: id22('b'), url: `https://open.spotify.com/album/${id22('b')}` },
    ]);
    const again = createRelease(
      db,
      projectId,
      { ...input, services: [{ service: 'spotify', serviceId: id22('b') }] },
      now,
    );
    await expect(again).rejects.toMatchObject({ status: 422, details: { rule: 'R21' } });
    const elsewhere = { ...input, artistId: other.artistId };
    expect((await createRelease(db, other.projectId, elsewhere, now)).id).not.toBe(first.id);
    expect((await findReleaseByService(db, projectId, 'spotify', id22('b')))?.id).toBe(first.id);
  });

  test('artists too, and twenty at once make one', async () => {
    const made = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        createArtist(
          db,
          projectId,
          { name: 'Nova', services: [{ service: 'spotify', serviceId: id22('n') }] },
          now,
        ),
      ),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const nova = await findArtistByService(db, projectId, 'spotify', id22('n'));
    const count = await sql<{ n: number }>`
      select count(*)::int as n from artist where project_id = ${projectId} and name = 'Nova'`.execute(db);
    expect([nova?.name, count.rows[0]?.n]).toEqual(['Nova', 1]);
  });

  test('a link of another kind, of no service, or two of one service: 422 naming the entry', async () => {
    const input = { title: 'x', artistId, kind: 'track' as const, releaseAt: now };
    const refused = async (services: { url: string }[]) => {
      const error: unknown = await createRelease(db, projectId, { ...input, services }, now).catch(
        (e: unknown) => e,
      );
      return (error as { details: { errors: { path: string; code: string }[] } }).details.errors[0];
    };
    expect(await refused([{ url: album(id22('c')) }])).toMatchObject({
      path: 'services.0.url',
      code: 'wrong_kind',
    });
    expect(await refused([{ url: 'https://example.com' }])).toMatchObject({ code: 'unknown_link' });
    const track = `spotify:track:${id22('c')}`;
    expect(await refused([{ url: track }, { url: track }])).toMatchObject({
      path: 'services.1',
      code: 'repeated',
    });
  });
});

describe('artists and releases', () => {
  test("R88 another project's ids are not found, in a path 404, in a body 422", async () => {
    await expect(getArtist(db, projectId, other.artistId)).rejects.toMatchObject({ status: 404 });
    const release = await other.addRelease();
    await expect(getRelease(db, projectId, release.id)).rejects.toMatchObject({ status: 404 });
    await expect(updateRelease(db, projectId, release.id, { title: 'x' })).rejects.toMatchObject({
      status: 404,
    });
    const stolen = createRelease(
      db,
      projectId,
      { title: 'x', artistId: other.artistId, kind: 'album', releaseAt: now, services: [] },
      now,
    );
    await expect(stolen).rejects.toMatchObject({ status: 422 });
  });

  test('a change that names nothing changes nothing', async () => {
    const release = await stage.addRelease({ upc: '00602445790128' });
    expect(await updateRelease(db, projectId, release.id, {})).toEqual(release);
    const artist = await getArtist(db, projectId, artistId);
    expect(await updateArtist(db, projectId, artistId, {})).toEqual(artist);
  });

  test('a release that moves takes along what waits for it, but not a deadline of its own', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    const own = new Date(now.getTime() + 3 * dayMs);
    for (const [position, deadline] of [release.releaseAt, own].entries()) {
      await sql`
        insert into work (project_id, id, kind, fan_id, due_at, deadline_at, promise)
        values (${projectId}, ${newId()}, 'step', ${fan}, ${deadline}, ${deadline},
                ${`${fan}:presave:${release.id}${position === 0 ? '' : ':spotify'}`})`.execute(db);
    }
    const releaseAt = new Date(release.releaseAt.getTime() + 7 * dayMs);
    await updateRelease(db, projectId, release.id, { releaseAt });
    const { rows } = await sql<{ deadline_at: Date }>`
      select deadline_at from work where fan_id = ${fan} order by promise`.execute(db);
    expect(rows.map((row) => row.deadline_at)).toEqual([releaseAt, own]);
  });

  test('lists page newest first', async () => {
    const lonely = await setStage(db);
    const made = [lonely.artistId];
    for (const name of ['A', 'B'])
      made.push((await createArtist(db, lonely.projectId, { name, services: [] }, now)).id);
    const first = await listArtists(db, lonely.projectId, { limit: 2, cursor: null });
    const second = await listArtists(db, lonely.projectId, { limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made.toReversed());
    expect(second.nextCursor).toBeNull();
    expect((await listReleases(db, lonely.projectId, { limit: 2, cursor: null })).items).toEqual([]);
    await lonely.close();
  });
});

describe('R120 links', () => {
  const subject = { releaseId: null, artistId };

  test('ten base62 characters, the same for the same fan and subject, and 128 bits behind them', async () => {
    const fan = await stage.addFan();
    const input = { projectId, fanId: fan, subject, releaseAt: null, now };
    const link = await createConnectLink(db, sealer, input);
    expect(link.code).toMatch(/^[0-9A-Za-z]{10}$/);
    expect(Buffer.from(link.path.slice('/c/'.length + 10), 'base64url')).toHaveLength(16);
    expect(await createConnectLink(db, sealer, input)).toEqual(link);
    expect(link.code).toBe(connectCode(sealer, projectId, fan, subject));
    expect(connectCode(sealer, projectId, await stage.addFan(), subject)).not.toBe(link.code);
  });

  test('a later text makes the link last longer, on both pages', async () => {
    const fan = await stage.addFan();
    const input = { projectId, fanId: fan, subject, releaseAt: null, now };
    const first = await createConnectLink(db, sealer, input);
    const later = new Date(now.getTime() + dayMs);
    const second = await createConnectLink(db, sealer, { ...input, now: later });
    expect(second.expiresAt.getTime() - first.expiresAt.getTime()).toBe(dayMs);
    expect((await findPageLink(db, sealer, second.path.slice(3)))?.expiresAt).toEqual(second.expiresAt);
  });

  test('works until the release, or thirty days where that is later', () => {
    expect(connectLinkExpiry(now, new Date(now.getTime() + 90 * dayMs)).getTime()).toBe(
      now.getTime() + 90 * dayMs,
    );
    expect(connectLinkExpiry(now, now).getTime()).toBe(now.getTime() + 30 * dayMs);
  });

  test('a database reader cannot open a page: its token is made with a key, and kept nowhere', async () => {
    const fan = await stage.addFan();
    const { code, path } = await createConnectLink(db, sealer, {
      projectId,
      fanId: fan,
      subject,
      releaseAt: null,
      now,
    });
    const { rows } = await sql<{ text: string }>`
      select s::text as text from short_link s where code = ${code}`.execute(db);
    const token = path.slice('/c/'.length);
    expect(rows[0]!.text).not.toContain(token.slice(10));
    expect((await findShortLink(db, sealer, code))?.token).toBe(token);
    const otherKey = Buffer.alloc(32, 9);
    expect(await findPageLink(db, createSealer([otherKey]), token)).toBeUndefined();
    // A key that was rotated away still opens what it made.
    expect((await findPageLink(db, createSealer([otherKey, key]), token))?.code).toBe(code);
  });
});
