import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db } from '#db/database.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';
import { decodeCursor, toPage } from '#lib/cursor.ts';
import { route, type Route } from '#lib/route.ts';
import { changeStoredPage, createStoredPage, deleteStoredPage } from './change-pages.ts';
import * as contract from './contract.ts';
import { readEmbedOrigins, setEmbedOrigins } from './embedding.ts';
import type { Sealer } from '#lib/seal.ts';
import { sealPreview } from './preview.ts';
import { getStoredPage, listStoredPages, type StoredPage } from './queries.ts';

export interface LandingPageDeps {
  db: Db;
  clock: DomainClock;
  publicUrl: () => string;
  sealer: Pick<Sealer, 'seal'>;
  wall: WallClock;
}

export function landingPageRoutes(deps: LandingPageDeps): Route[] {
  return [...pageRoutes(deps), ...embeddingRoutes(deps)];
}

function pageRoutes({ db, clock, publicUrl, sealer, wall }: LandingPageDeps): Route[] {
  const shown = (page: StoredPage): contract.LandingPageView => ({
    ...page,
    url: `${publicUrl()}/p/${page.slug}`,
  });
  return [
    route(contract.listPages, async ({ projectId, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor);
      const rows = await listStoredPages(db, projectId, { before, limit: limit + 1, ...filter });
      const { items, nextCursor } = toPage(rows, limit);
      return { items: items.map(shown), nextCursor };
    }),
    route(contract.createPage, async ({ projectId, body, caller: { actor } }) => {
      const page = await createStoredPage(db, projectId, body, clock.now(projectId));
      const subject = `page:${page.id}`;
      await writeAudit(db, projectId, { actor, action: 'page.created', subject, after: page });
      return shown(page);
    }),
    route(contract.previewPage, ({ projectId, body: { slug, ...content } }) =>
      Promise.resolve({
        url: `/preview/p/${sealPreview(sealer, { projectId, slug, content }, wall.now())}`,
      }),
    ),
    route(contract.getPage, async ({ projectId, params }) =>
      shown(await getStoredPage(db, projectId, params.id)),
    ),
    route(contract.updatePage, ({ projectId, params, body, caller: { actor } }) =>
      transaction(db, async (tx) => {
        const { before, after } = await changeStoredPage(
          tx,
          projectId,
          params.id,
          body,
          clock.now(projectId),
        );
        const subject = `page:${after.id}`;
        await writeAudit(tx, projectId, { actor, action: 'page.edited', subject, before, after });
        return shown(after);
      }),
    ),
    route(contract.deletePage, ({ projectId, params, caller: { actor } }) =>
      transaction(db, async (tx) => {
        const before = await deleteStoredPage(tx, projectId, params.id);
        const subject = `page:${before.id}`;
        await writeAudit(tx, projectId, { actor, action: 'page.deleted', subject, before });
        return undefined;
      }),
    ),
  ];
}

function embeddingRoutes({ db }: LandingPageDeps): Route[] {
  return [
    route(contract.getEmbedding, async ({ projectId }) => ({
      origins: await readEmbedOrigins(db, projectId),
    })),
    route(contract.setEmbedding, async ({ projectId, body, caller: { actor } }) => {
      const { before, after } = await setEmbedOrigins(db, projectId, body.origins);
      const subject = `project:${projectId}`;
      await writeAudit(db, projectId, { actor, action: 'embedding.changed', subject, before, after });
      return { origins: after };
    }),
  ];
}
