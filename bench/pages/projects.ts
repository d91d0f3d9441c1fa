import { createProject } from '#accounts/create.ts';
import { transaction, type Db } from '#db/database.ts';
import { changeStoredPage, createStoredPage } from '#landing-pages/change-pages.ts';
import { createSealer } from '#lib/seal.ts';
import { makeStamp } from '../../src/pages/landing/stamp.ts';
import type { Seeded } from '../burst/seed.ts';
import { releaseId } from '../burst/seed.ts';
import type { Visit } from './load.ts';

export interface ProjectPage {
  projectId: string;
  path: string;
}

/** A published page of the stage's own project, with its release. */
export async function publishRelease(db: Db, { projectId }: Seeded): Promise<ProjectPage> {
  return publish(db, projectId, 'bench-release', {
    releaseId,
    parts: ['streaming', 'follow', 'nextsave', 'sms'],
  });
}

/** Projects with a page for sign-ups each: a project takes a hundred confirmations an hour (R108). */
export async function publishSignUps(
  db: Db,
  { projectId, smsConnectionId }: Seeded,
  count: number,
): Promise<ProjectPage[]> {
  const { account_id: accountId } = await db
    .selectFrom('project')
    .select('account_id')
    .where('id', '=', projectId)
    .executeTakeFirstOrThrow();
  const pages: ProjectPage[] = [];
  for (let at = 0; at < count; at++) {
    const made = await createProject(db, {
      accountId,
      name: `Bench ${at}`,
      isLive: false,
      programme: `Bench ${at}`,
      legalSender: `Bench ${at} LLC`,
      contact: 'bench.example/help',
    });
    await db
      .insertInto('loan')
      .values({ project_id: made.projectId, connection_id: smsConnectionId })
      .execute();
    pages.push(await publish(db, made.projectId, `bench-${at}`, { releaseId: null, parts: ['sms'] }));
  }
  return pages;
}

type Content = Parameters<typeof createStoredPage>[2];

async function publish(
  db: Db,
  projectId: string,
  slug: string,
  some: Pick<Content, 'releaseId' | 'parts'>,
): Promise<ProjectPage> {
  const now = new Date();
  const content = { artistId: null, title: 'Join', text: 'News first.', palette: 'plain' as const, slug };
  const { id } = await createStoredPage(db, projectId, { ...content, ...some }, now);
  await transaction(db, (tx) => changeStoredPage(tx, projectId, id, { version: 1, isPublished: true }, now));
  return { projectId, path: `/p/${slug}` };
}

/**
 * Forms as fans fill them in who read first: each of another phone, twenty of a network. The stamp is made
 * here as the page makes it, so that nobody has to wait for two seconds to pass.
 */
export async function fillIn(
  url: string,
  secretKey: Buffer,
  pages: readonly ProjectPage[],
  phones: readonly string[],
): Promise<Visit[]> {
  const sealer = createSealer([secretKey]);
  const versions = await Promise.all(
    pages.map(async ({ path }) => {
      const text = await (await fetch(url + path)).text();
      const version = /name="version" value="([^"]*)"/.exec(text)?.[1];
      if (version === undefined) throw new Error(`${path} offers no sign-up`);
      return { path, version };
    }),
  );
  return phones.map((phone, at): Visit => {
    const { path, version } = versions[at % versions.length] ?? { path: '', version: '' };
    const network = Math.floor(at / 20);
    const stamp = makeStamp(sealer, new Date(Date.now() - 10_000));
    const fields = { version, stamp, lang: 'en', agree: 'yes', country: 'US', phone };
    return {
      method: 'POST',
      path: `${path}/sms`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': `11.${network >> 8}.${network & 255}.${at % 20}`,
      },
      body: new URLSearchParams(fields).toString(),
    };
  });
}
