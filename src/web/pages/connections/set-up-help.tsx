import { useEffect, useState } from 'react';
import { t } from '../../catalogue/index.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { Section } from '../../ui/section.tsx';
import styles from './connections.module.css';

/** Each connector's own help, fetched when somebody sets it up. */
const helps = import.meta.glob<string>('../../../connectors/*/README.md', {
  query: '?raw',
  import: 'default',
});

/** How to set a provider up, in the words of its connector. */
export function SetUpHelp({ connector }: { connector: string }) {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    let isHere = true;
    const load = helps[`../../../connectors/${connector}/README.md`];
    // Without help the form still works.
    load?.().then(
      (found) => isHere && setText(found),
      () => undefined,
    );
    return () => void (isHere = false);
  }, [connector]);
  if (text === null) return null;
  return (
    <Section title={t.connections.form.help}>
      <div className={styles.help}>
        <Markdown text={forOperators(text)} />
      </div>
    </Section>
  );
}

/** Without its title, and without what is for who changes the connector. */
function forOperators(text: string): string {
  return text.replace(/^# .*\n/, '').replace(/\n## For developers[^]*$/, '');
}
