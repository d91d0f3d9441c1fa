import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconDownload, IconFileCertificate, IconTrash } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import { listFans } from '#fans/contract.ts';
import { eraseFan, eraseWord, exportFan } from '#privacy/contract.ts';
import { useAction } from '../../call.ts';
import { words } from '../../catalogue/privacy.ts';
import { DialogForm } from '../../forms/dialog-form.tsx';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { toast, toastProblem } from '../../ui/toast.ts';
import { saveJson } from '../../ui/save-json.ts';
import { fanName, type Fan } from './fan-words.ts';

/** All that is kept of a fan as a file, and the end of it. */
export function FanData({ fan }: { fan: Fan }) {
  const [isErasing, erasing] = useDisclosure(false);
  const take = useAction(exportFan);
  const mayExport = useMay('export');
  const mayErase = useMay('erase');
  if (!mayExport && !mayErase) return null;
  const download = async () => {
    const all = await take.mutateAsync({ params: { id: fan.id } });
    saveJson(`fan-${fan.id}.json`, all);
    toast(words.exported);
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size="lg" loading={take.isPending} aria-label={words.more}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayExport && (
            <Menu.Item
              leftSection={<IconDownload size={16} />}
              onClick={() => void download().catch(toastProblem)}
            >
              {words.export}
            </Menu.Item>
          )}
          {mayExport && (
            <Menu.Item
              leftSection={<IconFileCertificate size={16} />}
              component={Link}
              to={paths.fanEvidence(fan.id)}
            >
              {words.why}
            </Menu.Item>
          )}
          {mayErase && (
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={erasing.open}>
              {words.erase}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Erase fan={fan} isOpen={isErasing} close={erasing.close} />
    </>
  );
}

function Erase({ fan, isOpen, close }: { fan: Fan; isOpen: boolean; close: () => void }) {
  const erase = useAction(eraseFan, { changes: [listFans] });
  const go = useNavigate();
  return (
    <DialogForm
      title={words.eraseTitle(fanName(fan))}
      isOpen={isOpen}
      close={close}
      initial={{ confirm: '' }}
      action={words.eraseNow}
      // As: what else was typed is refused by the API, with the word to type.
      submit={({ confirm }) =>
        erase.mutateAsync({ params: { id: fan.id }, body: { confirm: confirm as typeof eraseWord } })
      }
      onDone={() => {
        toast(words.erased);
        void go(paths.fans(), { replace: true });
      }}
      renderFields={(form) => (
        <>
          <p>{words.eraseText}</p>
          {form.input('confirm', {
            label: words.eraseWord(eraseWord),
            autoComplete: 'off',
            'data-autofocus': true,
          })}
        </>
      )}
    />
  );
}
