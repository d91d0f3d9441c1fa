import styles from './bars.module.css';

interface BarsProps {
  /** What they say, for who does not see them. */
  label: string;
  bars: readonly { key: string; value: number; title?: string }[];
  /** Height in rem. */
  height: number;
}

/** Values as bars from one ground, oldest at the left. The highest fills the height; zero is a trace on the ground. */
export function Bars({ label, bars, height }: BarsProps) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <svg
      className={styles.bars}
      role="img"
      aria-label={label}
      height={`${height}rem`}
      viewBox={`0 0 ${Math.max(1, bars.length) * 10} 100`}
      preserveAspectRatio="none"
    >
      {bars.map(({ key, value, title }, index) => {
        const share = value === 0 ? 2 : Math.max(8, (value / most) * 100);
        return (
          <rect
            key={key}
            className={value === 0 ? styles.empty : styles.bar}
            x={index * 10 + 1}
            y={100 - share}
            width={8}
            height={share}
          >
            {title !== undefined && <title>{title}</title>}
          </rect>
        );
      })}
    </svg>
  );
}
