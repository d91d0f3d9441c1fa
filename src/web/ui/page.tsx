import { useEffect, useRef, type ReactNode } from 'react';
import { NavigationType, useNavigationType } from 'react-router';
import styles from './page.module.css';
import { useTitle } from './use-title.ts';

interface PageProps {
  /** The heading, and the beginning of the tab's title. */
  title: string;
  /** Whose part this is, for the tab's title: the flow of its runs. */
  of?: string;
  /** Beside the heading: a state, a sign. */
  beside?: ReactNode;
  /** One quiet sentence below the heading. */
  hint?: ReactNode;
  /** Buttons at the right; at most one of them a `NextButton`. */
  actions?: ReactNode;
  /** `LineTabs`, where the page has several views. */
  tabs?: ReactNode;
  children: ReactNode;
}

/** The heading of a page with what can be done here, then its content. */
export function Page({ title, of, beside, hint, actions, tabs, children }: PageProps) {
  useTitle(title, of);
  const heading = useRef<HTMLHeadingElement>(null);
  const how = useNavigationType();
  useEffect(() => {
    // Whoever came by a link hears where they are; going back keeps the place.
    if (how !== NavigationType.Pop) heading.current?.focus({ preventScroll: true });
  }, [how]);
  return (
    <>
      <div className={styles.head}>
        <div className={styles.words}>
          <div className={styles.titleRow}>
            <h1 ref={heading} tabIndex={-1} className={styles.title}>
              {title}
            </h1>
            {beside}
          </div>
          {hint !== undefined && <p className={styles.hint}>{hint}</p>}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {tabs ?? <hr className={styles.rule} />}
      {children}
    </>
  );
}
