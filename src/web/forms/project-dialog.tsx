import { Radio, Stack } from '@mantine/core';
import { createProject, listProjects } from '#accounts/contract.ts';
import { useAction } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { outside } from '../paths.ts';
import { DialogForm } from './dialog-form.tsx';

/** Makes a project of this account, and goes there with a full load: nothing of this one is left over. */
export function ProjectDialog({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const create = useAction(createProject, { changes: [listProjects] });
  return (
    <DialogForm
      title={t.settings.newProject}
      isOpen={isOpen}
      close={close}
      initial={{ name: '', kind: 'test' }}
      action={t.settings.createProject}
      submit={({ name, kind }) =>
        create.mutateAsync({ body: { name, isLive: kind === 'live', zone: ownZone() } })
      }
      onDone={({ slug }) => window.location.assign(outside.project(slug))}
      renderFields={(form) => (
        <>
          {form.input('name', {
            label: t.settings.name,
            description: t.settings.newNameHint,
            required: true,
            maxLength: 120,
            'data-autofocus': true,
          })}
          <Radio.Group
            label={t.settings.kind}
            description={t.settings.kindHint}
            value={form.values.kind}
            onChange={(kind) => form.set('kind', kind)}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="test" label={t.settings.testKind} />
              <Radio value="live" label={t.settings.liveKind} />
            </Stack>
          </Radio.Group>
        </>
      )}
    />
  );
}

/** Where the person is: most likely where the artist is, and changed in the settings. */
const ownZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;
