import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, time } from '#lib/wire.ts';
import { pageContent, pageParts, slug } from './content.ts';

const landingPage = z.object({
  id,
  slug: z.string(),
  /** Where fans find it, once it is published. */
  url: z.string(),
  isPublished: z.boolean(),
  /** Grows with every change; send the one you changed. */
  version: z.number().int(),
  releaseId: id.nullable(),
  artistId: id.nullable(),
  title: z.string(),
  text: z.string(),
  parts: z.array(z.enum(pageParts)),
  palette: z.enum(['artwork', 'plain']),
  /** As fans read it: the title, else that of the release, else the artist's name. */
  heading: z.string(),
  createdAt: time,
  updatedAt: time,
});
export type LandingPage = z.output<typeof landingPage>;
export type LandingPageView = z.input<typeof landingPage>;

/** Field by field, so that a change can leave out what stays. */
const fields = pageContent.shape;

export const listPages = endpoint({
  method: 'GET',
  path: '/pages',
  summary: 'Landing pages, newest first',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({ ...pageQuery, q: z.string().trim().max(100).optional(), releaseId: id.optional() }),
  response: page(landingPage),
});

export const createPage = endpoint({
  method: 'POST',
  path: '/pages',
  summary: 'Make a landing page; nobody sees it before it is published',
  scope: 'write',
  permission: 'edit',
  body: z.strictObject({
    slug: slug.optional(),
    releaseId: fields.releaseId.default(null),
    artistId: fields.artistId.default(null),
    title: fields.title.default(''),
    text: fields.text.default(''),
    parts: fields.parts.default([...pageParts]),
    palette: fields.palette.default('artwork'),
  }),
  response: landingPage,
  status: 201,
});

export const getPage = endpoint({
  method: 'GET',
  path: '/pages/{id}',
  summary: 'One landing page',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: landingPage,
});

export const updatePage = endpoint({
  method: 'PUT',
  path: '/pages/{id}',
  summary: 'Change a landing page, publish it or take it back; what is left out stays',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: z.strictObject({
    version: z.number().int(),
    slug: slug.optional(),
    isPublished: z.boolean().optional(),
    releaseId: fields.releaseId.optional(),
    artistId: fields.artistId.optional(),
    title: fields.title.optional(),
    text: fields.text.optional(),
    parts: fields.parts.optional(),
    palette: fields.palette.optional(),
  }),
  response: landingPage,
});

export const deletePage = endpoint({
  method: 'DELETE',
  path: '/pages/{id}',
  summary: 'Delete a landing page; its address is free again, fans and consents stay',
  scope: 'write',
  permission: 'edit',
  params: idParams,
});

export const previewPage = endpoint({
  method: 'POST',
  path: '/pages/preview',
  summary: 'An address that shows a page as it would be, for an hour; nothing is saved',
  scope: 'read',
  permission: 'see',
  body: z.strictObject({
    slug: z.string().max(60).default('preview'),
    releaseId: fields.releaseId.default(null),
    artistId: fields.artistId.default(null),
    title: fields.title.default(''),
    text: fields.text.default(''),
    parts: fields.parts.default([...pageParts]),
    palette: fields.palette.default('artwork'),
  }),
  response: z.object({ url: z.string() }),
});

const embedding = z.object({
  /** Sites that may show this project's pages or send its forms: `https://luna.example`. */
  origins: z.array(z.string()),
});

export const getEmbedding = endpoint({
  method: 'GET',
  path: '/embedding',
  summary: 'Other sites that may show pages of this project',
  scope: 'read',
  permission: 'see',
  response: embedding,
});

export const setEmbedding = endpoint({
  method: 'PUT',
  path: '/embedding',
  summary: 'Name the other sites that may show pages of this project; replaces all of them',
  scope: 'write',
  permission: 'settings',
  body: z.strictObject({ origins: z.array(z.string().trim().max(200)).max(50) }),
  response: embedding,
});
