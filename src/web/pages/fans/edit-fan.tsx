import { getFan, listFans, listSegmentFans, updateFan } from '#fans/contract.ts';
import { useAction } from '../../call.ts';
import { languageName } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { DialogForm } from '../../forms/dialog-form.tsx';
import { Choice } from '../../ui/choice.tsx';
import { toast } from '../../ui/toast.ts';
import type { Fan } from './fan-words.ts';

/** Languages that the system's own words exist in; texts of the artist are as she wrote them. */
const spoken = ['en', 'es', 'de'];

export function EditFan({ fan, isOpen, close }: { fan: Fan; isOpen: boolean; close: () => void }) {
  const change = useAction(updateFan, { changes: [getFan, listFans, listSegmentFans] });
  const languages =
    fan.language === null || spoken.includes(fan.language) ? spoken : [...spoken, fan.language];
  return (
    <DialogForm
      title={t.fans.editTitle}
      isOpen={isOpen}
      close={close}
      initial={{ name: fan.name ?? '', language: fan.language ?? '' }}
      action={t.shell.save}
      submit={({ name, language }) => {
        const body = {
          name: name.trim() === '' ? null : name.trim(),
          language: language === '' ? null : language,
        };
        return change.mutateAsync({ params: { id: fan.id }, body });
      }}
      onDone={() => toast(t.fans.saved)}
      renderFields={(form) => (
        <>
          {form.input('name', {
            label: t.fans.name,
            description: t.fans.nameHint,
            maxLength: 200,
            'data-autofocus': true,
          })}
          <Choice
            label={t.fans.language}
            description={t.fans.languageHint}
            placeholder={t.fans.languageByCountry}
            options={languages.map((value) => ({ value, label: languageName(value) }))}
            value={form.values.language}
            onChange={(language) => form.set('language', language)}
            error={form.errors.language}
          />
        </>
      )}
    />
  );
}
