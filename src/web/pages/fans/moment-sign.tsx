import {
  IconArrowsRight,
  IconBan,
  IconBookmark,
  IconCheck,
  IconHandStop,
  IconHeart,
  IconLink,
  IconMessage,
  IconMessageCircle,
  IconPointFilled,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { Moment } from '#fans/contract.ts';

const signs: Record<Moment['kind'], typeof IconCheck> = {
  event: IconPointFilled,
  run: IconArrowsRight,
  message: IconMessage,
  inbox: IconMessageCircle,
  consent: IconCheck,
  consent_ended: IconHandStop,
  opt_out: IconHandStop,
  opted_back_in: IconCheck,
  block: IconBan,
  linked: IconLink,
  allowed: IconCheck,
  save: IconBookmark,
  followed: IconHeart,
  segment: IconUsersGroup,
};

/** The sign on the line; the words beside it say what it means. */
export function MomentSign({ moment }: { moment: Moment }) {
  const Sign = signs[moment.kind];
  return <Sign size={17} stroke={1.7} aria-hidden />;
}
