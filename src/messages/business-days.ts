const dayMs = 24 * 60 * 60_000;
const decisionDays = 5;

/**
 * Whether five business days have passed since a doubtful text (R41): Monday to Friday in the project's
 * zone. Holidays count as days: the fan then waits no longer than she must.
 */
export function isDoubtOverdue(receivedAt: Date, now: Date, zone: string): boolean {
  if (now.getTime() - receivedAt.getTime() < decisionDays * dayMs) return false;
  const weekday = new Intl.DateTimeFormat('en-US', { weekday: 'short', timeZone: zone });
  let days = 0;
  // Whole days behind the moment of the text, as far as now.
  for (let at = receivedAt.getTime() + dayMs; at <= now.getTime() && days < decisionDays; at += dayMs) {
    if (!weekday.format(at).startsWith('S')) days += 1;
  }
  return days >= decisionDays;
}
