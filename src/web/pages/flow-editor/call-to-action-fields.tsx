import { Button, CopyButton, NumberInput, Select, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { referencesOf, stepDefinition, triggerDefinition } from '#flows/definition.ts';
import { callToActionText, type CallToActionPlace } from '#messages/call-to-action.ts';
import { getRelease } from '#releases/contract.ts';
import { useRead } from '../../call.ts';
import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { posterWords } from '../../catalogue/poster.ts';
import { artworkOf } from '../../poster/artwork-of.ts';
import { Posters } from '../../poster/posters.tsx';
import type { Draft } from './draft.ts';
import styles from './form.module.css';
import type { FindProblems } from './problem-finder.ts';
import type { Subjects } from './subjects.ts';

interface CallToActionFieldsProps {
  value: Record<string, unknown>;
  draft: Draft;
  subjects: Subjects;
  find: FindProblems;
  onChange: (value: Record<string, unknown>) => void;
}

const places: readonly CallToActionPlace[] = ['page', 'post', 'poster', 'stage'];

/** The published words beside the keyword, written from what is filled in here (R95). */
export function CallToActionFields({ value, draft, subjects, find, onChange }: CallToActionFieldsProps) {
  const words = t.editor.keywords;
  const text = (name: string) => textOf(value[name]);
  const set = (name: string) => (next: unknown) => onChange({ ...value, [name]: next });
  const where = places.find((place) => place === value['where']) ?? 'page';
  return (
    <div className={styles.inset}>
      <h3>{words.words}</h3>
      <p className={styles.hint}>{words.wordsHint}</p>
      <TextInput
        label={words.programme}
        required
        maxLength={60}
        value={text('programme')}
        error={find('programme').error}
        onChange={(event) => set('programme')(event.currentTarget.value)}
      />
      <NumberInput
        label={words.perMonth}
        required
        min={1}
        max={100}
        clampBehavior="strict"
        value={typeof value['perMonth'] === 'number' ? value['perMonth'] : ''}
        error={find('perMonth').error}
        onChange={(next) => set('perMonth')(next === '' ? undefined : Number(next))}
      />
      <Select
        label={words.where}
        data={places.map((place) => ({ value: place, label: words.places[place] }))}
        value={where}
        allowDeselect={false}
        error={find('where').error}
        onChange={set('where')}
      />
      <TextInput
        label={words.link}
        required
        type="url"
        placeholder="https://"
        maxLength={500}
        value={text('link')}
        error={find('link').error}
        onChange={(event) => set('link')(event.currentTarget.value)}
      />
      {subjects.facts !== undefined && (
        <>
          <Published text={publishedWords(value, where, draft, subjects)} />
          <KeywordPosters
            draft={draft}
            programme={text('programme')}
            words={publishedWords(value, where, draft, subjects)}
            number={numberOf(draft, subjects)}
          />
        </>
      )}
    </div>
  );
}

function Published({ text }: { text: string }) {
  return (
    <div>
      <p className={styles.words}>{text}</p>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            size="compact-sm"
            mt="xs"
            leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
            onClick={copy}
          >
            {copied ? t.editor.keywords.copied : t.editor.keywords.copyWords}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

interface KeywordPostersProps {
  draft: Draft;
  programme: string;
  words: string;
  number: string | null;
}

/** Pictures that carry the words, once there is a keyword and a number to send it to. */
function KeywordPosters({ draft, programme, words, number }: KeywordPostersProps) {
  const [isOpen, open] = useDisclosure(false);
  const releaseId = referencesOf(draft).find(({ kind }) => kind === 'release')?.id;
  const { data: release } = useRead(
    getRelease,
    { params: { id: releaseId ?? '' } },
    { enabled: isOpen && releaseId !== undefined },
  );
  const keyword = keywordOf(draft);
  if (keyword === null || number === null) return null;
  if (!isOpen)
    return (
      <Button size="compact-sm" onClick={open.open}>
        {posterWords.make}
      </Button>
    );
  if (releaseId !== undefined && release === undefined) return null;
  const content = {
    title: release?.title ?? programme,
    byline: release === undefined ? null : programme,
    action: posterWords.textTo(keyword, phoneNumber(number)),
    small: words,
    // A camera opens the text, ready to be sent.
    code: `SMSTO:${number}:${keyword}`,
    artwork: artworkOf(release),
  };
  return <Posters name={keyword.toLowerCase()} content={content} />;
}

function keywordOf({ trigger }: Draft): string | null {
  const [keyword] = Array.isArray(trigger.config['keywords']) ? trigger.config['keywords'] : [];
  return typeof keyword === 'string' ? keyword : null;
}

function numberOf({ trigger }: Draft, { nameOf }: Subjects): string | null {
  const [connection] = triggerDefinition(trigger).references(trigger.config as never);
  const number = connection === undefined ? '' : nameOf(connection);
  return number.startsWith('+') ? number : null;
}

function publishedWords(
  value: Record<string, unknown>,
  where: CallToActionPlace,
  draft: Draft,
  { facts, nameOf }: Subjects,
): string {
  const { trigger, steps } = draft;
  const [connection] = triggerDefinition(trigger).references(trigger.config as never);
  const actions = steps.flatMap(({ step, config }) => {
    const definition = stepDefinition(step);
    if (definition.group !== 'streaming' || definition.isByBoxOnly) return [];
    const summary = definition.summary(config as never, nameOf);
    return [summary.charAt(0).toLowerCase() + summary.slice(1)];
  });
  return callToActionText({
    programme: textOf(value['programme']),
    legalSender: facts?.legalSender ?? '',
    perMonth: typeof value['perMonth'] === 'number' ? value['perMonth'] : 1,
    termsUrl: facts?.termsUrl ?? '',
    privacyUrl: facts?.privacyUrl ?? '',
    keyword: keywordOf(draft) ?? '…',
    number: connection === undefined ? '…' : nameOf(connection),
    ageLine: facts?.senders.find(({ connectionId }) => connectionId === connection?.id)?.ageLine ?? null,
    actions,
    where,
    link: textOf(value['link']),
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
