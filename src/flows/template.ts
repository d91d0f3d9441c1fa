import { cleanText } from '#lib/clean-text.ts';
import { parseTemplate, type TemplateChannel } from './template-engine.ts';

/** What a template may read: `fan.name artist.name release.title …`. A value that is missing is null, never absent. */
export interface TemplateScope {
  [name: string]: TemplateValue;
}
export type TemplateValue = string | number | boolean | Date | null | TemplateScope;

/** The template could not be rendered; `templateProblems` would have said so before activation. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

/** Names that strangers typed: no links, no handles (R128). */
const typedByFans: ReadonlySet<string> = new Set(['fan.name']);

const longestName = 60;

/** Typed text is unbounded; what is cut here would be cut below anyway, unless it hides behind a link. */
const longestRawName = 1000;

/**
 * Fills a Liquid template (design: "Bodies are Liquid"). Values are cleaned of control characters,
 * `fan.name` of links and `@`, and escaped for the channel (R92). Throws `TemplateError` for a
 * template that does not parse, an unknown variable or a scope without a value the template names.
 * Pure: same source and scope, same text.
 */
export function renderTemplate(
  source: string,
  scope: TemplateScope,
  channel: TemplateChannel = 'text',
): string {
  try {
    const { liquid, templates } = parseTemplate(source, channel);
    const rendered: unknown = liquid.renderSync(templates, cleanScope(scope, ''));
    return String(rendered);
  } catch (error) {
    throw new TemplateError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/**
 * A fan's name as it may stand in a message: no link that a phone would make tappable, no handle,
 * no line breaks. '' if nothing is left, so that the fallback is used.
 */
export function cleanPersonName(name: string): string {
  const plain = cleanText(name.slice(0, longestRawName))
    // First what could hide a link from the next steps.
    .replace(/[@＠﹫\p{Cf}]/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\p{L}\p{N}+.-]*:\/\/\S*|\bwww\.\S*/giu, ' ')
    // `evil.example` becomes two words; `J. R. Smith` and `Dr. No` have nothing to lose.
    .replace(/(?<=[\p{L}\p{N}])[.．｡。](?=[\p{L}\p{N}]{2})/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return Array.from(plain).slice(0, longestName).join('').trim();
}

function cleanScope(scope: TemplateScope, path: string): TemplateScope {
  const clean: TemplateScope = {};
  for (const [name, value] of Object.entries(scope))
    clean[name] = cleanValue(value, path === '' ? name : `${path}.${name}`);
  return clean;
}

function cleanValue(value: TemplateValue, path: string): TemplateValue {
  if (typeof value === 'string') return typedByFans.has(path) ? cleanPersonName(value) : printable(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return cleanScope(value, path);
}

/** Line breaks are a choice of the writer and stay. */
function printable(value: string): string {
  return cleanText(value).replace(/[^\P{Cc}\n\t]/gu, '');
}
