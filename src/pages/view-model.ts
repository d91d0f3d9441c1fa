import type { ConnectData, ShownService } from './connect-data.ts';

export interface ConnectView {
  data: ConnectData;
  /** One line at the top: what has just happened. */
  notice: { title: string; text: string } | null;
  consent: { text: string; version: string } | null;
  inApp: {
    app: string;
    systemLink: string | null;
    /** As it is typed: host and path. */
    typed: string;
    refusal: (connector: string) => string | null;
  } | null;
  /** Whether this fan may be sent to a service's sign-in (R63). */
  mayServe: (service: ShownService) => boolean;
}

export function labelOf({ services }: ConnectData, service: string): string {
  return services.find(({ connector }) => connector === service)?.label ?? service;
}
