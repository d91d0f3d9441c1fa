import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useId } from 'react';
import { connectors } from '#connectors/index.ts';
import type { ConnectorDefinition, ServiceItem } from '#connectors/connector.ts';
import { t } from '../catalogue/index.ts';

const definitions: readonly ConnectorDefinition[] = connectors;

interface ServiceLink {
  service: string;
  serviceId: string;
  url: string | null;
}

/** What is shown of what is kept: links, or `service:id` where a service has none. */
export function linksOf(services: readonly ServiceLink[]): string[] {
  return services.length === 0 ? [''] : services.map((one) => one.url ?? `${one.service}:${one.serviceId}`);
}

/** What is sent: empty rows are left out, rows that stand for a kept id are that id. */
export function servicesFrom(links: readonly string[], kept: readonly ServiceLink[]) {
  return links
    .map((link) => link.trim())
    .filter((link) => link !== '')
    .map((link) => {
      const known = kept.find((one) => one.url === null && `${one.service}:${one.serviceId}` === link);
      return known === undefined ? { url: link } : { service: known.service, serviceId: known.serviceId };
    });
}

function readLink(text: string): { label: string; kind: ServiceItem['kind'] } | null {
  for (const { label, links } of definitions) {
    const item = links?.parse(text) ?? null;
    if (item !== null) return { label, kind: item.kind };
  }
  return null;
}

/** Pasted links to one work, or to one artist, on the services; each says at once what it names. */
export function LinksField({
  kind,
  value,
  onChange,
  error,
}: {
  kind: ServiceItem['kind'];
  value: readonly string[];
  onChange: (links: string[]) => void;
  error?: string | undefined;
}) {
  const hintId = useId();
  const set = (at: number, link: string) => onChange(value.map((one, index) => (index === at ? link : one)));
  return (
    <Stack
      gap="xs"
      component="fieldset"
      style={{ border: 'none', padding: 0, margin: 0 }}
      aria-describedby={hintId}
    >
      <Text component="legend" size="sm" fw={500} p={0}>
        {t.releases.links}
      </Text>
      <Text id={hintId} size="xs" c="dimmed">
        {t.releases.linksHint[kind]}
      </Text>
      {value.map((link, at) => (
        <Group key={at} gap="xs" align="flex-start" wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            aria-label={t.releases.link(at + 1)}
            placeholder="https://"
            inputMode="url"
            value={link}
            maxLength={500}
            onChange={(event) => set(at, event.currentTarget.value)}
            description={said(link, kind)}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
          />
          {value.length > 1 && (
            <ActionIcon
              mt={4}
              aria-label={t.releases.removeLink(at + 1)}
              onClick={() => onChange(value.filter((_, index) => index !== at))}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {error !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: 'flex-start' }}
        onClick={() => onChange([...value, ''])}
      >
        {t.releases.addLink}
      </Button>
    </Stack>
  );
}

/** What a link names, in words; nothing while it is typed. */
function said(link: string, kind: ServiceItem['kind']): string | undefined {
  if (link.trim() === '') return undefined;
  const read = readLink(link);
  if (read === null) return link.includes('://') ? t.releases.linkUnknown : undefined;
  return read.kind === kind
    ? t.releases.linkNames(read.label, kind)
    : t.releases.linkNamesOther(read.label, read.kind);
}
