import { Select, TextInput } from '@mantine/core';
import { listPosts } from '#connections/contract.ts';
import { useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';

interface PostFieldProps {
  label: string;
  /** The account whose posts they are; undefined: none is connected. */
  connectionId: string | undefined;
  value: string | undefined;
  error: string | undefined;
  onChange: (mediaId: string | undefined) => void;
}

const words = t.editor.instagram;

/** One post of the account, by its words; where they cannot be shown, by its id. */
export function PostField({ label, connectionId, value, error, onChange }: PostFieldProps) {
  const posts = useRead(
    listPosts,
    { params: { id: connectionId ?? '' } },
    { enabled: connectionId !== undefined, staleTime: 60_000 },
  );
  if (connectionId === undefined || posts.isError) {
    return (
      <TextInput
        label={label}
        description={words.postById}
        error={error}
        value={value ?? ''}
        onChange={(event) => onChange(event.currentTarget.value.trim() || undefined)}
      />
    );
  }
  const known = (posts.data?.items ?? []).map(({ id, caption }) => ({
    value: id,
    label: caption.trim() === '' ? words.noCaption(id) : cut(caption),
  }));
  const isUnknown = value !== undefined && known.every((one) => one.value !== value);
  return (
    <Select
      label={label}
      description={words.postHint}
      placeholder={words.allPosts}
      error={error}
      data={isUnknown ? [...known, { value, label: words.noCaption(value) }] : known}
      value={value ?? null}
      searchable
      clearable
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

function cut(caption: string): string {
  const line = caption.replace(/\s+/g, ' ').trim();
  return line.length > 70 ? `${line.slice(0, 69)}…` : line;
}
