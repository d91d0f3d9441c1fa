import { plural } from '../format.ts';

export const artists = {
  title: 'Artists',
  one: 'Artist',
  hint: 'Whom fans can follow, and whose releases they save.',
  search: 'Search artists',
  column: 'Artist',
  services: 'On',
  nowhere: 'No service yet',
  add: 'New artist',
  addNamed: (name: string) => `Add the artist “${name}”`,
  edit: 'Edit artist',
  create: 'Add the artist',
  name: 'Name',
  empty: 'No artists yet',
  emptyWhy:
    'Add yourself: a name, and a link to your page at a streaming service, so that fans can follow you there.',
  saved: 'Saved.',
  releases: 'Releases',
  noReleases: 'No releases yet',
  noReleasesWhy: 'Add one, so that fans can pre-save it.',
  onServices: 'On the services',
  nextSave: {
    title: 'NextSave',
    fans: (count: number) =>
      `${plural(count, { one: '# fan wants', other: '# fans want' })} everything saved that comes out from now on.`,
    nobody:
      'No fan has asked for future releases yet. Their pages offer it, and the step “Save future releases”.',
    looked: (service: string) => `${service} asked for new releases`,
    never: 'not yet',
    next: 'again',
  },
  noLink: 'Without a link to a service nobody can follow this artist there.',
};
