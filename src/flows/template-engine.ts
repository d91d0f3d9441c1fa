import { Liquid, type Template } from 'liquidjs';
import { LruCache } from '#lib/lru-cache.ts';

/** What the values are escaped for: a text message needs nothing, an e-mail is HTML. */
export type TemplateChannel = 'text' | 'html';

/** No loops, no files, no capture: rendering costs no more than reading the template once. */
const allowedTags = new Set(['if', 'unless', 'case', 'assign', 'comment', 'raw', '#']);

const allowedFilters = new Set([
  'default',
  'upcase',
  'downcase',
  'capitalize',
  'strip',
  'truncate',
  'truncatewords',
  'append',
  'prepend',
  'replace',
  'remove',
  'date',
]);

/** Longest source in characters; an e-mail of this length is cut off by mail readers. */
export const maxTemplateLength = 100_000;

const cachedTemplates = 1000;

interface Engine {
  liquid: Liquid;
  parsed: LruCache<string, Template[]>;
}

// Made at first use and never changed but for forgetting: the same source always parses the same.
const engines = new Map<TemplateChannel, Engine>();

/** The parsed template, from the cache if it was parsed before. Throws liquidjs's own errors. */
export function parseTemplate(
  source: string,
  channel: TemplateChannel,
): { liquid: Liquid; templates: Template[] } {
  const { liquid, parsed } = engineFor(channel);
  return { liquid, templates: parsed.getOrMake(source, () => liquid.parse(source)) };
}

function engineFor(channel: TemplateChannel): Engine {
  const known = engines.get(channel);
  if (known !== undefined) return known;
  const engine = { liquid: createLiquid(channel), parsed: new LruCache<string, Template[]>(cachedTemplates) };
  engines.set(channel, engine);
  return engine;
}

function createLiquid(channel: TemplateChannel): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    // An `if` may ask whether a value is there; and an empty name is no name.
    lenientIf: true,
    jsTruthy: true,
    // Templates by name live in this empty object, so nothing reaches a file system.
    templates: {},
    // Dates are shown as they are given, not in the server's zone.
    timezoneOffset: 0,
    parseLimit: maxTemplateLength,
    // Only a bug could come near: a pause of the whole process must not fail a text.
    renderLimit: 5000,
    memoryLimit: 10 * maxTemplateLength,
    ...(channel === 'html' ? { outputEscape: 'escape' as const } : {}),
  });
  for (const tag of Object.keys(liquid.tags)) if (!allowedTags.has(tag)) delete liquid.tags[tag];
  for (const filter of Object.keys(liquid.filters))
    if (!allowedFilters.has(filter)) liquid.unregisterFilter(filter);
  return liquid;
}
