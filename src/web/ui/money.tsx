const language = typeof navigator === 'undefined' ? 'en' : navigator.language;

/** Money first, as people read it: `$18.40`; a dash for nothing. `micros`: millionths. */
export function Money({ micros, currency = 'USD' }: { micros: number; currency?: string }) {
  return <>{micros === 0 ? '–' : formatMoney(micros, currency)}</>;
}

export function formatMoney(micros: number, currency = 'USD'): string {
  const amount = micros / 1_000_000;
  const digits = amount !== 0 && Math.abs(amount) < 0.01 ? 4 : 2;
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount);
}
