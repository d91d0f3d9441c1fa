import { useEffect, useRef } from 'react';
import { NavLink } from 'react-router';
import styles from './line-tabs.module.css';

export interface LineTab {
  to: string;
  label: string;
  /** Only this very address, not what lies below it. */
  isExact?: boolean;
}

/** Views of one thing, as points on the line. They are links: each has its own address. */
export function LineTabs({ label, tabs }: { label: string; tabs: readonly LineTab[] }) {
  return (
    <nav aria-label={label} className={styles.tabs}>
      <ul>
        {tabs.map(({ to, label: name, isExact = false }) => (
          <li key={to}>
            <NavLink to={to} end={isExact} preventScrollReset className={styles.tab}>
              {({ isActive }) => (
                <>
                  <Point isOpen={isActive} />
                  {name}
                </>
              )}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** On a phone the line may go on beyond the edge: the open point is brought into sight. */
function Point({ isOpen }: { isOpen: boolean }) {
  const point = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const link = point.current?.parentElement;
    const line = link?.closest('nav');
    if (isOpen && link && line) line.scrollLeft = link.offsetLeft + link.offsetWidth - line.clientWidth;
  }, [isOpen]);
  return <span ref={point} className={styles.point} aria-hidden />;
}
