import { Button, Skeleton, Switch, Textarea } from '@mantine/core';
import { useState } from 'react';
import { getReleaseMessage, outcomes, setReleaseMessage } from '#releases/message/contract.ts';
import { useAction, useRead, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { DialogForm } from '../../forms/dialog-form.tsx';
import { useMay } from '../../may.ts';
import { Problem } from '../../ui/problem.tsx';
import { Fact, Facts, Section } from '../../ui/section.tsx';
import { toast } from '../../ui/toast.ts';

type Message = ResponseOf<typeof getReleaseMessage>;
type Channel = 'text' | 'mail';

/** What fans hear on the day, by what came of their save (R110). */
export function DayMessage({ releaseId }: { releaseId: string }) {
  const { data, error, refetch } = useRead(getReleaseMessage, { params: { id: releaseId } });
  const [open, setOpen] = useState<Channel | null>(null);
  const may = useMay('edit');
  const words = t.releases.message;
  return (
    <Section title={words.title}>
      <p style={{ marginTop: 0, color: 'var(--soft)' }}>{words.hint}</p>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height="3rem" aria-busy />}
      {data !== undefined && (
        <>
          <Facts>
            {(['text', 'mail'] as const).map((channel) => (
              <Fact key={channel} name={words.channels[channel]}>
                {data[channel] === null ? words.none : data[channel].saved}{' '}
                {may && (
                  <Button size="compact-sm" variant="subtle" onClick={() => setOpen(channel)}>
                    {data[channel] === null ? words.write[channel] : words.edit[channel]}
                  </Button>
                )}
              </Fact>
            ))}
          </Facts>
          {open !== null && (
            <MessageDialog releaseId={releaseId} message={data} channel={open} close={() => setOpen(null)} />
          )}
        </>
      )}
    </Section>
  );
}

interface Values {
  isSent: boolean;
  subject: string;
  saved: string;
  accepted: string;
  reminded: string;
  failed: string;
}

function MessageDialog(props: { releaseId: string; message: Message; channel: Channel; close: () => void }) {
  const { releaseId, message, channel, close } = props;
  const save = useAction(setReleaseMessage, { changes: [getReleaseMessage] });
  const words = t.releases.message;
  return (
    <DialogForm<Values, Message>
      title={words.dialog[channel]}
      isOpen
      close={close}
      initial={{ isSent: true, subject: words.subject, ...words.begin, ...message[channel] }}
      action={t.shell.save}
      fieldOf={(path) => (path.startsWith(`${channel}.`) ? (path.slice(5) as keyof Values) : null)} // As: the API names our fields.
      submit={(values) =>
        save.mutateAsync({ params: { id: releaseId }, body: bodyOf(message, channel, values) })
      }
      onDone={() => toast(t.releases.saved)}
      renderFields={(form) => (
        <>
          <Switch
            label={words.isSent[channel]}
            checked={form.values.isSent}
            onChange={(event) => form.set('isSent', event.currentTarget.checked)}
          />
          {form.values.isSent && channel === 'mail' && form.input('subject', { label: words.subjectLabel })}
          {form.values.isSent &&
            outcomes.map((one) => (
              <Textarea
                key={one}
                {...form.text(one)}
                label={words.outcomes[one]}
                maxLength={1_600}
                autosize
                minRows={2}
              />
            ))}
          <p style={{ margin: 0, fontSize: '0.8125rem', color: 'var(--soft)' }}>{words.fields}</p>
        </>
      )}
    />
  );
}

function bodyOf(message: Message, channel: Channel, { isSent, subject, ...words }: Values): Message {
  if (channel === 'text') return { ...message, text: isSent ? words : null };
  return { ...message, mail: isSent ? { subject, ...words } : null };
}
