const pacific = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Los_Angeles',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

function partsOf(at: Date): Record<string, string> {
  return Object.fromEntries(pacific.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** The day of California that a moment belongs to, `YYYY-MM-DD`: many daily allowances are counted by it. */
export function pacificDay(at: Date): string {
  const { year, month, day } = partsOf(at);
  return `${year}-${month}-${day}`;
}

/** Until midnight in California: by the clock there, so an hour off on the two days that it is changed. */
export function msUntilNewDay(at: Date): number {
  const { hour, minute, second } = partsOf(at);
  const passed = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return Math.max((86_400 - passed) * 1_000, 60_000);
}
