import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconAddressBook, IconRoute, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { listFlows } from '#flows/contract.ts';
import { useRead } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { paths } from '../paths.ts';
import { places } from './navigation.tsx';

/** ⌘K: go to a page, a flow, or look for a fan, without the mouse. */
export function GoTo() {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const flows = useRead(listFlows, { query: { limit: 200 } }, { enabled: isOpen, staleTime: 30_000 });
  const wanted = text.trim();
  const groups: SpotlightActionGroupData[] = [
    {
      group: t.shell.pages,
      actions: places.map(({ to, label, icon: Icon }) => ({
        id: to,
        label,
        leftSection: <Icon size={18} stroke={1.6} />,
        onClick: () => void navigate(to),
      })),
    },
    {
      group: t.shell.flows,
      actions: (flows.data?.items ?? []).map((flow) => ({
        id: flow.id,
        label: flow.name,
        leftSection: <IconRoute size={18} stroke={1.6} />,
        onClick: () => void navigate(paths.flow(flow.id)),
      })),
    },
  ];
  if (wanted !== '') {
    groups.push({
      group: t.shell.fans,
      actions: [
        {
          id: 'fan',
          // Carries what was typed, so that it is never filtered away.
          label: t.shell.findFan(wanted),
          leftSection: <IconAddressBook size={18} stroke={1.6} />,
          onClick: () => void navigate(paths.fans({ q: wanted })),
        },
      ],
    });
  }
  return (
    <Spotlight
      actions={groups}
      query={text}
      onQueryChange={setText}
      onSpotlightOpen={() => setOpen(true)}
      nothingFound={t.shell.searchNothing}
      shortcut={['mod + K']}
      scrollable
      maxHeight={420}
      limit={12}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: t.shell.searchHint,
        'aria-label': t.shell.searchHint,
      }}
    />
  );
}
