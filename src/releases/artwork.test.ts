import { sql } from 'kysely';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestProject } from '#http/testing.ts';
import { Hono } from 'hono';
import { mountArtwork } from '../pages/artwork-routes.ts';
import { artworkUpload } from './contract.ts';

const api = await startApi();
const pages = new Hono();
mountArtwork(pages, api);
let project: TestProject;
let other: TestProject;
let releaseId: string;
beforeAll(async () => {
  project = await api.addProject();
  other = await api.addProject();
  const artist = (await project.post('/artists', { name: 'Luna Vale' })).body;
  const release = await project.post('/releases', {
    title: 'Nightglass',
    artistId: artist['id'],
    kind: 'album',
    releaseAt: '2027-06-12T00:00:00Z',
  });
  releaseId = release.body['id'];
});

const cover = (width = 800, height = width, background = '#c03020') =>
  sharp({ create: { width, height, channels: 3, background } });

async function upload(bytes: Buffer | string, { key } = project, type = 'image/png') {
  const response = await api.app.request(`/api/v1/releases/${releaseId}/artwork`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': type },
    body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
  });
  // As: an answer of the API; each test looks at what it expects.
  const body = (await response.json()) as {
    artwork: { colour: string; images: { width: number; url: string }[] };
    errors: { code: string }[];
  };
  return { status: response.status, body };
}

describe('artwork', () => {
  test('R122 is decoded, kept in three widths without what else was in the file, and served for ever', async () => {
    const photo = await cover()
      .withExif({ IFD0: { Copyright: 'Secret Studio', ImageDescription: 'taken at home' } })
      .jpeg()
      .toBuffer();
    expect(photo.toString('latin1')).toContain('Secret Studio');
    const { status, body } = await upload(photo, project, 'image/jpeg');
    expect([status, body.artwork.colour]).toEqual([
      200,
      expect.stringMatching(/^#[bc][0-9a-f][23][0-9a-f][12][0-9a-f]$/),
    ]);
    expect(body.artwork.images.map((one) => one.width)).toEqual([160, 480, 1200]);
    for (const { width, url } of body.artwork.images) {
      const image = await pages.request(url);
      expect(Object.fromEntries(image.headers)).toMatchObject({
        'content-type': 'image/jpeg',
        'x-content-type-options': 'nosniff',
        'cache-control': 'public, max-age=31536000, immutable',
      });
      const bytes = Buffer.from(await image.arrayBuffer());
      expect(bytes.toString('latin1')).not.toContain('Secret Studio');
      // Smaller than it came, never larger.
      expect((await sharp(bytes).metadata()).width).toBe(Math.min(width, 800));
    }
    expect((await project.get(`/releases/${releaseId}`)).body['artwork']).toEqual(body.artwork);
  });

  test.each(['png', 'webp', 'avif', 'gif', 'tiff'] as const)('may be a %s', async (format) => {
    expect((await upload(await cover(400).toFormat(format).toBuffer())).status).toBe(200);
  });

  test('another upload gets another address, and what was behind the old one is gone', async () => {
    const first = (await upload(await cover().png().toBuffer())).body.artwork.images[0]?.url ?? '';
    const second = (await upload(await cover(500, 700, '#102080').png().toBuffer())).body.artwork;
    expect((await pages.request(first)).status).toBe(404);
    // What is not square stays whole.
    const image = await pages.request(second.images[1]?.url ?? '');
    expect(await sharp(Buffer.from(await image.arrayBuffer())).metadata()).toMatchObject({
      width: 343,
      height: 480,
    });
    expect(second.colour).toMatch(/^#[01][0-9a-f][12][0-9a-f][78][0-9a-f]$/);
    expect((await project.del(`/releases/${releaseId}/artwork`)).status).toBe(204);
    expect((await pages.request(second.images[0]?.url ?? '')).status).toBe(404);
    expect((await project.get(`/releases/${releaseId}`)).body['artwork']).toBeNull();
    const { rows } = await sql`select 1 from artwork where project_id = ${project.projectId}`.execute(api.db);
    expect(rows).toEqual([]);
  });

  test('what is no picture is 422 and changes nothing', async () => {
    const { body } = await upload(await cover().png().toBuffer());
    const whole = await cover().png().toBuffer();
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><rect width="900" height="900"/></svg>';
    const refused: [string, Buffer | string][] = [
      ['not_a_picture', 'hello'],
      ['not_a_picture', svg],
      ['not_a_picture', `<html><script>alert(1)</script></html>`],
      ['not_a_picture', whole.subarray(0, whole.length / 2)],
      ['not_a_picture', Buffer.from('%PDF-1.7')],
      ['empty', ''],
      ['too_small', await cover(299, 2000).png().toBuffer()],
      ['too_many_pixels', await cover(12_000, 8_000).png().toBuffer()],
    ];
    for (const [code, bytes] of refused) {
      const answer = await upload(bytes);
      expect([code, answer.status, answer.body.errors?.[0]?.code]).toEqual([code, 422, code]);
    }
    expect((await project.get(`/releases/${releaseId}`)).body['artwork']).toEqual(body.artwork);
  });

  test('what is too large is 413, whatever its head says, and is not read to its end', async () => {
    expect((await upload(Buffer.alloc(artworkUpload.maxBytes + 1))).status).toBe(413);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024 * 1024;
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const response = await api.app.request(`/api/v1/releases/${releaseId}/artwork`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${project.key}` },
      body: endless,
      duplex: 'half',
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([413, 'too_large']);
    expect(sent).toBeLessThan(artworkUpload.maxBytes + 5 * 1024 * 1024);
  });

  test('R88 only for a release of the project, and only for who knows the address', async () => {
    const bytes = await cover().png().toBuffer();
    expect((await upload(bytes, other)).status).toBe(404);
    expect((await other.del(`/releases/${releaseId}/artwork`)).status).toBe(404);
    for (const path of ['/artwork/x/160.jpg', `/artwork/${'A'.repeat(22)}/160.jpg`, '/artwork/../160.jpg']) {
      expect((await pages.request(path)).status).toBe(404);
    }
  });
});

describe('releases', () => {
  test('are found by title and artist; saves are counted by service and state', async () => {
    const titles = async (query: string, of = project) =>
      (await of.get(`/releases?${query}`)).body['items'].map((one: { title: string }) => one.title);
    expect(await titles('q=GLASS')).toEqual(['Nightglass']);
    expect(await titles('q=luna')).toEqual(['Nightglass']);
    expect(await titles('q=%25')).toEqual([]);
    expect(await titles('q=night', other)).toEqual([]);
    expect((await project.get('/artists?q=vale')).body['items']).toMatchObject([{ name: 'Luna Vale' }]);
    expect((await project.get('/artists?q=nobody')).body['items']).toEqual([]);
    for (const [fan, service, state] of [
      [1, 'music', 'scheduled'],
      [2, 'music', 'scheduled'],
      [3, 'music', 'verified'],
      [3, '', 'reminder_set'],
    ] as const) {
      await sql`insert into save (project_id, fan_id, release_id, service, state, created_at)
                values (${project.projectId}, ${`00000000-0000-7000-8000-00000000000${fan}`}, ${releaseId},
                        ${service}, ${state}, now())`.execute(api.db);
    }
    expect((await project.get(`/releases/${releaseId}/saves`)).body['items']).toEqual([
      { service: '', state: 'reminder_set', count: 1 },
      { service: 'music', state: 'scheduled', count: 2 },
      { service: 'music', state: 'verified', count: 1 },
    ]);
    expect((await other.get(`/releases/${releaseId}/saves`)).status).toBe(404);
  });
});
