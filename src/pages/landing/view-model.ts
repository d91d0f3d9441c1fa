import { releaseMoment } from '#releases/release-moment.ts';
import type { ShownService } from '../connect-data.ts';
import type { SignUpOffer } from '#messages/sign-up/sign-up.ts';
import type { LandingData, LandingRelease } from './landing-data.ts';
import { dayIn, type LandingWords } from './words.ts';

/** All that drawing a landing page takes. */
export interface LandingView {
  data: LandingData;
  words: LandingWords;
  now: Date;
  /** What clocks on walls and phones show: a test project's own can be ahead. */
  wallNow: Date;
  /** Streaming services that fans can link here. */
  services: ShownService[];
  /** Shown above everything: what has just happened, or what is wrong. */
  notice: { title: string; text: string; isWrong: boolean } | null;
  inApp: {
    app: string;
    systemLink: string | null;
    typed: string;
    refusal: (connector: string) => string | null;
  } | null;
  /** What its forms offer; null where nothing can be confirmed. */
  offer: SignUpOffer;
  /** Made for this showing: tells how long the form was looked at (bots), and that it is sent once. */
  stamp: string;
  /** What was typed into a form that came back. */
  typed: ReadonlyMap<string, string>;
  /** Two letters, of the browser's language: what a number without its code is read as. */
  region: string | null;
  labelOf: (service: string) => string;
  isFramed: boolean;
  /** Looked at while it is edited: its buttons do nothing. */
  isPreview: boolean;
}

/** Whoever comes has not said where she is: the project's zone stands for hers (R57). */
export function outAt({ project }: LandingData, release: LandingRelease): Date {
  return releaseMoment(release, project.zone);
}

export function isOut({ data, now }: Pick<LandingView, 'data' | 'now'>): boolean {
  return data.release !== null && now >= outAt(data, data.release);
}

export function releaseDayIn(
  { data, words }: Pick<LandingView, 'data' | 'words'>,
  release: LandingRelease,
): string {
  const zone = release.releaseMode === 'local' ? 'UTC' : data.project.zone;
  return dayIn(words.language, release.releaseAt, zone);
}

/** What keeps a page that is framed by another site a framed one. */
export function frameQuery({ isFramed }: Pick<LandingView, 'isFramed'>): string {
  return isFramed ? '?embed=1' : '';
}

/** Where the page's forms and links begin. */
export function pathOf({ slug }: LandingData): string {
  return `/p/${slug}`;
}
