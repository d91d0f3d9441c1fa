import { Button, Stack, Textarea } from '@mantine/core';
import { getEmbedding, setEmbedding, type LandingPage } from '#landing-pages/contract.ts';
import { useAction, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { toast } from '../../ui/toast.ts';
import { useForm } from '../../ui/use-form.ts';

/** What to paste into a website, and which websites may. */
export function EmbedCodes({ page }: { page: LandingPage }) {
  const { data, error } = useRead(getEmbedding);
  const host = new URL(page.url).origin;
  return (
    <Section title={t.pages.embed}>
      <Stack gap="md">
        <CopyField
          label={t.pages.embedScript}
          hint={t.pages.embedScriptHint}
          value={`<script src="${host}/embed.js" data-page="${page.slug}" async></script>`}
        />
        <CopyField
          label={t.pages.embedFrame}
          value={`<iframe src="${page.url}?embed=1" title="${page.heading.replaceAll('"', '&quot;')}" style="width:100%;height:720px;border:0"></iframe>`}
        />
        <a href={`${page.url}/form.txt`} target="_blank" rel="noopener">
          {t.pages.embedForm}
        </a>
        {error !== null && <Problem error={error} />}
        {data !== undefined && <Origins key={data.origins.join()} origins={data.origins} />}
      </Stack>
    </Section>
  );
}

function Origins({ origins }: { origins: readonly string[] }) {
  const may = useMay('settings');
  const change = useAction(setEmbedding, { changes: [getEmbedding] });
  const form = useForm({
    initial: { origins: origins.join('\n') },
    submit: ({ origins: text }) =>
      change.mutateAsync({ body: { origins: text.split('\n').filter((line) => line.trim() !== '') } }),
    onDone: () => toast(t.pages.originsSaved),
    fieldOf: (path) => (path.startsWith('origins') ? 'origins' : null),
  });
  return (
    <form onSubmit={form.onSubmit}>
      <Textarea
        {...form.text('origins')}
        label={t.pages.origins}
        description={t.pages.originsHint}
        disabled={!may}
        autosize
        minRows={2}
      />
      {form.problem !== null && <Problem error={form.problem} />}
      {may && (
        <Button type="submit" mt="xs" loading={form.isBusy} disabled={!form.isChanged}>
          {t.pages.save}
        </Button>
      )}
    </form>
  );
}
