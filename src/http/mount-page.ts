import type { Context, Hono } from 'hono';
import type { html } from 'hono/html';
import { pagePolicy } from './html.ts';

type Html = ReturnType<typeof html>;

/** A page of ours: complete in itself, never framed, never kept. */
export function mountPage(app: Hono, path: string, render: (context: Context) => Html | Promise<Html>): void {
  app.get(path, async (context) => sendPage(context, await render(context), 200));
}

export function sendPage(
  context: Context,
  page: Awaited<Html>,
  status: 200 | 404,
): Response | Promise<Response> {
  context.header('content-security-policy', pagePolicy);
  context.header('x-content-type-options', 'nosniff');
  context.header('referrer-policy', 'no-referrer');
  context.header('cache-control', 'no-store');
  return context.html(page, status);
}
