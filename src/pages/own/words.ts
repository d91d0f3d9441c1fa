/** What a fan's own page says. English is complete by definition. */

const channelNames = { sms: 'Texts', email: 'Mails', instagram: 'Instagram messages' } as const;
type Channel = keyof typeof channelNames;

const en = {
  title: 'Your page',
  from: (programme: string) => `${programme} and you`,
  intro:
    'What may reach you and what is done for you. Each button acts at once, and nothing here happens without one.',
  whose: (end: string) => `For the phone ending ${end}.`,
  whoseMail: 'This page is for one person.',
  notYou: 'Not you?',
  notYouText: 'Then close this page. Nothing about the other person is shown here.',
  messages: 'Messages',
  channel: (channel: Channel) => channelNames[channel],
  on: 'They may come.',
  off: 'Stopped.',
  none: 'You never agreed to them, so none come.',
  back: {
    sms: 'Text START to get them again.',
    email: 'The link below any of our mails takes this back.',
    instagram: 'Write to us there to get them again.',
  } as Record<Channel, string>,
  stop: 'Stop',
  stopOf: (channel: Channel) => `Stop ${channelNames[channel].toLowerCase()}`,
  services: 'Linked services',
  linkedUntil: (day: string) => `Linked until ${day}.`,
  linked: 'Linked.',
  ranOut: 'This link ran out.',
  unlink: 'Unlink',
  pending: 'Waiting for release day',
  willBeSaved: (title: string, service: string) => `${title} on ${service}`,
  willBeReminded: (title: string) => `A reminder of ${title}`,
  onDay: (day: string) => `On ${day}.`,
  cancel: 'Cancel',
  artists: 'Artists',
  follows: 'You allowed following.',
  future: 'New releases are saved for you.',
  both: 'You allowed following, and new releases are saved for you.',
  stopArtist: 'Stop',
  all: 'Stop everything',
  allHint: 'No message comes any more, services are unlinked, nothing is saved. What was done stays done.',
  closeLinks: 'End old links',
  closeHint: 'Every link to this page that was sent so far stops working. You stay on this page.',
  more: 'Everything that is kept about you',
  moreHint: 'To show it, download it or erase it we send a code, so that nobody else can.',
  sendSms: (end: string) => `Text a code to the number ending ${end}`,
  sendMail: (masked: string) => `Mail a code to ${masked}`,
  noWay: (contact: string) => `There is no way to send you a code at the moment. Ask ${contact} instead.`,
  code: 'The code',
  open: 'Show everything',
  name: 'Name',
  language: 'Language',
  country: 'Country',
  since: (day: string) => `Known since ${day}.`,
  agreed: 'What you agreed to',
  nothingAgreed: 'Nothing.',
  agreedOn: (channel: string, day: string) => `${channelNames[channel as Channel] ?? channel}, on ${day}`,
  endedOn: (day: string) => `Ended on ${day}.`,
  history: 'What was sent and received',
  sentTo: (day: string) => `To you, ${day}`,
  receivedFrom: (day: string) => `From you, ${day}`,
  goneWords: 'The words are no longer kept.',
  download: 'Download everything (JSON)',
  erase: 'Erase everything',
  eraseTitle: 'Erase everything?',
  eraseText: (programme: string) =>
    `Your addresses, what you agreed to, your links and all messages are erased, and nothing comes from ${programme} any more. Only a sealed note stays, so that nobody can bring your address back but you. This cannot be undone.`,
  eraseTick: 'Yes, erase everything',
  keep: 'Keep it',
  erased: 'Everything is erased',
  erasedText: (programme: string) => `${programme} keeps nothing about you any more.`,
  done: {
    stopped: 'Stopped. It counts from now on.',
    unlinked: 'Unlinked. Your sign-in is deleted.',
    cancelled: 'Cancelled.',
    artist: 'Stopped. Nothing more is saved or followed there.',
    all: 'Everything is stopped.',
    links: 'Old links no longer work.',
    sent: 'The code is on its way. It works for ten minutes.',
    wrong: 'That is not the code, or it is too old.',
    opened: 'This is all that is kept about you. It is shown for half an hour.',
    often: 'That was tried too often. Wait a while, then try again.',
    untold: 'Tick the box first: this cannot be undone.',
  },
};

export type OwnWords = typeof en;

/** English for now, whatever the language. */
export function ownWordsIn(_language: string | null): OwnWords {
  return en;
}
