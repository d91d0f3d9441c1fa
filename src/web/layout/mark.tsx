/** The sign of Segue: the one line, and the point on it. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <path d="M1 16h30" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
      <circle cx="16" cy="16" r="6.5" fill="var(--accent)" />
    </svg>
  );
}
