import { json } from '../../kit/fake/answers.ts';
import { refuse } from './errors.ts';
import { renderRecord } from './render.ts';
import type { FakeMessage, TelnyxState } from './state.ts';

const maxPageSize = 50;
const waiting = new Set(['queued', 'sending']);

const known = new Set([
  'filter[record_type]',
  'filter[direction]',
  'filter[cli]',
  'filter[cld]',
  'filter[created_at][gte]',
  'filter[created_at][lt]',
  'sort',
  'page[number]',
  'page[size]',
]);

/** `GET /v2/detail_records`: a text stands there once it has left the queue. */
export function listRecords(state: TelnyxState, apiKey: string, query: URLSearchParams): Response {
  if ([...query.keys()].some((name) => !known.has(name))) return refuse(10015);
  if (query.get('filter[record_type]') !== 'messaging') return refuse(10004, '/filter/record_type');
  const size = Number(query.get('page[size]') ?? 20);
  const page = Number(query.get('page[number]') ?? 1);
  if (!isWithin(size, maxPageSize) || !isWithin(page, Number.MAX_SAFE_INTEGER)) return refuse(10015);
  const sort = query.get('sort') ?? '-created_at';
  if (sort !== 'created_at' && sort !== '-created_at') return refuse(10015);

  const found = candidates(state, query).filter(
    (message) => message.apiKey === apiKey && !waiting.has(message.status) && isWanted(message, query),
  );
  const sorted = sort === 'created_at' ? found : found.toReversed();
  return json({
    data: sorted.slice((page - 1) * size, page * size).map(renderRecord),
    meta: {
      page_number: page,
      page_size: size,
      total_pages: Math.ceil(found.length / size),
      total_results: found.length,
    },
  });
}

function isWithin(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}

/** The shorter of the two lists that a filter allows. */
function candidates(state: TelnyxState, query: URLSearchParams): readonly FakeMessage[] {
  const lists = ['filter[cli]', 'filter[cld]'].flatMap((name) => {
    const number = query.get(name);
    return number ? [state.texts.list(number)] : [];
  });
  return lists.sort((a, b) => a.length - b.length)[0] ?? state.texts.list();
}

function isWanted(message: FakeMessage, query: URLSearchParams): boolean {
  const is = (name: string, value: string) => (query.get(name) ?? value) === value;
  const created = Date.parse(message.createdAt);
  const from = query.get('filter[created_at][gte]');
  const to = query.get('filter[created_at][lt]');
  return (
    is('filter[direction]', message.direction) &&
    is('filter[cli]', message.from) &&
    is('filter[cld]', message.to) &&
    (from === null || created >= Date.parse(from)) &&
    (to === null || created < Date.parse(to))
  );
}
