/** Names as the number tables write them, next to postal codes. */
const codes: ReadonlyMap<string, string> = new Map(
  `AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC Washington D.C.|
FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|
MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|
NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|
OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|
VA Virginia|WA Washington State|WV West Virginia|WI Wisconsin|WY Wyoming`
    .replaceAll('\n', '')
    .split('|')
    .map((entry) => [entry.slice(3), entry.slice(0, 2)]),
);

const postalCodes = new Set(codes.values());

/** Postal codes of the 50 states and the District of Columbia. */
export const usStateCodes: ReadonlySet<string> = postalCodes;

/** `Texas` → `TX`, `New York, NY` → `NY`; null for a place that names no US state. */
export function stateCodeOf(placeName: string): string | null {
  const ending = /, ([A-Z]{2})$/.exec(placeName)?.[1];
  if (ending !== undefined) return postalCodes.has(ending) ? ending : null;
  return codes.get(placeName) ?? null;
}
