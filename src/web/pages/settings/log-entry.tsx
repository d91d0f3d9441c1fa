import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import { listMembers } from '#accounts/contract.ts';
import { useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import type { Entry } from './log.tsx';
import styles from './settings.module.css';

/** Pages of what an entry is about; some of it is deleted by now, and its page says so. */
const pageOf: Readonly<Record<string, (id: string) => string>> = {
  artist: paths.artist,
  connection: paths.connection,
  fan: paths.fan,
  flow: paths.flow,
  release: paths.release,
  run: paths.run,
  segment: paths.segment,
};

/** What was done in words, to what, and what it was before and after. */
export function LogEntry({ entry }: { entry: Entry }) {
  const { action, subject, before, after } = entry;
  const [isOpen, dialog] = useDisclosure(false);
  const [kind = '', id = ''] = subject.split(':');
  const to = pageOf[kind]?.(id);
  const name = useSubjectName(entry);
  const title = t.settings.logActions[action] ?? action;
  const linked = (text: string) => (to === undefined ? text : <Link to={to}>{text}</Link>);
  const hasDetails = before != null || after != null;
  return (
    <div className={styles.entry}>
      <span>
        {name === null ? (
          linked(title)
        ) : (
          <>
            {title}: {linked(name)}
          </>
        )}
      </span>
      {hasDetails && (
        <>
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={t.settings.detailsOf(title)}
            onClick={dialog.open}
          >
            {t.settings.details}
          </Button>
          <Modal
            opened={isOpen}
            onClose={dialog.close}
            title={name === null ? title : `${title}: ${name}`}
            size="lg"
            closeButtonProps={{ 'aria-label': t.shell.close }}
          >
            <Difference before={before} after={after} />
          </Modal>
        </>
      )}
    </div>
  );
}

/** Field by field, where there is one; as it was kept. */
function Difference({ before, after }: { before: unknown; after: unknown }) {
  const old = fieldsOf(before);
  const now = fieldsOf(after);
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return (
    <table className={styles.difference}>
      <thead>
        <tr>
          <th scope="col">{t.settings.field}</th>
          {before != null && <th scope="col">{t.settings.before}</th>}
          {after != null && <th scope="col">{t.settings.after}</th>}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {before != null && <td>{shown(old[name])}</td>}
            {after != null && <td>{shown(now[name])}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (value == null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return { ...value };
  return { [t.settings.value]: value };
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}

/** What its subject was called then, or is called now; null where the sentence says it already. */
function useSubjectName({ action, subject, before, after }: Entry): string | null {
  const members = useRead(listMembers);
  // What people change about themselves: who it was stands in front.
  if (action.startsWith('person.') || action === 'member.joined') return null;
  const person = members.data?.items.find(({ id }) => subject === `person:${id}`);
  return nameIn(after) ?? nameIn(before) ?? person?.name ?? null;
}

function nameIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const field of ['name', 'title', 'note']) {
    const text: unknown = Reflect.get(value, field);
    if (typeof text === 'string' && text !== '') return text;
  }
  return null;
}
