/**
 * Where a US zip is, by its first three digits (the USPS sectional centres, labeling list L002). A state
 * in two zones has both unless the prefix decides: a text then waits until it is open in each.
 */
const prefixes =
  'NY 005 063|PR 006 007 009|VI 008|MA 010-027 055|RI 028-029|NH 030-038|ME 039-049|VT 050-054 056-059|CT 060-062 064-069|' +
  'NJ 070-089|NY 100-149|PA 150-196|DE 197-199|DC 200 202-205 569|VA 201 220-246|MD 206-219|WV 247-268|NC 270-289|' +
  'SC 290-299|GA 300-319 398-399|FL 320-339 341-342 344 346-347 349|AL 350-369|TN 370-385|MS 386-397|KY 400-427|' +
  'OH 430-459|IN 460-479|MI 480-499|IA 500-528|WI 530-549|MN 550-567|SD 570-577|ND 580-588|MT 590-599|IL 600-629|' +
  'MO 630-658|KS 660-679|NE 680-693|LA 700-714|AR 716-729|OK 730-732 734-749|TX 733 750-799 885|CO 800-816|WY 820-831|' +
  'ID 832-838|UT 840-847|AZ 850-865|NM 870-884|NV 889-898|CA 900-961|HI 967-968|GU 969|OR 970-979|WA 980-994|AK 995-999';

const eastern = 'America/New_York';
const central = 'America/Chicago';
const mountain = 'America/Denver';
const pacific = 'America/Los_Angeles';

const zonesByState: Readonly<Record<string, readonly string[]>> = {
  ...of([eastern], 'NY MA RI NH ME VT CT NJ PA DE DC VA MD WV NC SC GA OH'),
  ...of([central], 'AL MS IA WI MN IL MO LA AR OK'),
  ...of([mountain], 'MT CO WY UT NM'),
  ...of([pacific], 'CA WA'),
  ...of([eastern, central], 'FL TN KY IN MI'),
  ...of([central, mountain], 'SD ND KS NE TX'),
  ...of([mountain, pacific], 'ID OR NV'),
  AZ: ['America/Phoenix', mountain],
  AK: ['America/Anchorage', 'America/Adak'],
  HI: ['Pacific/Honolulu'],
  PR: ['America/Puerto_Rico'],
  VI: ['America/St_Thomas'],
  GU: ['Pacific/Guam'],
};

/** Where the prefix says more than the state. */
const zonesByPrefix: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...range('320-323').map((prefix) => [prefix, [eastern]] as const),
  ...range('324-325').map((prefix) => [prefix, [central, eastern]] as const),
  ...range('326-349').map((prefix) => [prefix, [eastern]] as const),
  ...range('480-497').map((prefix) => [prefix, [eastern]] as const),
  ...['733', ...range('750-797')].map((prefix) => [prefix, [central]] as const),
  ...range('970-978').map((prefix) => [prefix, [pacific]] as const),
  ...range('890-897').map((prefix) => [prefix, [pacific]] as const),
]);

const states: ReadonlyMap<string, string> = new Map(
  prefixes.split('|').flatMap((row) => {
    const [state = '', ...ranges] = row.split(' ');
    return ranges.flatMap(range).map((prefix) => [prefix, state] as const);
  }),
);

/** State and zones of a zip (`78701`, `78701-1234`); null for one that is none, such as a Canadian code. */
export function placeOfZip(zip: string): { region: string; zones: readonly string[] } | null {
  if (!/^\d{5}(-?\d{4})?$/.test(zip)) return null;
  const prefix = zip.slice(0, 3);
  const region = states.get(prefix);
  if (region === undefined) return null;
  return { region, zones: zonesByPrefix.get(prefix) ?? zonesByState[region] ?? [] };
}

function of(zones: readonly string[], list: string): Record<string, readonly string[]> {
  return Object.fromEntries(list.split(' ').map((state) => [state, zones]));
}

/** `324-325` as `324`, `325`. */
function range(written: string): string[] {
  const [from = '', to = from] = written.split('-');
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, at) =>
    String(Number(from) + at).padStart(3, '0'),
  );
}
