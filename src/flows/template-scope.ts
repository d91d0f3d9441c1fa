import type { ItemView, OutcomeView } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import type { TemplateScope } from './template.ts';
import type { FlowVersion } from './versions.ts';

/** What a run's texts may name: the first release and artist among the flow's steps. */
export interface FlowSubject {
  releaseId: string | null;
  artistId: string | null;
}

export interface SubjectNames {
  release: { title: string; releaseAt: Date; zone: string; artistId: string } | null;
  artist: { name: string } | null;
}

export function subjectOf(version: FlowVersion): FlowSubject {
  const first = (name: string) =>
    version.steps.map(({ config }) => config[name]).find((id): id is string => typeof id === 'string') ?? null;
  return { releaseId: first('releaseId'), artistId: first('artistId') };
}

/**
 * Everything a template of this run may read. Missing values are null. `links.connect` and
 * `links.undo` lead to the same page: it offers what is open and takes back what was done.
 */
export function templateScope(
  view: ItemView,
  facts: FanFacts,
  version: FlowVersion,
  names: SubjectNames,
  link: string,
): TemplateScope {
  return {
    fan: { name: facts.name },
    artist: { name: names.artist?.name ?? null },
    release: {
      title: names.release?.title ?? null,
      date: names.release === null ? null : dayOf(names.release.releaseAt, names.release.zone, facts.language),
    },
    links: { connect: link, undo: link },
    run: { again: view.data['again'] === true },
    steps: stepScope(version, view.outcomes),
  };
}

/** By step id; where a flow has a step twice, the first one counts. Several services: the best news. */
function stepScope(version: FlowVersion, outcomes: readonly OutcomeView[]): TemplateScope {
  const scope: TemplateScope = {};
  version.steps.forEach(({ step }, index) => {
    if (scope[step] !== undefined) return;
    const own = outcomes.filter((one) => one.position === index + 1);
    const best = own.find((one) => one.status === 'done') ?? own[0];
    scope[step] = { status: best?.status ?? 'pending', reason: best?.reason ?? null };
  });
  return scope;
}

/** "12 June", in the fan's language: short enough for one part. */
function dayOf(at: Date, zone: string, language: string | null): string {
  const locale = language === null || language.startsWith('en') ? 'en-GB' : language;
  return formatter(locale, zone).format(at);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, zone: string): Intl.DateTimeFormat {
  const key = `${locale} ${zone}`;
  let made = formatters.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: zone });
    formatters.set(key, made);
  }
  return made;
}
