import type { Hono } from 'hono';
import type { Db } from '#db/database.ts';
import { findArtworkImage } from '#releases/artwork.ts';

/** `GET /artwork/{token}/{width}.jpg`: an uploaded cover, for anybody who was shown its address. */
export function mountArtwork(app: Hono, { db }: { db: Db }): void {
  app.get('/artwork/:token/:file', async (c) => {
    const width = /^(\d{1,5})\.jpg$/.exec(c.req.param('file'))?.[1];
    const token = c.req.param('token');
    const bytes =
      width === undefined || !/^[\w-]{22}$/.test(token)
        ? undefined
        : await findArtworkImage(db, token, Number(width));
    if (bytes === undefined) return c.text('There is no such picture.', 404, { 'cache-control': 'no-store' });
    return c.body(new Uint8Array(bytes), 200, {
      'content-type': 'image/jpeg',
      // Another picture has another address.
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      // Messages and other sites may show what its owner published.
      'cross-origin-resource-policy': 'cross-origin',
    });
  });
}
