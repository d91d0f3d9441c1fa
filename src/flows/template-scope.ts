import type { ItemView } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import type { TemplateScope } from './template.ts';
import type { FlowVersion } from './versions.ts';

/** What a run's texts may name: a release and an artist. */
export interface FlowSubject {
  releaseId: string | null;
  artistId: string | null;
}

export interface SubjectNames {
  release: { title: string; releaseAt: Date; zone: string; artistId: string } | null;
  artist: { name: string } | null;
}

/**
 * `about`: what the run's event is about, or before a run what its trigger listens to. What the steps
 * name comes first: it is what the texts report on.
 */
export function subjectOf(
  { steps }: { steps: readonly { config: Record<string, unknown> }[] },
  about: Readonly<Record<string, unknown>>,
): FlowSubject {
  const first = (name: string) =>
    [...steps.map(({ config }) => config[name]), about[name]].find(
      (id): id is string => typeof id === 'string' && id !== '',
    ) ?? null;
  return { releaseId: first('releaseId'), artistId: first('artistId') };
}

/** What the event that started a run is about. */
export function aboutOf({ data: { event } }: Pick<ItemView, 'data'>): Readonly<Record<string, unknown>> {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return {};
  const { subject } = event;
  return typeof subject === 'object' && subject !== null && !Array.isArray(subject) ? subject : {};
}

/**
 * Everything a template of this run may read. Missing values are null. `links.connect` and
 * `links.undo` lead to the same page: it offers what is open and takes back what was done.
 */
export function templateScope(input: {
  view: ItemView;
  facts: FanFacts;
  version: FlowVersion;
  names: SubjectNames;
  link: string;
  language: string;
}): TemplateScope {
  const { view, facts, version, names, link, language } = input;
  const { release } = names;
  return {
    fan: { name: facts.name },
    artist: { name: names.artist?.name ?? null },
    release: {
      title: release?.title ?? null,
      date: release === null ? null : releaseDay(release.releaseAt, release.zone, language),
    },
    links: {
      connect: link,
      undo: link,
      until: release === null ? null : linkEnd(facts, view.now, release, language),
    },
    run: { again: view.data['again'] === true },
    steps: stepScope(version, view),
  };
}

/**
 * By step id, as it stands when the text at `view.position` is written; a step after it is still
 * pending. Several services: the best news. Where a flow has a step twice before the text, the worse
 * one counts: a text must not claim what was done only in part (R54).
 */
function stepScope({ steps }: FlowVersion, { position, outcomes }: ItemView): TemplateScope {
  const known = new Map<string, StepNews>();
  steps.forEach(({ step }, index) => {
    const isBefore = index + 1 < position;
    const own = isBefore ? outcomes.filter((one) => one.position === index + 1) : [];
    const best = own.find((one) => one.status === 'done') ?? own[0];
    const news = { status: best?.status ?? 'pending', reason: best?.reason ?? null };
    const other = known.get(step);
    if (other === undefined || (isBefore && other.status === 'done')) known.set(step, news);
  });
  return Object.fromEntries(known);
}

// A type, not an interface: only a type is a template's scope by itself.
type StepNews = { status: string; reason: string | null };

/** When the fan's link runs out, where that is before the release (R103); null: it lasts, or there is none. */
function linkEnd(
  { grants }: FanFacts,
  now: Date,
  { releaseAt, zone }: { releaseAt: Date; zone: string },
  language: string,
): string | null {
  const ends = grants.flatMap(({ state, diesAt }) =>
    state === 'live' && diesAt !== null && now < diesAt && diesAt <= releaseAt ? [diesAt.getTime()] : [],
  );
  return ends.length === 0 ? null : releaseDay(new Date(Math.min(...ends)), zone, language);
}

/** "12 June", in the fan's language: short enough for one part. */
export function releaseDay(at: Date, zone: string, language: string): string {
  const locale = language.startsWith('en') ? 'en-GB' : language;
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
