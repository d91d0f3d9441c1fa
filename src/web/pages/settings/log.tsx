import { Button, Select } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { listAudit, listKeys, listMembers } from '#accounts/contract.ts';
import { useRead, useReadPages, type ItemOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Filters } from '../../ui/filters.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Moment } from '../../ui/times.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Allowed } from './allowed.tsx';
import { LogEntry } from './log-entry.tsx';
import styles from './settings.module.css';

export type Entry = ItemOf<typeof listAudit>;

/** R90: who did what, newest first, narrowed by what the address says. */
export function Component() {
  return (
    <Allowed to="audit">
      <Log />
    </Allowed>
  );
}

function Log() {
  const [action, setAction] = useUrlState('action');
  const [actor, setActor] = useUrlState('actor');
  const [subject, setSubject] = useUrlState('subject');
  const filter = { ...(action && { action }), ...(actor && { actor }), ...(subject && { subject }) };
  const pages = useReadPages(listAudit, { query: filter });
  const isFiltered = Object.keys(filter).length > 0;
  const [, setSearch] = useSearchParams();
  return (
    <>
      <p className={styles.hint}>{t.settings.logHint}</p>
      <Filters>
        <Select
          label={t.settings.logFilter}
          data={Object.entries(t.settings.logGroups).map(([value, label]) => ({ value, label }))}
          value={action === '' ? null : action}
          onChange={(value) => setAction(value ?? '')}
          placeholder={t.settings.logAll}
          clearable
          clearButtonProps={{ 'aria-label': t.shell.pickerClear(t.settings.logFilter) }}
        />
        <ActorFilter value={actor} onChange={setActor} />
        {subject !== '' && <Button onClick={() => setSubject('')}>{t.settings.logNotOnlyOne}</Button>}
      </Filters>
      <List
        label={t.settings.log}
        pages={pages}
        keyOf={({ id }) => id}
        columns={columns}
        empty={
          isFiltered ? (
            <EmptyState title={t.settings.logNoMatch}>
              <Button onClick={() => setSearch({}, { replace: true })}>{t.settings.logShowAll}</Button>
            </EmptyState>
          ) : (
            <EmptyState title={t.settings.emptyLog} text={t.settings.emptyLogHint} />
          )
        }
      />
    </>
  );
}

const columns: readonly Column<Entry>[] = [
  { label: t.settings.when, width: '9.5rem', isSecondary: true, render: ({ at }) => <Moment at={at} /> },
  { label: t.settings.who, width: '11rem', isSecondary: true, render: ({ actor }) => nameOf(actor) },
  {
    label: t.settings.what,
    render: (entry) => (
      <>
        {/* On a phone the other columns stand above this one. */}
        <div className={styles.onPhone}>
          {nameOf(entry.actor)} · <Moment at={entry.at} />
        </div>
        <LogEntry entry={entry} />
      </>
    ),
  },
];

function nameOf({ kind, name }: Entry['actor']): string {
  if (kind === 'system') return t.settings.system;
  if (name === null) return t.settings.goneActor;
  return kind === 'key' ? t.settings.keyNamed(name) : name;
}

/** The people and keys of today; who is gone is found by everything else. */
function ActorFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const members = useRead(listMembers);
  const keys = useRead(listKeys, { query: { limit: 200 } });
  const people = (members.data?.items ?? []).map(({ id, name }) => ({ value: `person:${id}`, label: name }));
  const programs = (keys.data?.items ?? []).map(({ id, name }) => ({
    value: `key:${id}`,
    label: t.settings.keyNamed(name),
  }));
  return (
    <Select
      label={t.settings.who}
      data={[...people, ...programs]}
      value={value === '' ? null : value}
      onChange={(chosen) => onChange(chosen ?? '')}
      placeholder={t.settings.logEverybody}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t.shell.pickerClear(t.settings.who) }}
    />
  );
}
