import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { startApi, type TestProject } from '#http/testing.ts';
import { slugFor } from './content.ts';

const api = await startApi();
let project: TestProject;
let other: TestProject;
beforeAll(async () => {
  project = await api.addProject();
  other = await api.addProject();
});

async function addRelease(to: TestProject, title = 'Midnight Ferry') {
  const artist = (await to.post('/artists', { name: 'Nova Reyes' })).body;
  const { body } = await to.post('/releases', {
    title,
    artistId: artist['id'],
    kind: 'album',
    releaseAt: '2027-06-12T00:00:00Z',
  });
  return { releaseId: String(body['id']), artistId: String(artist['id']) };
}

describe('landing pages', () => {
  test('are made with an address of their own, changed by version, listed and deleted', async () => {
    const { releaseId } = await addRelease(project);
    const made = await project.post('/pages', { releaseId });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      slug: 'midnight-ferry',
      heading: 'Midnight Ferry',
      isPublished: false,
      version: 1,
      parts: ['streaming', 'follow', 'nextsave', 'sms', 'email'],
      url: expect.stringMatching(/\/p\/midnight-ferry$/) as string,
    });
    const path = `/pages/${String(made.body['id'])}`;
    const changed = await project.put(path, {
      version: 1,
      title: '  Out \n soon ',
      parts: ['email', 'streaming'],
      isPublished: true,
    });
    expect(changed.body).toMatchObject({
      version: 2,
      title: 'Out soon',
      heading: 'Out soon',
      parts: ['streaming', 'email'],
      isPublished: true,
      releaseId,
    });
    const stale = await project.put(path, { version: 1, title: 'Lost' });
    expect(stale.body).toMatchObject({ status: 409, code: 'stale_version' });
    const list = (await project.get(`/pages?releaseId=${releaseId}&q=ferry`)).body;
    expect(list).toMatchObject({ items: [{ id: made.body['id'] }], nextCursor: null });
    expect((await project.del(path)).status).toBe(204);
    expect((await project.get(path)).status).toBe(404);
  });

  test('an address belongs to one page of the whole installation; without one the next free is taken', async () => {
    const first = await project.post('/pages', { title: 'Tour' });
    expect(first.body).toMatchObject({ slug: 'tour' });
    expect((await other.post('/pages', { title: 'Tour' })).body).toMatchObject({ slug: 'tour-2' });
    const taken = await other.post('/pages', { title: 'x', slug: 'tour' });
    expect(taken.body).toMatchObject({ status: 422, errors: [{ path: 'slug', code: 'taken' }] });
    const two = await Promise.all([1, 2, 3].map(() => project.post('/pages', { title: 'Same moment' })));
    expect(two.map(({ body }) => String(body['slug'])).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'same-moment',
      'same-moment-2',
      'same-moment-3',
    ]);
  });

  test('R88 other projects’ ids, long titles and bad addresses are refused, and nothing is kept', async () => {
    const theirs = await addRelease(other);
    const refused = [
      { releaseId: theirs.releaseId },
      { artistId: newId() },
      { title: 'x'.repeat(301) },
      { slug: 'Not A Slug' },
      { slug: '-x' },
      { parts: ['shop'] },
      { colour: 'red' },
    ];
    const before = (await project.get('/pages?limit=200')).body;
    for (const body of refused) {
      expect([body, (await project.post('/pages', body)).status]).toEqual([body, 422]);
    }
    expect((await project.get('/pages?limit=200')).body).toEqual(before);
    const mine = await project.post('/pages', { title: '🎵'.repeat(150) });
    expect(mine.status).toBe(201);
    expect(mine.body).toMatchObject({ slug: expect.stringMatching(/^page/) as string });
    expect((await other.get(`/pages/${String(mine.body['id'])}`)).status).toBe(404);
  });

  test('a title becomes an address that can be typed', () => {
    expect(slugFor('  Über–Größe: L’été (Deluxe) ')).toBe('uber-grosse-l-ete-deluxe');
    expect(slugFor('🎵')).toBe('');
    expect(slugFor('a'.repeat(59) + ' b')).toBe('a'.repeat(59));
  });
});

describe('embedding', () => {
  test('sites are kept as their origins', async () => {
    const set = await project.put('/embedding', {
      origins: ['https://Luna.example/tour?x=1', 'luna.example', 'http://localhost:8080'],
    });
    expect(set.body).toEqual({ origins: ['http://localhost:8080', 'https://luna.example'] });
    expect((await project.get('/embedding')).body).toEqual(set.body);
    for (const wrong of ['http://luna.example', 'javascript:alert(1)', '*', '']) {
      const answer = await project.put('/embedding', { origins: [wrong] });
      expect([wrong, answer.status]).toEqual([wrong, 422]);
    }
  });
});
