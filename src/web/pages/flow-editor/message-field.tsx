import { Button, Menu, Textarea } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useRef } from 'react';
import { z } from 'zod';
import { stepDefinition, stepReferences } from '#flows/definition.ts';
import { t } from '../../catalogue/index.ts';
import type { Draft } from './draft.ts';
import styles from './form.module.css';
import { lengthWords } from './problem-finder.ts';

interface MessageFieldProps {
  field: { label: string; missing?: string; help?: string };
  schema: z.ZodType | undefined;
  value: unknown;
  error: string | undefined;
  set: (value: string) => void;
  draft: Draft;
  index: number;
  /** Where a message is counted in bytes: how many there may be. */
  maxBytes?: number | undefined;
}

/** The words of a text, with what can be filled in for each fan. */
export function MessageField({
  field,
  schema,
  value,
  error,
  set,
  draft,
  index,
  maxBytes,
}: MessageFieldProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const text = typeof value === 'string' ? value : '';
  // Longer ones stay on the screen until they are shortened.
  const maxLength = (schema instanceof z.ZodString ? schema.maxLength : null) ?? Infinity;
  const insert = (tag: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = area.current ?? {};
    set(text.slice(0, selectionStart) + tag + text.slice(selectionEnd));
    // After the new text stands in the field.
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(selectionStart + tag.length, selectionStart + tag.length);
    });
  };
  return (
    <>
      <Textarea
        ref={area}
        label={field.label}
        description={field.help}
        required={field.missing !== undefined}
        error={lengthWords(text, maxLength) ?? error}
        value={text}
        autosize
        minRows={5}
        maxRows={18}
        spellCheck
        onChange={(event) => set(event.currentTarget.value)}
      />
      <div className={styles.below}>
        {maxBytes !== undefined && (
          <p className={styles.hint}>
            {t.editor.instagram.bytes(new TextEncoder().encode(text).length, maxBytes)}
          </p>
        )}
        <Menu position="bottom-start" width={320}>
          <Menu.Target>
            <Button size="compact-sm" leftSection={<IconBraces size={15} aria-hidden />}>
              {t.editor.insert}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t.editor.insertHint}</Menu.Label>
            {tagsFor(draft, index).map(({ label, tag }) => (
              <Menu.Item key={label} onClick={() => insert(tag)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
    </>
  );
}

/** Each with its fallback where a fan may lack the value (R92); what the flow does not know is not offered. */
function tagsFor({ steps }: Draft, index: number): { label: string; tag: string }[] {
  const hasRelease = steps.some((step) => stepReferences(step).some(({ kind }) => kind === 'release'));
  const before = [...new Set(steps.slice(0, index).map(({ step }) => step))];
  const words = t.editor.tags;
  return [
    { label: words.fanName, tag: '{{ fan.name | default: "friend" }}' },
    { label: words.artistName, tag: '{{ artist.name }}' },
    ...(hasRelease
      ? [
          { label: words.releaseTitle, tag: '{{ release.title }}' },
          { label: words.releaseDate, tag: '{{ release.date }}' },
        ]
      : []),
    { label: words.connect, tag: '{{ links.connect }}' },
    { label: words.undo, tag: '{{ links.undo }}' },
    { label: words.ifAgain, tag: '{% if run.again %}…{% else %}…{% endif %}' },
    ...before.map((step) => ({
      label: words.ifDone(stepDefinition(step).label),
      tag: `{% if steps.${step}.status == 'done' %}…{% else %}…{% endif %}`,
    })),
  ];
}
