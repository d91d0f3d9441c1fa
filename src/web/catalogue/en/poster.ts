export const poster = {
  poster: {
    save: 'Save the poster',
    hint: 'PNG, A4 at 300 dpi, sharp to A3.',
    alt: (action: string, title: string) => `Poster: ${title}. ${action}`,
  },
  story: {
    save: 'Save the story picture',
    hint: 'PNG, 1080 × 1920.',
    alt: (action: string, title: string) => `Story picture: ${title}. ${action}`,
  },
  make: 'Poster and story picture',
  textTo: (keyword: string, number: string) => `Text ${keyword} to ${number}`,
  scan: {
    before: 'Scan to pre-save',
    after: 'Scan to listen',
    page: 'Scan to open',
  },
  /** Under the code of a page: where it leads. */
  orOpen: (address: string) => `Or open ${address}`,
};
