import {
  IconBookmark,
  IconCircleDot,
  IconMail,
  IconMessage,
  IconMessageCircle,
  IconPlaylistAdd,
  IconRefresh,
  IconUserHeart,
  IconUsersGroup,
  type Icon,
} from '@tabler/icons-react';

/** By step id; a step without one of its own has the plain point. */
const icons: Readonly<Record<string, Icon>> = {
  presave: IconBookmark,
  'follow-artist': IconUserHeart,
  'save-release': IconPlaylistAdd,
  nextsave: IconRefresh,
  'add-to-segment': IconUsersGroup,
  'send-text': IconMessage,
  'send-email': IconMail,
  'send-instagram-dm': IconMessageCircle,
};

export function stepIcon(step: string, size = 16) {
  const Found = icons[step] ?? IconCircleDot;
  return <Found size={size} aria-hidden />;
}
