import type { FanFacts } from '#fans/facts.ts';
import type { PlaceSignal } from './window.ts';
import { isZone } from './zone-clock.ts';
import { placeOfZip } from './zip-codes.ts';
import type { NumberPlace } from './zones.ts';

/**
 * Everything that says where a fan is (R46): the area code of the number, the zip that it is registered
 * under, and the zones of the browsers she signed up in. How old the first two are nobody knows, so
 * that they count as older than any browser; of the two, a zip is nearer to where somebody lives than
 * an area code that was kept through three moves.
 */
export function signalsOf(facts: Pick<FanFacts, 'zip' | 'consents'>, place: NumberPlace): PlaceSignal[] {
  const signals: PlaceSignal[] = [];
  if (place.zones.length > 0)
    signals.push({ source: 'number', zones: place.zones, region: place.region, seenAt: new Date(0) });
  const home = place.country === 'US' && facts.zip !== null ? placeOfZip(facts.zip) : null;
  if (home !== null) signals.push({ source: 'address', ...home, seenAt: new Date(1) });
  for (const { zone, grantedAt } of facts.consents) {
    // A browser knows no state: the hours of the number's hold in its zone too.
    if (zone !== null && isKnownZone(zone))
      signals.push({ source: 'browser', zones: [zone], region: place.region, seenAt: grantedAt });
  }
  return signals;
}

const known = new Map<string, boolean>();

/** What a browser sends is anybody's; a zone that is none says nothing. */
function isKnownZone(zone: string): boolean {
  const answer = known.get(zone);
  if (answer !== undefined) return answer;
  if (known.size > 2_000) known.clear();
  const isKnown = zone.length < 60 && zone.includes('/') && isZone(zone);
  known.set(zone, isKnown);
  return isKnown;
}
